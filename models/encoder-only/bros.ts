// BROS: BERT for text on a page, without images: attention scores gain a term from where each pair of words stands to one
// another, as sinusoids of the distances between the corners of their boxes.
// Hong et al. 2021, arXiv:2108.04539.

import {
  cast,
  concat,
  cos,
  einsum,
  type Graph,
  gather,
  mul,
  reshape,
  sin,
  sub,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { bertIgnored, bertInputs, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertModel } from '../blocks/bert-model.js';
import { linear } from '../blocks/linear.js';
import { pooler, unusedPooler } from '../blocks/word-head.js';
import { type ConfigOf, classes, defineConfig, oneOf } from '../config.js';
import { defineModel, type Outputs, reals } from '../define.js';

const config = defineConfig(
  {
    ...coreFields,
    position_embedding_type: oneOf('absolute'),
    architectures: classes('BrosForTokenClassification', 'BrosModel'),
    dim_bbox: 8,
    bbox_scale: 100,
    num_labels: 2,
  },
  // The widths of the box's embedding follow from hidden_size, whatever the keys say.
  [
    ...bertIgnored,
    'n_relations',
    'classifier_dropout_prob',
    'dim_bbox_sinusoid_emb_2d',
    'dim_bbox_sinusoid_emb_1d',
    'dim_bbox_projection',
  ],
);
type Config = ConfigOf<typeof config>;

/** x0, y0, x1, y0, x1, y1, x0, y1: the four corners of a box (x0, y0, x1, y1), clockwise. */
const CORNERS = [0, 1, 2, 1, 2, 3, 0, 3];

export default defineModel({
  family: 'bros',
  architectures: ['BrosForTokenClassification', 'BrosModel'],
  modelTypes: ['bros'],
  task: 'token-classification',
  config,
  variants: {
    bros: {
      checkpoint: 'jinho8345/bros-base-uncased',
      parameters: 109_494_528,
      config: { architectures: ['BrosModel'] },
    },
  },
  tiny: { ...bertTiny, hidden_size: 128, num_labels: 5 },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => ({
    ...bertInputs(c),
    bbox: { ...reals('batch', 'seq', 4), values: { kind: 'uniform', center: 0.5, scale: 0.5 } },
  }),
  graph(g, { bbox, ...inputs }, c): Outputs {
    const labels = c.architectures[0] === 'BrosForTokenClassification';
    const prefix = labels ? 'bros.' : '';
    const width = c.hidden_size / c.num_attention_heads;
    const places = boxPlaces(g, `${prefix}bbox_embeddings`, bbox, c); // [batch, seq, seq, head width]
    const { states } = bertModel(g.at(labels ? 'bros' : ''), inputs, c, {
      relative: (q) => mul(einsum('bnid,bijd->bnij', q, places), 1 / Math.sqrt(width)),
    }); // [batch, seq, hidden_size]
    if (!labels) return { last_hidden_state: states, pooler_output: pooler(g.at('pooler'), states) };
    unusedPooler(g.at('bros.pooler'), c.hidden_size);
    return { logits: linear(g.at('classifier'), states, c.num_labels) }; // [batch, seq, num_labels]
  },
});

/** Distances from each word's corners to each other's, as sines and cosines, projected to the width of a head. */
function boxPlaces(g: Graph, name: string, bbox: Tensor, c: Config): Tensor {
  if (c.dim_bbox > CORNERS.length) throw new UsageError(`bros.dim_bbox: ${c.dim_bbox} is more than ${CORNERS.length}`);
  const scope = g.at(name);
  const waves = Math.floor(Math.floor(c.hidden_size / 4) / c.dim_bbox);
  const corners = gather(mul(bbox, c.bbox_scale), g.constant(CORNERS.slice(0, c.dim_bbox), 'int64'), 2);
  const distance = sub(unsqueeze(corners, 1), unsqueeze(corners, 2)); // [batch, from, to, dim_bbox]
  const frequency = (axis: string): Tensor =>
    unsqueeze(scope.at(`bbox_sinusoid_emb.${axis}_pos_emb`).buffer('inv_freq', [waves / 2]), 0);
  const axes = Array.from({ length: c.dim_bbox }, (_, index) => frequency(index % 2 === 0 ? 'x' : 'y'));
  const angle = mul(unsqueeze(cast(distance, 'float32'), 4), cast(concat(axes, 0), 'float32'));
  const both = cast(concat([sin(angle), cos(angle)], -1), g.options.dtype); // [batch, from, to, dim_bbox, waves]
  const flat = reshape(both, [...distance.shape.slice(0, 3), c.dim_bbox * waves]);
  return linear(scope.at('bbox_projection'), flat, c.hidden_size / c.num_attention_heads, { bias: false });
}
