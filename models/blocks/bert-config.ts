// What the configurations of the BERT line share: keys, the oracle's tiny sizes, inputs, and how keys become options of blocks.

import type { Tensor } from '../../src/graph/index.js';
import { type ConfigOf, defineConfig, oneOf } from '../config.js';
import { constant, type Inputs, mask, optional, tokens } from '../define.js';

/** Keys of BertConfig with its defaults, without the kind of positions, which not every descendant has. */
export const coreFields = {
  vocab_size: 30522,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  hidden_act: 'gelu',
  max_position_embeddings: 512,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
  tie_word_embeddings: true,
  is_decoder: oneOf(false),
  add_cross_attention: oneOf(false),
};

/** Keys of BertConfig. */
export const bertFields = {
  ...coreFields,
  position_embedding_type: oneOf('absolute', 'relative_key', 'relative_key_query'),
};

/** Keys that published configurations of the line carry and no class reads, or (the last two) not all: pages of those name them. */
export const bertIgnored = [
  'directionality',
  'pooler_fc_size',
  'pooler_num_attention_heads',
  'pooler_num_fc_layers',
  'pooler_size_per_head',
  'pooler_type',
  'position_embedding_type',
  'type_vocab_size',
];

const bertConfig = defineConfig(bertFields);
export type BertConfig = ConfigOf<typeof bertConfig>;
const coreConfig = defineConfig(coreFields);
export type CoreConfig = ConfigOf<typeof coreConfig>;

export const bertTiny = {
  vocab_size: 99,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 37,
  max_position_embeddings: 64,
};

/** input_ids, attention_mask, token_type_ids: [batch, seq]; position_ids on demand. */
export const bertInputs = (c: { vocab_size: number }): BertInputSpecs => ({
  input_ids: tokens(c.vocab_size, 'batch', 'seq'),
  attention_mask: mask('batch', 'seq'),
  token_type_ids: constant(0, 'batch', 'seq'),
  position_ids: optional(constant(0, 'batch', 'seq')),
});
type BertInputSpecs = Inputs &
  Record<'input_ids' | 'attention_mask' | 'token_type_ids' | 'position_ids', Inputs[string]>;

/** The tensors of bertInputs; all but input_ids may be absent. */
export type BertInputs = Record<string, Tensor>;
