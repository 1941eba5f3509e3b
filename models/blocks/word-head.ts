// Heads of encoders: predicted words, the pooled first token, labels.

import { add, type Graph, gather, type Scope, type Tensor, tanh } from '../../src/graph/index.js';
import { activation } from './activation.js';
import { type Embedding, linear } from './linear.js';
import { layerNorm } from './norm.js';

export interface WordHeadOptions {
  /** The embedding of words: its size, and its weight where the head is tied to it. */
  words: Embedding;
  tied: boolean;
  activation: string;
  epsilon: number;
  /** Names of the two layers under the scope. */
  names?: readonly [dense: string, norm: string];
}

/** BERT's masked-word head, decoder(norm(act(dense(h)))): h [batch, seq, width] -> [batch, seq, words]. */
export function wordHead(scope: Scope, h: Tensor, options: WordHeadOptions): Tensor {
  const [dense, norm] = options.names ?? ['transform.dense', 'transform.LayerNorm'];
  const width = options.words.weight.dim(1) as number;
  const word = activation(options.activation)(linear(scope.at(dense), h, width));
  const normal = layerNorm(scope.at(norm), word, options.epsilon);
  return predictWords(scope, normal, options.words, options.tied);
}

/** Scores of words: x times the embedding (or `<scope>.decoder` where they are not tied) plus `<scope>.bias`. */
export function predictWords(scope: Scope, x: Tensor, words: Embedding, tied: boolean): Tensor {
  const count = words.weight.dim(0) as number;
  const bias = scope.parameter('bias', [count]);
  return tied ? words.project(x, bias) : add(linear(scope.at('decoder'), x, count, { bias: false }), bias);
}

/**
 * The word head of ELECTRA's generator and its kin: `generator_predictions` (always GELU), then `generator_lm_head`.
 * h [batch, seq, width] -> [batch, seq, words].
 */
export function generatorHead(g: Graph, h: Tensor, words: Embedding, tied: boolean, epsilon: number): Tensor {
  const [count, width] = words.weight.shape as number[];
  const head = g.at('generator_predictions');
  const features = activation('gelu')(linear(head.at('dense'), h, width));
  const normal = layerNorm(head.at('LayerNorm'), features, epsilon);
  const decoder = g.at('generator_lm_head');
  return tied ? words.project(normal, decoder.parameter('bias', [count])) : linear(decoder, normal, count);
}

/** tanh(dense(first token)): h [batch, seq, width] -> [batch, width]. */
export function pooler(scope: Scope, h: Tensor): Tensor {
  return tanh(linear(scope.at('dense'), firstToken(h), h.dim(-1) as number));
}

/** The weights of a pooler that a class holds and its outputs do without. */
export function unusedPooler(scope: Scope, width: number): void {
  scope.unused('dense.weight', [width, width]);
  scope.unused('dense.bias', [width]);
}

/** The weights of a masked-word head that a class holds and its outputs do without. */
export function unusedWordHead(scope: Scope, width: number, words: number): void {
  scope.unused('transform.dense.weight', [width, width]);
  for (const name of ['dense.bias', 'LayerNorm.weight', 'LayerNorm.bias']) scope.unused(`transform.${name}`, [width]);
  scope.unused('decoder.weight', [words, width]);
  scope.unused('bias', [words]);
}

/** h [batch, seq, width] -> [batch, width]. */
export const firstToken = (h: Tensor): Tensor => gather(h, 0, 1);
