// Feed-forward layers.

import { chunk, mul, type Scope, type Tensor } from '../../src/graph/index.js';
import { activation } from './activation.js';
import { type LinearOptions, linear } from './linear.js';

export interface MlpOptions extends Omit<LinearOptions, 'bias'> {
  hidden: number;
  activation: string;
  /** Whether the layers have a bias: one for both, or each (default true). */
  bias?: boolean | readonly [up: boolean, down: boolean];
  /** Names of the two layers under the scope (default fc1, fc2). */
  names?: readonly [up: string, down: string];
}

/** down(act(up(x))). */
export function mlp(scope: Scope, x: Tensor, options: MlpOptions): Tensor {
  const [up, down] = options.names ?? ['fc1', 'fc2'];
  const [upBias, downBias] = typeof options.bias === 'object' ? options.bias : Array(2).fill(options.bias ?? true);
  const hidden = activation(options.activation)(linear(scope.at(up), x, options.hidden, { ...options, bias: upBias }));
  return linear(scope.at(down), hidden, x.dim(-1) as number, { ...options, bias: downBias });
}

export interface GatedMlpOptions {
  hidden: number;
  activation: string;
  bias?: boolean;
  names?: readonly [gate: string, up: string, down: string];
}

/** down(act(gate(x)) * up(x)): SwiGLU, GeGLU and kin (Shazeer 2020, arXiv:2002.05202). */
export function gatedMlp(scope: Scope, x: Tensor, options: GatedMlpOptions): Tensor {
  const [gate, up, down] = options.names ?? ['gate_proj', 'up_proj', 'down_proj'];
  const bias = options.bias ?? false;
  const open = activation(options.activation)(linear(scope.at(gate), x, options.hidden, { bias }));
  return linear(scope.at(down), mul(open, linear(scope.at(up), x, options.hidden, { bias })), x.dim(-1) as number, {
    bias,
  });
}

/** down(act(gate) * up), gate and up being the halves of one layer: gate_up_proj. */
export function fusedGatedMlp(scope: Scope, x: Tensor, options: { hidden: number; activation: string }): Tensor {
  const [gate, up] = chunk(linear(scope.at('gate_up_proj'), x, 2 * options.hidden, { bias: false }), 2, -1);
  const hidden = mul(up, activation(options.activation)(gate));
  return linear(scope.at('down_proj'), hidden, x.dim(-1) as number, { bias: false });
}

/** Expert `index` of `count` gated MLPs whose weights stand in stacks w1, v1 and w2 [count * hidden, width]; w2 is stored in, out. */
export function stackedMlp(
  scope: Scope,
  x: Tensor,
  index: number,
  options: { count: number; hidden: number; activation: string },
): Tensor {
  const width = x.dim(-1) as number;
  const { count, hidden } = options;
  const part = { bias: false, stack: { index, shape: [count * hidden, width] } };
  const gate = linear(scope, x, hidden, { ...part, weight: 'w1' });
  const up = linear(scope, x, hidden, { ...part, weight: 'v1' });
  const inner = mul(activation(options.activation)(gate), up);
  return linear(scope, inner, width, { ...part, weight: 'w2', inOut: true });
}
