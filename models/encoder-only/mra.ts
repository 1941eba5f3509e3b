// MRA: BERT whose attention is computed in full for the most promising pairs of blocks, and from the blocks' means for the others
// (blocks/resolution-attention.ts).
// Zeng et al. 2022, arXiv:2207.10284.

import { cast, dimMul, full, repeatInterleave, reshape, type Scope, type Tensor } from '../../src/graph/index.js';
import { mergeHeads, splitHeads } from '../blocks/attention.js';
import { bertIgnored, bertInputs, bertTiny, coreFields } from '../blocks/bert-config.js';
import { shiftedPlaces } from '../blocks/bert-embedding.js';
import { bertModel, headOptions } from '../blocks/bert-model.js';
import { linear } from '../blocks/linear.js';
import { resolutionAttention } from '../blocks/resolution-attention.js';
import { wordHead } from '../blocks/word-head.js';
import { type ConfigOf, defineConfig, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...coreFields,
    vocab_size: 50265,
    type_vocab_size: 1,
    layer_norm_eps: 1e-5,
    position_embedding_type: oneOf('absolute'),
    block_per_row: 4,
    approx_mode: oneOf('full', 'sparse'),
    initial_prior_first_n_blocks: 0,
    initial_prior_diagonal_n_blocks: 0,
  },
  bertIgnored,
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'mra',
  architectures: ['MraForMaskedLM'],
  modelTypes: ['mra'],
  task: 'fill-mask',
  config,
  variants: {
    mra: { checkpoint: 'uw-madison/mra-base-512-4', parameters: 124_697_433, config: {} },
  },
  tiny: { ...bertTiny, hidden_size: 128, num_attention_heads: 2, max_position_embeddings: 128, block_per_row: 2 },
  preprocess: { text: 'byte-level BPE' },
  inputs: bertInputs,
  graph(g, inputs, c) {
    const { words, states } = bertModel(
      g.at('mra'),
      { ...inputs, position_ids: inputs.position_ids ?? shiftedPlaces(inputs.input_ids, c.max_position_embeddings) },
      { ...c, max_position_embeddings: c.max_position_embeddings + 2 },
      { mix: (layer, x) => blockwise(layer.at('attention'), x, inputs.attention_mask, c) },
    );
    return { logits: wordHead(g.at('cls.predictions'), states, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});

/**
 * x [batch, seq, width] -> the same shape, output layer included; always in float32. Padding is hidden as the code of transformers
 * means it to be; what it computes there (1 + mask / 10000 of a mask of float32 minima) is no mask.
 */
function blockwise(scope: Scope, x: Tensor, given: Tensor | undefined, c: Config): Tensor {
  const [batch, seq] = x.shape;
  const heads = c.num_attention_heads;
  const width = c.hidden_size / heads;
  const rows = dimMul(batch, heads);
  const part = (name: string): Tensor => {
    const made = linear(scope.at(`self.${name}`), x, c.hidden_size);
    return reshape(cast(splitHeads(made, heads), 'float32'), [rows, seq, width]);
  };
  const kept = given ? repeatInterleave(cast(given, 'float32'), heads, 0) : full(x.graph, [rows, seq], 1, 'float32');
  const across = Math.floor(c.max_position_embeddings / 32);
  const mixed = resolutionAttention([part('query'), part('key'), part('value')], kept, {
    pairs: Math.min(across * c.block_per_row, across ** 2),
    means: c.approx_mode === 'full',
    first: c.initial_prior_first_n_blocks,
    diagonal: c.initial_prior_diagonal_n_blocks,
  });
  const merged = mergeHeads(reshape(mixed, [batch, heads, seq, width]));
  return linear(scope.at('output.dense'), cast(merged, x.dtype), c.hidden_size);
}
