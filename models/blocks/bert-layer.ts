// A layer of the BERT kind: attention and a feed-forward layer, each with a residual sum and a LayerNorm (Devlin et al. 2018,
// arXiv:1810.04805). As a decoder it takes a causal mask, keeps a cache and looks at an encoder's states in between.

import { add, type Scope, type Tensor } from '../../src/graph/index.js';
import { type AttentionOptions, attention } from './attention.js';
import { type CrossOptions, crossAttention, type Memory, rememberLayer } from './memory.js';
import { mlp } from './mlp.js';
import { layerNorm } from './norm.js';

/** Where the parts of a layer stand in the state dict. */
export interface LayerNames {
  query: string;
  key: string;
  value: string;
  output: string;
  attentionNorm: string;
  up: string;
  down: string;
  mlpNorm: string;
}

const BERT_NAMES: LayerNames = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  output: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  up: 'intermediate.dense',
  down: 'output.dense',
  mlpNorm: 'output.LayerNorm',
};

export interface BertLayerOptions
  extends Pick<AttentionOptions, 'heads' | 'mask' | 'rotate' | 'rotateValues' | 'relative' | 'valueTerm' | 'layer'> {
  /** Width of the feed-forward layer. */
  hidden: number;
  activation: string;
  epsilon: number;
  /** 'post' (default): norm(h + f(h)); 'pre': h + f(norm(h)). */
  norm?: 'post' | 'pre';
  names?: Partial<LayerNames>;
  /** An encoder to look at after the self-attention, under 'crossattention' for 'attention'. */
  cross?: Memory;
  /** What stands in place of self-attention, its output layer included; the scope is the layer's, the index its number. */
  mix?: (layer: Scope, x: Tensor, index: number) => Tensor;
  /** What stands in place of the feed-forward layer. */
  feed?: (layer: Scope, x: Tensor) => Tensor;
  /** Works on the second residual sum, before a post-norm. */
  adapt?: (layer: Scope, x: Tensor) => Tensor;
}

const crossing = (name: string): string => name.replace(/^attention/, 'crossattention');

function crossOptions({ heads, names, layer }: BertLayerOptions): CrossOptions {
  const { query, key, value, output } = { ...BERT_NAMES, ...names };
  return {
    heads,
    names: [crossing(query), crossing(key), crossing(value), crossing(output)],
    layer: layer ?? 0,
  };
}

/** The 'encode' form of the cross-attentions of these layers. @param width of the decoder */
export function rememberBertLayers(layers: Scope[], states: Tensor, width: number, options: BertLayerOptions): void {
  layers.forEach((scope, layer) => {
    rememberLayer(scope, states, crossOptions({ ...options, layer }), width / options.heads);
  });
}

/** h [batch, seq, width] -> [batch, seq, width]. */
export function bertLayer(layer: Scope, h: Tensor, options: BertLayerOptions, index = 0): Tensor {
  const names = { ...BERT_NAMES, ...options.names };
  const projections = [names.query, names.key, names.value, names.output] as const;
  const residual = (norm: string, x: Tensor, f: (x: Tensor) => Tensor, adapt = (y: Tensor): Tensor => y): Tensor => {
    const normal = (y: Tensor): Tensor => layerNorm(layer.at(norm), y, options.epsilon);
    return options.norm === 'pre' ? adapt(add(x, f(normal(x)))) : normal(adapt(add(x, f(x))));
  };
  const mix = options.mix ?? ((scope, x) => attention(scope, x, { ...options, names: projections }));
  const feed = options.feed ?? ((scope, x) => mlp(scope, x, { ...options, names: [names.up, names.down] }));
  h = residual(names.attentionNorm, h, (x) => mix(layer, x, index));
  const { cross } = options;
  if (cross) {
    h = residual(crossing(names.attentionNorm), h, (x) => crossAttention(layer, x, cross, crossOptions(options)));
  }
  return residual(
    names.mlpNorm,
    h,
    (x) => feed(layer, x),
    (x) => options.adapt?.(layer, x) ?? x,
  );
}

/** Layers one after the other; options may differ by layer. With `cached`, layer N keeps its keys and values under N. */
export function bertLayers(
  layers: Scope[],
  h: Tensor,
  options: BertLayerOptions | ((layer: Scope, index: number) => BertLayerOptions),
  cached = false,
): Tensor {
  return layers.reduce((states, layer, index) => {
    const own = typeof options === 'function' ? options(layer, index) : options;
    return bertLayer(layer, states, cached ? { ...own, layer: index } : own, index);
  }, h);
}
