// GPT-NeoX Japanese: GPT-NeoX with its parts one behind the other, no biases but one behind the last attention, rotary positions on
// whole heads. Shinya Otani, Takayoshi Makabe, Anuj Arora, Kyo Hattori (ABEJA) 2022.

import { add } from '../../src/graph/index.js';
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
    vocab_size: 32000,
    hidden_size: 2560,
    intermediate_multiple_size: 4,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    hidden_act: 'gelu',
    max_position_embeddings: 2048,
    layer_norm_eps: 1e-5,
    rotary_pct: 1,
    rotary_emb_base: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    tie_word_embeddings: true,
  },
  ['partial_rotary_factor', 'rope_theta'], // rotary_pct and rotary_emb_base under their new names
);

export default defineModel({
  family: 'gpt_neox_japanese',
  architectures: ['GPTNeoXJapaneseForCausalLM'],
  modelTypes: ['gpt_neox_japanese'],
  task: 'text-generation',
  config,
  variants: {
    gpt_neox_japanese: { checkpoint: 'abeja/gpt-neox-japanese-2.7b', parameters: 2_598_837_760, config: {} },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_multiple_size: 3,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    max_position_embeddings: 64,
  },
  preprocess: { text: 'characters' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const heads = c.num_attention_heads;
    const mask = causalMask(g, at, attention_mask);
    const width = Math.trunc((c.hidden_size / heads) * c.rotary_pct);
    const rotate = halfSplit(g, at.positions, ropeOptions({ ...c, rope_theta: c.rotary_emb_base }, width));
    const plain = {
      hidden: Math.trunc(c.hidden_size * c.intermediate_multiple_size),
      activation: c.hidden_act,
      bias: false,
      names: ['dense_h_to_4h', 'dense_4h_to_h'] as const,
    };
    const words = embedding(g.at('gpt_neox_japanese.embed_in'), c.vocab_size, c.hidden_size);
    const h = preNormLayers(g.at('gpt_neox_japanese'), words.lookup(input_ids), c.num_hidden_layers, {
      names: ['layers', 'input_layernorm', 'post_attention_layernorm', 'final_layer_norm'],
      norm: (scope, x) => layerNorm(scope, x, c.layer_norm_eps),
      attention(layer, x, index) {
        const own = layer.at('attention');
        const fused = linear(own.at('query_key_value'), x, 3 * c.hidden_size, { bias: false });
        const [q, k, v] = splitGroups(fused, heads, [1, 1, 1]);
        const mixed = attendHeads(q, k, v, { mask, rotate, layer: index });
        const out = linear(own.at('dense'), mixed, c.hidden_size, { bias: false });
        return index === c.num_hidden_layers - 1 ? add(out, own.parameter('dense_bias', [c.hidden_size])) : out;
      },
      mlp: (layer, x) => mlp(layer.at('mlp'), x, plain),
    });
    return { logits: head(g.at('embed_out'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
