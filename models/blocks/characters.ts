// Text as characters that are drawn together to molecules and spread out again (Clark et al. 2021, arXiv:2103.06874).

import {
  add,
  cast,
  concat,
  type Dim,
  div,
  full,
  gather,
  maxPool,
  minimum,
  mod,
  mul,
  range,
  reshape,
  type Scope,
  slice,
  sub,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { activation } from './activation.js';
import { attend, mergeHeads, splitHeads } from './attention.js';
import { bertEmbeddings } from './bert-embedding.js';
import { embedding, linear } from './linear.js';
import { fillBlocks, padPlaces, toBlocks, wholeBlocks } from './local-attention.js';
import { additive } from './mask.js';
import { neighbourConv } from './neighbour-conv.js';
import { layerNorm } from './norm.js';

/** Keys of the configuration that these parts read. */
export interface CharacterKeys {
  hidden_size: number;
  hidden_act: string;
  layer_norm_eps: number;
  num_attention_heads: number;
  type_vocab_size: number;
  downsampling_rate: number;
  upsampling_kernel_size: number;
  num_hash_functions: number;
  num_hash_buckets: number;
  local_transformer_stride: number;
}

/** Multipliers of the hashes, as many as there may be. */
const PRIMES = [31, 43, 59, 61, 73, 97, 103, 113, 137, 149, 157, 173, 181, 193, 211, 223];

/** Each hash chooses a part of the embedding: ids [batch, seq] -> [batch, seq, hidden_size]. */
export function embedCharacters(scope: Scope, inputs: Record<string, Tensor>, c: CharacterKeys): Tensor {
  const count = c.num_hash_functions;
  if (count < 1 || count > PRIMES.length || c.hidden_size % count !== 0)
    throw new UsageError(`canine.num_hash_functions: ${count} must divide hidden_size and be at most ${PRIMES.length}`);
  const ids = inputs.input_ids;
  const hashed = PRIMES.slice(0, count).map((prime, index) =>
    embedding(scope.at(`HashBucketCodepointEmbedder_${index}`), c.num_hash_buckets, c.hidden_size / count).lookup(
      mod(mul(add(ids, 1), prime), c.num_hash_buckets),
    ),
  );
  const places = embedding(scope.at('char_position_embeddings'), c.num_hash_buckets, c.hidden_size);
  const place = inputs.position_ids ? places.lookup(inputs.position_ids) : slice(places.weight, 0, 0, ids.dim(1));
  const options = { epsilon: c.layer_norm_eps, places: 0, types: c.type_vocab_size, segments: inputs.token_type_ids };
  return bertEmbeddings(scope, concat(hashed, -1), options, [place]);
}

/**
 * What is added to the scores of the keys of each block [batch * blocks, 1, 1, size]: minus infinity beyond the end, while padding
 * keeps a finite score, so that a block with nothing else attends to it.
 */
export function blockMask(ids: Tensor, given: Tensor | undefined, size: number): Tensor {
  const scores = given ? additive(cast(given, 'bool')) : full(ids.graph, ids.shape, 0);
  return unsqueeze(toBlocks(fillBlocks(scores, size, -Infinity), size), 1, 2);
}

/** Self-attention of each block of `local_transformer_stride` characters for itself, output layer included. */
export function blockAttention(scope: Scope, x: Tensor, scores: Tensor, c: CharacterKeys): Tensor {
  const [batch, seq, width] = x.shape;
  const size = c.local_transformer_stride;
  const part = (name: string): Tensor => {
    const made = linear(scope.at(`self.${name}`), x, c.hidden_size);
    return splitHeads(toBlocks(fillBlocks(made, size), size), c.num_attention_heads);
  };
  const mixed = mergeHeads(attend(part('query'), part('key'), part('value'), { mask: scores }));
  const whole = reshape(mixed, [batch, wholeBlocks(seq, size), width]);
  return linear(scope.at('output.dense'), slice(whole, 1, 0, seq), c.hidden_size);
}

/** The first character, then a convolution whose last place is dropped for it: [batch, seq, width] -> [batch, floor(seq / rate), width]. */
export function toMolecules(scope: Scope, x: Tensor, c: CharacterKeys): Tensor {
  const rate = c.downsampling_rate;
  const drawn = neighbourConv(scope.at('conv'), x, c.hidden_size, rate, { stride: [rate] });
  const joined = concat([slice(x, 1, 0, 1), slice(activation(c.hidden_act)(drawn), 1, 0, -1)], 1);
  return layerNorm(scope.at('LayerNorm'), joined, c.layer_norm_eps);
}

/** A molecule is padding where all its characters are. */
export function moleculeMask(given: Tensor | undefined, rate: number): Tensor | null {
  if (!given) return null;
  const kept = cast(unsqueeze(given, 1), given.graph.options.dtype);
  return additive(unsqueeze(cast(maxPool(kept, { kernel: [rate], stride: [rate] }), 'bool'), 1));
}

/** Each molecule for its characters, the second for the first ones, and the last for those that are left: [batch, seq, width]. */
export function spread(molecules: Tensor, seq: Dim, rate: number): Tensor {
  const g = molecules.graph;
  const after = add(div(range(g, seq), rate), 1);
  return gather(molecules, minimum(after, sub(g.size(molecules.dim(1)), 1)), 1);
}

/** A convolution over neighbouring characters brings both halves back to one width. */
export function joinCharacters(scope: Scope, x: Tensor, c: CharacterKeys): Tensor {
  const kernel = c.upsampling_kernel_size;
  const before = Math.floor((kernel - 1) / 2);
  const padded = padPlaces(x, before, kernel - 1 - before);
  const made = activation(c.hidden_act)(neighbourConv(scope.at('conv'), padded, c.hidden_size, kernel, {}));
  return layerNorm(scope.at('LayerNorm'), made, c.layer_norm_eps);
}
