// preprocessor_config.json of an audio model, read key by key.

import { UsageError } from '../util/error.js';
import { type AudioKind, type AudioOptions, completeAudioOptions } from './audio-options.js';
import { object, refuse, whole } from './check.js';

type Config = Record<string, unknown>;

/** For each key either the option it sets, or the only values under which hfbench does the same as the extractor. */
type Keys = Record<string, string | { only: unknown[] }>;

/** Numbers that follow from others; a configuration may repeat them, but not contradict. */
const DERIVED: Record<string, (o: AudioOptions) => number | null> = {
  n_samples: samplesOf,
  nb_max_samples: samplesOf,
  nb_max_frames: (o) => ('hop' in o ? Math.floor(o.samples / o.hop) : null),
  nb_frequency_bins: (o) => ('fftLength' in o ? Math.floor(o.fftLength / 2) + 1 : null),
};

function samplesOf(o: AudioOptions): number | null {
  return 'samples' in o ? o.samples : null;
}

const INERT = ['feature_extractor_type', 'processor_class', '_processor_class', 'transformers_version', 'auto_map'];
/** Stored tables that hfbench computes itself. */
const TABLES = ['mel_filters', 'mel_filters_slaney', 'window'];

const SHARED: Keys = {
  sampling_rate: 'sampleRate',
  padding_side: { only: ['right'] },
  padding_value: { only: [0] },
  dither: { only: [0] },
  return_attention_mask: { only: [true, false] },
};

const KALDI: Keys = { ...SHARED, num_mel_bins: 'mels', feature_size: { only: [1, 80, 128, 160] } };

const EXTRACTORS: Record<string, { kind: AudioKind; keys: Keys }> = {
  ASTFeatureExtractor: {
    kind: 'ast',
    keys: { ...KALDI, max_length: 'frames', do_normalize: 'do_normalize', mean: 'mean', std: 'std' },
  },
  ClapFeatureExtractor: {
    kind: 'clap',
    keys: {
      ...{ ...SHARED, feature_size: 'mels', hop_length: 'hop', fft_window_size: 'fftLength', frequency_min: 'minHz' },
      ...{ frequency_max: 'maxHz', truncation: 'truncation', padding: 'padding', top_db: { only: [] } },
      ...{ max_length_s: 'max_length_s' },
      ...{ chunk_length_s: 'max_length_s', n_fft: 'fftLength' },
    },
  },
  EncodecFeatureExtractor: {
    kind: 'encodec',
    keys: { ...SHARED, feature_size: { only: [1] }, chunk_length_s: { only: [] }, overlap: { only: [] } },
  },
  SeamlessM4TFeatureExtractor: {
    kind: 'seamless',
    keys: { ...KALDI, stride: 'stride', padding_value: 'paddingValue' },
  },
  Speech2TextFeatureExtractor: {
    kind: 'speech2text',
    keys: { ...KALDI, do_ceptral_normalize: { only: [true] }, normalize_means: 'means', normalize_vars: 'variances' },
  },
  Wav2Vec2FeatureExtractor: {
    kind: 'wav2vec2',
    keys: {
      ...{ ...SHARED, feature_size: { only: [1] }, do_normalize: 'normalize', return_attention_mask: 'mask' },
      padding_value: 'paddingValue',
    },
  },
  WhisperFeatureExtractor: {
    kind: 'whisper',
    keys: {
      ...{ ...SHARED, feature_size: 'mels', n_fft: 'fftLength', hop_length: 'hop' },
      ...{ chunk_length: 'chunk_length' },
    },
  },
};

/** Whether a preprocessor_config.json describes one of the feature extractors above. */
export function isAudioConfig(config: Record<string, unknown>): boolean {
  return typeof config.feature_extractor_type === 'string' && Object.hasOwn(EXTRACTORS, config.feature_extractor_type);
}

/**
 * Options that give the result of the feature extractor which a preprocessor_config.json describes.
 * @param config the parsed file
 * @throws UsageError for an extractor or a key that hfbench does not reproduce, by name, and for values out of range
 */
export function audioOptionsFromConfig(config: unknown): AudioOptions {
  const given = object('preprocessor_config.json', config);
  const name = given.feature_extractor_type;
  if (typeof name !== 'string') return refuse('feature_extractor_type', 'the name of a feature extractor class', name);
  const extractor = Object.hasOwn(EXTRACTORS, name) ? EXTRACTORS[name] : undefined;
  if (!extractor) {
    const known = Object.keys(EXTRACTORS).join(', ');
    throw new UsageError(
      `feature_extractor_type '${name}': not one that hfbench reproduces exactly; known are ${known}`,
    );
  }
  const options: Config = { kind: extractor.kind };
  for (const [key, value] of Object.entries(given)) {
    if (value === null || INERT.includes(key) || TABLES.includes(key) || Object.hasOwn(DERIVED, key)) continue;
    const use = Object.hasOwn(extractor.keys, key) ? extractor.keys[key]! : undefined;
    if (typeof use === 'string') options[use] = value;
    else if (!use?.only.includes(value)) {
      const why = use
        ? `value ${JSON.stringify(value)} is not supported`
        : 'would change the result and is not supported';
      throw new UsageError(`preprocessor_config.json: key '${key}': ${why}; remove it`);
    }
  }
  const complete = completeAudioOptions(settled(options) as { kind: AudioKind });
  for (const [key, derive] of Object.entries(DERIVED)) {
    const expected = derive(complete);
    if (given[key] != null && given[key] !== expected)
      refuse(key, `${expected}, which follows from the other keys`, given[key]);
  }
  return complete;
}

/** Keys that only together make an option. */
function settled({ chunk_length, max_length_s, do_normalize, mean, std, ...options }: Config): Config {
  const rate = (options.sampleRate ?? (options.kind === 'clap' ? 48_000 : 16_000)) as number;
  const seconds = chunk_length ?? max_length_s;
  if (seconds !== undefined) options.samples = whole('clip length in seconds', seconds, 1, 3600) * rate;
  if (options.kind === 'ast' && do_normalize === false) options.normalize = null;
  else if (mean !== undefined || std !== undefined)
    options.normalize = { mean: mean ?? -4.2677393, std: std ?? 4.5689974 };
  return options;
}
