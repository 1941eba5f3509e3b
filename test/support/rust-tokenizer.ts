// Compares the tokenizer with Rust tokenizers (npm package `tokenizers`), the reference for token ids.

import { readFileSync } from 'node:fs';
import { type Encoding, Tokenizer as RustTokenizer } from 'tokenizers';
import * as assert from 'uvu/assert';
import type { PreprocessResult } from '../../src/preprocess/result.js';
import { type EncodeOptions, Tokenizer } from '../../src/preprocess/tokenizer.js';

export type FixtureName = 'bert' | 'gpt2' | 'llama3' | 'qwen2' | 'clip' | 'llama2' | 'xlm-roberta';
// biome-ignore lint/suspicious/noExplicitAny: tests change single fields of a tokenizer.json
export type TokenizerJson = Record<string, any>;

/** A fresh copy of test/fixtures/tokenizers/<name>.json. */
export function fixtureJson(name: FixtureName): TokenizerJson {
  return JSON.parse(readFileSync(`test/fixtures/tokenizers/${name}.json`, 'utf8'));
}

/** The rows of a batch: input_ids, attention_mask and token_type_ids as plain numbers. */
export function tokenRows({ tensors }: PreprocessResult): { ids: number[]; mask: number[]; types: number[] }[] {
  const [rows = 0, length = 0] = tensors.input_ids!.shape;
  const part = (name: string, row: number) => {
    const { data } = tensors[name]!;
    return Array.from(
      new BigInt64Array(data.buffer as ArrayBuffer, data.byteOffset + 8 * row * length, length),
      Number,
    );
  };
  return Array.from({ length: rows }, (_, row) => ({
    ids: part('input_ids', row),
    mask: part('attention_mask', row),
    types: part('token_type_ids', row),
  }));
}

/** The npm package takes pairs one at a time alone. */
export async function encodeInRust(
  rust: RustTokenizer,
  texts: readonly string[],
  pairs?: readonly string[],
  addSpecialTokens = true,
): Promise<Encoding[]> {
  if (!pairs) return rust.encodeBatch([...texts], { addSpecialTokens });
  const encodings: Encoding[] = [];
  for (const [i, text] of texts.entries()) encodings.push(await rust.encode(text, pairs[i]!, { addSpecialTokens }));
  return encodings;
}

/** Fails at the first text whose ids differ from Rust's. Returns the tokenizer, which must be the native one. */
export async function assertLikeRust(
  json: TokenizerJson,
  texts: readonly string[],
  options: EncodeOptions = {},
): Promise<Tokenizer> {
  const tokenizer = await Tokenizer.open(json);
  assert.is(tokenizer.engine, 'native', tokenizer.reason);
  const rust = RustTokenizer.fromString(JSON.stringify(json));
  const { ids, lengths } = tokenizer.ids(texts, options);
  let end = 0;
  // In parts: Rust keeps every offset of a batch.
  for (let start = 0; start < texts.length; start += 10_000) {
    const part = texts.slice(start, start + 10_000);
    const encodings = await encodeInRust(
      rust,
      part,
      options.pairs?.slice(start, start + 10_000),
      options.specialTokens,
    );
    encodings.forEach((encoding, i) => {
      const ours = ids.subarray(end, end + lengths[start + i]!);
      end += ours.length;
      const theirs = encoding.getIds();
      if (ours.length === theirs.length && theirs.every((id, place) => id === ours[place])) return;
      const text = JSON.stringify([part[i], options.pairs?.[start + i]]);
      assert.unreachable(`text ${start + i}: ${text}\nRust     ${theirs.join(' ')}\nhfbench  ${ours.join(' ')}`);
    });
  }
  assert.is(end, ids.length);
  return tokenizer;
}
