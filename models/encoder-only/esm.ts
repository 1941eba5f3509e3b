// ESM-2 (and ESM-1b): a pre-norm encoder of proteins, one token per amino acid, with rotary (or learned) positions. In place
// of masked words it reads zeros, and scales the rest by how many there are.
// Rives et al. 2021, doi:10.1073/pnas.2016239118; Lin et al. 2022, doi:10.1101/2022.07.20.500902.

import { add, type Graph, type Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { bertIgnored, bertTiny, coreFields } from '../blocks/bert-config.js';
import { placesOfWords } from '../blocks/bert-embedding.js';
import { bertLayers } from '../blocks/bert-layer.js';
import { embedding } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { withoutMasks } from '../blocks/masked-words.js';
import { layerNorm } from '../blocks/norm.js';
import { relativeKeys } from '../blocks/relative-position.js';
import { robertaHead } from '../blocks/roberta.js';
import { anglesOf, turnHalves } from '../blocks/rope.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { constant, defineModel, mask, optional, tokens } from '../define.js';

const { type_vocab_size: _, hidden_act: __, ...fields } = coreFields;
const config = defineConfig(
  {
    ...fields,
    vocab_size: 33,
    max_position_embeddings: 1026,
    pad_token_id: 1,
    mask_token_id: nullable<number>('number'),
    position_embedding_type: oneOf('absolute', 'rotary', 'relative_key', 'relative_key_query'),
    emb_layer_norm_before: nullable<boolean>('boolean'),
    token_dropout: false,
    is_folding_model: oneOf(false),
  },
  [...bertIgnored, 'hidden_act', 'esmfold_config', 'vocab_list'],
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'esm',
  architectures: ['EsmForMaskedLM'],
  modelTypes: ['esm'],
  task: 'fill-mask',
  config,
  variants: {
    esm: {
      checkpoint: 'facebook/esm2_t6_8M_UR50D',
      parameters: 7_512_474,
      config: {
        hidden_size: 320,
        num_hidden_layers: 6,
        num_attention_heads: 20,
        intermediate_size: 1280,
        layer_norm_eps: 1e-5,
        mask_token_id: 32,
        position_embedding_type: 'rotary',
        emb_layer_norm_before: false,
        token_dropout: true,
      },
    },
  },
  tiny: { ...bertTiny, vocab_size: 33, mask_token_id: 32, position_embedding_type: 'rotary', token_dropout: true },
  preprocess: { text: 'characters' },
  inputs: (c) => ({
    input_ids: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask: mask('batch', 'seq'),
    position_ids: optional(constant(0, 'batch', 'seq')),
  }),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const words = embedding(g.at('esm.embeddings.word_embeddings'), c.vocab_size, c.hidden_size);
    const embedded = embed(g, words.lookup(input_ids), input_ids, position_ids, c); // [batch, seq, hidden_size]
    const encoder = g.at('esm.encoder');
    const [width, seq] = [c.hidden_size / c.num_attention_heads, input_ids.dim(1)];
    let h = bertLayers(encoder.layers('layer', c.num_hidden_layers), embedded, (layer) => ({
      heads: c.num_attention_heads,
      hidden: c.intermediate_size,
      activation: 'gelu',
      epsilon: c.layer_norm_eps,
      norm: 'pre',
      names: { attentionNorm: 'attention.LayerNorm', mlpNorm: 'LayerNorm' },
      mask: paddingMask(attention_mask),
      // The query is scaled before it meets the distances, the key is not.
      relative: relativeKeys(layer.at('attention.self'), c.position_embedding_type, c.max_position_embeddings, {
        key: 1,
      }),
      rotate:
        c.position_embedding_type === 'rotary'
          ? turnHalves(
              anglesOf(layer.at('attention.self.rotary_embeddings').buffer('inv_freq', [width / 2]), seq),
              width,
            )
          : null,
    }));
    h = layerNorm(encoder.at('emb_layer_norm_after'), h, c.layer_norm_eps);
    const contacts = g.at('esm.contact_head.regression'); // reads attention weights, not for the logits
    contacts.unused('weight', [1, c.num_hidden_layers * c.num_attention_heads]);
    contacts.unused('bias', [1]);
    return { logits: robertaHead(g, h, words, c) }; // [batch, seq, vocab_size]
  },
});

function embed(g: Graph, words: Tensor, ids: Tensor, positions: Tensor | undefined, c: Config): Tensor {
  const scope = g.at('esm.embeddings');
  let h = words;
  if (c.token_dropout) {
    if (c.mask_token_id === null) throw new UsageError('esm.mask_token_id: token_dropout needs it');
    h = withoutMasks(h, ids, c.mask_token_id);
  }
  if (c.position_embedding_type === 'absolute') {
    const places = embedding(scope.at('position_embeddings'), c.max_position_embeddings, c.hidden_size);
    h = add(h, places.lookup(positions ?? placesOfWords(ids, c.pad_token_id, c.max_position_embeddings)));
  }
  return c.emb_layer_norm_before ? layerNorm(scope.at('layer_norm'), h, c.layer_norm_eps) : h;
}
