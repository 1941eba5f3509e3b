// Text: the lines of a file or made sentences through a tokenizer, cut and padded to the case's sequence length.

import { madeTexts } from '../../preprocess/made/text.js';
import { madeTokenizer } from '../../preprocess/made/tokenizer.js';
import { type Tokenizer, tokenizer } from '../../preprocess/tokenizer.js';
import { UnsupportedError, UsageError } from '../../util/error.js';
import { textFile, tokenizerFile } from './files.js';
import type { Recipe } from './recipe.js';
import type { Stage, StageContext } from './stage.js';

type TextRecipe = NonNullable<Recipe['text']>;

interface Chosen {
  encoder: Tokenizer;
  /** Where it comes from, for the record. */
  words: string;
}

function engineOf({ engine, reason }: Tokenizer): string {
  return engine === 'native' ? 'native' : `JavaScript, because of ${reason}`;
}

/** --tokenizer, else the checkpoint's own, else one that hfbench makes. */
async function choose({ kind, file, vocabulary }: TextRecipe, given: string | null): Promise<Chosen> {
  if (given !== null) {
    const encoder = await tokenizerFile(given);
    return { encoder, words: `${given} (${engineOf(encoder)})` };
  }
  if (file !== null) {
    const encoder = await tokenizer(file);
    return { encoder, words: `tokenizer.json of the checkpoint (${engineOf(encoder)})` };
  }
  const made = kind === null || vocabulary === null ? null : madeTokenizer(kind, vocabulary);
  if (made === null) {
    const what = kind === null ? 'this model' : `tokenizers of the kind '${kind}'`;
    throw new UnsupportedError('tokenizer', `hfbench makes no stand-in for ${what}; give one with --tokenizer FILE`);
  }
  return { encoder: await tokenizer(made), words: `made by hfbench: ${kind}` };
}

/** `count` texts from those of the file, from the start again where it has fewer. */
function chosenTexts(path: string | null, count: number, length: number): { name: string; texts: string[] } {
  if (path === null) return { name: 'made sentences', texts: madeTexts(count, length) };
  const { name, texts } = textFile(path);
  return { name, texts: Array.from({ length: count }, (_, i) => texts[i % texts.length]!) };
}

/** @throws UsageError for a file that cannot be used, or ids beyond the model's; UnsupportedError without a tokenizer */
export async function textStage(recipe: TextRecipe, { main, files }: StageContext): Promise<Stage> {
  const [count, length] = main.shape as [number, number];
  const { encoder, words } = await choose(recipe, files.tokenizer);
  const { name, texts } = chosenTexts(files.text, count, length);
  const options = { truncation: { maxLength: length }, padding: { length, multipleOf: 1 } };
  const whole = encoder.ids(texts, { truncation: null });
  const most = whole.ids.reduce((a, b) => Math.max(a, b), 0);
  if (recipe.vocabulary !== null && most >= recipe.vocabulary) {
    throw new UsageError(
      `${files.tokenizer ?? recipe.file}: gives the id ${most}, the model knows those below ${recipe.vocabulary}; use its own tokenizer`,
    );
  }
  const longest = whole.lengths.reduce((a, b) => Math.max(a, b), 0);
  const fit = longest > length ? `cut to ${length}` : longest < length ? `padded to ${length}` : '';
  const size = `${longest} tokens${fit && `, ${fit}`}`;
  return {
    input: count === 1 ? `${name}, ${size}` : `${name}, ${count} texts of up to ${size}`,
    preprocessor: `tokens, cut and padded to ${length}`,
    tokenizer: words,
    inputBytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    items: count,
    decodeNs: null,
    run: (into) => encoder.encode(texts, { ...options, into }),
  };
}
