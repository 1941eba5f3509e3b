// RAG-token: a question encoder (DPR) weighs retrieved passages, a generator (BART) reads each of them, and the probabilities of
// every token are summed over the passages. The search in the index is outside: its vectors and passages are inputs.
// Lewis et al. 2020, arXiv:2005.11401.

import {
  add,
  dimMul,
  type Graph,
  logSoftmax,
  matmul,
  reduceLogSumExp,
  repeatInterleave,
  reshape,
  squeeze,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { BART_IGNORED, BART_KEYS, BART_TINY, bartModel } from '../blocks/bart.js';
import { bertFields, bertIgnored, bertTiny } from '../blocks/bert-config.js';
import { bertModel } from '../blocks/bert-model.js';
import { linear } from '../blocks/linear.js';
import { learnedPositions } from '../blocks/position.js';
import { firstToken } from '../blocks/word-head.js';
import { type ConfigOf, defineConfig, nested, oneOf } from '../config.js';
import { defineModel, mask, reals, tokens } from '../define.js';

const config = defineConfig(
  {
    question_encoder: nested(defineConfig({ ...bertFields, model_type: oneOf('dpr'), projection_dim: 0 }, bertIgnored)),
    generator: nested(defineConfig({ ...BART_KEYS, model_type: oneOf('bart') }, BART_IGNORED)),
    n_docs: 5,
    retrieval_vector_size: 768,
  },
  // do_marginalize chooses between these logits and the generator's own, which are bart's
  `do_marginalize tie_word_embeddings vocab_size dataset dataset_split dataset_revision index_name index_path passages_path
  use_dummy_dataset title_sep doc_sep max_combined_length retrieval_batch_size output_retrieved do_deduplication
  exclude_bos_score label_smoothing reduce_loss`.split(/\s+/),
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'rag',
  architectures: ['RagTokenForGeneration'],
  modelTypes: ['rag'],
  task: 'text2text-generation',
  config,
  variants: { rag: { checkpoint: 'facebook/rag-token-nq', parameters: 515_183_104, config: {} } },
  tiny: {
    question_encoder: bertTiny,
    generator: BART_TINY,
    n_docs: 3,
    retrieval_vector_size: 32,
  },
  sizes: { context_seq: 300, decoder_seq: 32 },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => ({
    input_ids: tokens(c.question_encoder.vocab_size, 'batch', 'seq'),
    attention_mask: mask('batch', 'seq'),
    retrieved_doc_embeds: reals('batch', c.n_docs, c.retrieval_vector_size),
    context_input_ids: tokens(c.generator.vocab_size, dimMul('batch', c.n_docs), 'context_seq'),
    context_attention_mask: mask(dimMul('batch', c.n_docs), 'context_seq'),
    decoder_input_ids: tokens(c.generator.vocab_size, 'batch', 'decoder_seq'),
  }),
  graph(g, inputs, c) {
    const question = encodeQuestion(g, inputs, c); // [batch, retrieval_vector_size]
    const vectors = inputs.retrieved_doc_embeds;
    const scores = squeeze(matmul(vectors, unsqueeze(question, 2)), 2); // [batch, n_docs]
    const { logits, encoder_last_hidden_state } = bartModel(
      g,
      {
        input_ids: inputs.context_input_ids,
        attention_mask: inputs.context_attention_mask,
        decoder_input_ids: repeatInterleave(inputs.decoder_input_ids, c.n_docs, 0),
      },
      c.generator,
      {
        norm: 'post',
        embedNorm: 'sum',
        positions: learnedPositions(c.generator.max_position_embeddings, c.generator.d_model, 2),
      },
      'rag.generator',
    );
    return {
      logits: marginalize(logits, scores),
      doc_scores: scores,
      question_encoder_last_hidden_state: question,
      generator_enc_last_hidden_state: encoder_last_hidden_state,
    };
  },
});

function encodeQuestion(g: Graph, inputs: Record<string, Tensor>, c: Config): Tensor {
  const scope = g.at('rag.question_encoder.question_encoder');
  const { input_ids, attention_mask } = inputs;
  const first = firstToken(bertModel(scope.at('bert_model'), { input_ids, attention_mask }, c.question_encoder).states);
  const width = c.question_encoder.projection_dim;
  return width > 0 ? linear(scope.at('encode_proj'), first, width) : first;
}

/** logits [batch * n_docs, seq, words], scores [batch, n_docs] -> log-probabilities [batch, seq, words]. */
function marginalize(logits: Tensor, scores: Tensor): Tensor {
  const words = reshape(logSoftmax(logits), [...scores.shape, logits.dim(1), logits.dim(2)]);
  return reduceLogSumExp(add(words, unsqueeze(logSoftmax(scores), 2, 3)), 1);
}
