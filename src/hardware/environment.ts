// What machine this is and what state it is in. Null means unknown: nothing here is guessed.

import type { Warning } from '../util/warning.js';

export interface Environment {
  /** Digest of the stable facts only (never of readings), so that it is the same after a reboot. */
  fingerprint: string;
  cpu: {
    model: string | null;
    architecture: string;
    /** Instruction-set extensions that matter to kernels, by their Linux names, e.g. 'avx2', 'avx512_vnni', 'asimddp'. */
    isa: string[];
    physicalCores: number | null;
    /** Of the physical cores, those of the slower kind (Apple E cores); null where the system does not tell. */
    efficiencyCores: number | null;
    logicalCores: number;
    sockets: number | null;
    numaNodes: number | null;
    /** Size of one cache of each level, of the fastest kind of core. */
    l1dBytes: number | null;
    l2Bytes: number | null;
    l3Bytes: number | null;
  };
  /** `availableBytes`: what a new process could take at the time, the cgroup's limit counted. `limitBytes`: the cgroup's. */
  memory: { totalBytes: number; availableBytes: number | null; limitBytes: number | null };
  /** CPUs that the container or cgroup allows; null without a limit. */
  cpuLimit: number | null;
  container: string | null;
  virtualization: string | null;
  os: { platform: string; release: string; distribution: string | null };
  state: {
    /** Frequency governor (Linux) or power plan (Windows). */
    governor: string | null;
    turbo: boolean | null;
    /** Load average over one minute; null on Windows. */
    load1: number | null;
    /** Time that the cgroup's CPU limit has held this cgroup back since it was made. */
    cgroupThrottledUs: number | null;
    onBattery: boolean | null;
  };
  node: string;
  hfbench: string;
  addon: { version: string; debug: boolean; isa: string } | null;
  /** Commit of the working directory, with '-dirty' when it has changes. */
  gitCommit: string | null;
  /** This machine's fp32 matrix product and memory read rates with all its cores, as measured. */
  peaks: { gemmGflops: number | null; memoryBytesPerSecond: number | null } | null;
  warnings: Warning[];
}
