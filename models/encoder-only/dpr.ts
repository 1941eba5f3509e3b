// DPR, dense passage retrieval: BERT as the encoder of questions; the first token's state stands for the question, and its
// product with a passage's vector ranks passages.
// Karpukhin et al. 2020, arXiv:2004.04906.

import { bertFields, bertIgnored, bertInputs, bertTiny } from '../blocks/bert-config.js';
import { bertModel } from '../blocks/bert-model.js';
import { linear } from '../blocks/linear.js';
import { firstToken } from '../blocks/word-head.js';
import { classes, defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  { ...bertFields, architectures: classes('DPRQuestionEncoder', 'DPRContextEncoder'), projection_dim: 0 },
  bertIgnored,
);

export default defineModel({
  family: 'dpr',
  architectures: ['DPRQuestionEncoder', 'DPRContextEncoder'],
  modelTypes: ['dpr'],
  task: 'feature-extraction',
  config,
  variants: {
    dpr: { checkpoint: 'facebook/dpr-question_encoder-single-nq-base', parameters: 108_891_648, config: {} },
  },
  tiny: bertTiny,
  preprocess: { text: 'WordPiece' },
  inputs: ({ vocab_size }) => {
    const { position_ids: _, ...inputs } = bertInputs({ vocab_size });
    return inputs;
  },
  graph(g, inputs, c) {
    const scope = g.at(c.architectures[0] === 'DPRQuestionEncoder' ? 'question_encoder' : 'ctx_encoder');
    const { states } = bertModel(scope.at('bert_model'), inputs, c); // [batch, seq, hidden_size]
    const first = firstToken(states);
    return { pooler_output: c.projection_dim > 0 ? linear(scope.at('encode_proj'), first, c.projection_dim) : first };
  },
});
