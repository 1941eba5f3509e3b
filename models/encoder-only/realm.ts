// REALM: language models that look things up. A BERT embeds the question; the blocks of text whose stored embeddings have the
// largest product with it are read together with the question by a second BERT, which scores every span as the answer.
// Guu et al. 2020, arXiv:2002.08909.

import { gather, gemm, matmul, reshape, type Scope, swapAxes, type Tensor, topK } from '../../src/graph/index.js';
import { bertFields, bertIgnored, bertInputs, bertTiny } from '../blocks/bert-config.js';
import { bertModel } from '../blocks/bert-model.js';
import { linear } from '../blocks/linear.js';
import { layerNorm } from '../blocks/norm.js';
import { readSpans } from '../blocks/span-reader.js';
import { pooler, unusedPooler, unusedWordHead } from '../blocks/word-head.js';
import { type ConfigOf, classes, defineConfig } from '../config.js';
import { constant, defineModel, type InputSpec, mask, type Outputs, tokens } from '../define.js';

const config = defineConfig(
  {
    ...bertFields,
    architectures: classes('RealmForOpenQA', 'RealmEmbedder'),
    hidden_act: 'gelu_new',
    retriever_proj_size: 128,
    span_hidden_size: 256,
    max_span_width: 10,
    reader_layer_norm_eps: 1e-3,
    reader_beam_size: 5,
    num_block_records: 13_353_718,
  },
  [...bertIgnored, 'num_candidates', 'reader_seq_len', 'searcher_beam_size'],
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'realm',
  architectures: ['RealmForOpenQA', 'RealmEmbedder'],
  modelTypes: ['realm'],
  task: 'question-answering',
  config,
  variants: {
    realm: {
      checkpoint: 'google/realm-cc-news-pretrained-embedder',
      parameters: 133_644_474,
      config: { architectures: ['RealmEmbedder'] },
    },
  },
  tiny: {
    ...bertTiny,
    retriever_proj_size: 16,
    span_hidden_size: 24,
    max_span_width: 4,
    reader_beam_size: 3,
    num_block_records: 7,
  },
  sizes: { block_seq: 320 },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => {
    if (c.architectures[0] === 'RealmEmbedder') return bertInputs(c);
    const blocks = <T>(make: (...shape: (string | number)[]) => T): T => make(c.num_block_records, 'block_seq');
    const belongs: InputSpec = { ...blocks(mask), dtype: 'bool' };
    return {
      input_ids: tokens(c.vocab_size, 1, 'seq'), // one question at a time
      attention_mask: mask(1, 'seq'),
      token_type_ids: constant(0, 1, 'seq'),
      block_input_ids: blocks((...shape) => tokens(c.vocab_size, ...shape)), // the question joined with each block
      block_attention_mask: blocks(mask),
      block_token_type_ids: blocks((...shape) => constant(0, ...shape)),
      block_mask: belongs, // which of these words are the block's own
    };
  },
  graph(g, inputs, c): Outputs {
    if (c.architectures[0] === 'RealmEmbedder') return { projected_score: embed(g.at(''), inputs, c) };
    const question = embed(g.at('embedder'), inputs, c); // [1, retriever_proj_size]
    const records = g.at('').buffer('block_emb', [c.num_block_records, c.retriever_proj_size]);
    const blockScores = gemm(question, records, null, { transB: true }); // [1, blocks]
    const [, best] = topK(reshape(blockScores, [c.num_block_records]), c.reader_beam_size);
    const relevance = matmul(gather(records, best), swapAxes(question, 0, 1)); // [beam, 1]
    const chosen = (name: string): Tensor => gather(inputs[`block_${name}`], best);
    const words = {
      input_ids: chosen('input_ids'),
      attention_mask: chosen('attention_mask'),
      token_type_ids: chosen('token_type_ids'),
    };
    const reader = g.at('reader');
    const { states } = bertModel(reader.at('realm'), words, c); // [beam, block_seq, hidden_size]
    unusedPooler(reader.at('realm.pooler'), c.hidden_size);
    unusedWordHead(reader.at('cls.predictions'), c.hidden_size, c.vocab_size);
    const answer = readSpans(reader.at('qa_outputs'), states, chosen('mask'), relevance, {
      longest: c.max_span_width,
      width: c.span_hidden_size,
      epsilon: c.reader_layer_norm_eps,
    });
    return { question_projection: question, block_scores: blockScores, retrieved_block_ids: best, ...answer };
  },
});

/** The question's vector: norm(dense(pooled)), [batch, retriever_proj_size]. */
function embed(scope: Scope, inputs: Record<string, Tensor>, c: Config): Tensor {
  const { states } = bertModel(scope.at('realm'), inputs, c);
  unusedWordHead(scope.at('cls.predictions'), c.hidden_size, c.vocab_size);
  const vector = linear(scope.at('cls.dense'), pooler(scope.at('realm.pooler'), states), c.retriever_proj_size);
  return layerNorm(scope.at('cls.LayerNorm'), vector, c.layer_norm_eps);
}
