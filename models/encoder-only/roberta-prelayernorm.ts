// RoBERTa with the norm before each residual branch and one after the last layer, as fairseq's --encoder-normalize-before.
// Ott et al. 2019, arXiv:1904.01038; checkpoints of Wettig et al. 2022, arXiv:2202.08005.

import { bertIgnored } from '../blocks/bert-config.js';
import { layerNorm } from '../blocks/norm.js';
import {
  robertaBase,
  robertaFields,
  robertaHead,
  robertaInputs,
  robertaModel,
  robertaTiny,
} from '../blocks/roberta.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({ ...robertaFields, vocab_size: 50265 }, bertIgnored);

export default defineModel({
  family: 'roberta_prelayernorm',
  architectures: ['RobertaPreLayerNormForMaskedLM'],
  modelTypes: ['roberta-prelayernorm'],
  task: 'fill-mask',
  config,
  variants: {
    roberta_prelayernorm: {
      checkpoint: 'andreasmadsen/efficient_mlm_m0.40',
      parameters: 355_414_105,
      config: {
        ...robertaBase,
        hidden_size: 1024,
        num_hidden_layers: 24,
        num_attention_heads: 16,
        intermediate_size: 4096,
      },
    },
  },
  tiny: robertaTiny,
  preprocess: { text: 'byte-level BPE' },
  inputs: robertaInputs,
  graph(g, inputs, c) {
    const { words, states } = robertaModel(g, 'roberta_prelayernorm', inputs, c, {
      norm: 'pre',
      names: { attentionNorm: 'attention.LayerNorm', mlpNorm: 'intermediate.LayerNorm' },
    }); // [batch, seq, hidden_size]
    const normal = layerNorm(g.at('roberta_prelayernorm.LayerNorm'), states, c.layer_norm_eps);
    return { logits: robertaHead(g, normal, words, c) }; // [batch, seq, vocab_size]
  },
});
