// Splinter: BERT for extractive question answering, trained to find the other mention of a repeated span. The head compares
// every token with the question token.
// Ram et al. 2021, arXiv:2101.00438.

import {
  add,
  argMax,
  cast,
  equal,
  gatherND,
  matmul,
  reshape,
  type Scope,
  squeeze,
  swapAxes,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { bertFields, bertIgnored, bertInputs, bertTiny } from '../blocks/bert-config.js';
import { bertModel } from '../blocks/bert-model.js';
import { linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { layerNorm } from '../blocks/norm.js';
import { defineConfig, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  { ...bertFields, position_embedding_type: oneOf('absolute'), question_token_id: 104 },
  bertIgnored,
);

export default defineModel({
  family: 'splinter',
  architectures: ['SplinterForQuestionAnswering'],
  modelTypes: ['splinter'],
  task: 'question-answering',
  config,
  variants: {
    splinter: { checkpoint: 'tau/splinter-base', parameters: 111_267_840, config: { vocab_size: 28_996 } },
  },
  tiny: { ...bertTiny, question_token_id: 4 },
  preprocess: { text: 'WordPiece' },
  inputs: bertInputs,
  graph(g, inputs, c) {
    const { states } = bertModel(g.at('splinter'), inputs, c); // [batch, seq, hidden_size]
    const isQuestion = equal(inputs.input_ids, c.question_token_id);
    const place = argMax(cast(isQuestion, 'int32'), 1, { keep: true }); // the first one: [batch, 1]
    const question = unsqueeze(gatherND(states, place, 1), 1); // [batch, 1, hidden_size]
    const padding = paddingMask(inputs.attention_mask);
    const ends = (end: 'start' | 'end'): Tensor => {
      const head = g.at('splinter_qass');
      const asked = transform(head.at(`query_${end}_transform`), question);
      const found = transform(head.at(`${end}_transform`), states);
      const query = linear(head.at(`${end}_classifier`), asked, c.hidden_size, { bias: false });
      const scores = squeeze(matmul(query, swapAxes(found, 1, 2)), 1); // [batch, seq]
      return padding ? add(scores, reshape(padding, scores.shape)) : scores;
    };
    return { start_logits: ends('start'), end_logits: ends('end') };
  },
});

function transform(scope: Scope, x: Tensor): Tensor {
  return layerNorm(scope.at('LayerNorm'), activation('gelu')(linear(scope.at('dense'), x, x.dim(-1) as number)), 1e-5);
}
