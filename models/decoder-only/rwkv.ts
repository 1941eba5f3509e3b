// RWKV-4: no attention; layers mix each token with the one before it, average the past by decaying weights, and gate the result.
// Peng et al. 2023, arXiv:2305.13048.

import { add, cast, exp, mul, neg, pow, relu, type Scope, sigmoid, type Tensor } from '../../src/graph/index.js';
import { carriedState } from '../blocks/carried-state.js';
import { head } from '../blocks/decoder.js';
import { embedding, linear } from '../blocks/linear.js';
import { layerNorm } from '../blocks/norm.js';
import { tokenShift } from '../blocks/token-shift.js';
import { weightedAverage } from '../blocks/wkv.js';
import { type ConfigOf, defineConfig, nullable } from '../config.js';
import { defineModel, tokens } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 50277,
    hidden_size: 4096,
    num_hidden_layers: 32,
    attention_hidden_size: nullable<number>('number'),
    intermediate_size: nullable<number>('number'),
    layer_norm_epsilon: 1e-5,
    /** What layers hand on is halved behind every so many of them, and what they add divided likewise; not where it is 0 or less. */
    rescale_every: 6,
    tie_word_embeddings: false,
  },
  ['context_length', 'max_position_embeddings'],
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'rwkv',
  architectures: ['RwkvForCausalLM'],
  modelTypes: ['rwkv'],
  task: 'text-generation',
  config,
  variants: {
    rwkv: {
      checkpoint: 'RWKV/rwkv-4-169m-pile',
      parameters: 169_342_464,
      config: { hidden_size: 768, num_hidden_layers: 12, attention_hidden_size: 768, intermediate_size: 3072 },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    num_hidden_layers: 3,
    attention_hidden_size: 32,
    intermediate_size: 56,
    rescale_every: 2,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c) => ({ input_ids: tokens(c.vocab_size, 'batch', 'seq') }),
  graph(g, { input_ids }, c) {
    const words = embedding(g.at('rwkv.embeddings'), c.vocab_size, c.hidden_size);
    const norm = (scope: Scope, x: Tensor): Tensor => layerNorm(scope, x, c.layer_norm_epsilon);
    let h = norm(g.at('rwkv.blocks.0.pre_ln'), words.lookup(input_ids));
    g.layers('rwkv.blocks', c.num_hidden_layers).forEach((layer, index) => {
      const share = c.rescale_every > 0 ? 2 ** -Math.floor(index / c.rescale_every) : 1;
      h = add(h, timeMix(layer.at('attention'), norm(layer.at('ln1'), h), index, share, c));
      h = add(h, channelMix(layer.at('feed_forward'), norm(layer.at('ln2'), h), index, share, c));
      if (c.rescale_every > 0 && (index + 1) % c.rescale_every === 0) h = mul(h, 0.5);
    });
    h = layerNorm(g.at('rwkv.ln_out'), h, 1e-5); // whatever layer_norm_epsilon says
    return { logits: head(g.at('head'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});

function timeMix(scope: Scope, x: Tensor, layer: number, share: number, c: Config): Tensor {
  const width = c.attention_hidden_size ?? c.hidden_size;
  const mixed = tokenShift(scope, x, 'attention_shift', layer);
  const project = (name: string): Tensor => linear(scope.at(name), mixed(name), width, { bias: false });
  const own = (name: string): Tensor => cast(scope.parameter(name, [width]), 'float32');
  const states = (['wkv_sum', 'wkv_weight', 'wkv_top'] as const).map((kind) =>
    carriedState(scope.graph, kind, layer, [x.dim(0), width], 'float32'),
  );
  const { average, last } = weightedAverage(
    project('key'),
    project('value'),
    own('time_first'),
    neg(exp(own('time_decay'))),
    [states[0].start(), states[1].start(), states[2].start()],
  );
  states.forEach((state, index) => {
    state.carry(last[index]);
  });
  const open = mul(sigmoid(project('receptance')), average);
  return linear(scope.at('output'), share === 1 ? open : mul(open, share), c.hidden_size, { bias: false });
}

function channelMix(scope: Scope, x: Tensor, layer: number, share: number, c: Config): Tensor {
  const mixed = tokenShift(scope, x, 'feed_forward_shift', layer);
  const hidden = c.intermediate_size ?? 4 * c.hidden_size;
  const key = pow(relu(linear(scope.at('key'), mixed('key'), hidden, { bias: false })), 2);
  const open = sigmoid(linear(scope.at('receptance'), mixed('receptance'), c.hidden_size, { bias: false }));
  const value = linear(scope.at('value'), share === 1 ? key : mul(key, share), c.hidden_size, { bias: false });
  return mul(open, value);
}
