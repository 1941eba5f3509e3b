// The steps of each extractor family around its spectrum.
// Source: transformers, models/*/feature_extraction_*.py (numpy paths).

import { loadAddon } from '../../binding/index.js';
import type { Spectrum } from '../../binding/preprocess.js';
import { UsageError } from '../util/error.js';
import type { AudioOptions } from './audio-options.js';
import { fillMask, floatsOf, PreprocessResult, type Targets } from './result.js';

type Of<K extends AudioOptions['kind']> = Extract<AudioOptions, { kind: K }>;

export function whisperFeatures(
  clips: Float32Array[],
  options: Of<'whisper'>,
  spectrum: Spectrum,
  into: Targets,
): PreprocessResult {
  const addon = loadAddon();
  const { mels, samples, threads } = options;
  // The centred transform gives one frame more, which Whisper drops.
  const frames = addon.frameCount(spectrum, samples) - 1;
  const result = new PreprocessResult(into);
  const features = floatsOf(result.add('input_features', 'float32', [clips.length, mels, frames]));
  const how = { length: samples, frames, melMajor: true, double: options.precision === 'float64', threads };
  clips.forEach((clip, i) => {
    const out = features.subarray(i * mels * frames, (i + 1) * mels * frames);
    addon.logMel(spectrum, clip, how, out);
    addon.scaleWhisper(out);
  });
  return result;
}

/** Repeats or pads a clip to `samples`, as the 'padding' of a CLAP configuration asks. */
function lengthen(clip: Float32Array, samples: number, padding: Of<'clap'>['padding']): Float32Array {
  const out = new Float32Array(samples);
  const times = Math.floor(samples / clip.length);
  const end = padding === 'pad' ? clip.length : padding === 'repeat' ? samples : times * clip.length;
  for (let at = 0; at < end; at += clip.length) out.set(clip.subarray(0, Math.min(clip.length, samples - at)), at);
  return out;
}

/** One value of a bool tensor per clip. */
function fillFlags(result: PreprocessResult, name: string, flags: boolean[]): void {
  result.add(name, 'bool', [flags.length, 1]).data.set(flags.map(Number));
}

export function clapFeatures(
  clips: Float32Array[],
  options: Of<'clap'>,
  spectrum: Spectrum,
  into: Targets,
): PreprocessResult {
  const addon = loadAddon();
  const { mels, samples, threads, truncation } = options;
  const copies = truncation === 'fusion' ? 4 : 1;
  const frames = addon.frameCount(spectrum, samples);
  const result = new PreprocessResult(into);
  const features = floatsOf(result.add('input_features', 'float32', [clips.length, copies, frames, mels]));
  const how = { length: samples, frames, melMajor: false, double: options.precision === 'float64', threads };
  const size = frames * mels;
  clips.forEach((clip, i) => {
    if (clip.length > samples && truncation === 'fusion') {
      throw new UsageError(
        `recording ${i}: has ${clip.length} samples, the model takes ${samples}; the extractor would pick random parts ` +
          'of it: cut it, or set truncation to rand_trunc to have its beginning',
      );
    }
    const first = i * copies * size;
    const whole = clip.length < samples ? lengthen(clip, samples, options.padding) : clip.subarray(0, samples);
    addon.logMel(spectrum, whole, how, features.subarray(first, first + size));
    for (let copy = 1; copy < copies; ++copy) features.copyWithin(first + copy * size, first, first + size);
  });
  // The extractor marks one clip at random if none is longer; here it is the first.
  const longer = clips.map((clip, i) => (truncation === 'fusion' ? i === 0 : clip.length > samples));
  fillFlags(result, 'is_longer', longer);
  return result;
}

type Kaldi = Of<'ast'> | Of<'seamless'> | Of<'speech2text'>;

/** Normalises the features of one clip in place. */
function normalizeFeatures(values: Float32Array, options: Kaldi): void {
  const addon = loadAddon();
  if (options.kind === 'seamless') {
    const how = { subtractMean: true, divideDeviation: true, ddof: 1, epsilon: 1e-7 } as const;
    addon.normalizeColumns(values, options.mels, how);
  } else if (options.kind === 'speech2text') {
    const { means, variances } = options;
    const how = { subtractMean: means, divideDeviation: variances, ddof: 0, epsilon: 0 } as const;
    addon.normalizeColumns(values, options.mels, how);
  } else if (options.normalize !== null) {
    addon.standardize(values, options.normalize.mean, options.normalize.std * 2);
  }
}

