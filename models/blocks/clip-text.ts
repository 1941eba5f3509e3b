// CLIP's text encoder (Radford et al. 2021, arXiv:2103.00020): causal, and pooled at the end of the text.

import {
  add,
  argMax,
  cast,
  concat,
  equal,
  gather,
  gatherND,
  range,
  type Scope,
  slice,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { steps } from './cache.js';
import { clipTower, towerOptions } from './clip-tower.js';
import { embedding } from './linear.js';
import { summedMask } from './mask.js';
import { layerNorm } from './norm.js';

/** Keys of CLIPTextConfig with its defaults. */
export const CLIP_TEXT_KEYS = {
  vocab_size: 49408,
  hidden_size: 512,
  intermediate_size: 2048,
  num_hidden_layers: 12,
  num_attention_heads: 8,
  max_position_embeddings: 77,
  hidden_act: 'quick_gelu',
  layer_norm_eps: 1e-5,
  eos_token_id: 49407,
};

/**
 * @param ids [texts, seq]
 * @param positions int64 [texts or 1, seq]; undefined: from 0 on
 * @returns states [texts, seq, hidden_size], and of them that at the end of each text: [texts, hidden_size]
 */
export function clipText(
  scope: Scope,
  ids: Tensor,
  mask: Tensor | undefined,
  c: typeof CLIP_TEXT_KEYS,
  positions?: Tensor,
): { states: Tensor; pooled: Tensor } {
  const g = scope.graph;
  const places = scope
    .at('embeddings.position_embedding')
    .parameter('weight', [c.max_position_embeddings, c.hidden_size]);
  const words = embedding(scope.at('embeddings.token_embedding'), c.vocab_size, c.hidden_size).lookup(ids);
  const h = add(words, positions ? gather(places, positions) : slice(places, 0, 0, ids.dim(1)));
  const made = clipTower(scope.at('encoder'), h, { ...towerOptions(c), mask: summedMask(g, steps(ids, mask), mask) });
  // The published configs say eos_token_id 2, which is not the end token: transformers then takes the largest id instead.
  const end = c.eos_token_id === 2 ? argMax(ids, -1) : argMax(cast(equal(ids, c.eos_token_id), 'int32'), -1);
  const rows = concat([unsqueeze(range(g, ids.dim(0)), 1), unsqueeze(end, 1)], 1);
  const states = layerNorm(scope.at('final_layer_norm'), made, c.layer_norm_eps);
  return { states, pooled: gatherND(states, rows) };
}
