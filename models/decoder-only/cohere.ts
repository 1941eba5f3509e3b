// Cohere (Command R): attention and MLP side by side behind one biasless LayerNorm, interleaved rotary pairs, scaled logits.
// Cohere For AI 2024, "C4AI Command R" (model card).

import { mul, type Scope, type Tensor } from '../../src/graph/index.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, headWidth } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers } from '../blocks/llama-layers.js';
import { gatedMlp } from '../blocks/mlp.js';
import { headNorm, layerNorm } from '../blocks/norm.js';
import { interleaved, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 256000,
    hidden_size: 8192,
    intermediate_size: 22528,
    num_hidden_layers: 40,
    num_attention_heads: 64,
    num_key_value_heads: nullable<number>('number'),
    head_dim: nullable<number>('number'),
    hidden_act: 'silu',
    logit_scale: 0.0625,
    max_position_embeddings: 8192,
    layer_norm_eps: 1e-5,
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    attention_bias: false,
    use_qk_norm: false,
    tie_word_embeddings: true,
  },
  ['model_max_length'],
);

const commandR = { rope_theta: 8_000_000 };

export default defineModel({
  family: 'cohere',
  architectures: ['CohereForCausalLM'],
  modelTypes: ['cohere'],
  task: 'text-generation',
  config,
  variants: {
    cohere: { checkpoint: 'CohereLabs/c4ai-command-r-v01', parameters: 34_980_831_232, config: commandR },
    command_r: {
      checkpoint: 'CohereLabs/c4ai-command-r-v01',
      parameters: 34_980_831_232,
      config: commandR,
      aliasOf: 'cohere',
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    logit_scale: 0.5,
    max_position_embeddings: 64,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const headDim = headWidth(c);
    const kvHeads = c.num_key_value_heads ?? c.num_attention_heads;
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const perHead = (scope: Scope, heads: number) => (x: Tensor) =>
      headNorm(scope.parameter('weight', [heads, headDim]), x, c.layer_norm_eps);
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      layers: c.num_hidden_layers,
      heads: c.num_attention_heads,
      kvHeads,
      headDim,
      bias: c.attention_bias,
      parallel: 'one norm',
      normalize: (own) =>
        c.use_qk_norm
          ? { query: perHead(own.at('q_norm'), c.num_attention_heads), key: perHead(own.at('k_norm'), kvHeads) }
          : undefined,
      rotate: interleaved(g, at.positions, ropeOptions(c, headDim)),
      norm: (scope, x) => layerNorm(scope, x, c.layer_norm_eps, { bias: false }),
      mlp: (layer, x) => gatedMlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_act }),
    });
    return { logits: mul(head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }), c.logit_scale) };
  },
});
