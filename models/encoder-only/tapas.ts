// TAPAS: BERT that answers questions over a table: it picks a column, cells of it, and how to aggregate them. Words also
// embed their column, row and rank, and places start anew in every cell.
// Herzig et al. 2020, arXiv:2004.02349.

import {
  add,
  argMax,
  cast,
  equal,
  gather,
  minimum,
  mul,
  range,
  sub,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { bertIgnored, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { bertEncoder } from '../blocks/bert-model.js';
import { cellLogits } from '../blocks/cell-selection.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { pooler } from '../blocks/word-head.js';
import { type ConfigOf, defineConfig, oneOf } from '../config.js';
import { constant, defineModel, mask, type Outputs, optional, tokens } from '../define.js';

const { type_vocab_size: _, ...fields } = coreFields;
const config = defineConfig(
  {
    ...fields,
    max_position_embeddings: 1024,
    type_vocab_sizes: [3, 256, 256, 2, 256, 256, 10],
    num_aggregation_labels: 0,
    temperature: 1,
    max_num_rows: 64,
    max_num_columns: 32,
    select_one_column: oneOf(true), // transformers computes no logits without it
    allow_empty_column_selection: false,
    reset_position_index_per_cell: true,
  },
  [
    ...bertIgnored,
    ...`positive_label_weight aggregation_loss_weight use_answer_as_supervision answer_loss_importance use_normalized_answer_loss
    huber_loss_delta aggregation_temperature use_gumbel_for_cells use_gumbel_for_aggregation average_approximation_function
    cell_selection_preference answer_loss_cutoff average_logits_per_cell init_cell_selection_weights_to_zero disable_per_token_loss
    aggregation_labels no_aggregation_label_index`.split(/\s+/),
  ],
);
type Config = ConfigOf<typeof config>;

const [COLUMN, ROW] = [1, 2]; // places among the token types

export default defineModel({
  family: 'tapas',
  architectures: ['TapasForQuestionAnswering'],
  modelTypes: ['tapas'],
  task: 'table-question-answering',
  config,
  variants: {
    tapas: {
      checkpoint: 'google/tapas-base-finetuned-wtq',
      parameters: 110_676_486,
      config: { num_aggregation_labels: 4 },
    },
  },
  tiny: {
    ...bertTiny,
    type_vocab_sizes: [3, 8, 8, 2, 6, 6, 10],
    num_aggregation_labels: 4,
    max_num_rows: 8,
    max_num_columns: 6,
  },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => ({
    input_ids: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask: mask('batch', 'seq'),
    token_type_ids: constant(0, 'batch', 'seq', c.type_vocab_sizes.length),
    position_ids: optional(constant(0, 'batch', 'seq')),
  }),
  graph(g, { input_ids, attention_mask, token_type_ids, position_ids }, c): Outputs {
    const scope = g.at('tapas.embeddings');
    const words = embedding(scope.at('word_embeddings'), c.vocab_size, c.hidden_size);
    const kinds = c.type_vocab_sizes.map((count, index) =>
      embedding(scope.at(`token_type_embeddings_${index}`), count, c.hidden_size).lookup(
        gather(token_type_ids, index, 2),
      ),
    );
    const places = { epsilon: c.layer_norm_eps, places: c.max_position_embeddings, types: 0 };
    const positions = position_ids ?? (c.reset_position_index_per_cell ? placesInCells(token_type_ids, c) : undefined);
    const embedded = bertEmbeddings(scope, words.lookup(input_ids), { ...places, positions }, kinds);
    const h = bertEncoder(g.at('tapas.encoder'), embedded, c, { mask: paddingMask(attention_mask) });
    const place = { row: gather(token_type_ids, ROW, 2), column: gather(token_type_ids, COLUMN, 2) };
    const logits = cellLogits(g, h, attention_mask, place, {
      rows: c.max_num_rows,
      columns: c.max_num_columns,
      temperature: c.temperature,
      allowNone: c.allow_empty_column_selection,
    });
    const outputs: Outputs = { last_hidden_state: h, logits };
    const pooled = pooler(g.at('tapas.pooler'), h);
    if (c.num_aggregation_labels > 0)
      outputs.logits_aggregation = linear(g.at('aggregation_classifier'), pooled, c.num_aggregation_labels);
    return outputs;
  },
});

/** Distance from the first word of the same cell: int64 [batch, seq]. */
function placesInCells(types: Tensor, c: Config): Tensor {
  const [column, row] = [gather(types, COLUMN, 2), gather(types, ROW, 2)];
  const cell = add(mul(column, c.type_vocab_sizes[ROW]), row);
  const same = equal(unsqueeze(cell, 2), unsqueeze(cell, 1)); // [batch, seq, seq]
  const first = argMax(cast(same, 'int32'), 2);
  return minimum(sub(unsqueeze(range(types.graph, types.dim(1)), 0), first), c.max_position_embeddings - 1);
}
