// GPTSAN: a prefix language model (tokens of type 1 are seen from everywhere) with norms inside the residual, Switch experts of
// limited capacity in its first layers, and a "spout" vector that becomes key and value of one more position.
// Toshiyuki Sakamoto (Tanrei) 2023, github.com/tanreinama/GPTSAN.

import {
  add,
  and,
  argMax,
  cast,
  clip,
  concat,
  full,
  gather,
  or,
  reshape,
  type Scope,
  sub,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { bypassedSwitch } from '../blocks/bypassed-switch.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { embedding, linear } from '../blocks/linear.js';
import { additive, causal, keepsKeys } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { spoutAttention, spoutHeads } from '../blocks/spout.js';
import { type ConfigOf, defineConfig, oneOf } from '../config.js';
import { constant, defineModel, optional, reals } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 36000,
    max_position_embeddings: 1280,
    d_model: 1024,
    d_ff: 8192,
    d_ext: 4096,
    d_spout: 128,
    num_switch_layers: 10,
    num_ext_layers: 0,
    num_heads: 16,
    num_experts: 16,
    expert_capacity: 128,
    layer_norm_epsilon: 1e-5,
    router_bias: false,
    router_dtype: oneOf('float32'),
  },
  `num_layers tie_word_embeddings separator_token_id output_router_logits router_jitter_noise router_ignore_padding_tokens`.split(
    ' ',
  ),
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'gptsan_japanese',
  architectures: ['GPTSanJapaneseForConditionalGeneration'],
  modelTypes: ['gptsan-japanese'],
  task: 'text-generation',
  config,
  variants: { gptsan_japanese: { checkpoint: 'Tanrei/GPTSAN-japanese', parameters: 2_778_964_992, config: {} } },
  tiny: {
    vocab_size: 99,
    max_position_embeddings: 32,
    d_model: 32,
    d_ff: 48,
    d_ext: 40,
    d_spout: 0,
    num_switch_layers: 2,
    num_ext_layers: 1,
    num_heads: 4,
    num_experts: 4,
    expert_capacity: 3,
  },
  preprocess: { text: 'characters' },
  forms: ['cached'],
  inputs(c, form) {
    const { input_ids, attention_mask } = decoderInputs(c.vocab_size, form);
    return {
      input_ids,
      attention_mask,
      // [batch, keys]: one column more where there is a spout
      token_type_ids: optional(constant(0, 'batch', '?keys')),
      ...(c.d_spout > 0 && form === 'plain' ? { spout: optional(reals('batch', c.d_spout)) } : {}),
    };
  },
  graph(g, { input_ids, attention_mask, token_type_ids, spout }, c) {
    const at = steps(input_ids, attention_mask);
    const model = g.at('model');
    const layers = c.num_switch_layers + c.num_ext_layers;
    const spouts = c.d_spout > 0 ? spoutHeads(model.at('spout'), spout, layers, c) : [];
    const first = spout ? 1 : 0; // place of the first token
    const kept = spout ? concat([full(g, [input_ids.dim(0), 1], 1, 'int64'), attention_mask], 1) : attention_mask;
    const seen = unsqueeze(causal(g, { past: spout ? 1 : at.past, seq: at.seq }), 0, 1);
    const mask = additive(and(token_type_ids ? or(seen, keepsKeys(token_type_ids)) : seen, keepsKeys(kept)));
    const padding = argMax(cast(kept, 'int32'), 1, { keep: true }); // padding on the left moves places
    const places = clip(sub(add(at.positions, first), padding), first, c.max_position_embeddings - 1);
    const table = (name: string): Tensor =>
      gather(model.at(name).parameter('weight', [c.max_position_embeddings, c.d_model]), places);

    const words = embedding(model.at('embed_tokens'), c.vocab_size, c.d_model);
    let h = add(words.lookup(input_ids), table('position_embeddings')); // [batch, seq, d_model]
    model.layers('blocks', layers).forEach((block, index) => {
      if (index === c.num_switch_layers) h = add(h, table('extra_position_embeddings'));
      const norm = (scope: Scope, x: Tensor): Tensor => layerNorm(scope.at('norm'), x, c.layer_norm_epsilon);
      const attended = spoutAttention(block.at('self_attn.self_attn'), h, mask, spouts[index], index, c);
      h = add(h, norm(block.at('self_attn'), attended));
      const part = block.at('feed_forward');
      const made = index < c.num_switch_layers ? bypassedSwitch(part, h, index, c) : denseLayer(part, h, c);
      h = add(h, norm(part, made));
    });
    const last = activation('swish')(linear(model.at('last_project'), h, c.d_model));
    const bias = reshape(g.at('').buffer('final_logits_bias', [1, c.vocab_size]), [c.vocab_size]);
    return { logits: words.project(last, bias) };
  },
});

const denseLayer = (scope: Scope, x: Tensor, c: Config): Tensor =>
  mlp(scope.at('mlp'), x, { hidden: c.d_ext, activation: 'swish', names: ['wi', 'wo'] });
