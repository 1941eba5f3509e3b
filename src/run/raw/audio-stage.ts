// Sound: a WAV file or a made voice through the kernel of the model's extractor. Resampling is part of what is timed.

import { AudioPreprocessor, type Recording } from '../../preprocess/audio.js';
import type { AudioOptions } from '../../preprocess/audio-options.js';
import { describeAudio } from '../../preprocess/describe.js';
import { madeVoice } from '../../preprocess/made/signal.js';
import type { HostTensor } from '../../util/tensor.js';
import { audioFile } from './files.js';
import type { Recipe } from './recipe.js';
import { decoded, repeated, type Stage, type StageContext } from './stage.js';

/** Kaldi's frames of 25 ms every 10 ms at 16 kHz. */
const samplesOfFrames = (frames: number) => (frames - 1) * 160 + 400;

/** Samples that fill the model's input, and whether the extractor itself cuts and pads to it. */
function lengthOf(options: AudioOptions, { shape }: HostTensor): { samples: number; fits: boolean } {
  switch (options.kind) {
    case 'whisper':
    case 'clap':
      return { samples: options.samples, fits: true };
    case 'ast':
      return { samples: samplesOfFrames(options.frames), fits: true };
    case 'seamless':
      return { samples: samplesOfFrames(shape[1]! * options.stride), fits: false };
    case 'speech2text':
      return { samples: samplesOfFrames(shape[1]!), fits: false };
    case 'wav2vec2':
    case 'encodec':
      return { samples: shape.at(-1)!, fits: false };
  }
}

/** Cut, or silence at the end, to `samples` at the model's rate. */
function fitted({ samples, sampleRate }: Recording, wanted: number, rate: number): Recording {
  const length = Math.floor((wanted * sampleRate) / rate);
  const out = new Float32Array(length);
  out.set(samples.subarray(0, length));
  return { samples: out, sampleRate };
}

/** @throws UsageError for a file that cannot be used and options that do not fit together */
export async function audioStage(
  { options, from }: NonNullable<Recipe['audio']>,
  { main, files, threads, nowNs }: StageContext,
): Promise<Stage> {
  const kernel = new AudioPreprocessor({ ...options, threads });
  const { sampleRate } = kernel.options;
  const { samples: wanted, fits } = lengthOf(kernel.options, main);
  const given = files.audio === null ? null : audioFile(files.audio);
  const read = given === null ? null : await decoded<Recording>(given, nowNs);
  const sound = read?.value ?? { samples: madeVoice(wanted, 7), sampleRate };
  const recording = fits || read === null ? sound : fitted(sound, wanted, sampleRate);
  const recordings = Array<Recording>(main.shape[0]!).fill(recording);
  const seconds = Number((sound.samples.length / sound.sampleRate).toFixed(2));
  const resampled = sound.sampleRate === sampleRate ? '' : ` at ${sound.sampleRate} Hz, resampled`;
  const cut = recording === sound ? '' : `, cut or padded to ${wanted / sampleRate} s`;
  return {
    input: `${given?.name ?? 'made voice'} ${seconds} s${resampled}${cut}${repeated(recordings.length)}`,
    preprocessor: `${describeAudio(kernel.options)} (${from})`,
    tokenizer: null,
    inputBytes: recording.samples.byteLength * recordings.length,
    items: recordings.length,
    decodeNs: read?.decodeNs ?? null,
    run: (into) => kernel.run(recordings, into),
  };
}
