// Text to token ids, as a tokenizer.json says; ids equal those of Rust tokenizers 0.23 (test/preprocess/tokenizer.test.ts).

import { type Addon, loadAddon, type TokenizerHandle } from '../../binding/index.js';
import { UsageError } from '../util/error.js';
import { PreprocessResult, type Targets } from './result.js';
import { type EncodeText, javascriptTokenizer } from './tokenizer/javascript.js';
import { Json, readTokenizerJson } from './tokenizer/json.js';
import {
  filePadding,
  fileTruncation,
  type Padding,
  packOptions,
  packPadding,
  paddedLength,
  type Truncation,
} from './tokenizer/options.js';
import { compileTokenizer } from './tokenizer/program.js';

export type { Padding, Truncation } from './tokenizer/options.js';

export interface EncodeOptions {
  /** Second texts of pairs, one for each text. */
  pairs?: readonly string[];
  /** Whether to add what the post-processor adds, e.g. [CLS] and [SEP]; default true. */
  specialTokens?: boolean;
  /** Default: what the file says; null: none. */
  truncation?: Truncation | null;
}

export interface BatchOptions extends EncodeOptions {
  /** Default: what the file says, else to the longest row, on the right. */
  padding?: Padding;
  /** Tensors to write to where type and shape agree. */
  into?: Targets;
}

/** Rows of different lengths, one after the other. */
export interface TokenRows {
  ids: Int32Array;
  lengths: Uint32Array;
}

/** Elements of one batch, over which it is refused: 4 GiB. */
const MAX_ELEMENTS = 2 ** 29;

export class Tokenizer {
  private constructor(
    private readonly addon: Addon,
    private readonly handle: TokenizerHandle,
    private readonly encodeText: EncodeText | undefined,
    /** Which code finds the ids: the addon's, or the package @huggingface/tokenizers. */
    readonly engine: 'native' | 'javascript',
    /** Why the engine is not the native one. */
    readonly reason: string | undefined,
    /** What the file asks for where the caller says nothing. */
    readonly defaults: { truncation: Truncation | undefined; padding: Padding },
  ) {}

  /**
   * @param source path of a tokenizer.json or of its folder, or its parsed content
   * @throws UsageError with one line for a file that is too large, not JSON, or contradicts itself
   */
  static async open(source: string | object): Promise<Tokenizer> {
    const json = typeof source === 'string' ? readTokenizerJson(source) : new Json(source, 'tokenizer');
    const { program, unsupported, tokenId } = compileTokenizer(json);
    const truncation = fileTruncation(json.at('truncation'));
    const padding = filePadding(json.at('padding')) ?? { id: tokenId('[PAD]') ?? tokenId('<pad>') ?? 0 };
    const encodeText = unsupported === undefined ? undefined : await javascriptTokenizer(json, unsupported);
    const addon = loadAddon();
    let handle: TokenizerHandle;
    try {
      handle = addon.createTokenizer(program);
    } catch (error) {
      throw new UsageError(`${json.file}: ${(error as Error).message}`);
    }
    return new Tokenizer(addon, handle, encodeText, encodeText ? 'javascript' : 'native', unsupported, {
      truncation,
      padding,
    });
  }

  /**
   * Tensors input_ids, attention_mask (0 for padding) and token_type_ids, int64 [texts, length].
   * @throws UsageError for texts that are not strings, lengths that do not fit, or text that the vocabulary has no answer for
   */
  encode(texts: readonly string[], options: BatchOptions = {}): PreprocessResult {
    const [rows, , longest] = this.run(texts, options);
    const padding = { ...this.defaults.padding, ...options.padding };
    const length = paddedLength(padding, longest);
    if (3 * rows * length > MAX_ELEMENTS) {
      throw new UsageError(
        `${rows} rows of ${length} tokens are too many for one batch; encode fewer texts or set truncation.maxLength`,
      );
    }
    const numbers = packPadding(padding);
    const result = new PreprocessResult(options.into);
    const [ids, mask, types] = (['input_ids', 'attention_mask', 'token_type_ids'] as const).map(
      (name) => result.add(name, 'int64', [rows, length]).data,
    );
    this.addon.writeTokens(this.handle, length, numbers, ids!, mask!, types!);
    return result;
  }

  /** Token ids alone, without padding. */
  ids(texts: readonly string[], options: EncodeOptions = {}): TokenRows {
    const [rows, total] = this.run(texts, options);
    const result = { ids: new Int32Array(total), lengths: new Uint32Array(rows) };
    this.addon.writeRaggedTokens(this.handle, result.ids, result.lengths);
    return result;
  }

  private run(
    texts: readonly string[],
    { pairs, specialTokens = true, truncation }: EncodeOptions,
  ): [number, number, number] {
    const capacity = Math.max(utf8Bound(texts, 'texts'), pairs ? utf8Bound(pairs, 'pairs') : 0);
    if (pairs && pairs.length !== texts.length)
      throw new UsageError(`pairs has ${pairs.length} texts, expected ${texts.length}: one for each text`);
    const wanted = packOptions(
      specialTokens,
      truncation === null ? undefined : (truncation ?? this.defaults.truncation),
    );
    try {
      const { encodeText } = this;
      const summary = encodeText
        ? this.addon.assembleIds(this.handle, texts.map(encodeText), pairs?.map(encodeText) ?? null, wanted)
        : this.addon.encodeTexts(this.handle, texts, pairs ?? null, wanted, capacity);
      return [summary[0]!, summary[1]!, summary[2]!];
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  }
}

/** Opens a tokenizer.json: see Tokenizer.open. */
export function tokenizer(source: string | object): Promise<Tokenizer> {
  return Tokenizer.open(source);
}

/** Bytes of UTF-8 that the texts need at most. */
function utf8Bound(texts: readonly string[], name: string): number {
  if (!Array.isArray(texts)) throw new UsageError(`${name}: expected an array of strings`);
  let bytes = 0;
  for (let i = 0; i < texts.length; i++) {
    const text: unknown = texts[i];
    if (typeof text !== 'string') throw new UsageError(`${name}[${i}]: expected a string`);
    bytes += text.length * 3;
  }
  if (bytes > 2 ** 31) throw new UsageError(`${name}: ${bytes} bytes of text are too many for one batch`);
  return bytes;
}
