// YOSO: attention weights are the chances that a query and a key fall into the same bucket of a random hash. Here, as a configuration
// with use_expectation has it, the chance itself: (1 - angle / pi) ^ bits; nothing is drawn, and the result is brought to length 1.
// Zeng et al. 2021, arXiv:2111.09714.

import {
  acos,
  add,
  cast,
  clip,
  matmul,
  mul,
  pow,
  type Scope,
  sub,
  swapAxes,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { mergeHeads, splitHeads } from '../blocks/attention.js';
import { bertIgnored, bertInputs, bertTiny, coreFields } from '../blocks/bert-config.js';
import { shiftedPlaces } from '../blocks/bert-embedding.js';
import { bertModel, headOptions } from '../blocks/bert-model.js';
import { linear } from '../blocks/linear.js';
import { unitNorm } from '../blocks/norm.js';
import { valueConvolution } from '../blocks/value-convolution.js';
import { wordHead } from '../blocks/word-head.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...coreFields,
    vocab_size: 50265,
    max_position_embeddings: 4096,
    type_vocab_size: 1,
    position_embedding_type: oneOf('absolute'),
    use_expectation: oneOf(true), // without it transformers needs CUDA kernels, and draws hashes at random
    hash_code_len: 9,
    conv_window: nullable<number>('number'),
  },
  [...bertIgnored, 'num_hash', 'use_fast_hash', 'lsh_backward'],
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'yoso',
  architectures: ['YosoForMaskedLM'],
  modelTypes: ['yoso'],
  task: 'fill-mask',
  config,
  variants: {
    yoso: { checkpoint: 'uw-madison/yoso-4096', parameters: 127_449_945, config: {} },
  },
  tiny: { ...bertTiny, type_vocab_size: 2, conv_window: 33 },
  preprocess: { text: 'byte-level BPE' },
  inputs: bertInputs,
  graph(g, inputs, c) {
    const { words, states } = bertModel(
      g.at('yoso'),
      { ...inputs, position_ids: inputs.position_ids ?? shiftedPlaces(inputs.input_ids, c.max_position_embeddings) },
      { ...c, max_position_embeddings: c.max_position_embeddings + 2 },
      { mix: (layer, x) => hashAttention(layer.at('attention'), x, inputs.attention_mask, c) },
    );
    return { logits: wordHead(g.at('cls.predictions'), states, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});

/**
 * x [batch, seq, width] -> the same shape, output layer included. The mask keeps padding out of the convolution only: transformers
 * makes 1 + mask / 10000 of it for the attention, which is 1 for both of its values.
 */
function hashAttention(scope: Scope, x: Tensor, mask: Tensor | undefined, c: Config): Tensor {
  const self = scope.at('self');
  const part = (name: string): Tensor => splitHeads(linear(self.at(name), x, c.hidden_size), c.num_attention_heads);
  const [q, k, v] = [part('query'), part('key'), part('value')];
  const cosines = matmul(unitNorm(q), swapAxes(unitNorm(k), 2, 3)); // [batch, heads, seq, seq]
  const angles = acos(clip(cast(cosines, 'float32'), -1, 1)); // a rounded cosine may lie outside
  const chances = cast(pow(sub(1, mul(angles, 1 / Math.PI)), c.hash_code_len), x.dtype);
  const mixed = unitNorm(matmul(chances, v));
  if (c.conv_window === null) return linear(scope.at('output.dense'), mergeHeads(mixed), c.hidden_size);
  const kept = mask ? mul(v, cast(unsqueeze(mask, 1, 3), x.dtype)) : v;
  const near = valueConvolution(self.at('conv'), kept, c.conv_window);
  return linear(scope.at('output.dense'), mergeHeads(add(mixed, near)), c.hidden_size);
}
