// BERT for generation: BERT without segments, as the encoder or (causal, with a word head) the decoder of sequence-to-sequence
// models that start from BERT checkpoints.
// Rothe et al. 2019, arXiv:1907.12461.

import { UnsupportedError, UsageError } from '../../src/util/error.js';
import { bertIgnored, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { bertEncoder } from '../blocks/bert-model.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { embedding } from '../blocks/linear.js';
import { causalMask, paddingMask } from '../blocks/mask.js';
import { predictWords } from '../blocks/word-head.js';
import { classes, defineConfig, oneOf } from '../config.js';
import { constant, defineModel, mask, type Outputs, optional, reals } from '../define.js';

const { type_vocab_size: _, ...fields } = coreFields;
const config = defineConfig(
  {
    ...fields,
    architectures: classes('BertGenerationDecoder', 'BertGenerationEncoder'),
    vocab_size: 50358,
    hidden_size: 1024,
    num_hidden_layers: 24,
    num_attention_heads: 16,
    intermediate_size: 4096,
    position_embedding_type: oneOf('absolute', 'relative_key', 'relative_key_query'),
    is_decoder: false,
    add_cross_attention: false,
  },
  bertIgnored,
);

export default defineModel({
  family: 'bert_generation',
  architectures: ['BertGenerationDecoder', 'BertGenerationEncoder'],
  modelTypes: ['bert-generation'],
  task: 'text-generation',
  config,
  variants: {
    bert_generation: {
      checkpoint: 'google/bert_for_seq_generation_L-24_bbc_encoder',
      parameters: 354_402_304,
      config: { architectures: ['BertGenerationEncoder'] },
    },
  },
  tiny: bertTiny,
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['cached'],
  inputs: (c, form) => ({
    ...decoderInputs(c.vocab_size, form),
    position_ids: optional(constant(0, 'batch', 'seq')),
    encoder_hidden_states: optional(reals('batch', 'encoder_seq', c.hidden_size)),
    encoder_attention_mask: optional(mask('batch', 'encoder_seq')),
  }),
  graph(g, { input_ids, attention_mask, position_ids, encoder_hidden_states, encoder_attention_mask }, c): Outputs {
    const cached = g.options.form === 'cached';
    if (cached && !c.is_decoder)
      throw new UnsupportedError('scenario', 'bert_generation: only a decoder (is_decoder) has a cached form');
    if (c.add_cross_attention && !c.is_decoder)
      throw new UsageError('bert_generation.add_cross_attention: needs is_decoder');
    const isDecoder = c.architectures[0] === 'BertGenerationDecoder';
    const scope = g.at(isDecoder ? 'bert' : '');
    const at = steps(input_ids, attention_mask);
    g.limit(at.total, c.max_position_embeddings);
    const words = embedding(scope.at('embeddings.word_embeddings'), c.vocab_size, c.hidden_size);
    const embedded = bertEmbeddings(scope.at('embeddings'), words.lookup(input_ids), {
      epsilon: c.layer_norm_eps,
      places: c.max_position_embeddings,
      positions: position_ids ?? at.positions,
      types: 0,
    });
    const looks = c.is_decoder && c.add_cross_attention && encoder_hidden_states;
    const options = {
      mask: c.is_decoder ? causalMask(g, at, attention_mask) : paddingMask(attention_mask),
      cross: looks ? { states: looks, mask: paddingMask(encoder_attention_mask), length: looks.dim(1) } : undefined,
    };
    const h = bertEncoder(scope.at('encoder'), embedded, c, options, cached); // [batch, seq, hidden_size]
    if (!isDecoder) return { last_hidden_state: h };
    return { logits: predictWords(g.at('lm_head'), h, words, c.tie_word_embeddings) }; // [batch, seq, vocab_size]
  },
});
