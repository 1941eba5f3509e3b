// Reformer: attention among tokens that hash alike and among neighbours, in turn; two residual streams that a backward pass could
// retrace; positions on a grid.
// Kitaev et al. 2020, arXiv:2001.04451.

import { add, cast, concat, dimSub, expand, less, pad, range, slice, unsqueeze } from '../../src/graph/index.js';
import { axialPlaces } from '../blocks/axial-places.js';
import { wholeChunks } from '../blocks/chunks.js';
import { embedding, linear } from '../blocks/linear.js';
import { layerNorm } from '../blocks/norm.js';
import { chunkLength, hashDirections, layerKinds, reversibleLayers } from '../blocks/reversible-layers.js';
import { defineConfig, nullable, oneOf } from '../config.js';
import { defineModel, mask, tokens } from '../define.js';

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
  inputs: (c) => ({
    input_ids: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask: mask('batch', 'seq'),
    ...hashDirections(c),
  }),
  graph(g, { input_ids, attention_mask, ...rotations }, c) {
    const [batch, seq] = input_ids.shape;
    const lengths = layerKinds(c).map((kind) => chunkLength(c, kind));
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
    const streams = reversibleLayers(g, embedded, kept, rotations, c); // each [batch, length, hidden_size]
    const h = slice(layerNorm(g.at('reformer.encoder.layer_norm'), concat(streams, -1), c.layer_norm_eps), 1, 0, seq);
    const scores = linear(g.at('lm_head.decoder'), h, c.vocab_size, { bias: false });
    return { logits: add(scores, g.at('lm_head').parameter('bias', [c.vocab_size])) }; // [batch, seq, vocab_size]
  },
});
