// Llama: a pre-norm decoder with RMSNorm, rotary positions, grouped-query attention and SwiGLU.
// Touvron et al. 2023, arXiv:2302.13971; Grattafiori et al. 2024, arXiv:2407.21783.

import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers, llamaSizes } from '../blocks/llama-layers.js';
import { gatedMlp } from '../blocks/mlp.js';
import { rmsNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
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
    max_position_embeddings: 2048,
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: false,
  },
  ['is_llama_config', 'max_sequence_length', 'rope_interleaved'], // of published files; transformers reads none of them
);

const llama3Scaling = (factor: number): RopeScaling => ({
  rope_type: 'llama3',
  factor,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
});
/** Llama 2's tokenizer; Llama 3 went over to bytes. */
const llama2 = { text: 'SentencePiece BPE' } as const;
const codeLlama = {
  checkpoint: 'codellama/CodeLlama-7b-hf',
  parameters: 6_738_546_688,
  config: { vocab_size: 32_016, max_position_embeddings: 16_384, rms_norm_eps: 1e-5, rope_theta: 1_000_000 },
  preprocess: llama2,
};

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
        max_position_embeddings: 131_072,
        rms_norm_eps: 1e-5,
        rope_theta: 500_000,
        rope_scaling: llama3Scaling(32),
        tie_word_embeddings: true,
      },
    },
    code_llama: codeLlama,
    codellama: { ...codeLlama, aliasOf: 'code_llama' },
    deepseek: {
      checkpoint: 'deepseek-ai/deepseek-llm-7b-base',
      parameters: 6_910_365_696,
      config: { vocab_size: 102_400, num_hidden_layers: 30, max_position_embeddings: 4096 },
    },
    deepseek_coder: {
      checkpoint: 'deepseek-ai/deepseek-coder-1.3b-base',
      parameters: 1_346_471_936,
      config: {
        vocab_size: 32_256,
        hidden_size: 2048,
        intermediate_size: 5504,
        num_hidden_layers: 24,
        num_attention_heads: 16,
        max_position_embeddings: 16_384,
        rope_theta: 100_000,
        rope_scaling: { rope_type: 'linear', factor: 4 },
      },
    },
    deepseek_distil: {
      checkpoint: 'deepseek-ai/DeepSeek-R1-Distill-Llama-8B',
      parameters: 8_030_261_248,
      config: {
        vocab_size: 128_256,
        intermediate_size: 14_336,
        num_key_value_heads: 8,
        max_position_embeddings: 131_072,
        rms_norm_eps: 1e-5,
        rope_theta: 500_000,
        rope_scaling: llama3Scaling(8),
      },
    },
    tinyllama: {
      checkpoint: 'TinyLlama/TinyLlama-1.1B-Chat-v1.0',
      parameters: 1_100_048_384,
      config: {
        hidden_size: 2048,
        intermediate_size: 5632,
        num_hidden_layers: 22,
        num_key_value_heads: 4,
        rms_norm_eps: 1e-5,
      },
      preprocess: llama2,
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
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const sizes = llamaSizes(c);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      ...sizes,
      bias: c.attention_bias,
      rotate: halfSplit(g, at.positions, ropeOptions(c, sizes.headDim)),
      norm: (scope, x) => rmsNorm(scope, x, c.rms_norm_eps),
      mlp: (layer, x) =>
        gatedMlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_act, bias: c.mlp_bias }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
