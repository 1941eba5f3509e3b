// Reformer: attention within chunks, alternating with attention within chunks of a sequence sorted by hashes of its tokens, in
// reversible layers on two streams. transformers draws the rotations of the hashes at every call: here they are inputs.
// Kitaev, Kaiser and Levskaya 2020, arXiv:2001.04451.

import {
  add,
  cast,
  concat,
  type Dim,
  dimCeilDiv,
  dimMul,
  dimSub,
  div,
  full,
  type Graph,
  gather,
  less,
  lessOrEqual,
  mod,
  pad,
  range,
  reshape,
  type Scope,
  slice,
  type Tensor,
  where,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { mergeHeads, splitHeads } from '../blocks/attention.js';
import { hashAttention, localAttention } from '../blocks/chunk-attention.js';
import { embedding, linear } from '../blocks/linear.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { defineModel, type Inputs, mask, reals, tokens } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 320,
    hidden_size: 256,
    num_attention_heads: 12,
    attention_head_size: 64,
    feed_forward_size: 512,
    hidden_act: 'relu',
    attn_layers: ['local', 'lsh', 'local', 'lsh', 'local', 'lsh'],
    local_attn_chunk_length: 64,
    local_num_chunks_before: 1,
    local_num_chunks_after: 0,
    lsh_attn_chunk_length: 64,
    lsh_num_chunks_before: 1,
    lsh_num_chunks_after: 0,
    num_buckets: nullable<number | number[]>(null),
    num_hashes: 1,
    axial_pos_embds: true,
    axial_pos_shape: [64, 64],
    axial_pos_embds_dim: [64, 192],
    max_position_embeddings: 4096,
    layer_norm_eps: 1e-12,
    is_decoder: false,
    pad_token_id: 0,
    tie_word_embeddings: oneOf(false),
  },
  `num_hidden_layers hash_seed axial_norm_std chunk_size_lm_head local_attention_probs_dropout_prob lsh_attention_probs_dropout_prob
  num_chunks_after num_chunks_before attn_type sinusoidal_pos_embds`.split(/\s+/),
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'reformer',
  architectures: ['ReformerModelWithLMHead', 'ReformerForMaskedLM'],
  modelTypes: ['reformer'],
  task: 'text-generation',
  config,
  variants: {
    reformer: {
      checkpoint: 'google/reformer-crime-and-punishment',
      parameters: 2_748_224,
      config: {
        num_attention_heads: 2,
        num_buckets: [64, 128],
        axial_pos_shape: [512, 1024],
        max_position_embeddings: 524_288,
        is_decoder: true,
      },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    num_attention_heads: 4,
    attention_head_size: 12,
    feed_forward_size: 37,
    attn_layers: ['local', 'lsh', 'local', 'lsh'],
    local_attn_chunk_length: 4,
    lsh_attn_chunk_length: 4,
    num_buckets: [2, 4],
    axial_pos_shape: [4, 8],
    axial_pos_embds_dim: [12, 20],
    max_position_embeddings: 32,
    is_decoder: true,
  },
  preprocess: { text: 'SentencePiece' },
  inputs(c): Inputs {
    const half = bucketFactors(c).reduce((sum, count) => sum + count, 0) / 2;
    const rotations = [c.num_attention_heads, c.attention_head_size, c.num_hashes, half];
    const hashed = c.attn_layers.flatMap((kind, layer) => (kind === 'lsh' ? [layer] : []));
    return {
      input_ids: tokens(c.vocab_size, 'batch', 'seq'),
      attention_mask: mask('batch', 'seq'),
      ...Object.fromEntries(hashed.map((layer) => [`random_rotations_${layer}`, reals(...rotations)])),
    };
  },
  graph(g, inputs, c) {
    const ids = inputs.input_ids;
    const seq = ids.dim(1);
    const [step, least] = chunkLengths(c);
    const whole = dimMul(dimCeilDiv(seq, step), step); // filled up to whole chunks
    const rest = dimSub(whole, seq);
    const filled = pad(ids, [0, 0], [0, rest], c.pad_token_id);
    const given = inputs.attention_mask ?? full(g, ids.shape, 1, 'int64');
    const kept = cast(pad(given, [0, 0], [0, rest]), 'bool');
    const hidden = hiddenScores(g, seq, whole, least);

    const words = embedding(g.at('reformer.embeddings.word_embeddings'), c.vocab_size, c.hidden_size);
    const embedded = add(words.lookup(filled), places(g.at('reformer.embeddings.position_embeddings'), whole, c));
    let [attended, h] = [embedded, embedded]; // the two streams: [batch, whole, hidden_size]
    g.layers('reformer.encoder.layers', c.attn_layers.length).forEach((layer, index) => {
      const normal = layerNorm(layer.at('attention.layer_norm'), h, c.layer_norm_eps);
      const rotations = inputs[`random_rotations_${index}`];
      attended = add(attended, attention(layer.at('attention'), normal, { index, kept, hidden, rotations }, c));
      const inner = layerNorm(layer.at('feed_forward.layer_norm'), attended, c.layer_norm_eps);
      const names = ['dense.dense', 'output.dense'] as const;
      const options = { hidden: c.feed_forward_size, activation: c.hidden_act, names };
      h = add(h, mlp(layer.at('feed_forward'), inner, options));
    });
    const joined = slice(concat([attended, h], 2), 1, 0, seq);
    const states = layerNorm(g.at('reformer.encoder.layer_norm'), joined, c.layer_norm_eps); // [batch, seq, 2 * hidden_size]
    const head = g.at('lm_head');
    const scores = linear(head.at('decoder'), states, c.vocab_size, { bias: false });
    return { logits: add(scores, head.parameter('bias', [c.vocab_size])) }; // [batch, seq, vocab_size]
  },
});

