// Boxes on a page, embedded by their corners and sizes (LayoutLM: Xu et al. 2019, arXiv:1912.13318).

import { gather, type Scope, sub, type Tensor } from '../../src/graph/index.js';
import { embedding } from './linear.js';

/**
 * Tables `<scope>.{x,y,h,w}_position_embeddings` [count, width] at left, upper, right and lower edge, height and width.
 * @param bbox x0, y0, x1, y1: int64 [batch, seq, 4], from 0 to count - 1
 * @returns six tensors [batch, seq, width]
 */
export function boxEmbeddings(scope: Scope, bbox: Tensor, count: number, width: number): Tensor[] {
  const [left, upper, right, lower] = [0, 1, 2, 3].map((edge) => gather(bbox, edge, 2)); // [batch, seq]
  const at = (axis: string, ids: Tensor): Tensor =>
    embedding(scope.at(`${axis}_position_embeddings`), count, width).lookup(ids);
  return [
    at('x', left),
    at('y', upper),
    at('x', right),
    at('y', lower),
    at('h', sub(lower, upper)),
    at('w', sub(right, left)),
  ];
}
