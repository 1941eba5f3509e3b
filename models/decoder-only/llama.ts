// Llama: a pre-norm decoder with RMSNorm, rotary positions, grouped-query attention and SwiGLU.
// Touvron et al. 2023, arXiv:2302.13971; Grattafiori et al. 2024, arXiv:2407.21783.

import { add } from '../../src/graph/index.js';
import { attention } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { embedding, linear } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { gatedMlp } from '../blocks/mlp.js';
import { rmsNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 32000,
    hidden_size: 4096,
    intermediate_size: 11008,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: nullable<number>('number'),
    head_dim: nullable<number>('number'),
    hidden_act: 'silu',
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: false,
  },
  ['max_position_embeddings', 'pretraining_tp'],
);

export default defineModel({
  family: 'llama',
  architectures: ['LlamaForCausalLM'],
  modelTypes: ['llama'],
  task: 'text-generation',
  config,
  variants: {
    llama: {
      checkpoint: 'meta-llama/Llama-3.2-1B',
      parameters: 1_235_814_400,
      config: {
        vocab_size: 128_256,
        hidden_size: 2048,
        intermediate_size: 8192,
        num_hidden_layers: 16,
        num_key_value_heads: 8,
        rope_theta: 500_000,
        rope_scaling: {
          rope_type: 'llama3',
          factor: 32,
          low_freq_factor: 1,
          high_freq_factor: 4,
          original_max_position_embeddings: 8192,
        },
        tie_word_embeddings: true,
      },
    },
    code_llama: {
      checkpoint: 'codellama/CodeLlama-7b-hf',
      parameters: 6_738_546_688,
      config: { vocab_size: 32_016, rope_theta: 1_000_000 },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
  },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask }, c) {
    const at = steps(input_ids, attention_mask);
    const width = c.head_dim ?? c.hidden_size / c.num_attention_heads;
    const rotate = halfSplit(g, at.positions, { width, base: c.rope_theta, scaling: c.rope_scaling });
    const mask = causalMask(g, at, attention_mask);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    let h = words.lookup(input_ids); // [batch, seq, hidden_size]
    g.layers('model.layers', c.num_hidden_layers).forEach((layer, index) => {
      const a = rmsNorm(layer.at('input_layernorm'), h, c.rms_norm_eps);
      const heads = {
        heads: c.num_attention_heads,
        kvHeads: c.num_key_value_heads ?? c.num_attention_heads,
        headDim: width,
      };
      h = add(h, attention(layer.at('self_attn'), a, { ...heads, bias: c.attention_bias, mask, rotate, layer: index }));
      const m = rmsNorm(layer.at('post_attention_layernorm'), h, c.rms_norm_eps);
      h = add(
        h,
        gatedMlp(layer.at('mlp'), m, { hidden: c.intermediate_size, activation: c.hidden_act, bias: c.mlp_bias }),
      );
    });
    h = rmsNorm(g.at('model.norm'), h, c.rms_norm_eps);
    return {
      logits: c.tie_word_embeddings ? words.project(h) : linear(g.at('lm_head'), h, c.vocab_size, { bias: false }),
    }; // [batch, seq, vocab_size]
  },
});
