// Attention by ONNX Runtime's MultiHeadAttention, for graphs in the fused style.

import {
  type Dim,
  dimMul,
  expand,
  graphOf,
  reshape,
  type Tensor,
  transpose,
  unsqueeze,
} from '../../src/graph/index.js';

/**
 * softmax(q k^T * scale + mask) v in one operator, without a copy of shared keys: the queries of a group stand behind one
 * another as rows of their key's head. GroupQueryAttention is not used: it knows padding on the right only, and rows without
 * any key come out otherwise than here.
 * @param q [batch, heads, queries, width]
 * @param k [batch, kvHeads, keys, width]
 * @param v [batch, kvHeads, keys, value width]
 * @param mask broadcasts to [batch, heads, queries, keys]
 * @returns [batch, queries, heads * value width]; null where the operator does not take such shapes
 */
export function multiHeadAttention(q: Tensor, k: Tensor, v: Tensor, scale: number, mask: Tensor | null): Tensor | null {
  if (![q, k, v].every((x) => x.rank === 4 && x.dim(0) === q.dim(0)) || k.dim(2) !== v.dim(2)) return null;
  const [batch, heads, queries, width] = q.shape as [Dim, number, Dim, number];
  const [kvHeads, valueWidth] = [k.dim(1) as number, v.dim(3) as number];
  const each = heads / kvHeads;
  if (!Number.isInteger(each)) return null;
  const bias = mask && groupedBias(mask, [batch, heads, queries, k.dim(2)], kvHeads);
  if (bias === undefined) return null;
  const rows = dimMul(each, queries);
  const asked = merged(reshape(q, [batch, kvHeads, rows, width]));
  // keys and values by heads must be of one width; with the heads side by side they need not
  const [keys, values] = width === valueWidth ? [k, v] : [merged(k), merged(v)];
  const [mixed] = graphOf(q, k, v, bias).node(
    'MultiHeadAttention',
    [asked, keys, values, null, null, bias],
    { num_heads: kvHeads, scale: { float: scale } },
    [{ dtype: q.dtype, shape: [batch, rows, kvHeads * valueWidth] }],
    'com.microsoft',
  );
  if (each === 1) return mixed;
  const apart = transpose(reshape(mixed, [batch, each, queries, kvHeads, valueWidth]), [0, 2, 3, 1, 4]);
  return reshape(apart, [batch, queries, heads * valueWidth]);
}

/** [batch, heads, seq, width] -> [batch, seq, heads * width]. */
function merged(x: Tensor): Tensor {
  const [batch, heads, seq, width] = x.shape as [Dim, number, Dim, number];
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, seq, heads * width]);
}

/** The mask [batch or 1, kvHeads or 1, heads / kvHeads * queries, keys] (the operator broadcasts the first two axes); undefined: no such mask. */
function groupedBias(mask: Tensor, [batch, heads, queries, keys]: Dim[], kvHeads: number): Tensor | undefined {
  const whole = mask.rank < 4 ? unsqueeze(mask, ...Array.from({ length: 4 - mask.rank }, (_, axis) => axis)) : mask;
  const [first, second] = whole.shape;
  if (whole.rank > 4 || (first !== 1 && first !== batch) || (second !== 1 && second !== heads)) return undefined;
  const each = (heads as number) / kvHeads;
  const rows = dimMul(each, queries);
  const same = whole.dim(2) === queries && whole.dim(3) === keys;
  const full = same ? whole : expand(whole, [first, second, queries, keys]);
  if (each === 1) return full;
  if (second === heads) return reshape(full, [first, kvHeads, rows, keys]);
  return reshape(expand(unsqueeze(full, 2), [first, 1, each, queries, keys]), [first, 1, rows, keys]);
}
