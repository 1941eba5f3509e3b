// Nystromformer: BERT with attention through landmarks (blocks/nystrom-attention.ts) at a cost linear in the sequence, and a
// depth-wise convolution of the values beside it. A configuration with as many landmarks as places attends in full.
// Xiong et al. 2021, arXiv:2102.03902.

import { add, type Scope, type Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { attend, mergeHeads, splitHeads } from '../blocks/attention.js';
import { bertIgnored, bertTiny, coreFields } from '../blocks/bert-config.js';
import { shiftedPlaces } from '../blocks/bert-embedding.js';
import { bertModel, headOptions } from '../blocks/bert-model.js';
import { linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { nystromAttention } from '../blocks/nystrom-attention.js';
import { valueConvolution } from '../blocks/value-convolution.js';
import { wordHead } from '../blocks/word-head.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { constant, defineModel, mask, optional, tokens } from '../define.js';

const config = defineConfig(
  {
    ...coreFields,
    vocab_size: 30000,
    hidden_act: 'gelu_new',
    max_position_embeddings: 510,
    layer_norm_eps: 1e-5,
    position_embedding_type: oneOf('absolute'),
    segment_means_seq_len: 64,
    num_landmarks: 64,
    conv_kernel_size: nullable<number>('number', 65),
    inv_coeff_init_option: oneOf(false),
  },
  bertIgnored,
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'nystromformer',
  architectures: ['NystromformerForMaskedLM'],
  modelTypes: ['nystromformer'],
  task: 'fill-mask',
  config,
  variants: {
    nystromformer: { checkpoint: 'uw-madison/nystromformer-512', parameters: 109_122_240, config: {} },
  },
  tiny: { ...bertTiny, segment_means_seq_len: 24, num_landmarks: 6, conv_kernel_size: 5 },
  preprocess: { text: 'SentencePiece unigram' },
  inputs(c) {
    const seq = c.num_landmarks === c.segment_means_seq_len ? 'seq' : c.segment_means_seq_len;
    return {
      input_ids: tokens(c.vocab_size, 'batch', seq),
      attention_mask: mask('batch', seq),
      token_type_ids: constant(0, 'batch', seq),
      position_ids: optional(constant(0, 'batch', seq)),
    };
  },
  graph(g, inputs, c) {
    if (c.segment_means_seq_len % c.num_landmarks !== 0)
      throw new UsageError(
        `nystromformer.num_landmarks: ${c.num_landmarks} must divide segment_means_seq_len (${c.segment_means_seq_len})`,
      );
    const { words, states } = bertModel(
      g.at('nystromformer'),
      { ...inputs, position_ids: inputs.position_ids ?? shiftedPlaces(inputs.input_ids, c.max_position_embeddings) },
      { ...c, max_position_embeddings: c.max_position_embeddings + 2 },
      { mix: (layer, x) => landmarkAttention(layer.at('attention'), x, paddingMask(inputs.attention_mask), c) },
    );
    return { logits: wordHead(g.at('cls.predictions'), states, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});

/** x [batch, seq, width] -> the same shape, output layer included. */
function landmarkAttention(scope: Scope, x: Tensor, padding: Tensor | null, c: Config): Tensor {
  const self = scope.at('self');
  const part = (name: string): Tensor => splitHeads(linear(self.at(name), x, c.hidden_size), c.num_attention_heads);
  const [q, k, v] = [part('query'), part('key'), part('value')];
  const mixed =
    c.num_landmarks === c.segment_means_seq_len
      ? attend(q, k, v, { mask: padding })
      : nystromAttention(q, k, v, { landmarks: c.num_landmarks, mask: padding });
  const joined =
    c.conv_kernel_size === null ? mixed : add(mixed, valueConvolution(self.at('conv'), v, c.conv_kernel_size));
  return linear(scope.at('output.dense'), mergeHeads(joined), c.hidden_size);
}
