// A case is one thing to measure: the product of the lists on the command line yields cases.

export const SCENARIOS = [
  'latency',
  'throughput',
  'cold-start',
  'generate',
  'pipeline',
  'preprocess',
  'check',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

export const DTYPES = ['fp32', 'fp16', 'bf16', 'int8', 'int4'] as const;
export type CaseDType = (typeof DTYPES)[number];

/** Where the graph comes from: the model zoo, any ONNX file, a Hugging Face checkpoint folder; or there is none. */
export type CaseSource =
  | { kind: 'zoo'; name: string; variant: string }
  | { kind: 'file'; path: string }
  | { kind: 'checkpoint'; folder: string }
  /** A preprocessing task by itself: `hfbench preprocess`. */
  | { kind: 'kernel'; name: string };

export interface Case {
  /** The name that the user gave: a zoo name, or the file's or folder's base name. */
  model: string;
  source: CaseSource;
  size: 'tiny' | 'full' | null;
  /** Element type of the weights; null for files, which are what they are. */
  dtype: CaseDType | null;
  /** `standard`: ONNX operators only. `fused`: ONNX Runtime's contrib operators where they exist. Null for files. */
  style: 'standard' | 'fused' | null;
  batch: number;
  /** Sequence length; null where the model has no such dimension. */
  seq: number | null;
  /** Scenario generate alone: tokens of the prompt (null where the model reads none before it generates), and runs of one token. */
  generation?: { prompt: number | null; generate: number };
  provider: string;
  providerOptions: Record<string, string>;
  runtime: 'native' | 'node' | 'fake';
  scenario: Scenario;
  /** Intra-op threads; 0 lets ONNX Runtime choose. */
  threads: number;
}
