// What GPT-J and CodeGen have in common: attention and MLP side by side behind one norm, interleaved rotary pairs on the first
// features of each head.

import type { Graph, Scope, Tensor } from '../../src/graph/index.js';
import { type ConfigOf, defineConfig, nullable } from '../config.js';
import type { HeadsOptions } from './attention.js';
import { steps } from './cache.js';
import { head, preNormLayers } from './decoder.js';
import { embedding } from './linear.js';
import { causalMask } from './mask.js';
import { mlp } from './mlp.js';
import { layerNorm } from './norm.js';
import { interleaved } from './rope.js';

/** Keys of GPTJConfig and CodeGenConfig, with the defaults of both. */
export const gptjConfig = defineConfig(
  {
    vocab_size: 50400,
    n_embd: 4096,
    n_layer: 28,
    n_head: 16,
    n_inner: nullable<number>('number'),
    rotary_dim: 64,
    activation_function: 'gelu_new',
    layer_norm_epsilon: 1e-5,
    tie_word_embeddings: false,
  },
  // summary keys belong to another head; rotary and scale_attn_weights are keys of old checkpoints that transformers does not read
  `n_positions n_ctx rotary scale_attn_weights summary_activation summary_first_dropout summary_proj_to_labels summary_type
  summary_use_proj`.split(/\s+/),
);

export type GptjConfig = ConfigOf<typeof gptjConfig>;

/** Ids to logits [batch, seq, vocab_size]. @param attention of a layer's `attn` over x [batch, seq, n_embd] */
export function gptjWords(
  g: Graph,
  { input_ids, attention_mask, position_ids }: Record<string, Tensor>,
  c: GptjConfig,
  attention: (own: Scope, x: Tensor, options: HeadsOptions) => Tensor,
): { logits: Tensor } {
  const at = steps(input_ids, attention_mask, position_ids);
  const mask = causalMask(g, at, attention_mask);
  const rotate = interleaved(g, at.positions, { width: c.rotary_dim, base: 10000 });
  const plain = {
    hidden: c.n_inner ?? 4 * c.n_embd,
    activation: c.activation_function,
    names: ['fc_in', 'fc_out'] as const,
  };
  const words = embedding(g.at('transformer.wte'), c.vocab_size, c.n_embd);
  const h = preNormLayers(g.at('transformer'), words.lookup(input_ids), c.n_layer, {
    names: ['h', 'ln_1', '', 'ln_f'],
    parallel: 'one norm',
    norm: (scope, x) => layerNorm(scope, x, c.layer_norm_epsilon),
    attention: (layer, x, index) => attention(layer.at('attn'), x, { mask, rotate, layer: index }),
    mlp: (layer, x) => mlp(layer.at('mlp'), x, plain),
  });
  return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings, bias: true }) };
}
