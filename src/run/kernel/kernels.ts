// The kernels by their own names, each on an input of the size that applications give it.

import type { TextKind } from '../../../models/preprocess.js';
import { AudioPreprocessor, readWav, resample } from '../../preprocess/audio.js';
import type { AudioKind } from '../../preprocess/audio-options.js';
import { quantize, toHalf } from '../../preprocess/cast.js';
import { describeAudio, describeImage } from '../../preprocess/describe.js';
import { ImagePreprocessor } from '../../preprocess/image.js';
import type { ImageOptions } from '../../preprocess/image-options.js';
import { madePhoto, madeVoice } from '../../preprocess/made/signal.js';
import { madeTexts } from '../../preprocess/made/text.js';
import { madeTokenizer } from '../../preprocess/made/tokenizer.js';
import { tokenizer } from '../../preprocess/tokenizer.js';
import type { Task, TaskChoice, Tasks } from './task.js';

const HALF = [{ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }];

function image(name: string, options: Partial<ImageOptions>) {
  return ({ threads }: TaskChoice): Task => {
    const photo = madePhoto(1280, 720, 3, 1);
    const kernel = new ImagePreprocessor({ normalize: HALF, ...options, threads });
    return {
      name,
      words: `1280x720, ${describeImage(kernel.options)}`,
      inputBytes: photo.data.length,
      items: 1,
      run: () => kernel.run(photo).release(),
    };
  };
}

const resized = (filter: ImageOptions['filter']) =>
  image(`resize-${filter}`, { resize: { to: 'exact', height: 224, width: 224 }, filter });

function audio(name: string, kind: AudioKind, seconds: number) {
  return ({ threads }: TaskChoice): Task => {
    const kernel = new AudioPreprocessor({ kind, threads });
    const { sampleRate } = kernel.options;
    const samples = madeVoice(seconds * sampleRate, 7);
    return {
      name,
      words: `${seconds} s, ${describeAudio(kernel.options)}`,
      inputBytes: samples.byteLength,
      items: 1,
      run: () => kernel.run({ samples, sampleRate }).release(),
    };
  };
}

const TEXTS = 1000;
const WORDS = 16;
const LENGTH = 128;
const VOCABULARY = 50_000;

function text(name: string, kind: TextKind) {
  return async (): Promise<Task> => {
    const texts = madeTexts(TEXTS, WORDS);
    const encoder = await tokenizer(madeTokenizer(kind, VOCABULARY)!);
    const options = { truncation: { maxLength: LENGTH }, padding: { length: LENGTH } };
    return {
      name,
      words: `${TEXTS} texts padded to ${LENGTH}, ${kind} made by hfbench`,
      inputBytes: texts.reduce((sum, line) => sum + Buffer.byteLength(line), 0),
      items: TEXTS,
      run: () => encoder.encode(texts, options).release(),
    };
  };
}

/** As many values as a 720p image has. */
const VALUES = 1280 * 720 * 3;

function cast(name: string, words: string, run: (values: Float32Array) => () => void) {
  return (): Task => {
    const values = madeVoice(VALUES, 7);
    return { name, words: `${VALUES} values, ${words}`, inputBytes: values.byteLength, items: 1, run: run(values) };
  };
}

/** Half a minute in 16 bits and two channels. */
function madeWav(): Uint8Array {
  const rate = 44_100;
  const samples = Int16Array.from(madeVoice(30 * 2 * rate, 7), (value) => Math.max(-32_768, value * 32_767));
  const bytes = Buffer.alloc(44 + samples.byteLength);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + samples.byteLength, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  for (const [value, at, size] of [
    [16, 16, 4],
    [1, 20, 2],
    [2, 22, 2],
    [rate, 24, 4],
    [rate * 4, 28, 4],
    [4, 32, 2],
    [16, 34, 2],
  ] as const) {
    bytes.writeUIntLE(value, at, size);
  }
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.byteLength, 40);
  bytes.set(new Uint8Array(samples.buffer), 44);
  return bytes;
}

export const KERNELS: Tasks = {
  'resize-bilinear': resized('bilinear'),
  'resize-bicubic': resized('bicubic'),
  'resize-lanczos': resized('lanczos'),
  normalize: image('normalize', {}),
  'log-mel': audio('log-mel', 'whisper', 30),
  fbank: audio('fbank', 'ast', 10),
  seamless: audio('seamless', 'seamless', 30),
  'clap-mel': audio('clap-mel', 'clap', 10),
  waveform: audio('waveform', 'wav2vec2', 30),
  resample: ({ threads }) => {
    const recording = { samples: madeVoice(30 * 44_100, 7), sampleRate: 44_100 };
    return {
      name: 'resample',
      words: '30 s, 44.1 kHz to 16 kHz',
      inputBytes: recording.samples.byteLength,
      items: 1,
      run: () => resample(recording, 16_000, threads),
    };
  },
  wav: () => {
    const bytes = madeWav();
    return {
      name: 'wav',
      words: '30 s of 16-bit stereo',
      inputBytes: bytes.length,
      items: 1,
      run: () => readWav(bytes),
    };
  },
  wordpiece: text('wordpiece', 'WordPiece'),
  'byte-bpe': text('byte-bpe', 'byte-level BPE'),
  'sentencepiece-bpe': text('sentencepiece-bpe', 'SentencePiece BPE'),
  unigram: text('unigram', 'SentencePiece unigram'),
  'cast-f16': cast('cast-f16', 'float32 to float16', (values) => {
    const out = new Uint16Array(values.length);
    return () => toHalf(values, 'float16', out);
  }),
  'cast-bf16': cast('cast-bf16', 'float32 to bfloat16', (values) => {
    const out = new Uint16Array(values.length);
    return () => toHalf(values, 'bfloat16', out);
  }),
  'quantize-int8': cast('quantize-int8', 'float32 to int8', (values) => {
    const out = new Int8Array(values.length);
    return () => quantize(values, 1 / 127, 0, out);
  }),
};