function bucketFactors(c: Config): number[] {
  if (!c.attn_layers.includes('lsh')) return [];
  if (c.num_buckets === null)
    throw new UsageError('reformer.num_buckets: must be given (transformers takes it from the first sequence it sees)');
  const factors = typeof c.num_buckets === 'number' ? [c.num_buckets] : c.num_buckets;
  if (factors.length === 0 || factors.some((count) => !(Number.isInteger(count) && count > 0 && count % 2 === 0)))
    throw new UsageError(`reformer.num_buckets: must be even and positive, not ${JSON.stringify(c.num_buckets)}`);
  return factors;
}

/** The least common multiple of the chunks' lengths, and the shortest of them. */
function chunkLengths(c: Config): [step: number, least: number] {
  const kinds = [...new Set(c.attn_layers)];
  const odd = kinds.find((kind) => kind !== 'local' && kind !== 'lsh');
  if (odd !== undefined || kinds.length === 0)
    throw new UsageError(
      `reformer.attn_layers: must be a list of 'local' and 'lsh', not ${JSON.stringify(c.attn_layers)}`,
    );
  const lengths = kinds.map((kind) => (kind === 'lsh' ? c.lsh_attn_chunk_length : c.local_attn_chunk_length));
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return [lengths.reduce((a, b) => (a * b) / divisor(a, b)), Math.min(...lengths)];
}

/**
 * Scores of keys that may not be seen, by place: [whole]. transformers does not fill up sequences that fit into the shortest chunk:
 * there what is filled here must not count even where nothing else is seen.
 */
function hiddenScores(g: Graph, seq: Dim, whole: Dim, least: number): Tensor {
  const { dtype } = g.options;
  const usual = full(g, [whole], dtype === 'float32' ? -1e9 : -1e4, dtype);
  const beyond = where(lessOrEqual(g.size(seq), least), full(g, [1], -Infinity, dtype), slice(usual, 0, 0, 1));
  return where(less(range(g, whole), g.size(seq)), usual, beyond);
}

/** Embeddings of the places 0 to count - 1: one table, or axial ones, whose features stand side by side. */
function places(scope: Scope, count: Dim, c: Config): Tensor {
  if (!c.axial_pos_embds) {
    const table = embedding(scope.at('embedding'), c.max_position_embeddings, c.hidden_size);
    return slice(table.weight, 0, 0, count);
  }
  const [shape, widths] = [c.axial_pos_shape, c.axial_pos_embds_dim];
  if (shape.length !== widths.length || widths.reduce((sum, width) => sum + width, 0) !== c.hidden_size)
    throw new UsageError(
      'reformer.axial_pos_embds_dim: must sum to hidden_size, with one width for each of axial_pos_shape',
    );
  const steps = range(scope.graph, count);
  const parts = widths.map((width, axis) => {
    const stored = shape.map((size, other) => (other === axis ? size : 1));
    const table = reshape(scope.parameter(`weights.${axis}`, [...stored, width]), [shape[axis], width]);
    const stride = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
    const along = axis === 0 ? div(steps, stride) : mod(div(steps, stride), shape[axis]);
    return gather(table, along);
  });
  return concat(parts, 1);
}

interface AttentionInputs {
  index: number;
  kept: Tensor;
  hidden: Tensor;
  rotations: Tensor | undefined;
}

/** x [batch, whole, hidden_size] -> the same shape, output layer included. */
function attention(scope: Scope, x: Tensor, { index, kept, hidden, rotations }: AttentionInputs, c: Config): Tensor {
  const heads = c.num_attention_heads;
  const part = (name: string): Tensor => {
    const made = linear(scope.at(`self_attention.${name}`), x, heads * c.attention_head_size, { bias: false });
    return splitHeads(made, heads);
  };
  const common = { causal: c.is_decoder, kept, hidden };
  const local = {
    chunk: c.local_attn_chunk_length,
    before: c.local_num_chunks_before,
    after: c.local_num_chunks_after,
  };
  const lsh = { chunk: c.lsh_attn_chunk_length, before: c.lsh_num_chunks_before, after: c.lsh_num_chunks_after };
  const mixed =
    c.attn_layers[index] === 'local'
      ? localAttention(part('query'), part('key'), part('value'), { ...common, ...local })
      : hashAttention(part('query_key'), part('value'), {
          ...common,
          ...lsh,
          buckets: bucketFactors(c),
          rotations: rotations!,
        });
  return linear(scope.at('output.dense'), mergeHeads(mixed), c.hidden_size, { bias: false });
}
