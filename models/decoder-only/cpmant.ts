// CPM-Ant: a Chinese language model behind learned prompt tokens; RMS norms, gated MLPs, and scores from the pair of segments or,
// within one, from bucketed distances. Generation re-reads the whole text: every token, prompt and all, sees every other.
// OpenBMB 2022, github.com/OpenBMB/CPM-Live.

import {
  add,
  and,
  cast,
  concat,
  equal,
  expand,
  full,
  mul,
  not,
  range,
  slice,
  type Tensor,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { attention } from '../blocks/attention.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { additive, countedFromEnd } from '../blocks/mask.js';
import { gatedMlp } from '../blocks/mlp.js';
import { rmsNorm } from '../blocks/norm.js';
import { segmentBias } from '../blocks/segment-bias.js';
import { defineConfig } from '../config.js';
import { defineModel, tokens } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 30720,
    hidden_size: 4096,
    num_attention_heads: 32,
    dim_head: 128,
    dim_ff: 10240,
    num_hidden_layers: 48,
    position_bias_num_buckets: 512,
    position_bias_max_distance: 2048,
    eps: 1e-6,
    prompt_types: 32,
    prompt_length: 32,
    segment_types: 32,
    tie_word_embeddings: true,
  },
  ['dropout_p', 'mask_modules', 'half'],
);

export default defineModel({
  family: 'cpmant',
  architectures: ['CpmAntForCausalLM'],
  modelTypes: ['cpmant'],
  task: 'text-generation',
  config,
  variants: { cpmant: { checkpoint: 'openbmb/cpm-ant-10b', parameters: 9_391_624_192, config: {} } },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    num_attention_heads: 4,
    dim_head: 12,
    dim_ff: 56,
    num_hidden_layers: 2,
    position_bias_num_buckets: 8,
    position_bias_max_distance: 16,
    prompt_types: 4,
    prompt_length: 4,
    segment_types: 4,
  },
  preprocess: { text: 'words' },
  uncached: 'its tokens see those behind them too, so each new one changes what all others hold',
  inputs: (c) => ({ input_ids: tokens(c.vocab_size, 'batch', 'seq') }),
  graph(g, { input_ids }, c) {
    const words = embedding(
      g.at('cpmant.input_embedding'),
      c.vocab_size + c.prompt_types * c.prompt_length,
      c.hidden_size,
    );
    const kinds = embedding(g.at('cpmant.segment_embedding'), c.segment_types, c.hidden_size);
    const batch = input_ids.dim(0);
    const prompt = add(range(g, c.prompt_length), c.vocab_size + 2 * c.prompt_length); // the third prompt, for generation
    const inFront = (value: Tensor, x: Tensor): Tensor =>
      concat([expand(unsqueeze(value, 0), [batch, c.prompt_length]), x], 1);
    const present = not(equal(input_ids, 0));
    const segments = inFront(full(g, [c.prompt_length], 0, 'int64'), where(present, g.constant(2, 'int64'), 0));
    // Padding is taken to be on the left, wherever it is.
    const kept = countedFromEnd(present);
    const keeps = inFront(full(g, [c.prompt_length], 1, 'bool'), kept); // [batch, total]

    const bias = segmentBias(g.at('cpmant.position_bias'), segments, c); // [batch, heads, total, total]
    const mask = add(bias, additive(unsqueeze(and(unsqueeze(keeps, 2), unsqueeze(keeps, 1)), 1)));
    const answering = unsqueeze(cast(keeps, g.options.dtype), 2); // padding asks nothing: it gets zeros

    const embedded = add(words.lookup(inFront(prompt, input_ids)), kinds.lookup(segments));
    const h = preNormLayers(g.at('cpmant.encoder'), embedded, c.num_hidden_layers, {
      names: ['layers', 'self_att.layernorm_before_attention', 'ffn.layernorm_before_ffn', 'output_layernorm'],
      norm: (scope, x) => rmsNorm(scope, x, c.eps),
      attention: (layer, x) =>
        mul(
          attention(layer.at('self_att.self_attention'), x, {
            heads: c.num_attention_heads,
            headDim: c.dim_head,
            names: ['project_q', 'project_k', 'project_v', 'attention_out'],
            bias: false,
            mask,
          }),
          answering,
        ),
      mlp: (layer, x) =>
        gatedMlp(layer.at('ffn.ffn'), x, {
          names: ['w_in.w_0', 'w_in.w_1', 'w_out'],
          hidden: c.dim_ff,
          activation: 'gelu',
        }),
    });
    return {
      logits: head(g.at('lm_head'), slice(h, 1, c.prompt_length), words, { tied: c.tie_word_embeddings }),
    }; // [batch, seq, vocab_size + prompt_types * prompt_length]
  },
});
