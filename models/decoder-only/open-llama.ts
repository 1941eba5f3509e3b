// Open-Llama: Llama with full heads, a LayerNorm behind the embedding and logits by the embedding's own table.
// s-JoL 2023, github.com/s-JoL/Open-Llama; not OpenLLaMA (openlm-research), which is plain Llama.

import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers } from '../blocks/llama-layers.js';
import { gatedMlp } from '../blocks/mlp.js';
import { layerNorm, rmsNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 100_000,
    hidden_size: 4096,
    intermediate_size: 11008,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    hidden_act: 'silu',
    max_position_embeddings: 2048,
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    use_stable_embedding: true,
    shared_input_output_embedding: true,
    tie_word_embeddings: false,
  },
  ['use_memory_efficient_attention', 'use_memorry_efficient_attention', 'attention_dropout_prob'],
);

export default defineModel({
  family: 'open_llama',
  architectures: ['OpenLlamaForCausalLM'],
  modelTypes: ['open-llama'],
  task: 'text-generation',
  config,
  variants: { open_llama: { checkpoint: 's-JoL/Open-Llama-V1', parameters: 6_885_879_808, config: {} } },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    max_position_embeddings: 64,
  },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const embedded = words.lookup(input_ids);
    const start = c.use_stable_embedding ? layerNorm(g.at('model.embed_layer_norm'), embedded, 1e-5) : embedded;
    const h = llamaLayers(g.at('model'), start, at, attention_mask, {
      layers: c.num_hidden_layers,
      heads: c.num_attention_heads,
      rotate: halfSplit(g, at.positions, ropeOptions(c, c.hidden_size / c.num_attention_heads)),
      norm: (scope, x) => rmsNorm(scope, x, c.rms_norm_eps),
      mlp: (layer, x) => gatedMlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_act }),
    });
    const tied = c.shared_input_output_embedding || c.tie_word_embeddings;
    return { logits: head(g.at('lm_head'), h, words, { tied }) };
  },
});
