// CLIP: a text and an image encoder trained so that matching pairs have the largest cosine; here both and all similarities.
// Radford et al. 2021, arXiv:2103.00020.

import { add, exp, gather, matmul, mul, type Scope, swapAxes, type Tensor, unsqueeze } from '../../src/graph/index.js';
import { CLIP_TEXT_KEYS, clipText } from '../blocks/clip-text.js';
import { clipTower, towerOptions } from '../blocks/clip-tower.js';
import { linear } from '../blocks/linear.js';
import { layerNorm, unitNorm } from '../blocks/norm.js';
import { patches, withToken } from '../blocks/vision.js';
import { type ConfigOf, defineConfig, nested } from '../config.js';
import { defineModel, mask, reals, tokens } from '../define.js';
import { sizeOf } from '../preprocess.js';

const tower = { hidden_act: 'quick_gelu', layer_norm_eps: 1e-5, num_hidden_layers: 12 };
const unused = ['projection_dim', 'tie_word_embeddings', 'initializer_factor', 'logit_scale_init_value'];
const text = defineConfig(CLIP_TEXT_KEYS, unused);
const vision = defineConfig(
  {
    ...tower,
    hidden_size: 768,
    intermediate_size: 3072,
    num_attention_heads: 12,
    num_channels: 3,
    image_size: 224,
    patch_size: 32,
  },
  unused,
);
const config = defineConfig({ text_config: nested(text), vision_config: nested(vision), projection_dim: 512 }, unused);

export default defineModel({
  family: 'clip',
  architectures: ['CLIPModel'],
  modelTypes: ['clip'],
  task: 'zero-shot-image-classification',
  config,
  variants: { clip: { checkpoint: 'openai/clip-vit-base-patch32', parameters: 151_277_313, config: {} } },
  tiny: {
    projection_dim: 24,
    text_config: {
      ...tower,
      num_hidden_layers: 2,
      vocab_size: 99,
      hidden_size: 32,
      intermediate_size: 37,
      num_attention_heads: 4,
      max_position_embeddings: 20,
      eos_token_id: 2,
    },
    vision_config: {
      ...tower,
      num_hidden_layers: 2,
      hidden_size: 24,
      intermediate_size: 37,
      num_attention_heads: 3,
      num_channels: 3,
      image_size: 16,
      patch_size: 4,
    },
  },
  sizes: { texts: 1, seq: 77 },
  preprocess: ({ vision_config: { image_size } }) => ({
    text: 'CLIP BPE',
    image: {
      image_processor_type: 'CLIPImageProcessor',
      size: { shortest_edge: image_size },
      crop_size: sizeOf(image_size),
    },
  }),
  inputs: (c) => ({
    input_ids: tokens(c.text_config.vocab_size, 'texts', 'seq'),
    attention_mask: mask('texts', 'seq'),
    pixel_values: reals('batch', c.vision_config.num_channels, c.vision_config.image_size, c.vision_config.image_size),
  }),
  graph(g, { input_ids, attention_mask, pixel_values }, c) {
    const image_embeds = unitNorm(
      linear(
        g.at('visual_projection'),
        encodeImage(g.at('vision_model'), pixel_values, c.vision_config),
        c.projection_dim,
        { bias: false },
      ),
    );
    const text_embeds = unitNorm(
      linear(
        g.at('text_projection'),
        clipText(g.at('text_model'), input_ids, attention_mask, c.text_config).pooled,
        c.projection_dim,
        { bias: false },
      ),
    );
    const scale = exp(g.parameter('logit_scale', []));
    const logits_per_text = mul(matmul(text_embeds, swapAxes(image_embeds, 0, 1)), scale); // [texts, batch]
    return { logits_per_image: swapAxes(logits_per_text, 0, 1), logits_per_text, text_embeds, image_embeds };
  },
});

/** pixels [batch, channels, height, width] -> [batch, hidden_size]. */
function encodeImage(scope: Scope, pixels: Tensor, c: ConfigOf<typeof vision>): Tensor {
  const words = scope.at('embeddings');
  const seen = patches(words.at('patch_embedding'), pixels, c.hidden_size, c.patch_size, { bias: false });
  const whole = withToken(unsqueeze(words.parameter('class_embedding', [c.hidden_size]), 0, 1), seen);
  const places = words.at('position_embedding').parameter('weight', [whole.dim(1) as number, c.hidden_size]);
  const h = layerNorm(scope.at('pre_layrnorm'), add(whole, places), c.layer_norm_eps); // the misspelling is the checkpoint's
  const made = clipTower(scope.at('encoder'), h, towerOptions(c));
  return layerNorm(scope.at('post_layernorm'), gather(made, 0, 1), c.layer_norm_eps);
}
