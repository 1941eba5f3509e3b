// What a duet and its workers say to each other. The worker may be that of another hfbench: a change that an older one would
// not understand raises the number.

import type { RuntimeInfo } from '../../runtime/session.js';
import type { Case } from '../case.js';
import type { Reason } from '../outcome.js';
import type { RunSettings } from '../settings.js';
import type { SampledOutput } from './outputs.js';

export const DUET_PROTOCOL = 2;

/** The worker below the folder of an hfbench; its place is part of the protocol. */
export const WORKER_PATH = 'dist/src/run/duet/worker.js';

export type ToDuetWorker =
  | { type: 'open'; case: Case; settings: RunSettings /** Which part a scripted runtime plays. */; session: number }
  | { type: 'burst'; rewarmRuns: number; runs: number; streams: number }
  | { type: 'outputs' };

/** Every message is answered by one: `open` by `opened`, and so on, or by `refused`. `ready` comes first, unasked. */
export type FromDuetWorker =
  | { type: 'ready'; protocol: number; hfbench: string }
  | { type: 'opened'; runtime: RuntimeInfo; sessionCreateNs: number; firstRunNs: number }
  | {
      type: 'burst';
      durationsNs: Float64Array;
      wallNs: number;
      /** Of each run of scenario pipeline; null for the others. */
      preprocessNs: Float64Array | null;
    }
  | { type: 'outputs'; outputs: SampledOutput[]; inputDigest: string; peakRssBytes: number | null }
  | { type: 'refused'; reason: Reason };
