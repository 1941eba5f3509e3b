// Funnel: an encoder that halves the text from block to block, and a short decoder that brings it back to its length for what is
// said of every token; scores from distances and segments.
// Dai et al. 2020, arXiv:2006.03236.

import {
  add,
  and,
  cast,
  concat,
  type Dim,
  dimAdd,
  dimCeilDiv,
  dimMul,
  dimSub,
  equal,
  gather,
  greater,
  matmul,
  maximum,
  minimum,
  mul,
  neg,
  or,
  pad,
  range,
  repeatInterleave,
  reshape,
  type Scope,
  slice,
  sub,
  swapAxes,
  type Tensor,
  transpose,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { attend, mergeHeads, splitHeads } from '../blocks/attention.js';
import { head } from '../blocks/decoder.js';
import { embedding, linear } from '../blocks/linear.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { classicSinusoids } from '../blocks/position.js';
import { distanceScores, headBias, headWeight, segmentScores, toHeads } from '../blocks/xl-attention.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { constant, defineModel, mask, tokens } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 30_522,
    block_sizes: [4, 4, 4] as readonly number[],
    /** How often each layer of a block is run. */
    block_repeats: nullable<number[]>('array'),
    num_decoder_layers: 2,
    d_model: 768,
    n_head: 12,
    d_head: 64,
    d_inner: 3072,
    hidden_act: 'gelu_new',
    layer_norm_eps: 1e-9,
    pooling_type: oneOf('mean', 'max'),
    attention_type: oneOf('relative_shift', 'factorized'),
    /** The first token is never pooled with others; with truncate_seq the last one makes room for it. */
    separate_cls: true,
    truncate_seq: true,
    /** The first layer of a block looks from the pooled text at the whole one. */
    pool_q_only: true,
    tie_word_embeddings: true,
  },
  ['initializer_std'],
  { hidden_size: 'd_model', num_attention_heads: 'n_head' },
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'funnel',
  architectures: ['FunnelForMaskedLM'],
  modelTypes: ['funnel'],
  task: 'fill-mask',
  config,
  variants: { funnel: { checkpoint: 'funnel-transformer/small', parameters: 131_003_706, config: {} } },
  tiny: {
    vocab_size: 99,
    block_sizes: [1, 2, 1],
    block_repeats: [1, 2, 1],
    d_model: 32,
    n_head: 4,
    d_head: 8,
    d_inner: 37,
  },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => ({
    input_ids: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask: mask('batch', 'seq'),
    token_type_ids: constant(0, 'batch', 'seq'),
  }),
  graph(g, { input_ids, attention_mask, token_type_ids }, c) {
    const repeats = c.block_repeats ?? c.block_sizes.map(() => 1);
    if (repeats.length !== c.block_sizes.length)
      throw new UsageError(`block_repeats: ${repeats.length} entries for the ${c.block_sizes.length} of block_sizes`);
    const words = embedding(g.at('funnel.embeddings.word_embeddings'), c.vocab_size, c.d_model);
    const norm = (scope: Scope, x: Tensor): Tensor => layerNorm(scope, x, c.layer_norm_eps);
    const seq = input_ids.dim(1);
    const whole: Level = {
      length: seq,
      places: range(g, seq),
      segments: token_type_ids ?? null,
      mask: attention_mask ?? null,
    };
    let h = norm(g.at('funnel.embeddings.layer_norm'), words.lookup(input_ids)); // [batch, seq, d_model]
    let level = whole;
    const states = [h];
    c.block_sizes.forEach((size, block) => {
      // transformers leaves a text of one token, or of the first and one other, as it is: texts that short are not for this graph.
      const pooled = block > 0 ? { h: pool(h, c), level: poolLevel(level, c) } : null;
      g.layers(`funnel.encoder.blocks.${block}`, size).forEach((layer, index) => {
        for (let turn = 0; turn < repeats[block]; turn++) {
          if (pooled && index === 0 && turn === 0) {
            const [keys, seen] = c.pool_q_only ? [h, level] : [pooled.h, pooled.level];
            h = run(layer, pooled.h, keys, { from: pooled.level, to: seen, block }, c);
            level = pooled.level;
          } else h = run(layer, h, h, { from: level, to: level, block }, c);
          states.push(h);
        }
      });
    });
    h = add(upsample(h, 2 ** (c.block_sizes.length - 1), seq, c), states[c.block_sizes[0]]);
    for (const layer of g.layers('funnel.decoder.layers', c.num_decoder_layers))
      h = run(layer, h, h, { from: whole, to: whole, block: 0 }, c);
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings, bias: true }) };
  },
});

