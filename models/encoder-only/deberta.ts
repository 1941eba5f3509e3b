// DeBERTa: attention in three parts: content to content, content to distance and distance to content, with one table of
// distances for all layers.
// He et al. 2020, arXiv:2006.03654.

import { add, chunk, type Graph, reshape, type Scope, type Tensor } from '../../src/graph/index.js';
import { splitHeads } from '../blocks/attention.js';
import { bertIgnored, bertTiny } from '../blocks/bert-config.js';
import { bertLayers } from '../blocks/bert-layer.js';
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
  type Pairs,
  pairsOfWords,
  scoreKinds,
} from '../blocks/deberta.js';
import { linear } from '../blocks/linear.js';
import { type ConfigOf, defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(debertaFields, [...bertIgnored, ...debertaIgnored]);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'deberta',
  architectures: ['DebertaForMaskedLM'],
  modelTypes: ['deberta'],
  task: 'fill-mask',
  config,
  variants: {
    deberta: {
      checkpoint: 'microsoft/deberta-base',
      parameters: 139_244_121,
      config: { relative_attention: true, position_biased_input: false, pos_att_type: ['c2p', 'p2c'] },
    },
  },
  tiny: {
    ...bertTiny,
    relative_attention: true,
    position_biased_input: false,
    pos_att_type: ['c2p', 'p2c'],
    max_relative_positions: 5,
  },
  preprocess: { text: 'byte-level BPE' },
  inputs: debertaInputs,
  graph(g, inputs, c) {
    const { words, states } = debertaEmbeddings(g, inputs, c); // [batch, seq, hidden_size]
    const pairs = pairsOfWords(inputs.attention_mask);
    const distances = c.relative_attention ? distanceTable(g, inputs.input_ids.dim(1), c) : null;
    const h = bertLayers(g.layers('deberta.encoder.layer', c.num_hidden_layers), states, {
      ...layerOptions(c),
      mix: (layer, x) => disentangled(layer.at('attention'), x, pairs, distances, c),
    });
    return { logits: debertaHead(g, h, words, c) }; // [batch, seq, vocab_size]
  },
});

// transformers projects only the rows that a sequence reaches. All rows depend on weights alone: their projections are
// folded into constants when a session opens.
function distanceTable(g: Graph, seq: Tensor['shape'][number], c: Config): Distances {
  const span = c.max_relative_positions < 1 ? c.max_position_embeddings : c.max_relative_positions;
  const table = g.at('deberta.encoder.rel_embeddings').parameter('weight', [2 * span, c.hidden_size]);
  return { table: reshape(table, [1, 2 * span, c.hidden_size]), rows: distanceRows(g, seq, span) };
}

function disentangled(scope: Scope, x: Tensor, pairs: Pairs, distances: Distances | null, c: Config): Tensor {
  const { num_attention_heads: heads, hidden_size } = c;
  const self = scope.at('self');
  const width = hidden_size / heads;
  // Each head has its query, key and value next to one another.
  const fused = splitHeads(linear(self.at('in_proj'), x, 3 * hidden_size, { bias: false }), heads);
  const [query, k, value] = chunk(fused, 3, -1); // [batch, heads, seq, width]
  const bias = (name: string): Tensor => reshape(self.parameter(name, [hidden_size]), [heads, 1, width]);
  const [q, v] = [add(query, bias('q_bias')), add(value, bias('v_bias'))];
  const kinds = scoreKinds(c);
  const project = (kind: string, name: string, biased: boolean): Tensor | undefined =>
    distances && kinds.includes(kind)
      ? splitHeads(linear(self.at(name), distances.table, hidden_size, { bias: biased }), heads)
      : undefined;
  const scores =
    distances &&
    distanceScores(q, k, distances.rows, project('c2p', 'pos_proj', false), project('p2c', 'pos_q_proj', true));
  const mixed = attendPairs(q, k, v, pairs, scores, 1 + kinds.length);
  return linear(scope.at('output.dense'), mixed, hidden_size);
}
