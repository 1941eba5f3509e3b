// Mamba-2: the decay of a head's states is one number, so chunks of tokens become matrix products; one layer projects all at once.
// Dao and Gu 2024, arXiv:2405.21060.

import {
  add,
  cast,
  clip,
  exp,
  less,
  mul,
  neg,
  or,
  reshape,
  type Scope,
  softplus,
  split,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { activation } from '../blocks/activation.js';
import { carriedState } from '../blocks/carried-state.js';
import { causalConv } from '../blocks/causal-conv.js';
import { head } from '../blocks/decoder.js';
import { embedding, linear } from '../blocks/linear.js';
import { hidePadding, MAMBA_KEYS, mixerLayers } from '../blocks/mamba.js';
import { rmsNorm } from '../blocks/norm.js';
import { stateSpaceDual } from '../blocks/state-space-dual.js';
import { type ConfigOf, defineConfig, nullable } from '../config.js';
import { defineModel, mask, optional, tokens } from '../define.js';

const config = defineConfig(
  {
    num_heads: 128,
    head_dim: 64,
    vocab_size: 32768,
    hidden_size: 4096,
    state_size: 128,
    num_hidden_layers: 64,
    layer_norm_epsilon: 1e-5,
    expand: 2,
    conv_kernel: 4,
    n_groups: 8,
    use_bias: false,
    use_conv_bias: true,
    hidden_act: 'silu',
    /** Least and greatest time step. JSON has no word for infinity: null and 'inf' leave a side open. */
    time_step_limit: nullable<(number | string | null)[]>('array'),
    residual_in_fp32: true,
    chunk_size: 256,
    tie_word_embeddings: false,
  },
  [...MAMBA_KEYS, 'intermediate_size', 'time_step_rank', 'norm_before_gate', 'pad_vocab_size_multiple'],
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'mamba2',
  architectures: ['Mamba2ForCausalLM'],
  modelTypes: ['mamba2'],
  task: 'text-generation',
  config,
  variants: { mamba2: { checkpoint: 'mistralai/Mamba-Codestral-7B-v0.1', parameters: 7_285_403_648, config: {} } },
  tiny: {
    num_heads: 8,
    head_dim: 8,
    vocab_size: 99,
    hidden_size: 32,
    state_size: 8,
    num_hidden_layers: 2,
    n_groups: 2,
    chunk_size: 4,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c) => ({
    input_ids: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask: optional(mask('batch', 'seq')),
  }),
  graph(g, { input_ids, attention_mask }, c) {
    if (c.hidden_size * c.expand !== c.num_heads * c.head_dim)
      throw new UsageError(
        `mamba2: hidden_size * expand (${c.hidden_size * c.expand}) must be num_heads * head_dim (${c.num_heads * c.head_dim})`,
      );
    const words = embedding(g.at('backbone.embeddings'), c.vocab_size, c.hidden_size);
    const kept = attention_mask ? paddingOf(attention_mask) : null;
    const h = mixerLayers(g.at('backbone'), words.lookup(input_ids), {
      count: c.num_hidden_layers,
      epsilon: c.layer_norm_epsilon,
      residualFloat32: c.residual_in_fp32,
      mixer: (scope, x, layer) => mixer(scope, x, kept, layer, c),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});

/** transformers hides padding only where there are several rows and several tokens. */
function paddingOf(attentionMask: Tensor): Tensor {
  const g = attentionMask.graph;
  const [batch, seq] = attentionMask.shape;
  return or(cast(attentionMask, 'bool'), or(less(g.size(batch), 2), less(g.size(seq), 2)));
}

function mixer(scope: Scope, x: Tensor, kept: Tensor | null, layer: number, c: Config): Tensor {
  const [batch, seq] = x.shape;
  const inner = c.num_heads * c.head_dim;
  const shared = c.n_groups * c.state_size;
  const projected = linear(scope.at('in_proj'), hidePadding(x, kept), 2 * inner + 2 * shared + c.num_heads, {
    bias: c.use_bias,
  });
  const [gate, fresh, rawStep] = split(projected, [inner, inner + 2 * shared, c.num_heads], -1);
  const convolved = causalConv(scope.at('conv1d'), fresh, { kernel: c.conv_kernel, layer, bias: c.use_conv_bias });
  const parts = split(hidePadding(activation(c.hidden_act)(convolved), kept), [inner, shared, shared], -1);
  const [u, b, from] = parts.map((part, index) =>
    reshape(cast(part, 'float32'), [
      batch,
      seq,
      ...(index === 0 ? [c.num_heads, c.head_dim] : [c.n_groups, c.state_size]),
    ]),
  );
  const own = (name: string): Tensor => cast(scope.parameter(name, [c.num_heads]), 'float32');
  const state = carriedState(scope.graph, 'ssm', layer, [batch, c.num_heads, c.state_size, c.head_dim], 'float32');
  const { y, last } = stateSpaceDual({
    x: u,
    step: limited(softplus(add(cast(rawStep, 'float32'), own('dt_bias'))), c.time_step_limit),
    rate: neg(exp(own('A_log'))),
    b,
    c: from,
    start: state.start(),
    chunk: c.chunk_size,
  });
  state.carry(last);
  const read = reshape(add(y, mul(u, unsqueeze(own('D'), 1))), [batch, seq, inner]);
  const gated = mul(read, activation('silu')(cast(gate, 'float32')));
  const normal = rmsNorm(scope.at('norm'), cast(gated, x.dtype), c.layer_norm_epsilon);
  return linear(scope.at('out_proj'), normal, c.hidden_size, { bias: c.use_bias });
}

function limited(step: Tensor, limit: Config['time_step_limit']): Tensor {
  if (!limit) return step;
  if (limit.length !== 2) throw new UsageError(`time_step_limit: expected a pair, got ${JSON.stringify(limit)}`);
  const [low, high] = limit.map((bound) => {
    if (bound === null || /^[+-]?inf(inity)?$/i.test(`${bound}`)) return null;
    if (typeof bound !== 'number') throw new UsageError(`time_step_limit: '${bound}' is no number`);
    return bound;
  });
  return low === null && high === null ? step : clip(step, low, high);
}
