// What machine this is and what state it is in. Null means unknown: nothing here is guessed.

export interface Environment {
  /** Digest of the stable facts only (never of readings), so that it is the same after a reboot. */
  fingerprint: string;
  cpu: {
    model: string | null;
    architecture: string;
    isa: string[];
    physicalCores: number | null;
    logicalCores: number;
    sockets: number | null;
    l1dBytes: number | null;
    l2Bytes: number | null;
    l3Bytes: number | null;
  };
  memory: { totalBytes: number; availableBytes: number | null; limitBytes: number | null };
  /** CPUs that the container or cgroup allows; null without a limit. */
  cpuLimit: number | null;
  container: string | null;
  virtualization: string | null;
  os: { platform: string; release: string; distribution: string | null };
  state: { governor: string | null; turbo: boolean | null; load1: number | null; cgroupThrottledUs: number | null };
  node: string;
  hfbench: string;
  addon: { version: string; debug: boolean; isa: string } | null;
  /** Commit of the working directory, with '-dirty' when it has changes. */
  gitCommit: string | null;
  peaks: { gemmGflops: number | null; memoryBytesPerSecond: number | null } | null;
}
