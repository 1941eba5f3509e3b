// ERNIE-M: one encoder for ninety-six languages, trained to align sentences with back-translated ones. BERT's layers without
// segments; places start at 2.
// Ouyang et al. 2020, arXiv:2012.15674.

import { add, range, reshape, type Tensor, unsqueeze } from '../../src/graph/index.js';
import { bertFields, bertIgnored, bertTiny } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { bertLayers } from '../blocks/bert-layer.js';
import { layerOptions } from '../blocks/bert-model.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { relativeKeys } from '../blocks/relative-position.js';
import { pooler, unusedPooler } from '../blocks/word-head.js';
import { classes, defineConfig } from '../config.js';
import { constant, defineModel, mask, type Outputs, optional, tokens } from '../define.js';

const {
  type_vocab_size: _,
  is_decoder: __,
  add_cross_attention: ___,
  tie_word_embeddings: ____,
  ...fields
} = bertFields;
const config = defineConfig(
  {
    ...fields,
    architectures: classes('ErnieMForInformationExtraction', 'ErnieMModel'),
    vocab_size: 250_002,
    max_position_embeddings: 514,
    layer_norm_eps: 1e-5,
  },
  [...bertIgnored, 'act_dropout', 'tie_word_embeddings'],
);

const names = {
  query: 'self_attn.self_attn.q_proj',
  key: 'self_attn.self_attn.k_proj',
  value: 'self_attn.self_attn.v_proj',
  output: 'self_attn.out_proj',
  attentionNorm: 'norm1',
  up: 'linear1',
  down: 'linear2',
  mlpNorm: 'norm2',
};

export default defineModel({
  family: 'ernie_m',
  architectures: ['ErnieMForInformationExtraction', 'ErnieMModel'],
  modelTypes: ['ernie_m'],
  task: 'feature-extraction',
  config,
  variants: {
    ernie_m: {
      checkpoint: 'susnato/ernie-m-base_pytorch',
      parameters: 278_042_880,
      config: { architectures: ['ErnieMModel'] },
    },
  },
  tiny: bertTiny,
  preprocess: { text: 'SentencePiece unigram' },
  inputs: (c) => ({
    input_ids: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask: mask('batch', 'seq'),
    position_ids: optional(constant(0, 'batch', 'seq')),
  }),
  graph(g, { input_ids, attention_mask, position_ids }, c): Outputs {
    const extracts = c.architectures[0] === 'ErnieMForInformationExtraction';
    const scope = g.at(extracts ? 'ernie_m' : '');
    const words = embedding(scope.at('embeddings.word_embeddings'), c.vocab_size, c.hidden_size);
    g.limit(input_ids.dim(1), c.max_position_embeddings - 2);
    const embedded = bertEmbeddings(scope.at('embeddings'), words.lookup(input_ids), {
      epsilon: c.layer_norm_eps,
      places: c.max_position_embeddings,
      positions: add(position_ids ?? unsqueeze(range(g, input_ids.dim(1)), 0), 2),
      types: 0,
      norm: 'layer_norm',
    });
    const h = bertLayers(scope.layers('encoder.layers', c.num_hidden_layers), embedded, (layer) => ({
      ...layerOptions(c),
      names,
      mask: paddingMask(attention_mask),
      relative: relativeKeys(layer.at('self_attn.self_attn'), c.position_embedding_type, c.max_position_embeddings),
    })); // [batch, seq, hidden_size]
    if (!extracts) return { last_hidden_state: h, pooler_output: pooler(scope.at('pooler'), h) };
    unusedPooler(scope.at('pooler'), c.hidden_size);
    const ends = (name: string): Tensor => reshape(linear(g.at(name), h, 1), h.shape.slice(0, 2));
    return { start_logits: ends('linear_start'), end_logits: ends('linear_end') }; // [batch, seq]
  },
});
