// What decoders of the Llama and GPT-NeoX kinds have in common: pre-norm residual layers, windows per layer, the head.

import { add, mul, type Scope, type Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { type Embedding, linear } from './linear.js';

export interface LayerParts {
  norm: (scope: Scope, x: Tensor) => Tensor;
  /** The norm behind the layers, where it is another. */
  lastNorm?: (scope: Scope, x: Tensor) => Tensor;
  /** The attention of a layer over its normalised input; `index` is the layer's number. */
  attention: (layer: Scope, x: Tensor, index: number) => Tensor;
  mlp: (layer: Scope, x: Tensor, index: number) => Tensor;
  /** Names of the list of layers, the two norms in each and the norm behind them (null: there is none). */
  names?: readonly [layers: string, first: string, second: string, last: string | null];
  /**
   * Attention and MLP side by side: h + attention(norm(h)) + mlp(norm(h)), with one norm for both or one each.
   * Default: one behind the other.
   */
  parallel?: 'one norm' | 'two norms' | null;
  /** Factor of what each part adds. */
  residual?: number;
  /** Each part adds to its normalised input instead of the input (BLOOM); not where they are parallel. */
  ontoNorm?: boolean;
}

const NAMES = ['layers', 'input_layernorm', 'post_attention_layernorm', 'norm'] as const;

/** h [batch, seq, width] through `count` layers and the norm behind them. */
export function preNormLayers(scope: Scope, h: Tensor, count: number, parts: LayerParts): Tensor {
  const { norm, lastNorm = norm, attention, mlp, parallel, residual = 1, ontoNorm = false } = parts;
  const [layers, first, second, last] = parts.names ?? NAMES;
  const scaled = (x: Tensor): Tensor => (residual === 1 ? x : mul(x, residual));
  scope.layers(layers, count).forEach((layer, index) => {
    const normal = norm(layer.at(first), h);
    const attended = add(ontoNorm ? normal : h, scaled(attention(layer, normal, index)));
    const input = parallel === 'one norm' ? normal : norm(layer.at(second), parallel ? h : attended);
    h = add(ontoNorm ? input : attended, scaled(mlp(layer, input, index)));
  });
  return last === null ? h : lastNorm(scope.at(last), h);
}

/** Layers that are normalised behind each part: h = norm(h + attention(h)), h = norm(h + mlp(h)). */
export function postNormLayers(
  scope: Scope,
  h: Tensor,
  count: number,
  parts: Pick<LayerParts, 'norm' | 'attention' | 'mlp' | 'names'>,
): Tensor {
  const [layers, first, second] = parts.names ?? NAMES;
  scope.layers(layers, count).forEach((layer, index) => {
    h = parts.norm(layer.at(first), add(h, parts.attention(layer, h, index)));
    h = parts.norm(layer.at(second), add(h, parts.mlp(layer, h, index)));
  });
  return h;
}

/** Logits [batch, seq, vocab]: by the words' own table where it is tied, else by the linear layer `scope`. */
export function head(scope: Scope, h: Tensor, words: Embedding, options: { tied: boolean; bias?: boolean }): Tensor {
  const count = words.weight.dim(0) as number;
  const bias = options.bias ?? false;
  if (!options.tied) return linear(scope, h, count, { bias });
  return words.project(h, bias ? scope.parameter('bias', [count]) : null);
}

/** Width of a head: the key head_dim where it is given, else the whole part of the quotient. */
export const headWidth = (c: { head_dim?: number | null; hidden_size: number; num_attention_heads: number }): number =>
  c.head_dim ?? Math.floor(c.hidden_size / c.num_attention_heads);

/** Keys by which configurations say which layers are windowed. */
export interface WindowKeys {
  num_hidden_layers: number;
  layer_types?: readonly unknown[] | null;
  sliding_window: number | null;
  use_sliding_window?: boolean;
  max_window_layers?: number;
}

/** The window of each layer; null sees all. Without layer_types, the layers from max_window_layers on are windowed. */
export function layerWindows(c: WindowKeys): (number | null)[] {
  const window = (c.use_sliding_window ?? true) ? c.sliding_window : null;
  const layers = Array.from({ length: c.num_hidden_layers }, (_, index) => index);
  if (!c.layer_types) return layers.map((index) => (index >= (c.max_window_layers ?? 0) ? window : null));
  if (c.layer_types.length !== layers.length)
    throw new UsageError(`layer_types: ${c.layer_types.length} entries for num_hidden_layers ${layers.length}`);
  return c.layer_types.map((type) => {
    if (type === 'full_attention') return null;
    if (type !== 'sliding_attention')
      throw new UsageError(`layer_types: '${type}' is not supported; known: full_attention, sliding_attention`);
    if (window === null) throw new UsageError("layer_types: 'sliding_attention' needs sliding_window");
    return window;
  });
}
