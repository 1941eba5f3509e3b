// Reformer: attention among tokens that hash alike and among neighbours, in turn; two residual streams that a backward pass could
// retrace; positions on a grid.
// Kitaev et al. 2020, arXiv:2001.04451.

import {
  add,
  cast,
  concat,
  dimSub,
  expand,
  less,
  mul,
  pad,
  range,
  type Scope,
  slice,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { mergeHeads, splitHeads } from '../blocks/attention.js';
import { axialPlaces } from '../blocks/axial-places.js';
import { type ChunkOptions, hashedAttention, localAttention } from '../blocks/chunked-attention.js';
import { wholeChunks } from '../blocks/chunks.js';
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
    attn_layers: ['local', 'lsh', 'local', 'lsh', 'local', 'lsh'] as readonly string[],
    num_hidden_layers: nullable<number>('number'),
    hidden_act: 'relu',
    layer_norm_eps: 1e-12,
    is_decoder: false,
    max_position_embeddings: 4096,
    axial_pos_embds: true,
    axial_pos_shape: [64, 64] as readonly number[],
    axial_pos_embds_dim: [64, 192] as readonly number[],
    local_attn_chunk_length: 64,
    local_num_chunks_before: 1,
    local_num_chunks_after: 0,
    lsh_attn_chunk_length: 64,
    lsh_num_chunks_before: 1,
    lsh_num_chunks_after: 0,
    num_buckets: nullable<number | number[]>(null),
    num_hashes: 1,
    /** What a text is filled up with to whole chunks. */
    pad_token_id: 0,
    tie_word_embeddings: oneOf(false),
  },
  [
    'axial_norm_std',
    'chunk_size_lm_head',
    'hash_seed', // random directions are inputs here
    'local_attention_probs_dropout_prob',
    'lsh_attention_probs_dropout_prob',
    'num_chunks_after',
    'num_chunks_before',
  ],
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
        is_decoder: true,
        max_position_embeddings: 524_288,
        axial_pos_shape: [512, 1024],
        num_buckets: [64, 128],
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
    is_decoder: true,
    max_position_embeddings: 32,
    axial_pos_shape: [4, 8],
    axial_pos_embds_dim: [12, 20],
    local_attn_chunk_length: 4,
    lsh_attn_chunk_length: 4,
    num_buckets: [2, 4],
  },
  preprocess: { text: 'SentencePiece BPE' },
  inputs(c) {
    const inputs: Inputs = {
      input_ids: tokens(c.vocab_size, 'batch', 'seq'),
      attention_mask: mask('batch', 'seq'),
    };
    layerKinds(c).forEach((kind, index) => {
      // transformers draws these directions anew in every run.
      const directions = bucketsOf(c).reduce((sum, size) => sum + size / 2, 0);
      if (kind === 'lsh')
        inputs[`random_rotations_${index}`] = reals(
          c.num_attention_heads,
          c.attention_head_size,
          c.num_hashes,
          directions,
        );
    });
    return inputs;
  },
  graph(g, { input_ids, attention_mask, ...rotations }, c) {
    const kinds = layerKinds(c);
    const [batch, seq] = input_ids.shape;
    const lengths = kinds.map((kind) => (kind === 'lsh' ? c.lsh_attn_chunk_length : c.local_attn_chunk_length));
    const length = wholeChunks(g, seq, lengths);
    const rest = dimSub(length, seq);
    const filled = pad(input_ids, [0, 0], [0, rest], c.pad_token_id);
    const kept = attention_mask
      ? cast(pad(attention_mask, [0, 0], [0, rest]), 'bool')
      : expand(unsqueeze(less(range(g, length), g.size(seq)), 0), [batch, length]);
    const words = embedding(g.at('reformer.embeddings.word_embeddings'), c.vocab_size, c.hidden_size);
    const places = range(g, length);
    const table = g.at('reformer.embeddings.position_embeddings');
    const positions = c.axial_pos_embds
      ? axialPlaces(table, places, c.axial_pos_shape, c.axial_pos_embds_dim)
      : embedding(table.at('embedding'), c.max_position_embeddings, c.hidden_size).lookup(places);
    const embedded = add(words.lookup(filled), unsqueeze(positions, 0));
    const norm = (scope: Scope, x: Tensor): Tensor => layerNorm(scope, x, c.layer_norm_eps);
    let [one, other] = [embedded, embedded]; // [batch, length, hidden_size]
    g.layers('reformer.encoder.layers', kinds.length).forEach((layer, index) => {
      const own = layer.at('attention');
      const seen = attention(
        own.at('self_attention'),
        norm(own.at('layer_norm'), other),
        kinds[index],
        kept,
        rotations[`random_rotations_${index}`],
        c,
      );
      one = add(one, linear(own.at('output.dense'), seen, c.hidden_size, { bias: false }));
      const part = layer.at('feed_forward');
      const names = ['dense.dense', 'output.dense'] as const;
      const made = mlp(part, norm(part.at('layer_norm'), one), {
        names,
        hidden: c.feed_forward_size,
        activation: c.hidden_act,
      });
      other = add(other, made);
    });
    const h = slice(norm(g.at('reformer.encoder.layer_norm'), concat([one, other], -1)), 1, 0, seq);
    const scores = linear(g.at('lm_head.decoder'), h, c.vocab_size, { bias: false });
    return { logits: add(scores, g.at('lm_head').parameter('bias', [c.vocab_size])) }; // [batch, seq, vocab_size]
  },
});

