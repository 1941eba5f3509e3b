// What a feature extractor does to a recording. One kind per extractor family; each has its own fixed semantics.

import type { SpectrumSpec } from '../../binding/preprocess.js';
import { finite, flag, object, oneOf, positive, whole } from './check.js';

interface Shared {
  /** Recordings of another rate are resampled to this one. */
  sampleRate: number;
  /** 0: all cores. Work of less than about a millisecond stays on one thread. */
  threads: number;
}

interface Mels extends Shared {
  mels: number;
}

export type AudioOptions =
  /** input_features [B, mels, samples / hop]: log10, clamped to the clip's maximum - 8, (x + 4) / 4. */
  | ({ kind: 'whisper'; fftLength: number; hop: number; samples: number; precision: Precision } & Mels)
  /** input_values [B, frames, mels]: Kaldi filter bank, (x - mean) / (2 std). */
  | ({ kind: 'ast'; frames: number; normalize: { mean: number; std: number } | null } & Mels)
  /** input_features [B, T / stride, mels * stride] and attention_mask: Kaldi filter bank, normalised per bin. */
  | ({ kind: 'seamless'; stride: number; paddingValue: number } & Mels)
  /** input_features [B, T, mels] and attention_mask: Kaldi filter bank, utterance CMVN. */
  | ({ kind: 'speech2text'; means: boolean; variances: boolean } & Mels)
  /** input_features [B, 4 or 1, frames, mels] in decibel and is_longer [B, 1]. */
  | ({ kind: 'clap'; fftLength: number; hop: number; samples: number; precision: Precision } & ClapChoices & Mels)
  /** input_values [B, T], zero mean and unit variance if `normalize`; attention_mask if `mask`. */
  | ({ kind: 'wav2vec2'; normalize: boolean; mask: boolean; paddingValue: number } & Shared)
  /** input_values [B, 1, T] and padding_mask [B, T]. */
  | ({ kind: 'encodec' } & Shared);

interface ClapChoices {
  minHz: number;
  maxHz: number;
  /** 'fusion' stacks four spectra, of which clips up to `samples` have four equal ones; 'rand_trunc' has one. */
  truncation: 'fusion' | 'rand_trunc';
  padding: 'repeatpad' | 'repeat' | 'pad';
}

/** Lanes of the transform: float64 agrees with numpy to 1e-6, float32 to 5e-5 and is about 1.5 times as fast. */
export type Precision = 'float64' | 'float32';

export type AudioKind = AudioOptions['kind'];

const SHARED = { sampleRate: 16_000, threads: 0 };

export const AUDIO_DEFAULTS: { [K in AudioKind]: Extract<AudioOptions, { kind: K }> } = {
  whisper: { ...SHARED, kind: 'whisper', mels: 80, fftLength: 400, hop: 160, samples: 480_000, precision: 'float64' },
  ast: { ...SHARED, kind: 'ast', mels: 128, frames: 1024, normalize: { mean: -4.2677393, std: 4.5689974 } },
  seamless: { ...SHARED, kind: 'seamless', mels: 80, stride: 2, paddingValue: 0 },
  speech2text: { ...SHARED, kind: 'speech2text', mels: 80, means: true, variances: true },
  clap: {
    ...{ ...SHARED, kind: 'clap', sampleRate: 48_000, mels: 64, fftLength: 1024, hop: 480, samples: 480_000 },
    ...{ minHz: 0, maxHz: 14_000, truncation: 'fusion', padding: 'repeatpad', precision: 'float64' },
  },
  wav2vec2: { ...SHARED, kind: 'wav2vec2', normalize: true, mask: false, paddingValue: 0 },
  encodec: { ...SHARED, kind: 'encodec', sampleRate: 24_000 },
};

const MOST_SAMPLES = 2 ** 30;

/**
 * Fills in the defaults of `given.kind` and checks all of it.
 * @throws UsageError for a value of the wrong kind, out of range or not finite, and for an option that does not exist
 */
