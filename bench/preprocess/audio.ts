// Audio rows, float64 lanes unless said.

import { type AudioKind, AudioPreprocessor, audioOptionsFromConfig } from '../../src/preprocess/index.js';
import { makeSound } from '../../test/preprocess/signals.js';
import type { Contest } from './contest.js';
import type { Peers } from './peers.js';

const WHISPER = {
  ...{ feature_extractor_type: 'WhisperFeatureExtractor', feature_size: 80, sampling_rate: 16_000, hop_length: 160 },
  ...{ chunk_length: 30, n_fft: 400, n_samples: 480_000, nb_max_frames: 3000, padding_value: 0 },
};
const AST = {
  ...{ feature_extractor_type: 'ASTFeatureExtractor', num_mel_bins: 128, max_length: 1024, sampling_rate: 16_000 },
  ...{ do_normalize: true, mean: -4.2677393, std: 4.5689974, padding_value: 0, feature_size: 1 },
};
const SEAMLESS = {
  ...{ feature_extractor_type: 'SeamlessM4TFeatureExtractor', num_mel_bins: 80, sampling_rate: 16_000, stride: 2 },
  ...{ padding_value: 0, feature_size: 80 },
};
const CLAP = {
  ...{ feature_extractor_type: 'ClapFeatureExtractor', feature_size: 64, sampling_rate: 48_000, hop_length: 480 },
  ...{ fft_window_size: 1024, max_length_s: 10, nb_max_samples: 480_000, frequency_min: 50, frequency_max: 14_000 },
  ...{ nb_frequency_bins: 513, truncation: 'rand_trunc', padding: 'repeatpad', padding_value: 0 },
};
const WAV2VEC2 = {
  ...{ feature_extractor_type: 'Wav2Vec2FeatureExtractor', feature_size: 1, sampling_rate: 16_000 },
  ...{ do_normalize: true, padding_value: 0, return_attention_mask: false },
};

/** What one writes by hand. */
function standardizeLoop(x: Float32Array, out: Float32Array): void {
  let sum = 0;
  for (let i = 0; i < x.length; ++i) sum += x[i]!;
  const mean = sum / x.length;
  let squares = 0;
  for (let i = 0; i < x.length; ++i) squares += (x[i]! - mean) ** 2;
  const scale = Math.sqrt(squares / x.length + 1e-7);
  for (let i = 0; i < x.length; ++i) out[i] = (x[i]! - mean) / scale;
}

export async function audioContests({ processor }: Peers): Promise<Contest[]> {
  const clip = makeSound('voice', 480_000);
  const contest = async (
    task: string,
    config: { sampling_rate: number },
    length: number,
    rest: Partial<Contest> & { goal?: { avx512: number; avx2: number }; precision?: string },
  ): Promise<Contest> => {
    const samples = clip.slice(0, length);
    const options = {
      ...audioOptionsFromConfig(config),
      threads: 1,
      ...(rest.precision && { precision: rest.precision }),
    };
    const ours = new AudioPreprocessor(options as { kind: AudioKind });
    const theirs = await processor('AutoFeatureExtractor', config);
    const spare = new Float32Array(length);
    const recording = { samples, sampleRate: config.sampling_rate };
    return {
      task,
      rounds: rest.rounds ?? 21,
      hfbench: () => ours.run(recording).release(),
      peers: [
        { name: 'transformers.js', run: () => theirs(samples), ...(rest.goal && { goal: rest.goal }) },
        ...(rest.peers ?? []),
      ],
      floor: { name: 'memcpy of the samples', run: () => spare.set(samples) },
    };
  };
  const out = new Float32Array(clip.length);
  return [
    await contest('Whisper log-mel, 30 s', WHISPER, 480_000, { goal: { avx512: 50, avx2: 40 } }),
    await contest('Whisper log-mel, 30 s, float32 lanes', WHISPER, 480_000, { precision: 'float32' }),
    await contest('AST filter bank, 10.24 s', AST, 163_840, { goal: { avx512: 7, avx2: 7 } }),
    await contest('SeamlessM4T filter bank, 30 s', SEAMLESS, 480_000, {}),
    await contest('CLAP mel, 10 s', CLAP, 480_000, {}),
    await contest('wav2vec2 normalisation, 30 s', WAV2VEC2, 480_000, {
      goal: { avx512: 50, avx2: 50 },
      rounds: 41,
      peers: [{ name: 'JS loops, output reused', run: () => standardizeLoop(clip, out) }],
    }),
  ];
}
