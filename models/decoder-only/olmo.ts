// OLMo: Llama's layers with LayerNorms that have no weights; projections may be clipped.
// Groeneveld et al. 2024, arXiv:2402.00838.

import { clip } from '../../src/graph/index.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers, llamaSizes } from '../blocks/llama-layers.js';
import { gatedMlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({
  vocab_size: 50304,
  hidden_size: 4096,
  intermediate_size: 11008,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: nullable<number>('number'),
  head_dim: nullable<number>('number'),
  hidden_act: 'silu',
  max_position_embeddings: 2048,
  rope_theta: 10000,
  rope_scaling: nullable<RopeScaling>('object'),
  attention_bias: false,
  clip_qkv: nullable<number>('number'),
  tie_word_embeddings: false,
});

export default defineModel({
  family: 'olmo',
  architectures: ['OlmoForCausalLM'],
  modelTypes: ['olmo'],
  task: 'text-generation',
  config,
  variants: {
    olmo: {
      checkpoint: 'allenai/OLMo-1B-hf',
      parameters: 1_176_764_416,
      config: {
        hidden_size: 2048,
        intermediate_size: 8192,
        num_hidden_layers: 16,
        num_attention_heads: 16,
        tie_word_embeddings: true,
      },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 64,
    clip_qkv: 1,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const sizes = llamaSizes(c);
    const limit = c.clip_qkv;
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      ...sizes,
      bias: c.attention_bias,
      adjust: limit === null ? undefined : (x) => clip(x, -limit, limit),
      rotate: halfSplit(g, at.positions, ropeOptions(c, sizes.headDim)),
      norm: (scope, x) => layerNorm(scope, x, 1e-5, { scaled: false }),
      mlp: (layer, x) => gatedMlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_act }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
