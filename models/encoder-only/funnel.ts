// Funnel: an encoder that halves the text from block to block, and a short decoder that brings it back to its length for what is
// said of every token; scores from distances and segments.
// Dai et al. 2020, arXiv:2006.03236.

import { add, range, type Scope, type Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { head } from '../blocks/decoder.js';
import { funnelLayer } from '../blocks/funnel-layer.js';
import { type Level, pool, poolLevel, upsample } from '../blocks/funnel-pooling.js';
import { embedding } from '../blocks/linear.js';
import { layerNorm } from '../blocks/norm.js';
import { defineConfig, nullable, oneOf } from '../config.js';
import { constant, defineModel, mask, tokens } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 30_522,
    block_sizes: [4, 4, 4] as readonly number[],
    /** How often each layer of a block is run. */
    block_repeats: nullable<number[]>('array'),
    num_decoder_layers: 2,
    d_model: 768,
    n_head: 12,
    d_head: 64,
    d_inner: 3072,
    hidden_act: 'gelu_new',
    layer_norm_eps: 1e-9,
    pooling_type: oneOf('mean', 'max'),
    attention_type: oneOf('relative_shift', 'factorized'),
    /** The first token is never pooled with others; with truncate_seq the last one makes room for it. */
    separate_cls: true,
    truncate_seq: true,
    /** The first layer of a block looks from the pooled text at the whole one. */
    pool_q_only: true,
    tie_word_embeddings: true,
  },
  ['initializer_std', 'max_position_embeddings', 'rel_attn_type', 'type_vocab_size'],
  { hidden_size: 'd_model', num_attention_heads: 'n_head' },
);

export default defineModel({
  family: 'funnel',
  architectures: ['FunnelForMaskedLM'],
  modelTypes: ['funnel'],
  task: 'fill-mask',
  config,
  variants: { funnel: { checkpoint: 'funnel-transformer/small', parameters: 131_003_706, config: {} } },
  tiny: {
    vocab_size: 99,
    block_sizes: [1, 2, 1],
    block_repeats: [1, 2, 1],
    d_model: 32,
    n_head: 4,
    d_head: 8,
    d_inner: 37,
  },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => ({
    input_ids: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask: mask('batch', 'seq'),
    token_type_ids: constant(0, 'batch', 'seq'),
  }),
  graph(g, { input_ids, attention_mask, token_type_ids }, c) {
    const repeats = c.block_repeats ?? c.block_sizes.map(() => 1);
    if (repeats.length !== c.block_sizes.length)
      throw new UsageError(`block_repeats: ${repeats.length} entries for the ${c.block_sizes.length} of block_sizes`);
    const words = embedding(g.at('funnel.embeddings.word_embeddings'), c.vocab_size, c.d_model);
    const norm = (scope: Scope, x: Tensor): Tensor => layerNorm(scope, x, c.layer_norm_eps);
    const seq = input_ids.dim(1);
    const whole: Level = {
      length: seq,
      places: range(g, seq),
      segments: token_type_ids ?? null,
      mask: attention_mask ?? null,
    };
    let h = norm(g.at('funnel.embeddings.layer_norm'), words.lookup(input_ids)); // [batch, seq, d_model]
    let level = whole;
    const states = [h];
    c.block_sizes.forEach((size, block) => {
      // transformers leaves a text of one token, or of the first and one other, as it is: texts that short are not for this graph.
      const pooled = block > 0 ? { h: pool(h, c), level: poolLevel(level, c) } : null;
      g.layers(`funnel.encoder.blocks.${block}`, size).forEach((layer, index) => {
        for (let turn = 0; turn < repeats[block]; turn++) {
          if (pooled && index === 0 && turn === 0) {
            const [keys, seen] = c.pool_q_only ? [h, level] : [pooled.h, pooled.level];
            h = funnelLayer(layer, pooled.h, keys, { from: pooled.level, to: seen, block }, c);
            level = pooled.level;
          } else h = funnelLayer(layer, h, h, { from: level, to: level, block }, c);
          states.push(h);
        }
      });
    });
    h = add(upsample(h, 2 ** (c.block_sizes.length - 1), seq, c), states[c.block_sizes[0]]);
    for (const layer of g.layers('funnel.decoder.layers', c.num_decoder_layers))
      h = funnelLayer(layer, h, h, { from: whole, to: whole, block: 0 }, c);
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings, bias: true }) };
  },
});
