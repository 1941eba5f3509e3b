// What the addon offers for text (binding/glue/text.cc), and the flat form in which a tokenizer reaches it.

/** A tokenizer inside the addon, with its last batch. */
export type TokenizerHandle = { readonly brand: 'tokenizer' };

/** See binding/preprocess/text_program.h, which says what each number means. */
export interface Program {
  strings: Uint8Array;
  stringEnds: Uint32Array;
  normalizers: Uint32Array;
  pretokenizers: Uint32Array;
  added: Uint32Array;
  single: Uint32Array;
  pair: Uint32Array;
  model: Uint32Array;
  tokens: Uint8Array;
  tokenEnds: Uint32Array;
  tokenIds: Uint32Array;
  scores: Float64Array;
  merges: Uint32Array;
}

export interface TextAddon {
  /** Throws a TypeError for a program that makes no sense. */
  createTokenizer(program: Program): TokenizerHandle;
  /**
   * Encodes into the handle's batch; a lone surrogate counts as U+FFFD. `options`: special tokens, truncate, length, strategy,
   * side. `capacity`: bytes of UTF-8 that the texts, and the pairs, need at most. Returns [rows, ids in all, longest row].
   */
  encodeTexts(
    handle: TokenizerHandle,
    texts: readonly string[],
    pairs: readonly string[] | null,
    options: Uint32Array,
    capacity: number,
  ): Float64Array;
  /** The same for texts whose ids are known; only truncation and special tokens are left to do. */
  assembleIds(handle: TokenizerHandle, first: Int32Array[], second: Int32Array[] | null, options: Uint32Array): Float64Array;
  /** Writes ids, masks and type ids, [rows, length] each, into `target`. `padding`: id, type id, side. */
  writeTokens(handle: TokenizerHandle, target: BigInt64Array, length: number, padding: Uint32Array): void;
  /** Writes the ids of all rows one after the other, and how many each row has. */
  writeRaggedTokens(handle: TokenizerHandle, ids: Int32Array, lengths: Uint32Array): void;
}