export function completeAudioOptions(given: { kind: AudioKind } & Record<string, unknown>): AudioOptions {
  const kind = oneOf('kind', object('audio options', given).kind, Object.keys(AUDIO_DEFAULTS) as AudioKind[]);
  const defaults = AUDIO_DEFAULTS[kind];
  for (const key of Object.keys(given)) oneOf(`${kind} option`, key, Object.keys(defaults));
  const options = { ...defaults, ...given } as AudioOptions;
  whole('sampleRate', options.sampleRate, 1000, 768_000);
  whole('threads', options.threads, 0, 1024);
  if ('mels' in options) whole('mels', options.mels, 1, 1024);
  if ('hop' in options) whole('hop', options.hop, 1, 65_536);
  if ('fftLength' in options) whole('fftLength', options.fftLength, 2, 65_536);
  if ('samples' in options) whole('samples', options.samples, options.fftLength, MOST_SAMPLES);
  if ('precision' in options) oneOf('precision', options.precision, ['float64', 'float32']);
  if ('paddingValue' in options) finite('paddingValue', options.paddingValue);
  if (options.kind === 'ast') {
    whole('frames', options.frames, 1, 2 ** 20);
    if (options.normalize !== null) {
      finite('normalize.mean', object('normalize', options.normalize).mean);
      positive('normalize.std', options.normalize.std);
    }
  }
  if (options.kind === 'seamless') whole('stride', options.stride, 1, 64);
  if (options.kind === 'speech2text') {
    flag('means', options.means);
    flag('variances', options.variances);
  }
  if (options.kind === 'wav2vec2') {
    flag('normalize', options.normalize);
    flag('mask', options.mask);
  }
  if (options.kind === 'clap') {
    finite('minHz', options.minHz);
    finite('maxHz', options.maxHz);
    oneOf('truncation', options.truncation, ['fusion', 'rand_trunc']);
    oneOf('padding', options.padding, ['repeatpad', 'repeat', 'pad']);
  }
  return options;
}

/** The spectrum of an extractor family; null for those that take the waveform. */
export function spectrumOf(options: AudioOptions): SpectrumSpec | null {
  const { sampleRate } = options;
  switch (options.kind) {
    case 'whisper':
      return {
        ...{ sampleRate, frameLength: options.fftLength, hop: options.hop, fftLength: options.fftLength },
        ...{ mels: options.mels, minHz: 0, maxHz: 8000, scale: 'slaney', slaneyNorm: true, trianglesInMel: false },
        ...{ window: 'hann', center: true, removeMean: false, preemphasis: 0, gain: 1, floor: 1e-10, log: 'decimal' },
      };
    case 'clap': {
      const fusion = options.truncation === 'fusion';
      return {
        ...{ sampleRate, frameLength: options.fftLength, hop: options.hop, fftLength: options.fftLength },
        ...{ mels: options.mels, minHz: options.minHz, maxHz: options.maxHz, scale: fusion ? 'htk' : 'slaney' },
        ...{ slaneyNorm: !fusion, trianglesInMel: false, window: 'hann', center: true, removeMean: false },
        ...{ preemphasis: 0, gain: 1, floor: 1e-10, log: 'decibel' },
      };
    }
    case 'ast':
    case 'seamless':
    case 'speech2text': {
      // Kaldi's filter bank. AST alone takes samples of full scale 1, the others of full scale 2^15.
      const ast = options.kind === 'ast';
      return {
        ...{ sampleRate, frameLength: 400, hop: 160, fftLength: 512, mels: options.mels, minHz: 20 },
        ...{
          maxHz: Math.floor(sampleRate / 2),
          scale: 'kaldi',
          slaneyNorm: false,
          trianglesInMel: true,
          center: false,
        },
        ...{ window: ast ? 'hann-symmetric' : 'povey', removeMean: true, preemphasis: 0.97, gain: ast ? 1 : 2 ** 15 },
        ...{ floor: 1.192092955078125e-7, log: 'natural' },
      };
    }
    default:
      return null;
  }
}
