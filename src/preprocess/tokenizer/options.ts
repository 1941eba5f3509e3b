// How rows get one length: truncation and padding, from the caller or from the file.

import { UsageError } from '../../util/error.js';
import type { Json } from './json.js';

export type Side = 'left' | 'right';

export interface Truncation {
  /** Tokens of a row at most, special tokens included. */
  maxLength: number;
  /** Which text of a pair is cut; default the longer one until both are equal. */
  strategy?: 'longest_first' | 'only_first' | 'only_second';
  /** Where text is cut away; default 'right'. */
  side?: Side;
}

export interface Padding {
  /** Tokens of every row; absent: as many as the longest has. */
  length?: number;
  /** The length is rounded up to a multiple of this. */
  multipleOf?: number;
  side?: Side;
  /** Id and type id of the padding; default those of the file, else the id of [PAD] or <pad>, else 0. */
  id?: number;
  typeId?: number;
}

const MAX = 1 << 24;
const STRATEGIES = ['longest_first', 'only_first', 'only_second'] as const;
const SIDES = ['left', 'right'] as const;

function check(value: number, name: string, low: number): number {
  if (!Number.isInteger(value) || value < low || value > MAX)
    throw new UsageError(`${name} ${value}: expected a whole number from ${low} to ${MAX}`);
  return value;
}

function place<T extends string>(words: readonly T[], value: T, name: string): number {
  if (!words.includes(value)) throw new UsageError(`${name} '${value}': expected one of ${words.join(', ')}`);
  return words.indexOf(value);
}

/** The numbers that encodeTexts takes. */
export function packOptions(specialTokens: boolean, truncation: Truncation | undefined): Uint32Array {
  if (!truncation) return Uint32Array.of(Number(specialTokens), 0, 0, 0, 1);
  const { maxLength, strategy = 'longest_first', side = 'right' } = truncation;
  return Uint32Array.of(
    Number(specialTokens),
    1,
    check(maxLength, 'truncation.maxLength', 0),
    place(STRATEGIES, strategy, 'truncation.strategy'),
    place(SIDES, side, 'truncation.side'),
  );
}

/** The numbers that writeTokens takes. */
export function packPadding(padding: Padding): Uint32Array {
  return Uint32Array.of(
    check(padding.id ?? 0, 'padding.id', 0),
    check(padding.typeId ?? 0, 'padding.typeId', 0),
    place(SIDES, padding.side ?? 'right', 'padding.side'),
  );
}

/** @throws UsageError where a fixed length is shorter than the longest row */
export function paddedLength(padding: Padding, longest: number): number {
  const multiple = padding.multipleOf === undefined ? 1 : check(padding.multipleOf, 'padding.multipleOf', 1);
  const wanted = padding.length === undefined ? longest : check(padding.length, 'padding.length', 0);
  const length = Math.ceil(wanted / multiple) * multiple;
  if (length < longest)
    throw new UsageError(
      `padding.length ${wanted}: a row has ${longest} tokens; set truncation.maxLength to ${wanted} too`,
    );
  return length;
}

/** Truncation that the file asks for. */
export function fileTruncation(node: Json): Truncation | undefined {
  if (node.absent) return undefined;
  return {
    maxLength: node.at('max_length').whole(0, MAX),
    strategy: snake(node.at('strategy').oneOf(['LongestFirst', 'OnlyFirst', 'OnlySecond'], 'LongestFirst')),
    side: node.at('direction').oneOf(['Left', 'Right'], 'Right').toLowerCase() as Side,
  };
}

/** Padding that the file asks for. */
export function filePadding(node: Json): Padding | undefined {
  if (node.absent) return undefined;
  const strategy = node.at('strategy');
  const multiple = node.at('pad_to_multiple_of');
  return {
    ...(strategy.value === 'BatchLongest' ? {} : { length: strategy.at('Fixed').whole(0, MAX) }),
    ...(multiple.absent || multiple.value === 0 ? {} : { multipleOf: multiple.whole(1, MAX) }),
    side: node.at('direction').oneOf(['Left', 'Right'], 'Right').toLowerCase() as Side,
    id: node.at('pad_id').whole(0, MAX),
    typeId: node.at('pad_type_id').whole(0, MAX),
  };
}

function snake(strategy: string): Truncation['strategy'] {
  return strategy.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase() as Truncation['strategy'];
}
