// X-MOD: XLM-RoBERTa with a bottleneck adapter per language behind every feed-forward layer; each row of a batch runs
// through the adapter of its own language.
// Pfeiffer et al. 2022, arXiv:2205.06266.

import { add, concat, gather, matmul, type Scope, type Tensor, unsqueeze } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { activation } from '../blocks/activation.js';
import { layerNorm } from '../blocks/norm.js';
import {
  robertaBase,
  robertaFields,
  robertaHead,
  robertaInputs,
  robertaModel,
  robertaTiny,
} from '../blocks/roberta.js';
import { type ConfigOf, defineConfig, nullable } from '../config.js';
import { constant, defineModel } from '../define.js';

const config = defineConfig({
  ...robertaFields,
  pre_norm: false,
  adapter_reduction_factor: 2,
  adapter_layer_norm: false,
  adapter_reuse_layer_norm: true,
  ln_before_adapter: true,
  languages: ['en_XX'],
  default_language: nullable<string>('string'),
});
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'xmod',
  architectures: ['XmodForMaskedLM'],
  modelTypes: ['xmod'],
  task: 'fill-mask',
  config,
  variants: {
    xmod: {
      checkpoint: 'facebook/xmod-base',
      parameters: 285_386_898,
      config: { ...robertaBase, vocab_size: 250_002, default_language: 'en_XX' },
    },
  },
  tiny: { ...robertaTiny, languages: ['en_XX', 'de_DE', 'fr_XX'], default_language: 'en_XX' },
  preprocess: { text: 'SentencePiece unigram' },
  inputs: (c) => ({
    ...robertaInputs(c),
    lang_ids: constant(Math.max(0, c.languages.indexOf(c.default_language ?? '')), 'batch'),
  }),
  graph(g, { lang_ids, ...inputs }, c) {
    if (c.languages.length === 0) throw new UsageError('xmod.languages: at least one language is needed');
    const { words, states } = robertaModel(g, 'roberta', inputs, c, {
      norm: c.pre_norm ? 'pre' : 'post',
      adapt: (layer, x) => adapter(layer.at('output'), x, lang_ids, c),
    }); // [batch, seq, hidden_size]
    const h = c.pre_norm ? layerNorm(g.at('roberta.encoder.LayerNorm'), states, c.layer_norm_eps) : states;
    return { logits: robertaHead(g, h, words, c) }; // [batch, seq, vocab_size]
  },
});

/** x + up(act(down(norm(x)))) with the weights of each row's language; the sum may start from the normalised x. */
function adapter(scope: Scope, x: Tensor, languages: Tensor, c: Config): Tensor {
  let normal = x;
  if (c.adapter_layer_norm) normal = layerNorm(scope.at('adapter_layer_norm'), x, c.layer_norm_eps);
  else if (c.adapter_reuse_layer_norm) normal = layerNorm(scope.at('LayerNorm'), x, c.layer_norm_eps);
  const bottleneck = Math.floor(c.hidden_size / c.adapter_reduction_factor);
  const ofRow = (name: string, weight: (scope: Scope) => Tensor): Tensor =>
    gather(
      concat(
        c.languages.map((language) => unsqueeze(weight(scope.at(`adapter_modules.${language}.${name}`)), 0)),
        0,
      ),
      languages,
    );
  const layer = (name: string, y: Tensor, width: number): Tensor => {
    const weight = ofRow(name, (at) => at.parameter('weight', [width, y.dim(-1) as number], { transposed: true }));
    return add(
      matmul(y, weight),
      unsqueeze(
        ofRow(name, (at) => at.parameter('bias', [width])),
        1,
      ),
    );
  };
  const down = activation(c.hidden_act)(layer('dense1', normal, bottleneck));
  return add(layer('dense2', down, c.hidden_size), c.ln_before_adapter ? normal : x);
}
