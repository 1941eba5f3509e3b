// PatchTST: each channel of a time series is cut into patches and read by a transformer encoder; here it forecasts.
// Nie et al. 2022, "A Time Series is Worth 64 Words", arXiv:2211.14730.

import {
  abs,
  add,
  clip,
  concat,
  dimMul,
  div,
  expand,
  full,
  type Graph,
  gather,
  greater,
  maximum,
  mul,
  range,
  reduceMax,
  reduceMean,
  reduceSum,
  reshape,
  type Scope,
  slice,
  sqrt,
  sub,
  swapAxes,
  type Tensor,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { attention } from '../blocks/attention.js';
import { linear } from '../blocks/linear.js';
import { batchNorm, layerNorm } from '../blocks/norm.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { defineModel, type InputSpec, reals } from '../define.js';

const config = defineConfig(
  {
    num_input_channels: 1,
    context_length: 32,
    prediction_length: 24,
    patch_length: 1,
    patch_stride: 1,
    num_hidden_layers: 3,
    d_model: 128,
    num_attention_heads: 4,
    ffn_dim: 512,
    activation_function: 'gelu',
    norm_type: oneOf('batchnorm', 'layernorm'),
    norm_eps: 1e-5,
    bias: true,
    pre_norm: true,
    share_embedding: true,
    channel_attention: false,
    use_cls_token: false,
    scaling: oneOf<'std' | 'mean' | true | false | null>('std', 'mean', true, false, null),
    pooling_type: oneOf<'mean' | 'max' | null>('mean', 'max', null),
    share_projection: oneOf(true), // false fails in transformers itself for more than one channel
    loss: oneOf('mse'), // others forecast the parameters of a distribution
    do_mask_input: nullable<boolean>('boolean'),
  },
  `distribution_output num_parallel_samples positional_dropout path_dropout ff_dropout head_dropout positional_encoding_type mask_type random_mask_ratio
   num_forecast_mask_patches channel_consistent_masking unmasked_channel_indices mask_value num_targets output_range tie_word_embeddings`.split(
    /\s+/,
  ),
);
type Config = ConfigOf<typeof config>;

const observed = (...shape: (number | string)[]): InputSpec => ({
  dtype: 'float32',
  shape,
  values: { kind: 'constant', value: 1 },
});

export default defineModel({
  family: 'patchtst',
  architectures: ['PatchTSTForPrediction'],
  modelTypes: ['patchtst'],
  task: 'time-series-forecasting',
  config,
  variants: {
    patchtst: {
      checkpoint: 'namctin/patchtst_etth1_forecast',
      parameters: 614_240,
      config: {
        context_length: 512,
        num_input_channels: 7,
        num_attention_heads: 16,
        patch_length: 12,
        patch_stride: 12,
        prediction_length: 96,
      },
    },
  },
  tiny: {
    num_input_channels: 3,
    context_length: 34,
    prediction_length: 6,
    patch_length: 8,
    patch_stride: 4,
    num_hidden_layers: 2,
    d_model: 32,
    ffn_dim: 37,
    pooling_type: null,
  },
  inputs: (c) => ({
    past_values: reals('batch', c.context_length, c.num_input_channels),
    past_observed_mask: observed('batch', c.context_length, c.num_input_channels),
  }),
  graph(g, { past_values, past_observed_mask }, c) {
    const { scaled, loc, scale } = rescale(past_values, past_observed_mask, c);
    let h = embed(g, patchify(scaled, c), c); // [batch, channels, places, d_model]
    for (const layer of g.layers('model.encoder.layers', c.num_hidden_layers)) h = encoderLayer(layer, h, c);
    const pooled = c.use_cls_token
      ? gather(h, 0, 2)
      : c.pooling_type === 'mean'
        ? reduceMean(h, 2)
        : c.pooling_type === 'max'
          ? reduceMax(h, 2)
          : flat(h);
    const forecast = swapAxes(linear(g.at('head.projection'), pooled, c.prediction_length), 1, 2); // [batch, prediction_length, channels]
    return { prediction_outputs: add(mul(forecast, scale), loc), loc, scale };
  },
});

const flat = (h: Tensor): Tensor => reshape(h, [h.dim(0), h.dim(1), dimMul(h.dim(2), h.dim(3))]);

/** Centres and scales each channel by what was observed of it. */
function rescale(x: Tensor, seen: Tensor, c: Config): { scaled: Tensor; loc: Tensor; scale: Tensor } {
  const [sum, count] = [(values: Tensor) => reduceSum(values, 1, { keep: true }), reduceSum(seen, 1, { keep: true })];
  const rows = [x.dim(0), 1, x.dim(2)];
  if (c.scaling === 'std') {
    const loc = div(sum(mul(x, seen)), maximum(count, 1));
    const away = mul(sub(x, loc), seen);
    const scale = sqrt(add(div(sum(mul(away, away)), maximum(count, 1)), 1e-5));
    return { scaled: div(sub(x, loc), scale), loc, scale };
  }
  const loc = full(x.graph, rows, 0);
  if (!c.scaling) return { scaled: x, loc, scale: full(x.graph, rows, 1) };
  const total = abs(sum(mul(x, seen)));
  const common = div(reduceSum(total, 0), maximum(reduceSum(count, 0), 1)); // where a channel was never observed: the batch's
  const scale = clip(where(greater(count, 0), div(total, maximum(count, 1)), unsqueeze(common, 0)), 1e-10, null);
  return { scaled: div(x, scale), loc, scale };
}

/** [batch, context, channels] -> [batch, channels, patches, patch_length]; places that fill no patch are cut from the front. */
function patchify(x: Tensor, c: Config): Tensor {
  const count = Math.floor((c.context_length - c.patch_length) / c.patch_stride) + 1;
  const start = c.context_length - (c.patch_length + c.patch_stride * (count - 1));
  const places = add(mul(unsqueeze(range(x.graph, count), 1), c.patch_stride), range(x.graph, c.patch_length, start));
  return gather(swapAxes(x, 1, 2), places, 2);
}

function embed(g: Graph, x: Tensor, c: Config): Tensor {
  const scope = g.at('model.encoder.embedder.input_embedding');
  const parts = (): Tensor[] =>
    Array.from({ length: c.num_input_channels }, (_, channel) =>
      unsqueeze(linear(scope.at(`${channel}`), gather(x, channel, 1), c.d_model), 1),
    );
  const h = c.share_embedding ? linear(scope, x, c.d_model) : concat(parts(), 1);
  const places = g.at('model.encoder.positional_encoder');
  const count = (x.dim(2) as number) + (c.use_cls_token ? 1 : 0);
  const table = places.parameter('position_enc', [count, c.d_model]);
  if (!c.use_cls_token) return add(h, table);
  const token = add(places.parameter('cls_token', [1, 1, 1, c.d_model]), slice(table, 0, 0, 1));
  return concat([expand(token, [h.dim(0), c.num_input_channels, 1, c.d_model]), add(h, slice(table, 0, 1))], 2);
}

/** Attention over the places of each channel, then over the channels of each place (same weights), then the MLP. */
function encoderLayer(layer: Scope, h: Tensor, c: Config): Tensor {
  const [batch, channels, places] = h.shape;
  const names = ['q_proj', 'k_proj', 'v_proj', 'out_proj'] as const;
  const attend = (x: Tensor): Tensor => attention(layer.at('self_attn'), x, { heads: c.num_attention_heads, names });
  const sublayer = (norm: string, x: Tensor, inner: (x: Tensor) => Tensor): Tensor =>
    c.pre_norm ? add(x, inner(normalize(layer.at(norm), x, c))) : normalize(layer.at(norm), add(x, inner(x)), c);
  let rows = sublayer('norm_sublayer1', reshape(h, [dimMul(batch, channels), places, c.d_model]), attend);
  if (c.channel_attention) {
    const turned = swapAxes(reshape(rows, [batch, channels, places, c.d_model]), 1, 2);
    const mixed = sublayer('norm_sublayer2', reshape(turned, [dimMul(batch, places), channels, c.d_model]), attend);
    rows = reshape(swapAxes(reshape(mixed, [batch, places, channels, c.d_model]), 1, 2), [
      dimMul(batch, channels),
      places,
      c.d_model,
    ]);
  }
  const act = activation(c.activation_function);
  rows = sublayer('norm_sublayer3', rows, (x) =>
    linear(layer.at('ff.3'), act(linear(layer.at('ff.0'), x, c.ffn_dim, { bias: c.bias })), c.d_model, {
      bias: c.bias,
    }),
  );
  return reshape(rows, h.shape);
}

function normalize(scope: Scope, x: Tensor, c: Config): Tensor {
  if (c.norm_type === 'layernorm') return layerNorm(scope, x, c.norm_eps);
  return swapAxes(batchNorm(scope.at('batchnorm'), swapAxes(x, 1, 2), c.norm_eps), 1, 2);
}
