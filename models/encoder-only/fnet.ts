// FNet: BERT whose attention is replaced by the real part of a Fourier transform over tokens and features: nothing to learn, and no
// mask. Here the transform is a product with matrices of cosines and sines (blocks/fourier.ts).
// Lee-Thorp et al. 2021, arXiv:2105.03824.

import { bertInputs, bertTiny } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { bertLayers } from '../blocks/bert-layer.js';
import { embeddingOptions, headOptions } from '../blocks/bert-model.js';
import { realFourier } from '../blocks/fourier.js';
import { embedding, linear } from '../blocks/linear.js';
import { unusedPooler, wordHead } from '../blocks/word-head.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 32000,
    hidden_size: 768,
    num_hidden_layers: 12,
    intermediate_size: 3072,
    hidden_act: 'gelu_new',
    max_position_embeddings: 512,
    type_vocab_size: 4,
    layer_norm_eps: 1e-12,
    tie_word_embeddings: true,
  },
  ['use_tpu_fourier_optimizations', 'tpu_short_seq_length'], // another way to the same numbers
);

const { num_attention_heads: _heads, ...tiny } = bertTiny;

export default defineModel({
  family: 'fnet',
  architectures: ['FNetForMaskedLM'],
  modelTypes: ['fnet'],
  task: 'fill-mask',
  config,
  variants: {
    fnet: { checkpoint: 'google/fnet-base', parameters: 83_485_184, config: {} },
  },
  tiny,
  preprocess: { text: 'SentencePiece unigram' },
  inputs: (c) => {
    const { attention_mask: _mask, ...inputs } = bertInputs(c);
    return inputs;
  },
  graph(g, inputs, c) {
    const scope = g.at('fnet.embeddings');
    const words = embedding(scope.at('word_embeddings'), c.vocab_size, c.hidden_size);
    const embedded = bertEmbeddings(scope, words.lookup(inputs.input_ids), embeddingOptions(c, inputs));
    const states = bertLayers(
      g.layers('fnet.encoder.layer', c.num_hidden_layers),
      linear(scope.at('projection'), embedded, c.hidden_size), // [batch, seq, hidden_size]
      {
        heads: 1,
        hidden: c.intermediate_size,
        activation: c.hidden_act,
        epsilon: c.layer_norm_eps,
        names: { attentionNorm: 'fourier.output.LayerNorm' },
        mix: (_layer, x) => realFourier(x),
      },
    );
    unusedPooler(g.at('fnet.pooler'), c.hidden_size);
    return { logits: wordHead(g.at('cls.predictions'), states, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});
