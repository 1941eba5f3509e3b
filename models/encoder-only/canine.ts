// CANINE: a tokenizer-free encoder. Characters (code points) are embedded by several hashes, attend within blocks, and are drawn
// together four to one by a strided convolution; the deep layers work on these molecules, which are spread out again and joined with
// the characters.
// Clark et al. 2021, arXiv:2103.06874.

import { concat } from '../../src/graph/index.js';
import { bertIgnored, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertEncoder } from '../blocks/bert-model.js';
import {
  blockAttention,
  blockMask,
  embedCharacters,
  joinCharacters,
  moleculeMask,
  spread,
  toMolecules,
} from '../blocks/characters.js';
import { linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { pooler, unusedPooler } from '../blocks/word-head.js';
import { classes, defineConfig, oneOf } from '../config.js';
import { constant, defineModel, mask, type Outputs, optional, tokens } from '../define.js';

const { vocab_size: _words, tie_word_embeddings: _tied, ...fields } = coreFields;

const config = defineConfig(
  {
    ...fields,
    architectures: classes('CanineModel', 'CanineForTokenClassification'),
    max_position_embeddings: 16384,
    type_vocab_size: 16,
    position_embedding_type: oneOf('absolute'),
    downsampling_rate: 4,
    upsampling_kernel_size: 4,
    num_hash_functions: 8,
    num_hash_buckets: 16384,
    local_transformer_stride: 128,
    num_labels: 2,
  },
  [...bertIgnored, 'tie_word_embeddings'],
);

const CODE_POINTS = 0x110000;

const { vocab_size: _tiny, ...tiny } = bertTiny;

export default defineModel({
  family: 'canine',
  architectures: ['CanineModel', 'CanineForTokenClassification'],
  modelTypes: ['canine'],
  task: 'feature-extraction',
  config,
  variants: {
    canine: { checkpoint: 'google/canine-s', parameters: 132_082_944, config: {} },
  },
  tiny: { ...tiny, num_hash_buckets: 64, local_transformer_stride: 12, num_labels: 5 },
  preprocess: { text: 'code points' },
  inputs: () => ({
    input_ids: tokens(CODE_POINTS, 'batch', 'seq'),
    attention_mask: mask('batch', 'seq'),
    token_type_ids: constant(0, 'batch', 'seq'),
    position_ids: optional(constant(0, 'batch', 'seq')),
  }),
  graph(g, inputs, c): Outputs {
    const labels = c.architectures[0] === 'CanineForTokenClassification';
    const scope = g.at(labels ? 'canine' : '');
    const given = inputs.attention_mask;
    const embedded = embedCharacters(scope.at('char_embeddings'), inputs, c);
    const shallow = { ...c, num_hidden_layers: 1 };
    const blocks = blockMask(inputs.input_ids, given, c.local_transformer_stride);
    const characters = bertEncoder(scope.at('initial_char_encoder'), embedded, shallow, {
      mix: (layer, x) => blockAttention(layer.at('attention'), x, blocks, c),
    }); // [batch, seq, hidden_size]
    const drawn = toMolecules(scope.at('chars_to_molecules'), characters, c);
    const molecules = bertEncoder(scope.at('encoder'), drawn, c, { mask: moleculeMask(given, c.downsampling_rate) });
    const joined = concat([characters, spread(molecules, characters.dim(1), c.downsampling_rate)], -1);
    const projected = joinCharacters(scope.at('projection'), joined, c);
    const states = bertEncoder(scope.at('final_char_encoder'), projected, shallow, { mask: paddingMask(given) });
    if (!labels) return { last_hidden_state: states, pooler_output: pooler(scope.at('pooler'), molecules) };
    unusedPooler(scope.at('pooler'), c.hidden_size);
    return { logits: linear(g.at('classifier'), states, c.num_labels) }; // [batch, seq, num_labels]
  },
});
