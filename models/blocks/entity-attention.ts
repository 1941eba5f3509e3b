// Attention over words and entities in one sequence (LUKE: Yamada et al. 2020, arXiv:2010.01057).

import {
  add,
  concat,
  type Dim,
  matmul,
  mul,
  type Scope,
  slice,
  softmax,
  swapAxes,
  type Tensor,
} from '../../src/graph/index.js';
import { mergeHeads, splitHeads } from './attention.js';
import { linear } from './linear.js';

/**
 * Scores in four blocks: words and entities ask (rows) words and entities (columns), each block with queries of its own:
 * `<scope>.self.query`, w2e_query, e2w_query and e2e_query.
 * @param x words, then entities: [batch, words + entities, width]
 * @param words how many there are
 * @param mask added to the scores
 */
export function entityAttention(
  scope: Scope,
  x: Tensor,
  words: Dim,
  options: { heads: number; mask: Tensor | null },
): Tensor {
  const { heads, mask } = options;
  const width = x.dim(2) as number;
  const project = (name: string, from: Tensor): Tensor =>
    splitHeads(linear(scope.at(`self.${name}`), from, width), heads);
  const [word, entity] = [slice(x, 1, 0, words), slice(x, 1, words)];
  const keys = swapAxes(project('key', x), 2, 3); // [batch, heads, head width, words + entities]
  const [wordKeys, entityKeys] = [slice(keys, 3, 0, words), slice(keys, 3, words)];
  const rows = [
    concat([matmul(project('query', word), wordKeys), matmul(project('w2e_query', word), entityKeys)], 3),
    concat([matmul(project('e2w_query', entity), wordKeys), matmul(project('e2e_query', entity), entityKeys)], 3),
  ];
  const scores = mul(concat(rows, 2), 1 / Math.sqrt(width / heads));
  const mixed = matmul(softmax(mask ? add(scores, mask) : scores), project('value', x));
  return linear(scope.at('output.dense'), mergeHeads(mixed), width);
}
