// CodeGen: GPT-J's layers with one projection that holds queries, values and keys of a quarter of the heads at a time (the
// slices of four TPU cores). Nijkamp et al. 2022, arXiv:2203.13474.

import { UsageError } from '../../src/util/error.js';
import { attendHeads, splitGroups } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedding, linear } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { interleaved } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const SLICES = 4;

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
  family: 'codegen',
  architectures: ['CodeGenForCausalLM'],
  modelTypes: ['codegen'],
  task: 'text-generation',
  config,
  variants: {
    codegen: {
      checkpoint: 'Salesforce/codegen-350M-mono',
      parameters: 356_712_448,
      config: { vocab_size: 51_200, n_embd: 1024, n_layer: 20, rotary_dim: 32 },
    },
  },
  tiny: { vocab_size: 99, n_embd: 32, n_layer: 2, n_head: 4, rotary_dim: 4 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    if (c.n_head % SLICES !== 0)
      throw new UsageError(`codegen.n_head: expected a multiple of ${SLICES}, got ${c.n_head}`);
    const part = c.n_head / SLICES;
    const mask = causalMask(g, at, attention_mask);
    const rotate = interleaved(g, at.positions, { width: c.rotary_dim, base: 10000 });
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
      attention(layer, x, index) {
        const own = layer.at('attn');
        const fused = linear(own.at('qkv_proj'), x, 3 * c.n_embd, { bias: false });
        const [q, v, k] = splitGroups(fused, SLICES, [part, part, part]);
        return linear(own.at('out_proj'), attendHeads(q, k, v, { mask, rotate, layer: index }), c.n_embd, {
          bias: false,
        });
      },
      mlp: (layer, x) => mlp(layer.at('mlp'), x, plain),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings, bias: true }) };
  },
});
