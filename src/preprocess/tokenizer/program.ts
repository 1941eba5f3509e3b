// A whole tokenizer.json -> the flat program that the addon runs.

import type { TokenizerProgram } from '../../../binding/index.js';
import { compileAddedTokens } from './added-tokens.js';
import { type Json, Unsupported } from './json.js';
import { compileModel, noModel } from './model.js';
import { compileNormalizer } from './normalizer.js';
import { compilePostProcessor } from './post-processor.js';
import { compilePreTokenizer } from './pre-tokenizer.js';
import { StringTable } from './strings.js';

export interface Compiled {
  program: TokenizerProgram;
  /** Why the addon cannot do all of it; the program then only assembles ids. */
  unsupported?: string;
  /** Id of a token of the vocabulary or an added one. */
  tokenId(token: string): number | undefined;
}

/** @throws UsageError for a file that no tokenizer could follow */
export function compileTokenizer(json: Json): Compiled {
  json.object();
  const version = json.at('version');
  if (!version.absent && version.value !== '1.0') version.fail("expected '1.0'");
  const { single, pair } = compilePostProcessor(json.at('post_processor'));
  const templates = { single: Uint32Array.from(single), pair: Uint32Array.from(pair) };
  try {
    const strings = new StringTable();
    const model = compileModel(json.at('model'), strings);
    const added = compileAddedTokens(json.at('added_tokens'), model.vocabulary, strings);
    const normalizers = Uint32Array.from(compileNormalizer(json.at('normalizer'), strings));
    const pretokenizers = Uint32Array.from(compilePreTokenizer(json.at('pre_tokenizer'), strings));
    const { bytes, ends } = strings.pack();
    return {
      program: {
        strings: bytes,
        stringEnds: ends,
        normalizers,
        pretokenizers,
        added: Uint32Array.from(added.rows),
        ...templates,
        ...model.program,
      },
      tokenId: (token) => added.ids.get(token) ?? model.vocabulary.get(token),
    };
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    const none = new Uint32Array();
    const program = {
      strings: new Uint8Array(),
      stringEnds: none,
      normalizers: none,
      pretokenizers: none,
      added: none,
      ...templates,
      ...noModel(),
    };
    return { program, unsupported: error.message, tokenId: () => undefined };
  }
}
