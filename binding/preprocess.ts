// What the preprocessing functions of the addon take and give.

declare const imagePlan: unique symbol;
/** Held by the addon. */
export type ImagePlan = { [imagePlan]: true };
declare const spectrum: unique symbol;
/** Held by the addon. */
export type Spectrum = { [spectrum]: true };

export interface ImagePlanSpec {
  filter: 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos';
  element: 'float32' | 'float16' | 'bfloat16' | 'int8' | 'uint8';
  layout: 'channels-first' | 'channels-last';
  channels: number;
  order: number[];
  values: Float32Array;
  steps: Float32Array;
  fill: Float32Array;
  quantScale: number;
  quantZero: number;
}

export interface SpectrumSpec {
  sampleRate: number;
  frameLength: number;
  hop: number;
  fftLength: number;
  mels: number;
  minHz: number;
  maxHz: number;
  scale: 'htk' | 'kaldi' | 'slaney';
  slaneyNorm: boolean;
  trianglesInMel: boolean;
  window: 'hann' | 'hann-symmetric' | 'povey';
  center: boolean;
  removeMean: boolean;
  preemphasis: number;
  gain: number;
  floor: number;
  log: 'none' | 'natural' | 'decimal' | 'decibel';
}

export interface LogMelOptions {
  length: number;
  frames: number;
  melMajor: boolean;
  double: boolean;
  threads: number;
}

export interface ColumnNormalization {
  subtractMean: boolean;
  divideDeviation: boolean;
  ddof: 0 | 1;
  epsilon: number;
}

export interface Wav {
  sampleRate: number;
  channels: number;
  bits: number;
  float: boolean;
  samples: Float32Array;
}
