// Phi and Phi-2: attention and MLP side by side behind one LayerNorm, biases everywhere, rotary positions on part of each head.
// Li et al. 2023, arXiv:2309.05463.

import type { Scope, Tensor } from '../../src/graph/index.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, headWidth } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers } from '../blocks/llama-layers.js';
import { mlp } from '../blocks/mlp.js';
import { headNorms, layerNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({
  vocab_size: 51200,
  hidden_size: 2048,
  intermediate_size: 8192,
  num_hidden_layers: 24,
  num_attention_heads: 32,
  num_key_value_heads: nullable<number>('number'),
  head_dim: nullable<number>('number'),
  hidden_act: 'gelu_new',
  max_position_embeddings: 2048,
  layer_norm_eps: 1e-5,
  rope_theta: 10000,
  rope_scaling: nullable<RopeScaling>('object'),
  partial_rotary_factor: 0.5,
  qk_layernorm: false,
  tie_word_embeddings: false,
});

export default defineModel({
  family: 'phi',
  architectures: ['PhiForCausalLM'],
  modelTypes: ['phi'],
  task: 'text-generation',
  config,
  variants: {
    phi: {
      checkpoint: 'microsoft/phi-2',
      parameters: 2_779_683_840,
      config: { hidden_size: 2560, intermediate_size: 10_240, num_hidden_layers: 32, partial_rotary_factor: 0.4 },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    max_position_embeddings: 64,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const headDim = headWidth(c);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const norm = (scope: Scope, x: Tensor): Tensor => layerNorm(scope, x, c.layer_norm_eps);
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      layers: c.num_hidden_layers,
      layerNames: ['layers', 'input_layernorm', '', 'final_layernorm'],
      heads: c.num_attention_heads,
      kvHeads: c.num_key_value_heads ?? c.num_attention_heads,
      headDim,
      names: ['q_proj', 'k_proj', 'v_proj', 'dense'],
      bias: true,
      parallel: 'one norm',
      normalize: c.qk_layernorm ? headNorms(norm, ['q_layernorm', 'k_layernorm']) : undefined,
      rotate: halfSplit(g, at.positions, ropeOptions(c, Math.trunc(headDim * c.partial_rotary_factor))),
      norm,
      mlp: (layer, x) => mlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_act }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings, bias: true }) };
  },
});
