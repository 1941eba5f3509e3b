// The pre-norm transformer that CLIP uses for text and for images, with its state-dict names.

import { add, type Scope, type Tensor } from '../../src/graph/index.js';
import { attention } from './attention.js';
import { mlp } from './mlp.js';
import { layerNorm } from './norm.js';

export interface ClipTowerOptions {
  layers: number;
  heads: number;
  hidden: number;
  activation: string;
  epsilon: number;
  mask?: Tensor | null;
}

export const towerOptions = (c: {
  num_hidden_layers: number;
  num_attention_heads: number;
  intermediate_size: number;
  hidden_act: string;
  layer_norm_eps: number;
}): ClipTowerOptions => ({
  layers: c.num_hidden_layers,
  heads: c.num_attention_heads,
  hidden: c.intermediate_size,
  activation: c.hidden_act,
  epsilon: c.layer_norm_eps,
});

/** x [batch, places, width] -> the same shape; layers under `<scope>.layers`. */
export function clipTower(scope: Scope, x: Tensor, options: ClipTowerOptions): Tensor {
  const names = ['q_proj', 'k_proj', 'v_proj', 'out_proj'] as const;
  for (const layer of scope.layers('layers', options.layers)) {
    const a = layerNorm(layer.at('layer_norm1'), x, options.epsilon);
    x = add(x, attention(layer.at('self_attn'), a, { heads: options.heads, names, mask: options.mask }));
    const m = layerNorm(layer.at('layer_norm2'), x, options.epsilon);
    x = add(x, mlp(layer.at('mlp'), m, { hidden: options.hidden, activation: options.activation }));
  }
  return x;
}
