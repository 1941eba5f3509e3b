// The Mamba mixer (Gu and Dao 2023, arXiv:2312.00752) and the layers around mixers.

import { add, cast, chunk, mul, type Scope, softplus, split, type Tensor, unsqueeze } from '../../src/graph/index.js';
import { activation } from './activation.js';
import { carriedState } from './carried-state.js';
import { causalConv } from './causal-conv.js';
import { linear } from './linear.js';
import { rmsNorm } from './norm.js';
import { selectiveScan } from './selective-scan.js';

/** Keys of Mamba-like configurations that speak of initial weights, kernels and other libraries. */
export const MAMBA_KEYS = [
  'd_inner',
  'd_model',
  'fused_add_norm',
  'n_layer',
  'pad_vocab_size_multiple',
  'rescale_prenorm_residual',
  'rms_norm',
  'ssm_cfg',
  'time_step_floor',
  'time_step_init_scheme',
  'time_step_max',
  'time_step_min',
  'time_step_scale',
] as const;

/** Width of the projection that makes the time steps: 'auto' is a sixteenth of the model's width. */
export const stepRank = (rank: number | 'auto' | null, width: number): number =>
  rank === 'auto' || rank === null ? Math.ceil(width / 16) : rank;

export interface MambaOptions {
  /** Width inside the mixer. */
  inner: number;
  /** States per channel. */
  states: number;
  rank: number;
  kernel: number;
  activation: string;
  /** Whether the first and last layer have a bias. */
  bias: boolean;
  convBias: boolean;
  layer: number;
  /** 1 for tokens and 0 for padding, [batch, seq]; null: all are tokens. */
  mask: Tensor | null;
  /** Norms of what the input chooses: the time step, and what goes into the states and is read from them. */
  normalize?: Readonly<Record<'step' | 'into' | 'from', (x: Tensor) => Tensor>>;
}

/** Keys that Mamba layers of hybrid models go by. */
export interface MambaKeys {
  hidden_size: number;
  mamba_expand: number;
  mamba_d_state: number;
  mamba_dt_rank: number | 'auto' | null;
  mamba_d_conv: number;
  mamba_proj_bias: boolean;
  mamba_conv_bias: boolean;
}

export function mambaSizes(
  c: MambaKeys,
): Pick<MambaOptions, 'inner' | 'states' | 'rank' | 'kernel' | 'bias' | 'convBias'> {
  return {
    inner: c.mamba_expand * c.hidden_size,
    states: c.mamba_d_state,
    rank: stepRank(c.mamba_dt_rank, c.hidden_size),
    kernel: c.mamba_d_conv,
    bias: c.mamba_proj_bias,
    convBias: c.mamba_conv_bias,
  };
}

/** x [batch, seq, width] -> the same shape. */
export function mambaMixer(scope: Scope, x: Tensor, o: MambaOptions): Tensor {
  const [fresh, gate] = chunk(linear(scope.at('in_proj'), x, 2 * o.inner, { bias: o.bias }), 2, -1);
  const act = activation(o.activation);
  const conv = { kernel: o.kernel, layer: o.layer, bias: o.convBias };
  const u = hidePadding(act(causalConv(scope.at('conv1d'), hidePadding(fresh, o.mask), conv)), o.mask);
  const chosen = linear(scope.at('x_proj'), u, o.rank + 2 * o.states, { bias: false });
  const [rawStep, rawInto, rawFrom] = split(chosen, [o.rank, o.states, o.states], -1);
  const norm = o.normalize;
  const step = softplus(linear(scope.at('dt_proj'), norm ? norm.step(rawStep) : rawStep, o.inner));
  const state = carriedState(scope.graph, 'ssm', o.layer, [x.dim(0), o.states, o.inner], 'float32');
  const { y, last } = selectiveScan({
    u,
    step,
    logA: scope.parameter('A_log', [o.inner, o.states]),
    b: norm ? norm.into(rawInto) : rawInto,
    c: norm ? norm.from(rawFrom) : rawFrom,
    start: state.start(),
  });
  state.carry(last);
  const read = mul(add(y, mul(u, scope.parameter('D', [o.inner]))), act(gate));
  return linear(scope.at('out_proj'), read, x.dim(-1) as number, { bias: o.bias });
}

/** Padding becomes zero. @param mask [batch, seq] of 0 and 1 */
export const hidePadding = (x: Tensor, mask: Tensor | null): Tensor =>
  mask ? mul(x, unsqueeze(cast(mask, x.dtype), 2)) : x;

export interface MixerLayers {
  count: number;
  epsilon: number;
  /** Whether what layers hand on is float32 whatever the model's type. */
  residualFloat32: boolean;
  mixer: (scope: Scope, x: Tensor, index: number) => Tensor;
}

/** Layers of one part each: h = h + mixer(norm(h)), and a norm behind them. */
export function mixerLayers(scope: Scope, h: Tensor, o: MixerLayers): Tensor {
  const { dtype } = h;
  let sum = o.residualFloat32 ? cast(h, 'float32') : h;
  scope.layers('layers', o.count).forEach((layer, index) => {
    const normal = rmsNorm(layer.at('norm'), cast(sum, dtype), o.epsilon);
    sum = add(sum, cast(o.mixer(layer.at('mixer'), normal, index), sum.dtype));
  });
  return rmsNorm(scope.at('norm_f'), cast(sum, dtype), o.epsilon);
}
