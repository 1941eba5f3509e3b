// Raw inputs -> inputs of the model, written where the session reads them.

import { toHalf } from '../../preprocess/cast.js';
import { floatsOf, type PreprocessResult } from '../../preprocess/result.js';
import { UnsupportedError } from '../../util/error.js';
import type { HostTensor } from '../../util/tensor.js';
import type { Feeds } from '../feeds.js';
import type { RawFacts } from '../outcome.js';
import type { Recipe } from './recipe.js';
import type { Stage, StageContext } from './stage.js';

export interface Preparation {
  /** Prepares everything once more: the feeds' memory then holds the inputs. */
  run(): void;
  facts: RawFacts;
}

/** Inputs that make a stage worth having, in the order in which they are looked for. */
export const MAIN = {
  image: ['pixel_values'],
  audio: ['input_features', 'input_values'],
  text: ['input_ids'],
} as const;

/** Writes `from` into `to`, which has the same shape; false where there is no rule for the two types. */
function convert(from: HostTensor, to: HostTensor): boolean {
  const { buffer, byteOffset } = to.data;
  const count = from.shape.reduce((product, size) => product * size, 1);
  const pair = `${from.dtype} ${to.dtype}`;
  if (from.dtype === to.dtype) to.data.set(from.data);
  else if (pair === 'float32 float16' || pair === 'float32 bfloat16')
    toHalf(floatsOf(from), to.dtype as 'float16', new Uint16Array(buffer as ArrayBuffer, byteOffset, count));
  else if (pair === 'int64 int32') {
    const wide = new BigInt64Array(from.data.buffer as ArrayBuffer, from.data.byteOffset, count);
    const narrow = new Int32Array(buffer as ArrayBuffer, byteOffset, count);
    for (let i = 0; i < count; ++i) narrow[i] = Number(wide[i]);
  } else return false;
  return true;
}

type Placement = 'in place' | 'copied' | 'unlike';

/** Brings the tensors of a result to the feeds; what is there already stays. */
function deliver(result: PreprocessResult, feeds: Feeds): Map<string, Placement> {
  const placements = new Map<string, Placement>();
  for (const [name, tensor] of Object.entries(result.tensors)) {
    const feed = feeds[name];
    if (feed === undefined) continue;
    const alike = `${feed.shape}` === `${tensor.shape}`;
    placements.set(name, tensor === feed ? 'in place' : alike && convert(tensor, feed) ? 'copied' : 'unlike');
  }
  result.release();
  return placements;
}

/** The stages that this recipe and these inputs allow, each with the input that it is for. @throws as prepare */
export async function stagesOf(
  recipe: Recipe,
  feeds: Feeds,
  context: Omit<StageContext, 'main'>,
): Promise<[string, Stage][]> {
  const stages: [string, Stage][] = [];
  const mainOf = (kind: keyof typeof MAIN) => MAIN[kind].find((name) => feeds[name] !== undefined);
  const image = recipe.image && mainOf('image');
  if (image) {
    const { imageStage } = await import('./image-stage.js');
    stages.push([image, await imageStage(recipe.image!, { ...context, main: feeds[image]! })]);
  }
  const audio = recipe.audio && mainOf('audio');
  if (audio) {
    const { audioStage } = await import('./audio-stage.js');
    stages.push([audio, await audioStage(recipe.audio!, { ...context, main: feeds[audio]! })]);
  }
  const text = recipe.text && mainOf('text');
  if (text) {
    const { textStage } = await import('./text-stage.js');
    stages.push([text, await textStage(recipe.text!, { ...context, main: feeds[text]! })]);
  }
  return stages;
}

const joined = (parts: (string | null)[]): string | null => parts.filter((part) => part !== null).join('; ') || null;

/**
 * @param feeds every input of the model, with made values: those that the raw inputs give are overwritten
 * @throws UsageError for files that cannot be used; UnsupportedError where nothing can be prepared for this model
 */
export async function prepare(recipe: Recipe, feeds: Feeds, context: Omit<StageContext, 'main'>): Promise<Preparation> {
  const stages = await stagesOf(recipe, feeds, context);
  if (stages.length === 0) {
    const names = Object.keys(feeds).slice(0, 6).join(', ');
    throw new UnsupportedError(
      'preprocess',
      `nothing is known of how raw text, images or sound become its inputs (${names})`,
    );
  }
  const placements = new Map<string, Placement>(Object.keys(feeds).map((name) => [name, 'unlike']));
  for (const [main, stage] of stages) {
    const result = stage.run(feeds);
    const made = result.tensors[main];
    const delivered = deliver(result, feeds);
    if (delivered.get(main) === undefined || delivered.get(main) === 'unlike') {
      const { dtype, shape } = feeds[main]!;
      const got = made === undefined ? 'no such tensor' : `${made.dtype} [${made.shape}]`;
      throw new UnsupportedError(
        'preprocess',
        `${stage.preprocessor} gives ${got} for ${main}, the model takes ${dtype} [${shape}]`,
      );
    }
    for (const [name, placement] of delivered) placements.set(name, placement);
  }
  const words = [...placements].map(([name, how]) => `${name} ${how === 'unlike' ? 'by rule' : how}`);
  const decodings = stages.flatMap(([, { decodeNs }]) => (decodeNs === null ? [] : [decodeNs]));
  return {
    run() {
      for (const [, stage] of stages) deliver(stage.run(feeds), feeds);
    },
    facts: {
      input: joined(stages.map(([, { input }]) => input))!,
      preprocessor: joined(stages.map(([, { preprocessor }]) => preprocessor))!,
      tokenizer: joined(stages.map(([, { tokenizer }]) => tokenizer)),
      placement: words.join(', '),
      decodeNs: decodings.length === 0 ? null : decodings.reduce((sum, ns) => sum + ns, 0),
    },
  };
}
