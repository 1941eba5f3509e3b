// BigBird: BERT for long texts with block-sparse attention: the first and last block, the neighbours, and what are random blocks in
// training (blocks/block-sparse.ts). Short sequences attend in full.
// Zaheer et al. 2020, arXiv:2007.14062.

import { cast, full, mul } from '../../src/graph/index.js';
import { attention } from '../blocks/attention.js';
import { bertIgnored, bertInputs, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { bertEncoder, embeddingOptions, headOptions } from '../blocks/bert-model.js';
import { sparseAttention } from '../blocks/block-sparse.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { wordHead } from '../blocks/word-head.js';
import { defineConfig, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...coreFields,
    vocab_size: 50358,
    hidden_act: 'gelu_new',
    max_position_embeddings: 4096,
    position_embedding_type: oneOf('absolute'),
    attention_type: oneOf('block_sparse', 'original_full'),
    use_bias: true,
    rescale_embeddings: false,
    block_size: 64,
    num_random_blocks: 3,
  },
  bertIgnored,
);

export default defineModel({
  family: 'big_bird',
  architectures: ['BigBirdForMaskedLM'],
  modelTypes: ['big_bird'],
  task: 'fill-mask',
  config,
  variants: {
    big_bird: { checkpoint: 'google/bigbird-roberta-base', parameters: 128_111_286, config: {} },
  },
  tiny: { ...bertTiny, block_size: 4, num_random_blocks: 1 },
  preprocess: { text: 'SentencePiece unigram' },
  inputs: bertInputs,
  graph(g, inputs, c) {
    const { input_ids: ids, attention_mask: given } = inputs;
    const scope = g.at('bert.embeddings');
    const words = embedding(scope.at('word_embeddings'), c.vocab_size, c.hidden_size);
    const found = words.lookup(ids);
    const scaled = c.rescale_embeddings ? mul(found, Math.sqrt(c.hidden_size)) : found;
    const embedded = bertEmbeddings(scope, scaled, embeddingOptions(c, inputs)); // [batch, seq, hidden_size]

    const heads = c.num_attention_heads;
    const names = ['self.query', 'self.key', 'self.value', 'output.dense'] as const;
    const [query, key, value, output] = names;
    const bias = [c.use_bias, c.use_bias, c.use_bias, true] as const;
    const mask = paddingMask(given);
    const kept = cast(given ?? full(g, ids.shape, 1, 'int64'), 'bool');
    const options = { heads, block: c.block_size, random: c.num_random_blocks };
    const states = bertEncoder(g.at('bert.encoder'), embedded, c, {
      mix: (layer, x) => {
        const at = layer.at('attention');
        if (c.attention_type === 'original_full') return attention(at, x, { heads, names, bias, mask });
        const part = (name: string) => linear(at.at(name), x, c.hidden_size, { bias: c.use_bias });
        return linear(
          at.at(output),
          sparseAttention([part(query), part(key), part(value)], kept, options),
          c.hidden_size,
        );
      },
    });
    g.at('bert.pooler').unused('weight', [c.hidden_size, c.hidden_size]);
    g.at('bert.pooler').unused('bias', [c.hidden_size]);
    return { logits: wordHead(g.at('cls.predictions'), states, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});
