// GPT-2: a pre-norm decoder with learned positions, a fused query-key-value layer and tied words.
// Radford et al. 2019, "Language Models are Unsupervised Multitask Learners".

import { add, chunk, type Scope, type Tensor } from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { attend, mergeHeads, splitHeads } from '../blocks/attention.js';
import { decoderInputs, extendCache, steps } from '../blocks/cache.js';
import { embedding, linear } from '../blocks/linear.js';
import { stackedMask } from '../blocks/mask.js';
import { layerNorm } from '../blocks/norm.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 50257,
    n_positions: 1024,
    n_embd: 768,
    n_layer: 12,
    n_head: 12,
    n_inner: nullable<number>('number'),
    activation_function: 'gelu_new',
    layer_norm_epsilon: 1e-5,
    scale_attn_weights: true,
    scale_attn_by_inverse_layer_idx: false,
    add_cross_attention: oneOf(false),
    tie_word_embeddings: true,
  },
  [
    'n_ctx',
    'reorder_and_upcast_attn',
    'summary_activation',
    'summary_first_dropout',
    'summary_proj_to_labels',
    'summary_type',
    'summary_use_proj',
  ],
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'gpt2',
  architectures: ['GPT2LMHeadModel'],
  modelTypes: ['gpt2'],
  task: 'text-generation',
  config,
  variants: {
    gpt2: { checkpoint: 'openai-community/gpt2', parameters: 124_439_808, config: {} },
    gpt2_minimal: { checkpoint: 'openai-community/gpt2', parameters: 124_439_808, config: {}, aliasOf: 'gpt2' },
  },
  tiny: { vocab_size: 99, n_positions: 64, n_embd: 32, n_layer: 2, n_head: 4 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask }, c) {
    const at = steps(input_ids, attention_mask);
    const mask = stackedMask(g, at, attention_mask);
    const words = embedding(g.at('transformer.wte'), c.vocab_size, c.n_embd);
    const places = embedding(g.at('transformer.wpe'), c.n_positions, c.n_embd);
    let h = add(words.lookup(input_ids), places.lookup(at.positions)); // [batch, seq, n_embd]
    g.layers('transformer.h', c.n_layer).forEach((layer, index) => {
      h = add(h, selfAttention(layer.at('attn'), layerNorm(layer.at('ln_1'), h, c.layer_norm_epsilon), index, mask, c));
      const up = linear(
        layer.at('mlp.c_fc'),
        layerNorm(layer.at('ln_2'), h, c.layer_norm_epsilon),
        c.n_inner ?? 4 * c.n_embd,
        { inOut: true },
      );
      h = add(h, linear(layer.at('mlp.c_proj'), activation(c.activation_function)(up), c.n_embd, { inOut: true }));
    });
    h = layerNorm(g.at('transformer.ln_f'), h, c.layer_norm_epsilon);
    return {
      logits: c.tie_word_embeddings ? words.project(h) : linear(g.at('lm_head'), h, c.vocab_size, { bias: false }),
    };
  },
});

function selfAttention(scope: Scope, x: Tensor, layer: number, mask: Tensor, c: Config): Tensor {
  const [q, k, v] = chunk(linear(scope.at('c_attn'), x, 3 * c.n_embd, { inOut: true }), 3, -1).map((part) =>
    splitHeads(part, c.n_head),
  );
  const scale =
    (c.scale_attn_weights ? (c.n_embd / c.n_head) ** -0.5 : 1) / (c.scale_attn_by_inverse_layer_idx ? layer + 1 : 1);
  const { key, value } = extendCache(layer, k, v);
  return linear(scope.at('c_proj'), mergeHeads(attend(q, key, value, { mask, scale })), c.n_embd, { inOut: true });
}
