// BertModel: embeddings and a stack of layers, in the names of BERT's state dict.

import type { Scope, Tensor } from '../../src/graph/index.js';
import type { BertInputs, CoreConfig } from './bert-config.js';
import { type BertEmbeddingOptions, bertEmbeddings } from './bert-embedding.js';
import { type BertLayerOptions, bertLayers } from './bert-layer.js';
import { type Embedding, embedding } from './linear.js';
import { paddingMask } from './mask.js';
import { relativeKeys } from './relative-position.js';
import type { WordHeadOptions } from './word-head.js';

type LayerKeys = Pick<CoreConfig, 'num_attention_heads' | 'intermediate_size' | 'hidden_act' | 'layer_norm_eps'>;

/** Options of a layer from the keys of a configuration. */
export const layerOptions = (c: LayerKeys): BertLayerOptions => ({
  heads: c.num_attention_heads,
  hidden: c.intermediate_size,
  activation: c.hidden_act,
  epsilon: c.layer_norm_eps,
});

/** Options of the embeddings from the keys of a configuration, and the inputs token_type_ids and position_ids. */
export const embeddingOptions = (
  c: Pick<CoreConfig, 'layer_norm_eps' | 'max_position_embeddings' | 'type_vocab_size'> & {
    position_embedding_type?: string;
  },
  inputs: Record<string, Tensor>,
): BertEmbeddingOptions => ({
  epsilon: c.layer_norm_eps,
  places: (c.position_embedding_type ?? 'absolute') === 'absolute' ? c.max_position_embeddings : 0,
  positions: inputs.position_ids,
  types: c.type_vocab_size,
  segments: inputs.token_type_ids,
});

/** Options of the masked-word head from the keys of a configuration. */
export const headOptions = (
  c: Pick<CoreConfig, 'tie_word_embeddings' | 'hidden_act' | 'layer_norm_eps'>,
): Pick<WordHeadOptions, 'tied' | 'activation' | 'epsilon'> => ({
  tied: c.tie_word_embeddings,
  activation: c.hidden_act,
  epsilon: c.layer_norm_eps,
});

type EncoderKeys = LayerKeys &
  Pick<CoreConfig, 'num_hidden_layers' | 'max_position_embeddings'> & { position_embedding_type?: string };

/** The layers `<scope>.layer.N`: h [batch, seq, width] -> [batch, seq, width]. */
export function bertEncoder(
  scope: Scope,
  h: Tensor,
  c: EncoderKeys,
  options: Partial<BertLayerOptions>,
  cached = false,
): Tensor {
  const kind = c.position_embedding_type ?? 'absolute';
  const own = (layer: Scope): BertLayerOptions => ({
    ...layerOptions(c),
    relative: relativeKeys(layer.at('attention.self'), kind, c.max_position_embeddings),
    ...options,
  });
  return bertLayers(scope.layers('layer', c.num_hidden_layers), h, own, cached);
}

/**
 * Ids to last hidden states [batch, seq, hidden_size], from `<scope>.embeddings` and `<scope>.encoder`.
 * @param further terms of the embeddings' sum
 */
export function bertModel(
  scope: Scope,
  inputs: BertInputs,
  c: CoreConfig & { position_embedding_type?: string },
  options: Partial<BertLayerOptions> & { embeddings?: Partial<BertEmbeddingOptions> } = {},
  further: readonly Tensor[] = [],
): { words: Embedding; states: Tensor } {
  const { embeddings, ...layers } = options;
  const words = embedding(scope.at('embeddings.word_embeddings'), c.vocab_size, c.hidden_size);
  const embedded = bertEmbeddings(
    scope.at('embeddings'),
    words.lookup(inputs.input_ids),
    { ...embeddingOptions(c, inputs), ...embeddings },
    further,
  );
  const masked = 'mask' in layers ? layers : { ...layers, mask: paddingMask(inputs.attention_mask) };
  return { words, states: bertEncoder(scope.at('encoder'), embedded, c, masked) };
}
