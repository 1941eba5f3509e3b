// What a duet leaves behind: sessions of pairs of processes, with the medians of every burst. The gate and the table of a
// duet read nothing else.

import type { Environment } from '../hardware/environment.js';
import type { Case } from '../run/case.js';
import type { Reason } from '../run/outcome.js';
import type { RuntimeInfo } from '../runtime/session.js';

export type SideName = 'a' | 'b';

/** What one process of a session measured. */
export interface DuetProcess {
  sessionCreateNs: number;
  firstRunNs: number;
  /** Null where the runtime is scripted. */
  peakRssBytes: number | null;
  /** Median of the timed runs of every burst, nanoseconds. */
  burstMedianNs: number[];
  /** Wall time of a run (of all streams together) in every burst, nanoseconds. */
  burstRunNs: number[];
  /** Median over the runs of every burst of their preprocessing, nanoseconds; scenario pipeline alone. */
  burstPreprocessNs?: number[];
}

/** How far the outputs of B are from those of A on the same inputs. */
export interface OutputComparison {
  /** Largest relative L2 error over the outputs; null where `problem` says why there is none. */
  relativeL2: number | null;
  /** The output with that error. */
  output: string | null;
  problem: string | null;
  /** The problem is B's (values that are no numbers, another shape): its output is wrong, not only unknown. */
  wrong: boolean;
}

export interface MeasuredSession {
  state: 'measured';
  /** From 0; a session that was repeated has the number of the one that it replaces. */
  index: number;
  /** Which process was opened first. */
  opened: SideName;
  /** CPUs that both processes were bound to; null: to none. */
  cpus: number[] | null;
  /** Who went first in each round: 'abba...'. */
  order: string;
  /** Timed and untimed runs of a burst. */
  runs: number;
  rewarmRuns: number;
  /** From the start of the processes to the first timed burst. */
  startNs: number;
  wallNs: number;
  a: DuetProcess;
  b: DuetProcess;
  outputs: OutputComparison;
}

export interface FailedSession {
  state: 'failed';
  index: number;
  side: SideName;
  /** `refused`: it said itself that it cannot; `ended`: the process died or hung; `interrupted`: the user stopped it. */
  kind: 'refused' | 'ended' | 'interrupted';
  reason: Reason;
}

export type DuetSession = MeasuredSession | FailedSession;

/** One side of a duet, as a person set it up. */
export interface DuetSideFacts {
  case: Case;
  /** What it is called in tables. */
  label: string;
  /** Folder of the hfbench whose worker runs; null: this one. */
  hfbench: string | null;
  /** Commit that was built; null where no ref was asked for. */
  commit: string | null;
  ortLibrary: string | null;
  runtime: RuntimeInfo | null;
  hfbenchVersion: string | null;
}

export interface DuetCell {
  label: string;
  a: DuetSideFacts;
  b: DuetSideFacts;
  /** In the order in which they were played, failed ones among them. */
  sessions: DuetSession[];
}

export interface DuetReport {
  schema: 'hfbench-duet';
  version: 1;
  /** ISO 8601, UTC. */
  createdAt: string;
  hfbench: string;
  command: string[];
  /** Repeats the order of every session: see seeded-random.ts. */
  seed: number;
  environment: Environment;
  cells: DuetCell[];
}

export function measuredSessions({ sessions }: Pick<DuetCell, 'sessions'>): MeasuredSession[] {
  return sessions.filter((session) => session.state === 'measured');
}
