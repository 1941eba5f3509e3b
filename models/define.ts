// What a model page is. One page per architecture family; checkpoints, sizes and spellings are rows of its variants table.

import type { Dim, Graph, GraphOptions, Tensor } from '../src/graph/index.js';
import type { DType } from '../src/util/tensor.js';
import type { ConfigSpec } from './config.js';
import type { Preprocess } from './preprocess.js';

/** How the values of an input are made (rules of the oracle's fill): the same on every machine. */
export type InputValues =
  | { kind: 'integers'; low: number; high: number }
  | { kind: 'uniform'; center: number; scale: number }
  | { kind: 'constant'; value: number };

export interface InputSpec {
  dtype: DType;
  /** Names are symbolic dimensions: 'batch', 'seq', 'decoder_seq', ... */
  shape: readonly Dim[];
  values: InputValues;
  /** Not part of the default inputs: the graph takes it only when asked for by name. */
  optional?: boolean;
}

export type Inputs = Record<string, InputSpec>;
/** Tensors by the names of the transformers output class. */
export type Outputs = Record<string, Tensor>;

/** Whole-sequence token ids below `vocabulary`. */
export const tokens = (vocabulary: number, ...shape: Dim[]): InputSpec => ({
  dtype: 'int64',
  shape,
  values: { kind: 'integers', low: 0, high: vocabulary },
});
/** An attention mask: 1 keeps a position. */
export const mask = (...shape: Dim[]): InputSpec => ({ dtype: 'int64', shape, values: { kind: 'constant', value: 1 } });
/** Whole numbers of one value, e.g. token types. */
export const constant = (value: number, ...shape: Dim[]): InputSpec => ({
  dtype: 'int64',
  shape,
  values: { kind: 'constant', value },
});
/** Real numbers in [-1, 1): pixels, features. */
export const reals = (...shape: Dim[]): InputSpec => ({
  dtype: 'float32',
  shape,
  values: { kind: 'uniform', center: 0, scale: 1 },
});
export const optional = (spec: InputSpec): InputSpec => ({ ...spec, optional: true });

/** Some keys of a configuration, and of those within it. */
export type Some<C> = { [K in keyof C]?: Part<C[K]> };
type Part<T> = T extends readonly unknown[] ? T : T extends object ? Some<T> : T;

/** A checkpoint or spelling by its public name. */
export interface Variant<C> {
  /** Repository on the Hugging Face hub, for the record; null where there is none. */
  checkpoint: string | null;
  /** What differs from the defaults of the family's configuration. */
  config: Some<C>;
  /** Parameters as published (or counted by transformers) for the class that the page builds. */
  parameters: number;
  /** Where this checkpoint's differs from the page's. */
  preprocess?: Preprocess;
  /** Another name of this family that is the same graph at the same size. */
  aliasOf?: string;
}

export const CATEGORIES = [
  'decoder-only',
  'encoder-only',
  'encoder-decoder',
  'language-modeling',
  'vision',
  'audio',
  'multimodal',
  'structured-data',
  'utility',
] as const;
export type Category = (typeof CATEGORIES)[number];

export interface Page<C> {
  /** Name of the family: the page's file name with '_' for '-'. */
  family: string;
  /** The transformers classes whose forward pass the page computes. */
  architectures: readonly string[];
  /** Values of model_type in config.json that this page reads. */
  modelTypes: readonly string[];
  task: string;
  config: ConfigSpec<C>;
  /** Public name -> row. The first is the family's default. */
  variants: Record<string, Variant<NoInfer<C>>>;
  /** A configuration small enough to check in milliseconds: the oracle's. */
  tiny: Some<NoInfer<C>>;
  /** Default sizes of symbolic dimensions beyond 'batch' and 'seq'. */
  sizes?: Readonly<Record<string, number>>;
  /** How raw text, images and sound become inputs; absent: the inputs are other numbers. */
  preprocess?: Preprocess | ((config: NoInfer<C>) => Preprocess);
  /** Forms that the page offers beyond 'plain'. */
  forms?: readonly GraphOptions['form'][];
  /** Why a model that writes text has no cached form. */
  uncached?: string;
  inputs: (config: NoInfer<C>, form: GraphOptions['form']) => Inputs;
  /** Builds the graph; returns outputs by the names of the transformers output class. An input that was not asked for is absent. */
  graph: (g: Graph, inputs: Record<string, Tensor>, config: NoInfer<C>) => Outputs;
}

/** Types the page: a misspelt configuration key or input does not compile. */
export function defineModel<C>(page: Page<C>): Page<C> {
  return page;
}
