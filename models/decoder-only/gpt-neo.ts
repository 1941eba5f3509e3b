// GPT-Neo: GPT-2 with separate projections, unscaled scores, and layers that see all and layers with a window in turn.
// Black et al. 2021, EleutherAI, doi:10.5281/zenodo.5297715.

import { add } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { attention } from '../blocks/attention.js';
import { steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedWords, gptInputs, SUMMARY_KEYS } from '../blocks/gpt.js';
import { embedding } from '../blocks/linear.js';
import { stackedMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { type ConfigOf, defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

type Kinds = readonly (readonly [kinds: readonly string[], times: number])[];

const config = defineConfig(
  {
    vocab_size: 50257,
    max_position_embeddings: 2048,
    hidden_size: 2048,
    num_layers: 24,
    num_heads: 16,
    intermediate_size: nullable<number>('number'),
    /** Lists of 'global' and 'local' with how often each list is repeated. */
    attention_types: [[['global', 'local'], 12]] as Kinds,
    /** The same spelt out; where given, it holds. */
    attention_layers: nullable<string[]>('array'),
    window_size: 256,
    activation_function: 'gelu_new',
    layer_norm_epsilon: 1e-5,
    tie_word_embeddings: true,
  },
  [...SUMMARY_KEYS, 'embed_dropout', 'resid_dropout'],
  { num_attention_heads: 'num_heads', num_hidden_layers: 'num_layers' },
);

export default defineModel({
  family: 'gpt_neo',
  architectures: ['GPTNeoForCausalLM'],
  modelTypes: ['gpt_neo'],
  task: 'text-generation',
  config,
  variants: {
    gpt_neo: {
      checkpoint: 'EleutherAI/gpt-neo-125m',
      parameters: 125_198_592,
      config: { hidden_size: 768, num_layers: 12, num_heads: 12, attention_types: [[['global', 'local'], 6]] },
    },
  },
  tiny: {
    vocab_size: 99,
    max_position_embeddings: 64,
    hidden_size: 32,
    num_layers: 2,
    num_heads: 4,
    attention_types: [[['global', 'local'], 1]],
    window_size: 4,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => gptInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids, token_type_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const windows = windowsOf(c);
    const words = embedding(g.at('transformer.wte'), c.vocab_size, c.hidden_size);
    const places = embedding(g.at('transformer.wpe'), c.max_position_embeddings, c.hidden_size);
    g.limit(at.total, c.max_position_embeddings);
    const embedded = add(embedWords(words, input_ids, token_type_ids), places.lookup(at.positions));
    const h = preNormLayers(g.at('transformer'), embedded, c.num_layers, {
      names: ['h', 'ln_1', 'ln_2', 'ln_f'],
      norm: (scope, x) => layerNorm(scope, x, c.layer_norm_epsilon),
      attention: (layer, x, index) =>
        attention(layer.at('attn.attention'), x, {
          heads: c.num_heads,
          names: ['q_proj', 'k_proj', 'v_proj', 'out_proj'],
          bias: [false, false, false, true],
          scale: 1,
          mask: stackedMask(g, at, attention_mask, windows[index]),
          window: windows[index],
          layer: index,
        }),
      mlp: (layer, x) =>
        mlp(layer.at('mlp'), x, {
          names: ['c_fc', 'c_proj'],
          hidden: c.intermediate_size ?? 4 * c.hidden_size,
          activation: c.activation_function,
        }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});

/** The window of each layer; null sees all. */
function windowsOf(c: ConfigOf<typeof config>): (number | null)[] {
  const kinds =
    c.attention_layers ??
    c.attention_types.flatMap(([list, times]) => Array<readonly string[]>(times).fill(list).flat());
  if (kinds.length !== c.num_layers)
    throw new UsageError(`attention_types: they name ${kinds.length} layers, num_layers is ${c.num_layers}`);
  return kinds.map((kind) => {
    if (kind !== 'global' && kind !== 'local')
      throw new UsageError(`attention_types: '${kind}' is not supported; known: global, local`);
    return kind === 'local' ? c.window_size : null;
  });
}
