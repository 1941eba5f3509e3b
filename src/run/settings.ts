// How hard to measure, and with what: the settings that all cases of a run share.

import { SAMPLING_RULE, type SamplingRule } from '../measure/sampling.js';
import { WARM_UP_RULE, type WarmUpRule } from '../measure/warm-up.js';
import { NO_RAW_FILES, type RawFiles } from './raw/files.js';

export interface RunSettings {
  warmUp: WarmUpRule;
  sampling: SamplingRule;
  /** Streams of scenario throughput; 0: as many as the cores and the threads of a case allow. */
  streams: number;
  /** A case that takes longer than this, all of it, has hung. */
  caseTimeoutMs: number;
  ortLibrary: string | null;
  fakeScript: string | null;
  /** Values of symbolic dimensions of ONNX files, by name; 'input[axis]' where the file gives no name. */
  dims: Record<string, number>;
  /** Raw inputs; cases whose model takes none of them have made ones. */
  raw: RawFiles;
  /** Plugin libraries of providers: the name that a case's provider has, and the path. */
  providerLibraries: { name: string; path: string }[];
  /** A case fails if any node runs on another provider. */
  strictProvider: boolean;
  /** Whether outputs are compared with the CPU provider's. */
  verify: boolean;
  /** Where profiles go; null: none are taken. */
  profileFolder: string | null;
}

export const DEFAULT_SETTINGS: RunSettings = {
  warmUp: WARM_UP_RULE,
  sampling: SAMPLING_RULE,
  streams: 0,
  caseTimeoutMs: 10 * 60_000,
  ortLibrary: null,
  fakeScript: null,
  dims: {},
  raw: NO_RAW_FILES,
  providerLibraries: [],
  strictProvider: false,
  verify: true,
  profileFolder: null,
};