/** A text at one of its lengths. */
interface Level {
  length: Dim;
  /** Places of its tokens in the whole text: int64 [length]. */
  places: Tensor;
  segments: Tensor | null;
  mask: Tensor | null;
}

/** Which tokens (places on this axis) meet in each place of the pooled text: int64 [pooled] each; at the end perhaps twice the same. */
function pairs(g: Tensor['graph'], length: Dim, c: Config): { first: Tensor; second: Tensor; count: Dim } {
  const extra = c.separate_cls ? 1 : 0; // the first token once more in front, so that it forms a pair with itself
  const all = c.separate_cls && !c.truncate_seq ? dimAdd(length, 1) : length;
  const count = dimCeilDiv(all, 2);
  const even = mul(range(g, count), 2);
  const odd = minimum(add(even, 1), sub(g.size(all), 1));
  return { first: maximum(sub(even, extra), 0), second: maximum(sub(odd, extra), 0), count };
}

/** x [batch, length, ...] -> [batch, pooled, ...]. */
function pool(x: Tensor, c: Config, least = false): Tensor {
  const { first, second } = pairs(x.graph, x.dim(1), c);
  const [a, b] = [gather(x, first, 1), gather(x, second, 1)];
  if (least) return minimum(a, b);
  return c.pooling_type === 'max' ? maximum(a, b) : mul(add(a, b), 0.5);
}

function poolLevel(level: Level, c: Config): Level {
  const { first, count } = pairs(level.places.graph, level.length, c);
  return {
    length: count,
    places: gather(level.places, first),
    segments: level.segments && gather(level.segments, first, 1),
    mask: level.mask && pool(level.mask, c, true),
  };
}

/** Repeats every token `times` so that the text has its whole length again. */
function upsample(x: Tensor, times: number, length: Dim, c: Config): Tensor {
  if (times === 1) return x;
  if (!c.separate_cls) return slice(repeatInterleave(x, times, 1), 1, 0, length);
  const repeated = repeatInterleave(slice(x, 1, 1), times, 1);
  const padded = c.truncate_seq ? pad(repeated, [0, 0, 0], [0, times - 1, 0]) : repeated;
  return concat([slice(x, 1, 0, 1), slice(padded, 1, 0, dimSub(length, 1))], 1);
}

/** Who looks at whom, and the block whose steps of distance hold. */
interface Sight {
  from: Level;
  to: Level;
  block: number;
}

/** One layer: the queries x and the keys [batch, length, d_model] of their levels. */
function run(layer: Scope, x: Tensor, keys: Tensor, sight: Sight, c: Config): Tensor {
  const scope = layer.at('attention');
  const width = c.n_head * c.d_head;
  const q = splitHeads(linear(scope.at('q_head'), x, width, { bias: false }), c.n_head);
  const [k, v] = ['k_head', 'v_head'].map((name) => splitHeads(linear(scope.at(name), keys, width), c.n_head));
  const bias = (name: string): Tensor => headBias(scope, name, c.n_head, c.d_head);
  const scale = c.d_head ** -0.5;
  const mixed = attend(add(q, bias('r_w_bias')), k, v, { scale, mask: otherScores(scope, q, bias, scale, sight, c) });
  const attended = layerNorm(
    scope.at('layer_norm'),
    add(x, linear(scope.at('post_proj'), mergeHeads(mixed), c.d_model)),
    c.layer_norm_eps,
  );
  const names = ['linear_1', 'linear_2'] as const;
  const made = mlp(layer.at('ffn'), attended, { names, hidden: c.d_inner, activation: c.hidden_act });
  return layerNorm(layer.at('ffn.layer_norm'), add(attended, made), c.layer_norm_eps);
}

