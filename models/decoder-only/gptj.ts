// GPT-J: attention and MLP side by side behind one norm, interleaved rotary pairs on the first features of each head.
// Wang and Komatsuzaki 2021, "GPT-J-6B: A 6 Billion Parameter Autoregressive Language Model".

import { attention } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { interleaved } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
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

export default defineModel({
  family: 'gptj',
  architectures: ['GPTJForCausalLM'],
  modelTypes: ['gptj'],
  task: 'text-generation',
  config,
  variants: { gptj: { checkpoint: 'EleutherAI/gpt-j-6b', parameters: 6_050_882_784, config: {} } },
  tiny: { vocab_size: 99, n_embd: 32, n_layer: 2, n_head: 4, rotary_dim: 4 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const mask = causalMask(g, at, attention_mask);
    const rotate = interleaved(g, at.positions, { width: c.rotary_dim, base: 10000 });
    const names = ['q_proj', 'k_proj', 'v_proj', 'out_proj'] as const;
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
      attention: (layer, x, index) =>
        attention(layer.at('attn'), x, { heads: c.n_head, bias: false, names, mask, rotate, layer: index }),
      mlp: (layer, x) => mlp(layer.at('mlp'), x, plain),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings, bias: true }) };
  },
});
