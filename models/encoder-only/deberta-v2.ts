// DeBERTa V2 and V3: DeBERTa with logarithmic buckets of distances, projections shared between contents and distances, and
// (in V2) a convolution beside the first layer.
// He et al. 2020, arXiv:2006.03654; 2021, arXiv:2111.09543.

import { type Graph, reshape, type Scope, type Tensor } from '../../src/graph/index.js';
import { splitHeads } from '../blocks/attention.js';
import { bertIgnored, bertTiny } from '../blocks/bert-config.js';
import { bertLayer } from '../blocks/bert-layer.js';
import { layerOptions } from '../blocks/bert-model.js';
import {
  attendPairs,
  type Distances,
  debertaEmbeddings,
  debertaFields,
  debertaHead,
  debertaIgnored,
  debertaInputs,
  distanceRows,
  distanceScores,
  logBucket,
  type Pairs,
  pairsOfWords,
  scoreKinds,
} from '../blocks/deberta.js';
import { linear } from '../blocks/linear.js';
import { neighbourMix } from '../blocks/neighbour-mix.js';
import { layerNorm } from '../blocks/norm.js';
import { type ConfigOf, defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...debertaFields,
    vocab_size: 128_100,
    hidden_size: 1536,
    num_hidden_layers: 24,
    num_attention_heads: 24,
    intermediate_size: 6144,
    attention_head_size: nullable<number>('number'), // null: hidden_size / heads
    position_buckets: -1,
    share_att_key: false,
    norm_rel_ebd: 'none',
    conv_kernel_size: 0,
    conv_groups: 1,
    conv_act: 'tanh',
  },
  [...bertIgnored, ...debertaIgnored],
);
type Config = ConfigOf<typeof config>;

const v3 = {
  relative_attention: true,
  position_biased_input: false,
  pos_att_type: ['p2c', 'c2p'],
  position_buckets: 256,
  norm_rel_ebd: 'layer_norm',
  share_att_key: true,
};

export default defineModel({
  family: 'deberta_v2',
  architectures: ['DebertaV2ForMaskedLM'],
  modelTypes: ['deberta-v2'],
  task: 'fill-mask',
  config,
  variants: {
    deberta_v2: {
      checkpoint: 'microsoft/deberta-v3-base',
      parameters: 184_551_780,
      config: { ...v3, hidden_size: 768, num_hidden_layers: 12, num_attention_heads: 12, intermediate_size: 3072 },
    },
  },
  tiny: { ...bertTiny, ...v3, position_buckets: 4, conv_kernel_size: 3, conv_act: 'gelu' },
  preprocess: { text: 'SentencePiece unigram' },
  inputs: debertaInputs,
  graph(g, inputs, c) {
    const { words, states } = debertaEmbeddings(g, inputs, c); // [batch, seq, hidden_size]
    const pairs = pairsOfWords(inputs.attention_mask);
    const distances = distanceTable(g, inputs.input_ids.dim(1), c);
    let h = states;
    g.layers('deberta.encoder.layer', c.num_hidden_layers).forEach((layer, index) => {
      h = bertLayer(layer, h, {
        ...layerOptions(c),
        mix: (_, x) => disentangled(layer.at('attention'), x, pairs, distances, c),
      });
      if (index === 0 && c.conv_kernel_size > 0)
        h = neighbourMix(g.at('deberta.encoder.conv'), states, h, inputs.attention_mask, c);
    });
    return { logits: debertaHead(g, h, words, c) }; // [batch, seq, vocab_size]
  },
});

function distanceTable(g: Graph, seq: Tensor['shape'][number], c: Config): Distances | null {
  const encoder = g.at('deberta.encoder');
  const normed = /(^|\|)\s*layer_norm\s*(\||$)/i.test(c.norm_rel_ebd);
  if (!c.relative_attention) return null;
  const far = c.max_relative_positions < 1 ? c.max_position_embeddings : c.max_relative_positions;
  const span = c.position_buckets > 0 ? c.position_buckets : far;
  const weight = encoder.at('rel_embeddings').parameter('weight', [2 * span, c.hidden_size]);
  const table = normed ? layerNorm(encoder.at('LayerNorm'), weight, c.layer_norm_eps) : weight;
  const bucket = c.position_buckets > 0 ? (distance: number) => logBucket(distance, span, far) : undefined;
  return { table: reshape(table, [1, 2 * span, c.hidden_size]), rows: distanceRows(g, seq, span, bucket) };
}

function disentangled(scope: Scope, x: Tensor, pairs: Pairs, distances: Distances | null, c: Config): Tensor {
  const heads = c.num_attention_heads;
  const width = c.attention_head_size ?? Math.floor(c.hidden_size / heads);
  const project = (name: string, from: Tensor): Tensor =>
    splitHeads(linear(scope.at(`self.${name}`), from, heads * width), heads);
  const [q, k, v] = [project('query_proj', x), project('key_proj', x), project('value_proj', x)];
  const kinds = ['c2p', 'p2c'].filter((kind) => scoreKinds(c).includes(kind));
  const ofDistances = (kind: string, shared: string, own: string): Tensor | undefined =>
    distances && kinds.includes(kind) ? project(c.share_att_key ? shared : own, distances.table) : undefined;
  const keys = ofDistances('c2p', 'key_proj', 'pos_key_proj');
  const queries = ofDistances('p2c', 'query_proj', 'pos_query_proj');
  const scores = distances && distanceScores(q, k, distances.rows, keys, queries);
  const mixed = attendPairs(q, k, v, pairs, scores, 1 + kinds.length);
  return linear(scope.at('output.dense'), mixed, c.hidden_size);
}
