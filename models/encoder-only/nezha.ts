// NEZHA: BERT with fixed sinusoids of clipped distances, on the keys' side and the values' side, in place of positions.
// Wei et al. 2019, arXiv:1909.00204.

import {
  add,
  clip,
  einsum,
  type Graph,
  gather,
  mul,
  range,
  sub,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { bertIgnored, bertInputs, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertModel, headOptions } from '../blocks/bert-model.js';
import { wordHead } from '../blocks/word-head.js';
import { type ConfigOf, defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({ ...coreFields, vocab_size: 21128, max_relative_position: 64 }, bertIgnored);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'nezha',
  architectures: ['NezhaForMaskedLM'],
  modelTypes: ['nezha'],
  task: 'fill-mask',
  config,
  variants: {
    nezha: { checkpoint: 'sijunhe/nezha-cn-base', parameters: 101_897_096, config: {} },
  },
  tiny: { ...bertTiny, max_relative_position: 4 },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => {
    const { position_ids: _, ...inputs } = bertInputs(c);
    return inputs;
  },
  graph(g, inputs, c) {
    const waves = distanceWaves(g, inputs.input_ids.dim(1), c);
    const scale = 1 / Math.sqrt(c.hidden_size / c.num_attention_heads);
    const { words, states } = bertModel(g.at('nezha'), inputs, c, {
      embeddings: { places: 0 },
      relative: (q) => mul(einsum('bhld,lrd->bhlr', q, waves), scale),
      valueTerm: (weights) => einsum('bhlr,lrd->bhld', weights, waves),
    }); // [batch, seq, hidden_size]
    return { logits: wordHead(g.at('cls.predictions'), states, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});

/** Sinusoids of key place - query place, clipped: [queries, keys, head width], features in pairs (sine, cosine). */
function distanceWaves(g: Graph, seq: Tensor['shape'][number], c: Config): Tensor {
  const far = c.max_relative_position;
  const width = c.hidden_size / c.num_attention_heads;
  const wave = (row: number, feature: number): number => {
    const angle = row * Math.exp(-Math.log(10_000) * ((feature - (feature % 2)) / width));
    return feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  };
  const table = Array.from({ length: (2 * far + 1) * width }, (_, i) => wave(Math.floor(i / width), i % width));
  const places = range(g, seq);
  const distance = clip(sub(unsqueeze(places, 0), unsqueeze(places, 1)), -far, far);
  return gather(g.constant(table, g.options.dtype, [2 * far + 1, width]), add(distance, far));
}
