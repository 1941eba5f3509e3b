// REALM: language models that look things up. A BERT embeds the question; the blocks of text whose stored embeddings have the
// largest product with it are read together with the question by a second BERT, which scores every span as the answer.
// Guu et al. 2020, arXiv:2002.08909.

import {
  add,
  and,
  argMax,
  concat,
  type Graph,
  gather,
  gemm,
  matmul,
  range,
  reduceMax,
  reshape,
  type Scope,
  slice,
  swapAxes,
  type Tensor,
  topK,
  where,
} from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { bertFields, bertIgnored, bertInputs, bertTiny } from '../blocks/bert-config.js';
import { bertModel } from '../blocks/bert-model.js';
import { linear } from '../blocks/linear.js';
import { lowest } from '../blocks/mask.js';
import { layerNorm } from '../blocks/norm.js';
import { pooler, unusedPooler } from '../blocks/word-head.js';
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
    unusedWordHead(reader.at('cls.predictions'), c);
    const answer = readSpans(reader.at('qa_outputs'), states, chosen('mask'), relevance, c);
    return { question_projection: question, block_scores: blockScores, retrieved_block_ids: best, ...answer };
  },
});

/** The question's vector: norm(dense(pooled)), [batch, retriever_proj_size]. */
function embed(scope: Scope, inputs: Record<string, Tensor>, c: Config): Tensor {
  const { states } = bertModel(scope.at('realm'), inputs, c);
  unusedWordHead(scope.at('cls.predictions'), c);
  const vector = linear(scope.at('cls.dense'), pooler(scope.at('realm.pooler'), states), c.retriever_proj_size);
  return layerNorm(scope.at('cls.LayerNorm'), vector, c.layer_norm_eps);
}

function unusedWordHead(scope: Scope, c: Config): void {
  scope.unused('transform.dense.weight', [c.hidden_size, c.hidden_size]);
  scope.unused('transform.dense.bias', [c.hidden_size]);
  scope.unused('transform.LayerNorm.weight', [c.hidden_size]);
  scope.unused('transform.LayerNorm.bias', [c.hidden_size]);
  scope.unused('decoder.weight', [c.vocab_size, c.hidden_size]);
  scope.unused('bias', [c.vocab_size]);
}

/** Scores spans of 1 to max_span_width words, by width and then by start; the best over all blocks is the answer. */
function readSpans(scope: Scope, h: Tensor, belongs: Tensor, relevance: Tensor, c: Config): Outputs {
  const g: Graph = scope.graph;
  const seq = h.dim(1);
  const ends = linear(scope.at('dense_intermediate'), h, 2 * c.span_hidden_size);
  const widths = Array.from({ length: c.max_span_width }, (_, index) => index + 1);
  /** Joins what stands at the first and the last word of each span. */
  const spans = (first: Tensor, last: Tensor, join: (a: Tensor, b: Tensor) => Tensor, axis: number): Tensor =>
    concat(
      widths.map((width) => join(slice(first, axis, 0, width === 1 ? seq : 1 - width), slice(last, axis, width - 1))),
      axis,
    );
  const half = c.span_hidden_size;
  const hidden = activation('relu')(spans(slice(ends, 2, 0, half), slice(ends, 2, half), add, 1));
  const normal = layerNorm(scope.at('layer_normalization'), hidden, c.reader_layer_norm_eps);
  const made = linear(scope.at('dense_output'), normal, 1);
  const inside = spans(belongs, belongs, and, 1); // [beam, spans]
  const raw = add(reshape(made, inside.shape), relevance);
  const logits = where(inside, raw, lowest(g));
  const candidate = argMax(reduceMax(logits, 0, { keep: true }), 1); // [1]
  const places = range(g, seq);
  return {
    reader_logits: where(inside, raw, 0), // spans outside the block, which cannot win, show as 0
    block_idx: argMax(reduceMax(logits, 1), 0, { keep: true }),
    candidate,
    start_pos: gather(
      spans(places, places, (first) => first, 0),
      candidate,
    ),
    end_pos: gather(
      spans(places, places, (_, last) => last, 0),
      candidate,
    ),
  };
}
