// Longformer: RoBERTa for long texts. Tokens attend to a window around them and to the global tokens that the task chooses; global
// tokens attend to all, through projections of their own. What transformers pads to whole windows is masked, so it is not made here.
// Beltagy, Peters and Cohan 2020, arXiv:2004.05150.

import { bertIgnored } from '../blocks/bert-config.js';
import { linear } from '../blocks/linear.js';
import { robertaFields, robertaHead, robertaInputs, robertaModel, robertaTiny } from '../blocks/roberta.js';
import { layerWindows, tokenMarks, windowAttention } from '../blocks/window-attention.js';
import { defineConfig, nullable, oneOf } from '../config.js';
import { constant, defineModel } from '../define.js';

const config = defineConfig(
  {
    ...robertaFields,
    position_embedding_type: oneOf('absolute'),
    attention_window: nullable<number | number[]>(null, 512),
  },
  [...bertIgnored, 'onnx_export', 'attention_mode', 'ignore_attention_mask'],
);

export default defineModel({
  family: 'longformer',
  architectures: ['LongformerForMaskedLM'],
  modelTypes: ['longformer'],
  task: 'fill-mask',
  config,
  variants: {
    longformer: {
      checkpoint: 'allenai/longformer-base-4096',
      parameters: 148_711_257,
      config: {
        vocab_size: 50265,
        max_position_embeddings: 4098,
        type_vocab_size: 1,
        layer_norm_eps: 1e-5,
        attention_window: Array<number>(12).fill(512),
      },
    },
  },
  tiny: { ...robertaTiny, attention_window: [4, 8] },
  preprocess: { text: 'byte-level BPE' },
  inputs: (c) => ({ ...robertaInputs(c), global_attention_mask: constant(0, 'batch', 'seq') }),
  graph(g, inputs, c) {
    const windows = layerWindows('longformer', c.attention_window, c.num_hidden_layers);
    const marks = tokenMarks(inputs);
    const { words, states } = robertaModel(g, 'longformer', inputs, c, {
      mix: (layer, x, index) => {
        const options = { heads: c.num_attention_heads, window: windows[index], ...marks };
        const mixed = windowAttention(layer.at('attention.self'), x, options);
        return linear(layer.at('attention.output.dense'), mixed, c.hidden_size);
      },
    });
    return { logits: robertaHead(g, states, words, c) }; // [batch, seq, vocab_size]
  },
});
