// QDQBERT: BERT whose products and residual sums see values rounded to 8 bits, as NVIDIA's toolkit for quantisation inserts
// them. Ranges are those of the values at hand (quantisers before calibration): symmetric, weights by output row.
// Wu et al. 2020, arXiv:2004.09602.

import {
  abs,
  add,
  clip,
  div,
  matmul,
  mul,
  reduceMax,
  round,
  type Scope,
  softmax,
  swapAxes,
  type Tensor,
} from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { mergeHeads, splitHeads } from '../blocks/attention.js';
import { bertIgnored, bertInputs, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { embeddingOptions, headOptions } from '../blocks/bert-model.js';
import { embedding } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { layerNorm } from '../blocks/norm.js';
import { wordHead } from '../blocks/word-head.js';
import { type ConfigOf, defineConfig, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({ ...coreFields, position_embedding_type: oneOf('absolute') }, bertIgnored);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'qdqbert',
  architectures: ['QDQBertForMaskedLM'],
  modelTypes: ['qdqbert'],
  task: 'fill-mask',
  config,
  variants: {
    // It has no checkpoint of its own: it loads BERT's weights.
    qdqbert: { checkpoint: 'google-bert/bert-base-uncased', parameters: 109_514_298, config: {} },
  },
  tiny: bertTiny,
  preprocess: { text: 'WordPiece' },
  inputs: bertInputs,
  graph(g, inputs, c) {
    const words = embedding(g.at('bert.embeddings.word_embeddings'), c.vocab_size, c.hidden_size);
    let h = bertEmbeddings(g.at('bert.embeddings'), words.lookup(inputs.input_ids), embeddingOptions(c, inputs));
    const mask = paddingMask(inputs.attention_mask);
    for (const layer of g.layers('bert.encoder.layer', c.num_hidden_layers)) h = roundedLayer(layer, h, mask, c);
    return { logits: wordHead(g.at('cls.predictions'), h, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});

/** Rounds to the 8-bit grid whose end is the largest magnitude: of the whole tensor, or along an axis. */
function rounded(x: Tensor, axis?: number): Tensor {
  const axes = axis === undefined ? x.shape.map((_, index) => index) : [axis];
  const scale = div(127, reduceMax(abs(x), axes, { keep: true }));
  return div(clip(round(mul(x, scale)), -128, 127), scale);
}

/** x W^T + b of rounded x and rounded W. */
function roundedLinear(scope: Scope, x: Tensor, width: number): Tensor {
  const weight = scope.parameter('weight', [width, x.dim(-1) as number], { transposed: true }); // rows are columns here
  return add(matmul(rounded(x), rounded(weight, 0)), scope.parameter('bias', [width]));
}

function roundedLayer(layer: Scope, h: Tensor, mask: Tensor | null, c: Config): Tensor {
  const close = (name: string, y: Tensor, residual: Tensor): Tensor =>
    layerNorm(
      layer.at(`${name}.LayerNorm`),
      add(rounded(roundedLinear(layer.at(`${name}.dense`), y, c.hidden_size)), rounded(residual)),
      c.layer_norm_eps,
    );
  const heads = (name: string): Tensor =>
    rounded(splitHeads(roundedLinear(layer.at(`attention.self.${name}`), h, c.hidden_size), c.num_attention_heads));
  const products = matmul(heads('query'), swapAxes(heads('key'), 2, 3));
  const scores = mul(products, 1 / Math.sqrt(c.hidden_size / c.num_attention_heads));
  const weights = rounded(softmax(mask ? add(scores, mask) : scores));
  const attended = close('attention.output', mergeHeads(matmul(weights, heads('value'))), h);
  const inner = activation(c.hidden_act)(roundedLinear(layer.at('intermediate.dense'), attended, c.intermediate_size));
  return close('output', inner, attended);
}
