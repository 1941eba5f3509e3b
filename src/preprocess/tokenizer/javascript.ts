// The JavaScript tokenizer (optional package @huggingface/tokenizers), for what the addon does not do.

import { UsageError } from '../../util/error.js';
import type { Json } from './json.js';

/** Ids of one text, without special tokens. */
export type EncodeText = (text: string) => Int32Array;

/** @throws UsageError if the package is not installed or cannot do it either */
export async function javascriptTokenizer(json: Json, unsupported: string): Promise<EncodeText> {
  const name: string = '@huggingface/tokenizers';
  type Engine = { encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] } };
  let create: new (json: unknown, config: unknown) => Engine;
  try {
    create = ((await import(name)) as { Tokenizer: typeof create }).Tokenizer;
  } catch {
    throw new UsageError(
      `${json.file}: ${unsupported} needs the optional package ${name}; install it with 'npm install ${name}'`,
    );
  }
  try {
    const engine = new create(json.value, {});
    return (text) => Int32Array.from(engine.encode(text, { add_special_tokens: false }).ids);
  } catch (error) {
    throw new UsageError(
      `${json.file}: ${unsupported} is more than hfbench can do, and ${name} fails too (${(error as Error).message.split('\n')[0]})`,
    );
  }
}