export function kaldiFeatures(
  clips: Float32Array[],
  options: Kaldi,
  spectrum: Spectrum,
  into: Targets,
): PreprocessResult {
  const addon = loadAddon();
  const { mels, threads } = options;
  const counts = clips.map((clip, i) => {
    const count = addon.frameCount(spectrum, clip.length);
    const least = options.kind === 'seamless' ? 2 : 1;
    if (count >= least) return count;
    throw new UsageError(`recording ${i}: ${clip.length} samples are too few, ${240 + 160 * least} are needed`);
  });
  const stride = options.kind === 'seamless' ? options.stride : 1;
  const result = new PreprocessResult(into);
  const longest = Math.max(...counts);
  // Seamless pads to an even number of frames whatever its stride, then drops what does not fill a stride.
  const even = options.kind === 'seamless' ? longest + (longest % 2) : longest;
  const rows = options.kind === 'ast' ? options.frames : even - (even % stride);
  const ast = options.kind === 'ast';
  const name = ast ? 'input_values' : 'input_features';
  const features = floatsOf(result.add(name, 'float32', [clips.length, rows / stride, mels * stride]));
  const padding = options.kind === 'seamless' ? options.paddingValue : 0;
  clips.forEach((clip, i) => {
    const frames = ast ? Math.min(counts[i]!, rows) : counts[i]!;
    const out = features.subarray(i * rows * mels, (i + 1) * rows * mels);
    // All frames take part in the normalisation, also those that no stride holds.
    const values = frames > rows ? new Float32Array(frames * mels) : out.subarray(0, frames * mels);
    addon.logMel(spectrum, clip, { length: clip.length, frames, melMajor: false, double: true, threads }, values);
    if (ast) out.fill(0, frames * mels);
    normalizeFeatures(ast ? out : values, options);
    if (options.kind === 'speech2text' && !addon.allFinite(values)) {
      throw new UsageError(`recording ${i}: is silent or one frame long: its features have no variance to divide by`);
    }
    if (frames > rows) out.set(values.subarray(0, rows * mels));
    else if (!ast) out.fill(padding, frames * mels);
  });
  if (ast) return result;
  const mask = result.add('attention_mask', 'int64', [clips.length, rows / stride]);
  // Of each stride the entry with index 1 counts (index 0 if the stride is 1).
  const real = counts.map((count) =>
    Math.min(rows / stride, stride === 1 ? count : Math.floor((count + stride - 2) / stride)),
  );
  fillMask(mask, real, rows / stride);
  return result;
}

export function refuseNotFinite(samples: Float32Array, name: string): never {
  const at = samples.findIndex((x) => !Number.isFinite(x));
  throw new UsageError(`${name}: sample ${at} is ${samples[at]}, not a finite number`);
}

export function waveforms(
  clips: Float32Array[],
  options: Of<'wav2vec2'> | Of<'encodec'>,
  into: Targets,
): PreprocessResult {
  const addon = loadAddon();
  const longest = Math.max(...clips.map((clip) => clip.length));
  const result = new PreprocessResult(into);
  const lengths = clips.map((clip) => clip.length);
  const encodec = options.kind === 'encodec';
  const shape = encodec ? [clips.length, 1, longest] : [clips.length, longest];
  const values = floatsOf(result.add('input_values', 'float32', shape));
  clips.forEach((clip, i) => {
    const row = values.subarray(i * longest, (i + 1) * longest);
    const part = row.subarray(0, clip.length);
    if (options.kind === 'encodec') {
      part.set(clip);
      row.fill(0, clip.length);
      return;
    }
    row.fill(options.paddingValue, clip.length);
    if (!options.normalize) {
      part.set(clip);
    } else if (options.mask || clip.length === longest) {
      if (!addon.normalizeWaveform(clip, 1e-7, part)) refuseNotFinite(clip, `recording ${i}`);
    } else {
      // Without a mask the extractor takes the padding for sound.
      part.set(clip);
      if (!addon.normalizeWaveform(row, 1e-7, row)) refuseNotFinite(clip, `recording ${i}`);
    }
  });
  if (encodec) fillMask(result.add('padding_mask', 'int64', [clips.length, longest]), lengths, longest);
  else if (options.mask) fillMask(result.add('attention_mask', 'int64', [clips.length, longest]), lengths, longest);
  return result;
}
