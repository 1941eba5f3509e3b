// Transformer-XL's attention (Dai et al. 2019, arXiv:1901.02860) over a memory of earlier states and the text itself.

import {
  add,
  and,
  cast,
  clip,
  concat,
  cos,
  type Dim,
  dimAdd,
  type Graph,
  greater,
  lessOrEqual,
  mul,
  range,
  type Scope,
  sin,
  slice,
  split,
  sub,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { attend, mergeHeads, splitHeads } from './attention.js';
import { carriedState } from './carried-state.js';
import { linear } from './linear.js';
import { layerNorm } from './norm.js';
import { distanceScores, headBias } from './xl-attention.js';

/** Keys of the configuration that attention reads. */
export interface MemoryKeys {
  d_model: number;
  n_head: number;
  d_head: number;
  mem_len: number;
  clamp_len: number;
  same_length: boolean;
  pre_lnorm: boolean;
  untie_r: boolean;
  layer_norm_epsilon: number;
}

/** Sinusoids of the distances `keys` to 0, for the relative keys: [keys + 1, d_model]. */
export function fallingDistances(g: Graph, keys: Dim, c: MemoryKeys): Tensor {
  const half = Math.ceil(c.d_model / 2);
  const frequencies = g.at('transformer.pos_emb').parameter('inv_freq', [half], {
    buffer: true,
    absent: () => Float32Array.from({ length: half }, (_, i) => 1 / 10000 ** ((2 * i) / c.d_model)),
  });
  const all = sub(g.size(keys), range(g, dimAdd(keys, 1)));
  const place = unsqueeze(cast(c.clamp_len > 0 ? clip(all, null, c.clamp_len) : all, frequencies.dtype), 1);
  return concat([sin(mul(place, frequencies)), cos(mul(place, frequencies))], 1);
}

/** Which of the memory's and the text's places [seq, mem_len + seq] a token sees: none later, and with same_length none too early. */
export function reach(g: Graph, seq: Dim, c: MemoryKeys): Tensor {
  const query = unsqueeze(range(g, seq), 1);
  const key = unsqueeze(range(g, dimAdd(seq, c.mem_len)), 0);
  const before = lessOrEqual(key, add(query, c.mem_len));
  return c.same_length ? and(before, greater(key, query)) : before;
}

/** x [batch, seq, d_model] -> the same shape, with the residual and its norm. */
export function memoryAttention(
  scope: Scope,
  x: Tensor,
  places: Tensor,
  mask: Tensor,
  layer: number,
  c: MemoryKeys,
): Tensor {
  const [batch, seq] = x.shape;
  const width = c.n_head * c.d_head;
  const norm = (input: Tensor): Tensor => layerNorm(scope.at('layer_norm'), input, c.layer_norm_epsilon);
  let all = x;
  if (c.mem_len > 0) {
    const memory = carriedState(scope.graph, 'memory', layer, [batch, c.mem_len, c.d_model]);
    all = concat([memory.start(), x], 1);
    if (memory.past) memory.carry(slice(all, 1, seq));
  }
  const projected = linear(scope.at('qkv_net'), c.pre_lnorm ? norm(all) : all, 3 * width, { bias: false });
  const [q, k, v] = split(projected, [width, width, width], -1).map((part, index) =>
    splitHeads(index === 0 ? slice(part, 1, c.mem_len) : part, c.n_head),
  );
  const relative = splitHeads(unsqueeze(linear(scope.at('r_net'), places, width, { bias: false }), 0), c.n_head);
  const shared = c.untie_r ? scope : scope.graph.at('transformer');
  const bias = (name: string): Tensor => headBias(shared, name, c.n_head, c.d_head);
  const scale = c.d_head ** -0.5;
  const far = mul(distanceScores(add(q, bias('r_r_bias')), relative, k.dim(2)), scale);
  const mixed = attend(add(q, bias('r_w_bias')), k, v, { scale, mask: add(far, mask) });
  const out = add(x, linear(scope.at('o_net'), mergeHeads(mixed), c.d_model, { bias: false }));
  return c.pre_lnorm ? out : norm(out);
}
