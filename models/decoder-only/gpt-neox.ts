// GPT-NeoX and Pythia: attention and MLP side by side behind a norm each, rotary positions on a quarter of each head.
// Black et al. 2022, arXiv:2204.06745; Biderman et al. 2023, arXiv:2304.01373.

import { attendHeads, splitGroups } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedding, linear } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 50432,
    hidden_size: 6144,
    intermediate_size: 24576,
    num_hidden_layers: 44,
    num_attention_heads: 64,
    hidden_act: 'gelu',
    max_position_embeddings: 2048,
    layer_norm_eps: 1e-5,
    rotary_pct: 0.25,
    rotary_emb_base: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    use_parallel_residual: true,
    attention_bias: true,
    tie_word_embeddings: false,
  },
  ['partial_rotary_factor', 'rope_theta'], // rotary_pct and rotary_emb_base under their new names
);

export default defineModel({
  family: 'gpt_neox',
  architectures: ['GPTNeoXForCausalLM'],
  modelTypes: ['gpt_neox'],
  task: 'text-generation',
  config,
  variants: {
    gpt_neox: {
      checkpoint: 'EleutherAI/gpt-neox-20b',
      parameters: 20_554_567_680,
      config: { hidden_act: 'gelu_fast' },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 64,
    intermediate_size: 96,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    max_position_embeddings: 64,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const heads = c.num_attention_heads;
    const mask = causalMask(g, at, attention_mask);
    const width = Math.trunc((c.hidden_size / heads) * c.rotary_pct);
    const rotate = halfSplit(g, at.positions, ropeOptions({ ...c, rope_theta: c.rotary_emb_base }, width));
    const bias = c.attention_bias;
    const plain = {
      hidden: c.intermediate_size,
      activation: c.hidden_act,
      names: ['dense_h_to_4h', 'dense_4h_to_h'] as const,
    };
    const words = embedding(g.at('gpt_neox.embed_in'), c.vocab_size, c.hidden_size);
    const h = preNormLayers(g.at('gpt_neox'), words.lookup(input_ids), c.num_hidden_layers, {
      names: ['layers', 'input_layernorm', 'post_attention_layernorm', 'final_layer_norm'],
      parallel: c.use_parallel_residual ? 'two norms' : null,
      norm: (scope, x) => layerNorm(scope, x, c.layer_norm_eps),
      attention(layer, x, index) {
        const own = layer.at('attention');
        const fused = linear(own.at('query_key_value'), x, 3 * c.hidden_size, { bias });
        const [q, k, v] = splitGroups(fused, heads, [1, 1, 1]);
        return linear(own.at('dense'), attendHeads(q, k, v, { mask, rotate, layer: index }), c.hidden_size, { bias });
      },
      mlp: (layer, x) => mlp(layer.at('mlp'), x, plain),
    });
    return { logits: head(g.at('embed_out'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
