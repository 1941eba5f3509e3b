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
  type Dim,
  full,
  gather,
  or,
  reshape,
  type Scope,
  split,
  sub,
  type Tensor,
  tanh,
  unsqueeze,
} from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { attendHeads, splitHeads } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { topOneOfSequence } from '../blocks/capacity.js';
import { embedding, linear } from '../blocks/linear.js';
import { additive, causal, keepsKeys } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { mixture, routerScores } from '../blocks/moe.js';
import { layerNorm } from '../blocks/norm.js';
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
    const spouts = c.d_spout > 0 ? spoutHeads(model.at('spout'), spout, c) : [];
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
    model.layers('blocks', c.num_switch_layers + c.num_ext_layers).forEach((block, index) => {
      if (index === c.num_switch_layers) h = add(h, table('extra_position_embeddings'));
      const norm = (scope: Scope, x: Tensor): Tensor => layerNorm(scope.at('norm'), x, c.layer_norm_epsilon);
      const attended = attend(block.at('self_attn.self_attn'), h, mask, spouts[index], index, c);
      h = add(h, norm(block.at('self_attn'), attended));
      const part = block.at('feed_forward');
      const made = index < c.num_switch_layers ? switchLayer(part, h, index, c) : denseLayer(part, h, c);
      h = add(h, norm(part, made));
    });
    const last = activation('swish')(linear(model.at('last_project'), h, c.d_model));
    const bias = reshape(g.at('').buffer('final_logits_bias', [1, c.vocab_size]), [c.vocab_size]);
    return { logits: words.project(last, bias) };
  },
});

type Spout = [key: Tensor, value: Tensor];

/** Keys and values [batch, heads, 1, width] of every layer. The weights are the model's even where no spout is fed. */
function spoutHeads(scope: Scope, spout: Tensor | undefined, c: Config): Spout[] {
  const layers = c.num_switch_layers + c.num_ext_layers;
  const widths = [...Array(8).fill(c.d_spout), 2 * layers * c.d_model];
  if (!spout) {
    widths.forEach((width, i) => {
      scope.parameter(`${2 * i}.weight`, [width, c.d_spout], { transposed: true });
    });
    return [];
  }
  const all = widths.reduce<Tensor>((x, width, i) => {
    const made = linear(scope.at(`${2 * i}`), x, width, { bias: false });
    return i < 8 ? tanh(made) : made;
  }, spout);
  const shape: Dim[] = [spout.dim(0), c.num_heads, 1, c.d_model / c.num_heads];
  const parts = split(all, Array(2 * layers).fill(c.d_model), 1).map((part) => reshape(part, shape));
  return Array.from({ length: layers }, (_, i) => [parts[2 * i], parts[2 * i + 1]]);
}

function attend(scope: Scope, x: Tensor, mask: Tensor, spout: Spout | undefined, layer: number, c: Config): Tensor {
  const [q, k, v] = ['q_proj', 'k_proj', 'v_proj'].map((name) =>
    splitHeads(linear(scope.at(name), x, c.d_model, { bias: false }), c.num_heads),
  );
  const [keys, values] = spout ? [concat([spout[0], k], 2), concat([spout[1], v], 2)] : [k, v];
  return linear(scope.at('out_proj'), attendHeads(q, keys, values, { mask, layer }), c.d_model, { bias: false });
}

/** Tokens whose expert is full stay as they are; all pass a layer beside the experts too. */
function switchLayer(scope: Scope, x: Tensor, layer: number, c: Config): Tensor {
  const router = scope.at('mlp.router.classifier');
  const flat = routerScores(router, x, c.num_experts, 'float32');
  const plain = reshape(flat, [x.dim(0), x.dim(1), c.num_experts]);
  const bias = (): Tensor => cast(router.parameter('bias', [c.num_experts]), 'float32');
  const scores = c.router_bias ? add(plain, bias()) : plain;
  const mixed = mixture(x, topOneOfSequence(scores, c.expert_capacity, layer), {
    count: c.num_experts,
    expert: (index, rows) => {
      const shape = { hidden: c.d_ff, activation: 'relu', bias: false, names: ['wi', 'wo'] as const };
      return mlp(scope.at(`mlp.experts.expert_${index}`), rows, shape);
    },
    rest: (rows) => rows,
  });
  return add(mixed, tanh(linear(scope.at('soft_bypass_mlp'), x, c.d_model, { bias: false })));
}

const denseLayer = (scope: Scope, x: Tensor, c: Config): Tensor =>
  mlp(scope.at('mlp'), x, { hidden: c.d_ext, activation: 'swish', names: ['wi', 'wo'] });
