// Attention of blocks of tokens among themselves and with a few global ones (Phang, Zhao and Liu 2022, arXiv:2208.04347, section 4).

import { concat, dimDiv, pad, type Scope, type Tensor, unsqueeze } from '../../src/graph/index.js';
import { attend, mergeHeads, splitHeads } from './attention.js';
import { linear } from './linear.js';
import { forBlocks, fromBlocks, toBlocks } from './local-attention.js';

/**
 * @param x [batch, places, width], whole blocks of `size`; each attends to itself and to the global tokens
 * @param global [batch, globals, width]: they attend to everything
 * @param mask additive [batch, places]
 * @returns what the local and the global tokens attend to, of the shapes of x and global
 */
export function globalLocal(
  scope: Scope,
  x: Tensor,
  global: Tensor,
  mask: Tensor,
  { size, heads }: { size: number; heads: number },
): [local: Tensor, global: Tensor] {
  const [batch, places] = x.shape;
  const globals = global.dim(1) as number;
  const width = x.dim(2) as number;
  const made = (name: string, y: Tensor): Tensor => linear(scope.at(name), y, width, { bias: false });
  const [q, k, v] = ['q_proj', 'k_proj', 'v_proj'].map((name) => made(name, x));
  const [globalQ, globalK, globalV] = ['q_proj', 'k_proj', 'v_proj'].map((name) =>
    splitHeads(made(name, global), heads),
  );
  const wider = pad(mask, [0, globals], [0, 0]);
  const all = (own: Tensor, rest: Tensor): Tensor => concat([own, splitHeads(rest, heads)], 2);
  const far = attend(globalQ, all(globalK, k), all(globalV, v), { mask: unsqueeze(wider, 1, 2) });
  const blocks = dimDiv(places, size);
  const near = (own: Tensor, rest: Tensor): Tensor =>
    concat([forBlocks(own, blocks), splitHeads(toBlocks(rest, size), heads)], 2);
  const local = attend(splitHeads(toBlocks(q, size), heads), near(globalK, k), near(globalV, v), {
    mask: unsqueeze(pad(toBlocks(mask, size), [0, globals], [0, 0]), 1, 2),
  });
  return [made('out_proj', fromBlocks(mergeHeads(local), batch, places)), made('out_proj', mergeHeads(far))];
}
