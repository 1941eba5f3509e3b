// ConvBERT: half of BERT's heads are replaced by convolutions over the neighbourhood whose kernels are made from each place's
// own query.
// Jiang et al. 2020, arXiv:2008.02496.

import {
  add,
  concat,
  conv,
  matmul,
  mul,
  pad,
  reshape,
  type Scope,
  slice,
  softmax,
  swapAxes,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { attend, mergeHeads, splitHeads } from '../blocks/attention.js';
import { bertIgnored, bertInputs, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { bertEncoder, embeddingOptions } from '../blocks/bert-model.js';
import { embedding, groupedLinear, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { generatorHead } from '../blocks/word-head.js';
import { type ConfigOf, defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({ ...coreFields, embedding_size: 768, head_ratio: 2, conv_kernel_size: 9, num_groups: 1 }, [
  ...bertIgnored,
  'summary_type',
  'summary_use_proj',
  'summary_activation',
  'summary_last_dropout',
]);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'convbert',
  architectures: ['ConvBertForMaskedLM'],
  modelTypes: ['convbert'],
  task: 'fill-mask',
  config,
  variants: {
    convbert: { checkpoint: 'YituTech/conv-bert-base', parameters: 106_303_170, config: {} },
  },
  tiny: { ...bertTiny, intermediate_size: 38, embedding_size: 16, conv_kernel_size: 5, num_groups: 2 },
  preprocess: { text: 'WordPiece' },
  inputs: bertInputs,
  graph(g, inputs, c) {
    const words = embedding(g.at('convbert.embeddings.word_embeddings'), c.vocab_size, c.embedding_size);
    let h = bertEmbeddings(g.at('convbert.embeddings'), words.lookup(inputs.input_ids), embeddingOptions(c, inputs)); // [batch, seq, embedding_size]
    if (c.embedding_size !== c.hidden_size) h = linear(g.at('convbert.embeddings_project'), h, c.hidden_size);
    const mask = paddingMask(inputs.attention_mask);
    h = bertEncoder(g.at('convbert.encoder'), h, c, {
      mix: (layer, x) => mixedAttention(layer.at('attention'), x, mask, c),
      feed: c.num_groups === 1 ? undefined : (layer, x) => groupedMlp(layer, x, c),
    });
    return { logits: generatorHead(g, h, words, c.tie_word_embeddings, c.layer_norm_eps) }; // [batch, seq, vocab_size]
  },
});

/** Heads of attention and as many of span-based convolution, side by side. */
function mixedAttention(scope: Scope, x: Tensor, mask: Tensor | null, c: Config): Tensor {
  const self = scope.at('self');
  const heads = Math.max(1, Math.floor(c.num_attention_heads / c.head_ratio));
  const width = heads * Math.floor(c.hidden_size / heads / 2);
  const query = linear(self.at('query'), x, width);
  const [q, k, v] = [query, linear(self.at('key'), x, width), linear(self.at('value'), x, width)];
  const attended = mergeHeads(attend(splitHeads(q, heads), splitHeads(k, heads), splitHeads(v, heads), { mask }));
  const spans = mul(spanKeys(self.at('key_conv_attn_layer'), x, width, c), query);
  const size = c.conv_kernel_size;
  const flat = linear(self.at('conv_kernel_layer'), spans, heads * size);
  const kernels = softmax(reshape(flat, [x.dim(0), x.dim(1), heads, 1, size])); // [batch, seq, heads, 1, size]
  const values = neighbours(linear(self.at('conv_out_layer'), x, width), heads, size);
  const mixed = reshape(matmul(kernels, values), [x.dim(0), x.dim(1), width]);
  return linear(scope.at('output.dense'), concat([attended, mixed], -1), c.hidden_size);
}

/** Keys that see a span of the text: a depthwise, then a pointwise convolution. [batch, seq, width] */
function spanKeys(scope: Scope, x: Tensor, width: number, c: Config): Tensor {
  const size = c.conv_kernel_size;
  const depthwise = scope.at('depthwise').parameter('weight', [c.hidden_size, 1, size]);
  const pointwise = scope.at('pointwise').parameter('weight', [width, c.hidden_size, 1]);
  const inner = conv(swapAxes(x, 1, 2), depthwise, null, { padding: [Math.floor(size / 2)], groups: c.hidden_size });
  return swapAxes(add(conv(inner, pointwise, null), scope.parameter('bias', [width, 1])), 1, 2);
}

/** Each place's neighbourhood of `size` places, zeros beyond the ends: [batch, seq, heads, size, head width]. */
function neighbours(x: Tensor, heads: number, size: number): Tensor {
  const [batch, seq, width] = [x.dim(0), x.dim(1), x.dim(2) as number];
  const side = (size - 1) / 2;
  const padded = pad(x, [0, side, 0], [0, side, 0]);
  const shifted = Array.from({ length: size }, (_, index) => {
    const from = slice(slice(padded, 1, index), 1, 0, seq);
    return unsqueeze(reshape(from, [batch, seq, heads, width / heads]), 3);
  });
  return concat(shifted, 3);
}

function groupedMlp(layer: Scope, x: Tensor, c: Config): Tensor {
  const inner = groupedLinear(layer.at('intermediate.dense'), x, c.intermediate_size, c.num_groups);
  return groupedLinear(layer.at('output.dense'), activation(c.hidden_act)(inner), c.hidden_size, c.num_groups);
}
