// Adaptive words (Baevski and Auli 2018, arXiv:1809.10853; Grave et al. 2017, arXiv:1609.04309): the rarer the word, the narrower its
// embedding, and its probability is that of its cluster times that within the cluster.

import {
  add,
  and,
  clip,
  concat,
  gather,
  greaterOrEqual,
  less,
  logSoftmax,
  matmul,
  mul,
  type Scope,
  slice,
  sub,
  type Tensor,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { sharedProduct } from './linear.js';

export interface AdaptiveWords {
  /** First ids of the clusters behind the first. */
  cutoffs: readonly number[];
  vocabulary: number;
  /** Width of the model and of the first cluster's embedding; each next one is narrower by the factor `divisor`. */
  width: number;
  embedded: number;
  divisor: number;
  /** The embeddings: `emb_layers.N.weight`, `emb_projs.N`. */
  input: Scope;
  /** The head: `out_layers.N`, `out_projs.N`, `cluster_weight`, `cluster_bias`. */
  output: Scope;
  /** Whether the head uses the words' tables, and for each cluster their projection. */
  tied: boolean;
  tiedProjections: readonly boolean[];
}

/** The ids of each cluster, its place among the tables and its width. With divisor 1 all share one table. */
function clusters(o: AdaptiveWords): { from: number; to: number; table: number; width: number }[] {
  const ends = [0, ...o.cutoffs, o.vocabulary];
  return ends.slice(1).map((to, index) => ({
    from: ends[index],
    to,
    table: o.divisor === 1 ? 0 : index,
    width: o.divisor === 1 ? o.embedded : Math.floor(o.embedded / o.divisor ** index),
  }));
}

const tableOf = (o: AdaptiveWords, scope: Scope, name: string, index: number): Tensor => {
  const cluster = clusters(o)[index];
  const rows = o.divisor === 1 ? o.vocabulary : cluster.to - cluster.from;
  return scope.parameter(`${name}.${cluster.table}.weight`, [rows, cluster.width]);
};

/** ids [batch, seq] -> [batch, seq, width], times the root of the width. */
export function adaptiveEmbedding(ids: Tensor, o: AdaptiveWords): Tensor {
  const project = (rows: Tensor, index: number): Tensor =>
    o.divisor === 1 && o.width === o.embedded
      ? rows
      : sharedProduct(rows, o.input.parameter(`emb_projs.${index}`, [o.width, rows.dim(-1) as number]));
  if (o.divisor === 1) return mul(project(gather(tableOf(o, o.input, 'emb_layers', 0), ids), 0), Math.sqrt(o.width));
  let sum: Tensor | null = null;
  clusters(o).forEach(({ from, to }, index) => {
    const rows = gather(tableOf(o, o.input, 'emb_layers', index), clip(sub(ids, from), 0, to - from - 1));
    const own = unsqueeze(and(greaterOrEqual(ids, from), less(ids, to)), 2);
    const part = where(own, project(rows, index), 0);
    sum = sum ? add(sum, part) : part;
  });
  return mul(sum!, Math.sqrt(o.width));
}

/** h [batch, seq, width] -> logarithms of the probabilities of all words [batch, seq, vocabulary]. */
export function adaptiveLogProbabilities(h: Tensor, o: AdaptiveWords): Tensor {
  const parts = clusters(o);
  const logits = (index: number, extra?: { weight: Tensor; bias: Tensor }): Tensor => {
    const { from, to, table, width } = parts[index];
    const ids = (x: Tensor): Tensor => (o.divisor === 1 ? slice(x, 0, from, to) : x);
    const rows = o.divisor === 1 ? o.vocabulary : to - from;
    const weight = ids(tableOf(o, o.tied ? o.input : o.output, o.tied ? 'emb_layers' : 'out_layers', index));
    const bias = ids(o.output.parameter(`out_layers.${table}.bias`, [rows]));
    return sharedProduct(
      project(index, width),
      extra ? concat([weight, extra.weight], 0) : weight,
      extra ? concat([bias, extra.bias], 0) : bias,
    );
  };
  const project = (index: number, width: number): Tensor => {
    if (o.divisor === 1 && o.width === o.embedded) return h;
    const shared = o.tiedProjections[index];
    const [scope, name] = shared ? [o.input, 'emb_projs'] : [o.output, 'out_projs'];
    return matmul(h, scope.parameter(`${name}.${shared ? parts[index].table : index}`, [o.width, width]));
  };
  const tails = parts.length - 1;
  if (tails === 0) return logSoftmax(logits(0));
  const first = logSoftmax(
    logits(0, {
      weight: o.output.parameter('cluster_weight', [tails, o.embedded]),
      bias: o.output.parameter('cluster_bias', [tails]),
    }),
  );
  const size = parts[0].to;
  return concat(
    parts.map((_, index) =>
      index === 0
        ? slice(first, -1, 0, size)
        : add(slice(first, -1, size + index - 1, size + index), logSoftmax(logits(index))),
    ),
    -1,
  );
}
