// ERNIE (Baidu): BERT trained to predict masked phrases and entities; later versions also embed the kind of the task.
// Sun et al. 2019, arXiv:1904.09223; ERNIE 2.0: arXiv:1907.12412; ERNIE 3.0: arXiv:2107.02137.

import { full } from '../../src/graph/index.js';
import { bertFields, bertIgnored, bertInputs, bertTiny } from '../blocks/bert-config.js';
import { bertModel, headOptions } from '../blocks/bert-model.js';
import { embedding } from '../blocks/linear.js';
import { wordHead } from '../blocks/word-head.js';
import { defineConfig } from '../config.js';
import { constant, defineModel, optional } from '../define.js';

const config = defineConfig({ ...bertFields, task_type_vocab_size: 3, use_task_id: false }, bertIgnored);

export default defineModel({
  family: 'ernie',
  architectures: ['ErnieForMaskedLM'],
  modelTypes: ['ernie'],
  task: 'fill-mask',
  config,
  variants: {
    ernie: {
      checkpoint: 'nghuyong/ernie-3.0-base-zh',
      parameters: 117_986_368,
      config: { vocab_size: 40_000, max_position_embeddings: 2048, type_vocab_size: 4, use_task_id: true },
    },
  },
  tiny: { ...bertTiny, use_task_id: true },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => {
    const task_type_ids = constant(0, 'batch', 'seq');
    return { ...bertInputs(c), task_type_ids: c.use_task_id ? task_type_ids : optional(task_type_ids) };
  },
  graph(g, inputs, c) {
    const tasks = c.use_task_id
      ? [
          embedding(g.at('ernie.embeddings.task_type_embeddings'), c.task_type_vocab_size, c.hidden_size).lookup(
            inputs.task_type_ids ?? full(g, [1, 1], 0, 'int64'),
          ),
        ]
      : [];
    const { words, states } = bertModel(g.at('ernie'), inputs, c, {}, tasks); // [batch, seq, hidden_size]
    return { logits: wordHead(g.at('cls.predictions'), states, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});
