// Audio preprocessor: recordings to what speech and sound models take.

import { loadAddon } from '../../binding/index.js';
import type { Spectrum } from '../../binding/preprocess.js';
import { UsageError } from '../util/error.js';
import { clapFeatures, kaldiFeatures, refuseNotFinite, waveforms, whisperFeatures } from './audio-features.js';
import { type AudioKind, type AudioOptions, completeAudioOptions, spectrumOf } from './audio-options.js';
import { whole } from './check.js';
import type { PreprocessResult, Targets } from './result.js';

/** One channel of sound, full scale 1. */
export interface Recording {
  samples: Float32Array;
  sampleRate: number;
}

export class AudioPreprocessor {
  readonly options: AudioOptions;
  #spectrum: Spectrum | null = null;

  /** @throws UsageError for options that do not fit together or are out of range */
  constructor(options: { kind: AudioKind } & Partial<Omit<AudioOptions, 'kind'>> & Record<string, unknown>) {
    this.options = completeAudioOptions(options);
    const spec = spectrumOf(this.options);
    if (spec === null) return;
    try {
      this.#spectrum = loadAddon().createSpectrum(spec);
    } catch (error) {
      throw new UsageError(`${this.options.kind}: ${(error as Error).message}`);
    }
  }

  /** Samples at the model's rate. */
  #prepare(recording: Recording, name: string): Float32Array {
    const { sampleRate } = this.options;
    if (!(recording?.samples instanceof Float32Array)) throw new UsageError(`${name}.samples: expected a Float32Array`);
    whole(`${name}.sampleRate`, recording.sampleRate, 1, 768_000);
    if (recording.samples.length === 0) throw new UsageError(`${name}: has no samples`);
    const direct = recording.sampleRate === sampleRate;
    // The normalisation of waveforms finds such samples by itself.
    const checksItself = direct && this.options.kind === 'wav2vec2' && this.options.normalize;
    if (!checksItself && !loadAddon().allFinite(recording.samples)) refuseNotFinite(recording.samples, name);
    if (direct) return recording.samples;
    return resample(recording, sampleRate, this.options.threads).samples;
  }

  /**
   * Tensors as the kind's description in AudioOptions says, under the names of the Hugging Face extractor.
   * @param into tensors to write to where type and shape agree
   * @throws UsageError for samples that are not finite, and for recordings too short or too long for the model
   */
  run(recordings: Recording | readonly Recording[], into: Targets = {}): PreprocessResult {
    const list = Array.isArray(recordings) ? (recordings as readonly Recording[]) : [recordings as Recording];
    if (list.length === 0) throw new UsageError('recordings: expected at least one, got none');
    const clips = list.map((recording, i) => this.#prepare(recording, `recording ${i}`));
    const { options } = this;
    switch (options.kind) {
      case 'whisper':
        return whisperFeatures(clips, options, this.#spectrum!, into);
      case 'clap':
        return clapFeatures(clips, options, this.#spectrum!, into);
      case 'wav2vec2':
      case 'encodec':
        return waveforms(clips, options, into);
      default:
        return kaldiFeatures(clips, options, this.#spectrum!, into);
    }
  }
}

/**
 * Changes the sample rate with a polyphase Kaiser-windowed sinc (binding/preprocess/audio_resample.h); the result has
 * ceil(length * to / from) samples.
 * @throws UsageError for a pair of rates with almost no common factor
 */
export function resample(recording: Recording, sampleRate: number, threads = 0): Recording {
  whole('sampleRate', recording.sampleRate, 1, 768_000);
  whole('sampleRate', sampleRate, 1, 768_000);
  try {
    return { samples: loadAddon().resample(recording.samples, recording.sampleRate, sampleRate, threads), sampleRate };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/**
 * The mean of all channels of a RIFF/WAVE file: PCM of 8, 16, 24, 32 bits or float of 32, 64 bits.
 * @throws UsageError with one line for anything else, lengths that the file does not have and samples that are not finite
 */
export function readWav(bytes: Uint8Array): Recording & { channels: number; bits: number; float: boolean } {
  try {
    return loadAddon().readWav(bytes);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
