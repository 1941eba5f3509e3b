// RecurrentGemma (Griffin): gated linear recurrences with a short convolution, and every third layer attention with a window.
// Botev et al. 2024, arXiv:2404.07839; De et al. 2024, arXiv:2402.19427.

import { mul } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { toBfloat16 } from '../../src/util/half.js';
import { attention, softLimit } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, headWidth, preNormLayers } from '../blocks/decoder.js';
import { recurrentBlock } from '../blocks/gated-recurrence.js';
import { embedding } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { gatedMlp } from '../blocks/mlp.js';
import { rmsNorm } from '../blocks/norm.js';
import { halfSplit } from '../blocks/rope.js';
import { defineConfig, nullable, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    num_hidden_layers: 26,
    vocab_size: 256_000,
    hidden_size: 2560,
    /** Of the gate and the other half of the MLP together. */
    intermediate_size: 7680,
    num_attention_heads: 10,
    lru_width: nullable<number>('number'),
    /** Attention over a whole text sees all of it; with a cache it sees this many keys, as transformers has it. */
    attention_window_size: 2048,
    conv1d_width: 4,
    logits_soft_cap: 30,
    rms_norm_eps: 1e-6,
    hidden_activation: 'gelu_pytorch_tanh',
    partial_rotary_factor: oneOf(0.5),
    rope_theta: 10_000,
    block_types: ['recurrent', 'recurrent', 'attention'] as readonly string[],
    num_key_value_heads: nullable<number>('number'),
    head_dim: nullable<number>('number'),
    attention_bias: false,
    tie_word_embeddings: true,
  },
  ['w_init_variance_scale', 'final_w_init_variance_scale', '_block_types', 'embeddings_scale_by_sqrt_dim'],
);

export default defineModel({
  family: 'recurrent_gemma',
  architectures: ['RecurrentGemmaForCausalLM'],
  modelTypes: ['recurrent_gemma'],
  task: 'text-generation',
  config,
  variants: {
    recurrent_gemma: {
      checkpoint: 'google/recurrentgemma-2b',
      parameters: 2_682_862_080,
      config: { intermediate_size: 15_360, num_key_value_heads: 1 },
    },
  },
  tiny: {
    num_hidden_layers: 3,
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 112,
    num_attention_heads: 4,
    lru_width: 32,
    attention_window_size: 16,
    logits_soft_cap: 8,
    num_key_value_heads: 1,
  },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const headDim = headWidth(c);
    const window = c.attention_window_size;
    const look = {
      heads: c.num_attention_heads,
      kvHeads: c.num_key_value_heads ?? c.num_attention_heads,
      headDim,
      bias: [c.attention_bias, c.attention_bias, c.attention_bias, true] as const,
      rotate: halfSplit(g, at.positions, { width: headDim / 2, base: c.rope_theta }),
      window,
      mask: causalMask(g, at, attention_mask, null, window),
    };
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = preNormLayers(
      g.at('model'),
      mul(words.lookup(input_ids), bfloat(c.hidden_size ** 0.5)),
      c.num_hidden_layers,
      {
        names: ['layers', 'temporal_pre_norm', 'channel_pre_norm', 'final_norm'],
        norm: (scope, x) => rmsNorm(scope, x, c.rms_norm_eps, { offset: 1 }),
        attention(layer, x, index) {
          const own = layer.at('temporal_block');
          const kind = c.block_types[index % c.block_types.length];
          if (kind === 'attention') return attention(own, x, { ...look, layer: index });
          if (kind === 'recurrent') return recurrentBlock(own, x, at.positions, index, c);
          throw new UsageError(`block_types: '${kind}' is not supported; known: recurrent, attention`);
        },
        mlp: (layer, x) =>
          gatedMlp(layer.at('mlp_block'), x, {
            hidden: Math.floor(c.intermediate_size / 2),
            activation: c.hidden_activation,
            bias: true,
          }),
      },
    );
    const logits = head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings });
    return { logits: softLimit(logits, c.logits_soft_cap) }; // [batch, seq, vocab_size]
  },
});

/** The nearest bfloat16: transformers keeps the factor of the words so, whatever the model's type. */
const bfloat = (value: number): number => new Float32Array(new Uint32Array([toBfloat16(value) << 16]).buffer)[0];
