// What a convolution over neighbouring words adds to the first layer of DeBERTa v2 (He et al. 2021, arXiv:2006.03654, section 6).

import { add, cast, mul, type Scope, type Tensor, unsqueeze } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { activation } from './activation.js';
import { neighbourConv } from './neighbour-conv.js';
import { layerNorm } from './norm.js';

/** Keys of the configuration that it reads. */
export interface NeighbourKeys {
  hidden_size: number;
  layer_norm_eps: number;
  conv_kernel_size: number;
  conv_groups: number;
  conv_act: string;
}

/** norm(after the first layer + act(convolution of the embeddings)), padding set to zero. */
export function neighbourMix(
  scope: Scope,
  before: Tensor,
  after: Tensor,
  attentionMask: Tensor,
  c: NeighbourKeys,
): Tensor {
  const { conv_kernel_size: size, conv_groups: groups, hidden_size: width } = c;
  if (size % 2 === 0) throw new UsageError(`deberta_v2.conv_kernel_size: ${size} must be odd`);
  const kept = unsqueeze(cast(attentionMask, before.dtype), 2);
  const mixed = neighbourConv(scope.at('conv'), before, width, size, { padding: [(size - 1) / 2], groups });
  const sum = add(after, activation(c.conv_act)(mul(mixed, kept)));
  return mul(layerNorm(scope.at('LayerNorm'), sum, c.layer_norm_eps), kept);
}
