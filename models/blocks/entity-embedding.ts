// Entities beside words (Yamada et al. 2020, arXiv:2010.01057): what they are embedded by, and how they are predicted.

import {
  cast,
  clip,
  div,
  equal,
  type Graph,
  maximum,
  mul,
  not,
  reduceSum,
  type Scope,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { bertEmbeddings } from './bert-embedding.js';
import { type Embedding, embedding, linear } from './linear.js';
import { wordHead } from './word-head.js';

/** Keys of the configuration that these parts read. */
export interface EntityKeys {
  hidden_size: number;
  hidden_act: string;
  layer_norm_eps: number;
  entity_emb_size: number;
  max_position_embeddings: number;
  type_vocab_size: number;
}

/** Entity, mean place of its mention's words, segment: [batch, entities, hidden_size]. */
export function embedEntities(
  scope: Scope,
  entities: Embedding,
  inputs: Record<string, Tensor>,
  c: EntityKeys,
): Tensor {
  const { entity_ids, entity_position_ids, entity_token_type_ids } = inputs;
  let entity = entities.lookup(entity_ids);
  if (c.entity_emb_size !== c.hidden_size)
    entity = linear(scope.at('entity_embedding_dense'), entity, c.hidden_size, { bias: false });
  const places = embedding(scope.at('position_embeddings'), c.max_position_embeddings, c.hidden_size);
  const real = unsqueeze(cast(not(equal(entity_position_ids, -1)), entity.dtype), 3);
  const sum = reduceSum(mul(places.lookup(clip(entity_position_ids, 0, null)), real), 2);
  const place = div(sum, maximum(reduceSum(real, 2), 1e-7));
  return bertEmbeddings(
    scope,
    entity,
    { epsilon: c.layer_norm_eps, places: 0, types: c.type_vocab_size, segments: entity_token_type_ids },
    [place],
  );
}

/** Always tied to the embedding of entities, whatever tie_word_embeddings says. */
export function predictEntities(g: Graph, h: Tensor, entities: Embedding, c: EntityKeys): Tensor {
  return wordHead(g.at('entity_predictions'), h, {
    words: entities,
    tied: true,
    activation: c.hidden_act,
    epsilon: c.layer_norm_eps,
  });
}
