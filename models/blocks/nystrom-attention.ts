// Nystrom attention (Xiong et al. 2021, arXiv:2102.03902): scores are kept between tokens and a few landmarks only, the means of
// neighbouring queries and keys, and the softmax of all pairs is approached through a pseudo-inverse.

import {
  add,
  div,
  matmul,
  mul,
  reduceMax,
  reduceMean,
  reduceSum,
  reshape,
  softmax,
  sub,
  swapAxes,
  type Tensor,
} from '../../src/graph/index.js';

export interface NystromOptions {
  landmarks: number;
  /** Added to the scores of the keys [batch, 1, 1, seq]; the means of keys hold padding all the same, as in transformers. */
  mask: Tensor | null;
}

/** q, k, v [batch, heads, seq, width] with seq a whole multiple of the landmarks -> the same shape. */
export function nystromAttention(q: Tensor, k: Tensor, v: Tensor, o: NystromOptions): Tensor {
  const [batch, heads, seq, width] = q.shape as [Tensor['shape'][number], number, number, number];
  const scale = 1 / Math.sqrt(Math.sqrt(width));
  const [queries, keys] = [mul(q, scale), mul(k, scale)];
  const means = (x: Tensor): Tensor => reduceMean(reshape(x, [batch, heads, o.landmarks, seq / o.landmarks, width]), 3);
  const [fewQueries, fewKeys] = [means(queries), means(keys)];
  const scores = (a: Tensor, b: Tensor): Tensor => matmul(a, swapAxes(b, 2, 3));
  const toLandmarks = softmax(scores(queries, fewKeys)); // [batch, heads, seq, landmarks]
  const among = softmax(scores(fewQueries, fewKeys)); // [batch, heads, landmarks, landmarks]
  const all = scores(fewQueries, keys);
  const fromLandmarks = softmax(o.mask ? add(all, o.mask) : all); // [batch, heads, landmarks, seq]
  return matmul(matmul(toLandmarks, pseudoInverse(among)), matmul(fromLandmarks, v));
}

/**
 * The Moore-Penrose inverse of positive matrices by six steps of Razavi et al. 2014, as far as they lead. The start is scaled by the
 * largest column sum of the whole batch, so that the rows of a batch are not independent.
 */
function pseudoInverse(a: Tensor): Tensor {
  const size = a.dim(3) as number;
  const eye = Array.from({ length: size * size }, (_, index) => (index % (size + 1) === 0 ? 1 : 0));
  const identity = a.graph.constant(eye, a.dtype, [size, size]);
  const largest = [0, 1, 2].reduce((x, axis) => reduceMax(x, axis, { keep: true }), reduceSum(a, 2));
  let inverse = div(swapAxes(a, 2, 3), reshape(largest, []));
  for (let step = 0; step < 6; step++) {
    const product = matmul(a, inverse);
    const near = (count: number, rest: Tensor): Tensor => sub(mul(identity, count), rest);
    inverse = matmul(mul(inverse, 0.25), near(13, matmul(product, near(15, matmul(product, near(7, product))))));
  }
  return inverse;
}
