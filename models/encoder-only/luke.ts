// LUKE: a RoBERTa that reads words and the entities they mention in one sequence; each query asks words and entities through
// projections of their own.
// Yamada et al. 2020, arXiv:2010.01057.

import { concat, type Scope, slice, type Tensor } from '../../src/graph/index.js';
import { bertIgnored, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertEmbeddings, placesOfWords } from '../blocks/bert-embedding.js';
import { bertLayer } from '../blocks/bert-layer.js';
import { embeddingOptions, layerOptions } from '../blocks/bert-model.js';
import { entityAttention } from '../blocks/entity-attention.js';
import { embedEntities, predictEntities } from '../blocks/entity-embedding.js';
import { embedding } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { robertaHead, robertaInputs } from '../blocks/roberta.js';
import { pooler, unusedPooler } from '../blocks/word-head.js';
import { classes, defineConfig } from '../config.js';
import { constant, defineModel, mask, type Outputs, optional, tokens } from '../define.js';

const config = defineConfig(
  {
    ...coreFields,
    architectures: classes('LukeForMaskedLM', 'LukeModel'),
    vocab_size: 50267,
    entity_vocab_size: 500_000,
    entity_emb_size: 256,
    use_entity_aware_attention: true,
    pad_token_id: 1,
  },
  [...bertIgnored, 'bert_model_name', 'cls_entity_prediction'],
);

export default defineModel({
  family: 'luke',
  architectures: ['LukeForMaskedLM', 'LukeModel'],
  modelTypes: ['luke'],
  task: 'fill-mask',
  config,
  variants: {
    luke: {
      checkpoint: 'studio-ousia/luke-base',
      parameters: 274_502_144,
      config: {
        architectures: ['LukeModel'],
        max_position_embeddings: 514,
        type_vocab_size: 1,
        layer_norm_eps: 1e-5,
      },
    },
  },
  tiny: { ...bertTiny, entity_vocab_size: 23, entity_emb_size: 16 },
  sizes: { entities: 8, mention: 30 },
  preprocess: { text: 'byte-level BPE' },
  inputs: (c) => ({
    ...robertaInputs(c),
    entity_ids: tokens(c.entity_vocab_size, 'batch', 'entities'),
    entity_attention_mask: mask('batch', 'entities'),
    entity_token_type_ids: optional(constant(0, 'batch', 'entities')),
    entity_position_ids: constant(1, 'batch', 'entities', 'mention'), // places of the mention's words, -1 beyond them
  }),
  graph(g, inputs, c): Outputs {
    const predicts = c.architectures[0] === 'LukeForMaskedLM';
    const scope = g.at(predicts ? 'luke' : '');
    const words = embedding(scope.at('embeddings.word_embeddings'), c.vocab_size, c.hidden_size);
    const entities = embedding(scope.at('entity_embeddings.entity_embeddings'), c.entity_vocab_size, c.entity_emb_size);
    const text = bertEmbeddings(scope.at('embeddings'), words.lookup(inputs.input_ids), {
      ...embeddingOptions(c, inputs),
      positions: inputs.position_ids ?? placesOfWords(inputs.input_ids, c.pad_token_id, c.max_position_embeddings),
    });
    let h = concat([text, embedEntities(scope.at('entity_embeddings'), entities, inputs, c)], 1);
    const seq = inputs.input_ids.dim(1);
    const seen = paddingMask(concat([inputs.attention_mask, inputs.entity_attention_mask], 1));
    for (const layer of scope.layers('encoder.layer', c.num_hidden_layers)) {
      const mix = (_: Scope, x: Tensor): Tensor =>
        entityAttention(layer.at('attention'), x, seq, { heads: c.num_attention_heads, mask: seen });
      h = bertLayer(layer, h, { ...layerOptions(c), mask: seen, ...(c.use_entity_aware_attention ? { mix } : {}) });
    }
    const [ofWords, ofEntities] = [slice(h, 1, 0, seq), slice(h, 1, seq)];
    if (!predicts) {
      const pooler_output = pooler(scope.at('pooler'), ofWords);
      return { last_hidden_state: ofWords, pooler_output, entity_last_hidden_state: ofEntities };
    }
    unusedPooler(scope.at('pooler'), c.hidden_size);
    return {
      logits: robertaHead(g, ofWords, words, c), // [batch, seq, vocab_size]
      entity_logits: predictEntities(g, ofEntities, entities, c), // [batch, entities, entity_vocab_size]
    };
  },
});
