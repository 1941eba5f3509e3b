import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AudioPreprocessor, audioOptionsFromConfig, type Recording, resample } from '../../src/preprocess/index.js';
import { floatsOf } from '../../src/preprocess/result.js';
import { UsageError } from '../../src/util/error.js';
import type { HostTensor } from '../../src/util/tensor.js';
import { atEveryLevel } from './levels.js';
import { makeSound, type SoundKind } from './signals.js';

interface Picked {
  shape: number[];
  step: number;
  values: number[];
}
interface ExtractorCase {
  config: Record<string, unknown>;
  inputs: { kind: SoundKind; count: number; seed: number }[];
  outputs: Record<string, Picked>;
  masks: Record<string, number[][]>;
  /** Where 1e-6 is less than a unit in the last place of what the features are computed from. */
  limit?: number;
}
const fixture: {
  extractors: ExtractorCase[];
  resample: { old: number; new: number; count: number; output: Picked }[];
} = JSON.parse(readFileSync(new URL('../../../test/fixtures/preprocess/audio.json', import.meta.url), 'utf8'));

const test = suite('audio');

/** The largest distance, leaving out neighbouring float32 numbers: decibels near -100 are 7.6e-6 apart. */
function worst(values: Float32Array, picked: Picked): number {
  let most = 0;
  picked.values.forEach((expected, i) => {
    const distance = Math.abs(values[i * picked.step]! - expected);
    if (!(distance <= Math.max(most, Math.abs(expected) * 2 ** -23))) most = distance;
  });
  return most;
}

function numbersOf(tensor: HostTensor): number[] {
  if (tensor.dtype === 'bool') return [...tensor.data];
  return [...new BigInt64Array(tensor.data.buffer as ArrayBuffer)].map(Number);
}

const recordingsOf = (c: ExtractorCase, sampleRate: number): Recording[] =>
  c.inputs.map(({ kind, count, seed }) => ({ samples: makeSound(kind, count, seed), sampleRate }));

test('extractors: within 1e-6 of the Hugging Face numpy paths, the same bits at every level', () => {
  const kinds = new Set<string>();
  for (const c of fixture.extractors) {
    const options = audioOptionsFromConfig(c.config);
    kinds.add(options.kind);
    const recordings = recordingsOf(c, options.sampleRate);
    const processor = new AudioPreprocessor({ ...options });
    const bits: string[] = [];
    atEveryLevel((level) => {
      const name = `${level} ${options.kind} ${JSON.stringify(c.inputs)}`;
      const result = processor.run(recordings);
      for (const [key, picked] of Object.entries(c.outputs)) {
        const tensor = result.tensors[key]!;
        assert.equal(tensor.shape, picked.shape, name);
        const { limit = 1e-6 } = c;
        assert.ok(worst(floatsOf(tensor), picked) <= limit, `${name}: ${worst(floatsOf(tensor), picked)}`);
        bits.push(Buffer.from(tensor.data).toString('latin1'));
      }
      assert.equal(
        Object.keys(result.tensors).sort(),
        [...Object.keys(c.outputs), ...Object.keys(c.masks)].sort(),
        name,
      );
      for (const [key, mask] of Object.entries(c.masks))
        assert.equal(numbersOf(result.tensors[key]!), mask.flat(), name);
      result.release();
    });
    assert.ok(
      bits.every((x) => x === bits[0]),
      options.kind,
    );
  }
  assert.is(kinds.size, 7);
});

test('float32 lanes: within 5e-5 for Whisper and CLAP', () => {
  for (const c of fixture.extractors) {
    const options = audioOptionsFromConfig(c.config);
    if (!('precision' in options)) continue;
    const processor = new AudioPreprocessor({ ...options, precision: 'float32' });
    const bits: string[] = [];
    atEveryLevel((level) => {
      const tensor = processor.run(recordingsOf(c, options.sampleRate)).tensors.input_features!;
      const distance = worst(floatsOf(tensor), c.outputs.input_features!);
      assert.ok(distance <= 5e-5, `${level} ${options.kind} ${JSON.stringify(c.inputs)}: ${distance}`);
      bits.push(Buffer.from(tensor.data).toString('latin1'));
    });
    assert.ok(
      bits.every((x) => x === bits[0]),
      options.kind,
    );
  }
});

test('resample: the polyphase filter of scipy, at odd rates too, the same bits at every level', () => {
  for (const c of fixture.resample) {
    const bits: string[] = [];
    atEveryLevel((level) => {
      const { samples } = resample({ samples: makeSound('voice', c.count), sampleRate: c.old }, c.new);
      assert.equal([samples.length], c.output.shape);
      assert.ok(worst(samples, c.output) <= 1e-6, `${level} ${c.old} -> ${c.new}: ${worst(samples, c.output)}`);
      bits.push(Buffer.from(samples.buffer).toString('latin1'));
    });
    assert.ok(bits.every((x) => x === bits[0]));
  }
});