/** Scores from distances, segments and padding [batch, heads, queries, keys]. */
function otherScores(
  scope: Scope,
  q: Tensor,
  bias: (name: string) => Tensor,
  scale: number,
  sight: Sight,
  c: Config,
): Tensor {
  const g = scope.graph;
  const { from, to } = sight;
  const shifted = add(q, bias('r_r_bias'));
  let scores =
    c.attention_type === 'factorized' ? factorized(scope, shifted, sight, c) : shift(scope, shifted, sight, c);
  // Without segments all are of one; a first token of type 2 is of every segment.
  const first = (ids: Tensor, axis: number): Tensor => unsqueeze(equal(ids, 2), 1, axis);
  const same =
    from.segments && to.segments
      ? or(
          equal(unsqueeze(from.segments, 1, 3), unsqueeze(to.segments, 1, 2)),
          or(first(from.segments, 3), first(to.segments, 2)),
        )
      : g.constant(1, 'bool');
  scores = add(scores, segmentScores(scope, q, bias('r_s_bias'), same));
  if (c.separate_cls) {
    const [row, column] = [unsqueeze(range(g, from.length), 1), unsqueeze(range(g, to.length), 0)];
    scores = where(and(greater(row, 0), greater(column, 0)), scores, 0);
  }
  scores = mul(scores, scale);
  if (!to.mask) return scores;
  return add(scores, where(unsqueeze(cast(to.mask, 'bool'), 1, 2), 0, g.options.dtype === 'float16' ? -65000 : -1e6));
}

/** Appendix A.2.1: a key for every distance. Pooled queries are two steps of their keys apart. */
function shift(scope: Scope, q: Tensor, { from, to, block }: Sight, c: Config): Tensor {
  const g = scope.graph;
  const pooled = from !== to;
  const step = pooled ? 2 ** (block - 1) : 2 ** block;
  const count = pooled ? dimAdd(dimMul(2, from.length), to.length) : dimMul(2, from.length);
  const start = pooled ? dimSub(dimMul(2, from.length), c.separate_cls ? 1 : 0) : from.length;
  const distances = mul(sub(g.size(start), range(g, count)), step);
  const relative = toHeads(scope, 'r_kernel', classicSinusoids(distances, c.d_model), c.n_head, c.d_head);
  return distanceScores(q, relative, to.length, pooled ? 2 : 1);
}

/** Appendix A.2.2: the sinusoid of a distance is a sum of products of those of the two places. */
function factorized(scope: Scope, q: Tensor, { from, to }: Sight, c: Config): Tensor {
  const kernel = reshape(headWeight(scope, 'r_kernel', [c.d_model, c.n_head, c.d_head]), [
    c.d_model,
    c.n_head,
    c.d_head,
  ]);
  const moved = matmul(q, transpose(kernel, [1, 2, 0])); // [batch, heads, queries, d_model]
  const half = c.d_model / 2;
  const waves = (level: Level): [sin: Tensor, cos: Tensor] => {
    const all = classicSinusoids(level.places, c.d_model);
    return [slice(all, 1, 0, half), slice(all, 1, half)];
  };
  const [[qSin, qCos], [kSin, kCos]] = [waves(from), waves(to)];
  const meet = (own: Tensor, other: Tensor): Tensor => matmul(mul(moved, concat([own, own], 1)), swapAxes(other, 0, 1));
  return add(meet(qSin, concat([kCos, kSin], 1)), meet(qCos, concat([neg(kSin), kCos], 1)));
}
