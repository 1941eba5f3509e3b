// BigBird-PEGASUS: PEGASUS with learned positions and, in the encoder, BigBird's block-sparse attention.
// Zaheer et al. 2020, arXiv:2007.14062.

import { cast, full } from '../../src/graph/index.js';
import { attention } from '../blocks/attention.js';
import { BART_IGNORED, BART_KEYS, BART_TINY, bartModel, type MixHook } from '../blocks/bart.js';
import { sparseAttention } from '../blocks/block-sparse.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { linear } from '../blocks/linear.js';
import { learnedPositions } from '../blocks/position.js';
import { defineConfig, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...BART_KEYS,
    vocab_size: 96_103,
    max_position_embeddings: 4096,
    encoder_layers: 16,
    decoder_layers: 16,
    activation_function: 'gelu_new',
    scale_embedding: true,
    attention_type: oneOf('block_sparse', 'original_full'),
    block_size: 64,
    num_random_blocks: 3,
    use_bias: false,
  },
  [...BART_IGNORED, 'rescale_embeddings'],
);

export default defineModel({
  family: 'bigbird_pegasus',
  architectures: ['BigBirdPegasusForConditionalGeneration'],
  modelTypes: ['bigbird_pegasus'],
  task: 'summarization',
  config,
  variants: {
    bigbird_pegasus: {
      checkpoint: 'google/bigbird-pegasus-large-arxiv',
      parameters: 576_891_904,
      config: {},
    },
  },
  tiny: { ...BART_TINY, block_size: 4, num_random_blocks: 1 },
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph(g, inputs, c) {
    const [heads, bias] = [c.encoder_attention_heads, c.use_bias];
    const names = ['self.query', 'self.key', 'self.value', 'output'] as const;
    const { input_ids: ids, attention_mask: given } = inputs;
    const sparse: MixHook = (scope, x) => {
      const part = (name: string) => linear(scope.at(name), x, c.d_model, { bias });
      const kept = cast(given ?? full(g, ids.shape, 1, 'int64'), 'bool');
      const options = { heads, block: c.block_size, random: c.num_random_blocks };
      const mixed = sparseAttention([part(names[0]), part(names[1]), part(names[2])], kept, options);
      return linear(scope.at(names[3]), mixed, c.d_model, { bias });
    };
    const whole: MixHook = (scope, x, _layer, mask) => attention(scope, x, { heads, names, bias, mask });
    return bartModel(g, inputs, c, {
      norm: 'pre',
      finalNorm: 'layernorm_embedding',
      positions: learnedPositions(c.max_position_embeddings, c.d_model),
      encoder: { mix: c.attention_type === 'block_sparse' ? sparse : whole },
      decoder: { bias },
    });
  },
});
