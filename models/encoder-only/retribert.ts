// RetriBERT: a small BERT that embeds questions and documents into one space, each through a projection of its own.
// Jernite 2020, "Explain anything like I'm five" (the model has no paper).
// The class's own forward returns a training loss; the graph gives what it compares.

import type { Graph, Tensor } from '../../src/graph/index.js';
import { bertFields, bertIgnored, bertTiny } from '../blocks/bert-config.js';
import { bertModel } from '../blocks/bert-model.js';
import { linear } from '../blocks/linear.js';
import { pooler } from '../blocks/word-head.js';
import { type ConfigOf, defineConfig } from '../config.js';
import { defineModel, mask, tokens } from '../define.js';

const config = defineConfig(
  { ...bertFields, num_hidden_layers: 8, share_encoders: true, projection_dim: 128 },
  bertIgnored,
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'retribert',
  architectures: ['RetriBertModel'],
  modelTypes: ['retribert'],
  task: 'feature-extraction',
  config,
  variants: {
    retribert: { checkpoint: 'yjernite/retribert-base-uncased', parameters: 81_327_360, config: {} },
  },
  tiny: { ...bertTiny, projection_dim: 16 },
  sizes: { doc_seq: 256 },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => ({
    input_ids_query: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask_query: mask('batch', 'seq'),
    input_ids_doc: tokens(c.vocab_size, 'batch', 'doc_seq'),
    attention_mask_doc: mask('batch', 'doc_seq'),
  }),
  graph(g, inputs, c) {
    const doc = c.share_encoders ? 'bert_query' : 'bert_doc';
    const query = embed(g, 'bert_query', inputs.input_ids_query, inputs.attention_mask_query, c);
    const document = embed(g, doc, inputs.input_ids_doc, inputs.attention_mask_doc, c);
    return {
      query: linear(g.at('project_query'), query, c.projection_dim, { bias: false }), // [batch, projection_dim]
      doc: linear(g.at('project_doc'), document, c.projection_dim, { bias: false }),
    };
  },
});

/** ids [batch, seq] -> [batch, hidden_size]. */
function embed(g: Graph, name: string, input_ids: Tensor, attention_mask: Tensor, c: Config): Tensor {
  const { states } = bertModel(g.at(name), { input_ids, attention_mask }, c);
  return pooler(g.at(`${name}.pooler`), states);
}