function layerKinds(c: Config): readonly string[] {
  const strange = c.attn_layers.find((kind) => kind !== 'local' && kind !== 'lsh');
  if (strange !== undefined) throw new UsageError(`attn_layers: '${strange}' is not supported; known: local, lsh`);
  const count = c.num_hidden_layers ?? c.attn_layers.length;
  if (count > c.attn_layers.length)
    throw new UsageError(`attn_layers: ${c.attn_layers.length} entries for num_hidden_layers ${count}`);
  return c.attn_layers.slice(0, count);
}

function bucketsOf(c: Config): number[] {
  if (c.num_buckets === null)
    throw new UsageError('num_buckets: must be given; transformers would choose it by the length of the first text');
  const sizes = typeof c.num_buckets === 'number' ? [c.num_buckets] : c.num_buckets;
  if (sizes.some((size) => !Number.isInteger(size) || size < 2 || size % 2 !== 0))
    throw new UsageError(`num_buckets: expected even numbers, got ${JSON.stringify(c.num_buckets)}`);
  return sizes;
}

/** x [batch, length, hidden_size] -> [batch, length, heads * head width]. */
function attention(
  scope: Scope,
  x: Tensor,
  kind: string,
  kept: Tensor,
  rotations: Tensor | undefined,
  c: Config,
): Tensor {
  const heads = c.num_attention_heads;
  const project = (name: string): Tensor =>
    splitHeads(linear(scope.at(name), x, heads * c.attention_head_size, { bias: false }), heads);
  const look = (prefix: 'local' | 'lsh'): ChunkOptions => ({
    length: c[`${prefix}_attn_chunk_length`],
    before: c[`${prefix}_num_chunks_before`],
    after: c[`${prefix}_num_chunks_after`],
    causal: c.is_decoder,
    kept,
  });
  if (kind === 'local') {
    const key = mul(project('key'), c.attention_head_size ** -0.5);
    return mergeHeads(localAttention(project('query'), key, project('value'), look('local')));
  }
  if (!rotations) throw new UsageError('reformer: every lsh layer needs its input random_rotations_N');
  const options = { ...look('lsh'), buckets: bucketsOf(c), rounds: c.num_hashes, rotations };
  return mergeHeads(hashedAttention(project('query_key'), project('value'), options));
}
