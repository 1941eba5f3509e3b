// Falcon: one key head for all queries (7B), one per group of them (40B) or one each (RW); attention and MLP side by side or not;
// rotary positions or ALiBi. Almazrouei et al. 2023, arXiv:2311.16867; Penedo et al. 2023, arXiv:2306.01116.

import { add, mul, type Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { alibi, alibiSlopes } from '../blocks/alibi.js';
import { attendHeads, splitGroups } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedding, linear } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { keptPlaces } from '../blocks/position.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 65024,
    hidden_size: 4544,
    num_hidden_layers: 32,
    num_attention_heads: 71,
    num_kv_heads: nullable<number>('number'),
    ffn_hidden_size: nullable<number>('number'),
    activation: 'gelu',
    max_position_embeddings: 2048,
    layer_norm_epsilon: 1e-5,
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    alibi: false,
    new_decoder_architecture: false,
    multi_query: true,
    parallel_attn: true,
    num_ln_in_parallel_attn: oneOf(null, 1, 2),
    bias: false,
    tie_word_embeddings: true,
  },
  ['ff_factor'], // what ffn_hidden_size says in full
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'falcon',
  architectures: ['FalconForCausalLM'],
  modelTypes: ['falcon'],
  task: 'text-generation',
  config,
  variants: { falcon: { checkpoint: 'tiiuae/falcon-7b', parameters: 6_921_720_704, config: {} } },
  tiny: { vocab_size: 99, hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 4 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const headDim = c.hidden_size / c.num_attention_heads;
    const { groups, counts, names, parallel } = layout(c);
    const rotate = c.alibi ? null : halfSplit(g, at.positions, ropeOptions(c, headDim));
    const causal = causalMask(g, at, attention_mask);
    // Scaled like the scores, and twice: the eager attention of transformers adds the bias to the scores and to the mask.
    const bias = (): Tensor =>
      mul(alibi(keptPlaces(attention_mask, 0), alibiSlopes(c.num_attention_heads), true), 2 / Math.sqrt(headDim));
    const mask = c.alibi ? add(bias(), causal) : causal;
    const plain = {
      hidden: c.ffn_hidden_size ?? 4 * c.hidden_size,
      activation: c.activation,
      bias: c.bias,
      names: ['dense_h_to_4h', 'dense_4h_to_h'] as const,
    };
    const words = embedding(g.at('transformer.word_embeddings'), c.vocab_size, c.hidden_size);
    const h = preNormLayers(g.at('transformer'), words.lookup(input_ids), c.num_hidden_layers, {
      names: ['h', ...names, 'ln_f'],
      parallel,
      norm: (scope, x) => layerNorm(scope, x, c.layer_norm_epsilon),
      attention(layer, x, index) {
        const own = layer.at('self_attention');
        const width = groups * (counts[0] + counts[1] + counts[2]) * headDim;
        const [q, k, v] = splitGroups(linear(own.at('query_key_value'), x, width, { bias: c.bias }), groups, counts);
        const mixed = attendHeads(q, k, v, { mask, rotate, layer: index });
        return linear(own.at('dense'), mixed, c.hidden_size, { bias: c.bias });
      },
      mlp: (layer, x) => mlp(layer.at('mlp'), x, plain),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});

interface Layout {
  /** Groups of the fused projection, and how many query, key and value heads each has. */
  groups: number;
  counts: [number, number, number];
  names: [first: string, second: string];
  parallel: 'one norm' | 'two norms' | null;
}

/** What the flags of the configuration come to; combinations that transformers cannot run are refused. */
function layout(c: Config): Layout {
  const heads = c.num_attention_heads;
  const kvHeads = c.num_kv_heads ?? heads;
  const norms = c.num_ln_in_parallel_attn ?? (c.new_decoder_architecture ? 2 : 1);
  const names: Layout['names'] = ['input_layernorm', 'post_attention_layernorm'];
  if (c.new_decoder_architecture) {
    if (!c.parallel_attn) throw new UsageError('falcon.parallel_attn: must be true with new_decoder_architecture');
    return {
      groups: kvHeads,
      counts: [heads / kvHeads, 1, 1],
      names: norms === 2 ? ['ln_attn', 'ln_mlp'] : names,
      parallel: norms === 2 ? 'two norms' : 'one norm',
    };
  }
  if (c.parallel_attn && norms === 2)
    throw new UsageError('falcon.num_ln_in_parallel_attn: 2 needs new_decoder_architecture');
  if (!c.multi_query && kvHeads !== heads)
    throw new UsageError(`falcon.num_kv_heads: must be ${heads} without multi_query and new_decoder_architecture`);
  const parallel = c.parallel_attn ? 'one norm' : null;
  return c.multi_query
    ? { groups: 1, counts: [heads, 1, 1], names, parallel }
    : { groups: heads, counts: [1, 1, 1], names, parallel };
}
