// ResNet: convolutions in stages, each block added to its input (the v1.5 form: the 3x3 convolution strides).
// He et al. 2015, arXiv:1512.03385.

import { add, maxPool, type Scope, type Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { activation } from '../blocks/activation.js';
import { linear } from '../blocks/linear.js';
import { convNorm, globalAverage } from '../blocks/vision.js';
import { type ConfigOf, defineConfig, oneOf } from '../config.js';
import { defineModel, reals } from '../define.js';
import { IMAGENET } from '../preprocess.js';

const config = defineConfig(
  {
    num_channels: 3,
    embedding_size: 64,
    hidden_sizes: [256, 512, 1024, 2048],
    depths: [3, 4, 6, 3],
    layer_type: oneOf('bottleneck', 'basic'),
    hidden_act: 'relu',
    downsample_in_first_stage: false,
    downsample_in_bottleneck: false,
    num_labels: 1000,
  },
  ['out_features', 'out_indices', 'stage_names', 'tie_word_embeddings'],
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'resnet',
  architectures: ['ResNetForImageClassification'],
  modelTypes: ['resnet'],
  task: 'image-classification',
  config,
  variants: { resnet: { checkpoint: 'microsoft/resnet-50', parameters: 25_557_032, config: {} } },
  tiny: { embedding_size: 8, hidden_sizes: [16, 32, 48, 64], depths: [1, 2, 1, 1], num_labels: 7 },
  sizes: { height: 224, width: 224 },
  preprocess: {
    image: { image_processor_type: 'ConvNextImageProcessor', size: { shortest_edge: 224 }, resample: 3, ...IMAGENET },
  },
  inputs: (c) => ({ pixel_values: reals('batch', c.num_channels, 'height', 'width') }),
  graph(g, { pixel_values }, c) {
    const stem = convNorm(g.at('resnet.embedder.embedder'), pixel_values, c.embedding_size, {
      kernel: 7,
      stride: 2,
      act: c.hidden_act,
    });
    let h = maxPool(stem, { kernel: [3], stride: [2], padding: [1] }); // [batch, embedding_size, height / 4, width / 4]
    if (c.depths.length !== c.hidden_sizes.length)
      throw new UsageError(`resnet.depths: ${c.depths.length} stages, but hidden_sizes has ${c.hidden_sizes.length}`);
    c.depths.forEach((depth, stage) => {
      const stride = stage === 0 && !c.downsample_in_first_stage ? 1 : 2;
      g.layers(`resnet.encoder.stages.${stage}.layers`, depth).forEach((layer, index) => {
        h = residual(layer, h, c.hidden_sizes[stage], index === 0 ? stride : 1, c, index === 0);
      });
    });
    return { logits: linear(g.at('classifier.1'), globalAverage(h), c.num_labels) }; // [batch, num_labels]
  },
});

/** The convolutions inside a block use ReLU whatever hidden_act says; hidden_act follows the sum. */
function residual(scope: Scope, x: Tensor, width: number, stride: number, c: Config, first: boolean): Tensor {
  const inner = (index: number): Scope => scope.at(`layer.${index}`);
  let h: Tensor;
  if (c.layer_type === 'basic') {
    h = convNorm(inner(1), convNorm(inner(0), x, width, { stride, act: 'relu' }), width);
  } else {
    const narrow = Math.floor(width / 4);
    const early = first && c.downsample_in_bottleneck;
    h = convNorm(inner(0), x, narrow, { kernel: 1, stride: early ? stride : 1, act: 'relu' });
    h = convNorm(inner(1), h, narrow, { stride: early ? 1 : stride, act: 'relu' });
    h = convNorm(inner(2), h, width, { kernel: 1 });
  }
  const skip = x.dim(1) !== width || stride !== 1 ? convNorm(scope.at('shortcut'), x, width, { kernel: 1, stride }) : x;
  return activation(c.hidden_act)(add(h, skip));
}
