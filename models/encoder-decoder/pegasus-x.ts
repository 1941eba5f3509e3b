// PEGASUS-X: PEGASUS for long inputs; in the encoder each block of tokens attends to itself and to a few global tokens, which
// attend to everything. Every other layer moves the blocks by half a block.
// Phang, Zhao and Liu 2022, arXiv:2208.04347.

import { add, cast, dimAdd, expand, full, type Scope, slice, type Tensor, unsqueeze } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { BART_IGNORED, BART_KEYS, BART_TINY, bartModel } from '../blocks/bart.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { globalLocal } from '../blocks/global-tokens.js';
import { fillBlocks, padPlaces } from '../blocks/local-attention.js';
import { additive, lowest } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { sinusoids } from '../blocks/position.js';
import { type ConfigOf, defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...BART_KEYS,
    vocab_size: 96_103,
    encoder_layers: 16,
    decoder_layers: 16,
    scale_embedding: true,
    num_global_tokens: 32,
    block_size: 512,
    stagger_local_blocks: true,
  },
  BART_IGNORED,
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'pegasus_x',
  architectures: ['PegasusXForConditionalGeneration'],
  modelTypes: ['pegasus_x'],
  task: 'summarization',
  config,
  variants: { pegasus_x: { checkpoint: 'google/pegasus-x-large', parameters: 568_568_832, config: {} } },
  tiny: { ...BART_TINY, num_global_tokens: 3, block_size: 4 },
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph(g, inputs, c) {
    if (c.stagger_local_blocks && c.block_size % 2 === 1 && c.encoder_layers > 1)
      throw new UsageError(`pegasus_x: stagger_local_blocks needs an even block_size, not ${c.block_size}`);
    return bartModel(g, inputs, c, {
      norm: 'pre',
      positions: (_scope, _ids, at) => sinusoids(at.positions, c.d_model),
      logitsBias: false,
      decoder: { bias: false },
      encode: (scope, h) => encode(scope, h, inputs.attention_mask, c),
    });
  },
});

/** The layers over local tokens h [batch, seq, d_model] and the global ones. */
function encode(scope: Scope, h: Tensor, keys: Tensor | undefined, c: Config): Tensor {
  const g = scope.graph;
  const [batch, seq] = h.shape;
  const table = scope.at('embed_global').parameter('weight', [c.num_global_tokens, c.d_model]);
  let global = expand(unsqueeze(table, 0), [batch, c.num_global_tokens, c.d_model]);
  const seen = keys ? additive(cast(keys, 'bool')) : full(g, [batch, seq], 0);
  const mask = fillBlocks(seen, c.block_size, lowest(g)); // [batch, whole blocks]
  h = fillBlocks(h, c.block_size);
  scope.layers('layers', c.encoder_layers).forEach((layer, index) => {
    const half = c.stagger_local_blocks && index % 2 === 1 ? c.block_size / 2 : 0;
    const norm = (name: string, x: Tensor): Tensor => layerNorm(layer.at(name), x, 1e-5);
    const near = padPlaces(norm('self_attn_layer_norm', h), half, half);
    const [a, b] = globalLocal(
      layer.at('self_attn'),
      near,
      norm('global_self_attn_layer_norm', global),
      padPlaces(mask, half, half, lowest(g)),
      { size: c.block_size, heads: c.encoder_attention_heads },
    );
    const feed = (x: Tensor): Tensor =>
      add(x, mlp(layer, norm('final_layer_norm', x), { hidden: c.encoder_ffn_dim, activation: c.activation_function }));
    h = feed(add(h, slice(a, 1, half, dimAdd(h.dim(1), half))));
    global = feed(add(global, b));
  });
  return slice(h, 1, 0, seq);
}