test("a recording of another rate is resampled to the model's", () => {
  const samples = makeSound('voice', 44_100);
  const whisper = new AudioPreprocessor({ kind: 'whisper', samples: 16_000 });
  const there = resample({ samples, sampleRate: 44_100 }, 16_000);
  const direct = whisper.run({ samples, sampleRate: 44_100 }).tensors.input_features!;
  assert.equal(direct.data, whisper.run(there).tensors.input_features!.data);
});

test('threads give the same bits as one', () => {
  const recording = { samples: makeSound('voice', 480_000), sampleRate: 16_000 };
  for (const kind of ['whisper', 'seamless'] as const) {
    const run = (threads: number) =>
      new AudioPreprocessor({ kind, threads }).run(recording).tensors.input_features!.data;
    assert.equal(run(3), run(1));
  }
});

const refused = (message: RegExp, run: () => unknown) =>
  assert.throws(
    run,
    (error: unknown) => error instanceof UsageError && message.test(error.message) && !/\n/.test(error.message),
  );

test('bad recordings are refused with one line', () => {
  const whisper = new AudioPreprocessor({ kind: 'whisper' });
  const sound = (samples: Float32Array, sampleRate = 16_000) => ({ samples, sampleRate });
  const spoilt = makeSound('voice', 500);
  spoilt[77] = Number.NaN;
  refused(/recording 1: sample 77 is NaN/, () => whisper.run([sound(makeSound('voice', 9)), sound(spoilt)]));
  spoilt[77] = Number.NEGATIVE_INFINITY;
  refused(/sample 77 is -Infinity/, () => new AudioPreprocessor({ kind: 'encodec' }).run(sound(spoilt, 24_000)));
  refused(/recording 1: sample 77 is -Infinity/, () =>
    new AudioPreprocessor({ kind: 'wav2vec2' }).run([sound(new Float32Array(600)), sound(spoilt)]),
  );
  refused(/has no samples/, () => whisper.run(sound(new Float32Array(0))));
  refused(/at least one/, () => whisper.run([]));
  refused(/expected a Float32Array/, () =>
    whisper.run({ samples: [0, 1] as unknown as Float32Array, sampleRate: 16_000 }),
  );
  refused(/sampleRate: .* got 0/, () => whisper.run(sound(spoilt.fill(0), 0)));
  refused(/sampleRate: .* got NaN/, () => whisper.run(sound(spoilt.fill(0), Number.NaN)));
  refused(/too long a filter/, () => resample(sound(spoilt, 767_999), 1_009));
  for (const kind of ['ast', 'speech2text'] as const) {
    refused(/399 samples are too few, 400 are needed/, () =>
      new AudioPreprocessor({ kind }).run(sound(new Float32Array(399))),
    );
  }
  refused(/559 samples are too few, 560/, () =>
    new AudioPreprocessor({ kind: 'seamless' }).run(sound(new Float32Array(559))),
  );
  refused(/silent/, () => new AudioPreprocessor({ kind: 'speech2text' }).run(sound(new Float32Array(4000))));
  refused(/has 480001 samples, the model takes 480000/, () =>
    new AudioPreprocessor({ kind: 'clap' }).run(sound(new Float32Array(480_001), 48_000)),
  );
});

test('bad options and configurations are refused with one line', () => {
  const make = (options: object) => () => new AudioPreprocessor(options as { kind: 'whisper' });
  refused(/kind: expected one of whisper/, make({ kind: 'opus' }));
  refused(/whisper option: .* got "mel"/, make({ kind: 'whisper', mel: 3 }));
  refused(/mels: .* got NaN/, make({ kind: 'whisper', mels: Number.NaN }));
  refused(/half the FFT length/, make({ kind: 'whisper', fftLength: 442 }));
  refused(/precision/, make({ kind: 'whisper', precision: 'float16' }));
  refused(/whisper option|seamless option/, make({ kind: 'seamless', precision: 'float32' }));
  refused(/0 <= min < max/, make({ kind: 'clap', minHz: 20_000 }));
  const read = (more: object) => () =>
    audioOptionsFromConfig({ feature_extractor_type: 'WhisperFeatureExtractor', ...more });
  refused(/key 'dither': value 1 is not supported/, read({ dither: 1 }));
  refused(/key 'loudness': would change the result/, read({ loudness: 1 }));
  refused(/key 'padding_side': value "left"/, read({ padding_side: 'left' }));
  refused(/'SpeechT5FeatureExtractor': not one/, read({ feature_extractor_type: 'SpeechT5FeatureExtractor' }));
  refused(
    /key 'chunk_length_s': value 1/,
    read({ feature_extractor_type: 'EncodecFeatureExtractor', chunk_length_s: 1 }),
  );
  assert.is((read({ feature_size: 128, chunk_length: 10 })() as { samples: number }).samples, 160_000);
});

test.run();
