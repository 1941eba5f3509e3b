// XLM-RoBERTa XL: XLM-RoBERTa of 3.5 and 10.7 billion parameters, pre-norm, with plain embeddings (no norm behind them).
// Goyal et al. 2021, arXiv:2105.00572.

import { layerNorm } from '../blocks/norm.js';
import { robertaFields, robertaHead, robertaInputs, robertaModel, robertaTiny } from '../blocks/roberta.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({
  ...robertaFields,
  vocab_size: 250_880,
  hidden_size: 2560,
  num_hidden_layers: 36,
  num_attention_heads: 32,
  intermediate_size: 10_240,
  max_position_embeddings: 514,
  type_vocab_size: 1,
  layer_norm_eps: 1e-5,
});

export default defineModel({
  family: 'xlm_roberta_xl',
  architectures: ['XLMRobertaXLForMaskedLM'],
  modelTypes: ['xlm-roberta-xl'],
  task: 'fill-mask',
  config,
  variants: {
    xlm_roberta_xl: { checkpoint: 'facebook/xlm-roberta-xl', parameters: 3_482_741_760, config: {} },
  },
  tiny: robertaTiny,
  preprocess: { text: 'SentencePiece unigram' },
  inputs: robertaInputs,
  graph(g, inputs, c) {
    const { words, states } = robertaModel(g, 'roberta', inputs, c, {
      embeddings: { epsilon: null },
      norm: 'pre',
      names: { attentionNorm: 'attention.self_attn_layer_norm', mlpNorm: 'LayerNorm' },
    }); // [batch, seq, hidden_size]
    const normal = layerNorm(g.at('roberta.encoder.LayerNorm'), states, c.layer_norm_eps);
    return { logits: robertaHead(g, normal, words, c) }; // [batch, seq, vocab_size]
  },
});
