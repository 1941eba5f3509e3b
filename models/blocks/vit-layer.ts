// The pre-norm encoder layer of ViT and its kin, with the names of ViT's state dict.

import { add, type Scope, type Tensor } from '../../src/graph/index.js';
import { activation } from './activation.js';
import { attention } from './attention.js';
import { linear } from './linear.js';
import { layerNorm } from './norm.js';

export interface VitLayerOptions {
  heads: number;
  hidden: number;
  activation: string;
  epsilon: number;
  /** Whether query, key and value have a bias. */
  qkvBias: boolean;
}

/** x [batch, places, width] -> the same shape. */
export function vitLayer(layer: Scope, x: Tensor, options: VitLayerOptions): Tensor {
  const { qkvBias: b } = options;
  const names = ['attention.query', 'attention.key', 'attention.value', 'output.dense'] as const;
  const a = layerNorm(layer.at('layernorm_before'), x, options.epsilon);
  const h = add(attention(layer.at('attention'), a, { heads: options.heads, names, bias: [b, b, b, true] }), x);
  const m = layerNorm(layer.at('layernorm_after'), h, options.epsilon);
  const up = activation(options.activation)(linear(layer.at('intermediate.dense'), m, options.hidden));
  return add(linear(layer.at('output.dense'), up, x.dim(-1) as number), h);
}
