// How raw inputs become those of a model: what pages say of it, in the words of the checkpoints' own files.

import { type Json, readConfig } from './config.js';
import type { Page } from './define.js';

/** Kinds of tokenizers. For those from 'BPE' on hfbench has no stand-in: they need a tokenizer.json. */
export const TEXT_KINDS = [
  'WordPiece',
  'byte-level BPE',
  'CLIP BPE',
  'SentencePiece BPE',
  'SentencePiece unigram',
  'BPE',
  'words',
  'characters',
  'code points',
] as const;
export type TextKind = (typeof TEXT_KINDS)[number];

export const RAW_KINDS = ['text', 'image', 'audio'] as const;
export type RawKind = (typeof RAW_KINDS)[number];

export interface Preprocess {
  text?: TextKind;
  /** Keys of the checkpoint's preprocessor_config.json; the class has a default for the others. */
  image?: { image_processor_type: string; [key: string]: unknown };
  /** Options of the extractor (AudioOptions in src/preprocess); the kind has a default for the others. */
  audio?: { kind: string; [key: string]: unknown };
}

export const IMAGENET = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };

/** The size key of a processor for the image_size of a configuration. */
export function sizeOf(side: number | number[]): { height: number; width: number } {
  const [height, width] = typeof side === 'number' ? [side, side] : side;
  return { height, width };
}

/**
 * The preprocessing of a page with this configuration; null where its inputs are numbers of another kind.
 * @param variant public name of the row; null for a checkpoint
 * @throws UsageError as readConfig
 */
export function preprocessOf<C>(page: Page<C>, json: Json, variant: string | null = null): Preprocess | null {
  const own = variant === null ? undefined : page.variants[variant]?.preprocess;
  const said = own ?? page.preprocess ?? null;
  return typeof said === 'function' ? said(readConfig(page.config, json, page.family)) : said;
}
