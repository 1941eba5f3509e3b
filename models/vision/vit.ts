// ViT: an image cut into patches, read by a pre-norm transformer encoder, classified by its first token.
// Dosovitskiy et al. 2020, arXiv:2010.11929.

import { add, gather } from '../../src/graph/index.js';
import { linear } from '../blocks/linear.js';
import { layerNorm } from '../blocks/norm.js';
import { pairOf, patches, withToken } from '../blocks/vision.js';
import { vitLayer } from '../blocks/vit-layer.js';
import { defineConfig } from '../config.js';
import { defineModel, reals } from '../define.js';
import { sizeOf } from '../preprocess.js';

const config = defineConfig(
  {
    hidden_size: 768,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    intermediate_size: 3072,
    hidden_act: 'gelu',
    layer_norm_eps: 1e-12,
    image_size: 224 as number | number[],
    patch_size: 16 as number | number[],
    num_channels: 3,
    qkv_bias: true,
    num_labels: 1000,
  },
  ['encoder_stride', 'pooler_act', 'pooler_output_size', 'tie_word_embeddings'],
);

export default defineModel({
  family: 'vit',
  architectures: ['ViTForImageClassification'],
  modelTypes: ['vit'],
  task: 'image-classification',
  config,
  variants: {
    vit: { checkpoint: 'google/vit-base-patch16-224', parameters: 86_567_656, config: {} },
    vit_minimal: { checkpoint: 'google/vit-base-patch16-224', parameters: 86_567_656, config: {}, aliasOf: 'vit' },
  },
  tiny: {
    hidden_size: 32,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 37,
    image_size: 32,
    patch_size: 8,
    num_labels: 7,
  },
  preprocess: (c) => ({ image: { image_processor_type: 'ViTImageProcessor', size: sizeOf(c.image_size) } }),
  inputs: (c) => ({ pixel_values: reals('batch', c.num_channels, ...pairOf(c.image_size)) }),
  graph(g, { pixel_values }, c) {
    const scope = g.at('vit.embeddings');
    const seen = patches(scope.at('patch_embeddings.projection'), pixel_values, c.hidden_size, c.patch_size);
    const places = scope.parameter('position_embeddings', [1, (seen.dim(1) as number) + 1, c.hidden_size]);
    let h = add(withToken(scope.parameter('cls_token', [1, 1, c.hidden_size]), seen), places); // [batch, 1 + patches, hidden_size]
    const options = {
      heads: c.num_attention_heads,
      hidden: c.intermediate_size,
      activation: c.hidden_act,
      epsilon: c.layer_norm_eps,
      qkvBias: c.qkv_bias,
    };
    for (const layer of g.layers('vit.encoder.layer', c.num_hidden_layers)) h = vitLayer(layer, h, options);
    h = layerNorm(g.at('vit.layernorm'), h, c.layer_norm_eps);
    return { logits: linear(g.at('classifier'), gather(h, 0, 1), c.num_labels) }; // [batch, num_labels]
  },
});
