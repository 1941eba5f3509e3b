// UDOP: T5 that reads a page; words carry boxes, join the image patches under them, and attend by distances along the text and
// across the page.
// Tang et al. 2022, arXiv:2212.02623.

import { add, full, type Graph, type Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { attention } from '../blocks/attention.js';
import { encoderDecoderInputs, steps } from '../blocks/cache.js';
import { boxBias, boxEmbedding, joinPatches, type Layout } from '../blocks/layout.js';
import { embedding } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { relativeBias } from '../blocks/relative-bias.js';
import { T5_IGNORED, T5_KEYS, T5_TINY, t5Decode, t5Encoder, t5Heads, t5Remember, t5Stack } from '../blocks/t5.js';
import { patches } from '../blocks/vision.js';
import { type ConfigOf, defineConfig } from '../config.js';
import { defineModel, type InputSpec, mask, reals } from '../define.js';
import { IMAGENET, sizeOf } from '../preprocess.js';

interface BiasArguments {
  type: string;
  [key: string]: unknown;
}

const config = defineConfig(
  {
    ...T5_KEYS,
    vocab_size: 33201,
    d_model: 1024,
    d_ff: 4096,
    num_layers: 24,
    num_heads: 16,
    max_2d_position_embeddings: 1024,
    image_size: 224,
    patch_size: 16,
    num_channels: 3,
    relative_bias_args: [{ type: '1d' }, { type: 'horizontal' }, { type: 'vertical' }] as BiasArguments[],
  },
  T5_IGNORED,
);
type Config = ConfigOf<typeof config>;

/** Boxes in [0, 1]. */
const boxes = (): InputSpec => ({
  ...reals('batch', 'seq', 4),
  values: { kind: 'uniform', center: 0.5, scale: 0.5 },
});

export default defineModel({
  family: 'udop',
  architectures: ['UdopForConditionalGeneration'],
  modelTypes: ['udop'],
  task: 'document-question-answering',
  config,
  variants: { udop: { checkpoint: 'microsoft/udop-large', parameters: 741_653_504, config: {} } },
  tiny: {
    ...T5_TINY,
    relative_attention_num_buckets: 32,
    relative_attention_max_distance: 128,
    max_2d_position_embeddings: 64,
    image_size: 32,
    patch_size: 8,
  },
  sizes: { decoder_seq: 32 },
  // Boxes come from optical character recognition, which is not part of it.
  preprocess: (c) => ({
    text: 'SentencePiece unigram',
    image: { image_processor_type: 'LayoutLMv3ImageProcessor', size: sizeOf(c.image_size), ...IMAGENET },
  }),
  forms: ['encode', 'cached'],
  inputs: (c, form) => {
    const text = encoderDecoderInputs(c.vocab_size, form);
    if (form === 'cached') return { ...text, encoder_attention_mask: mask('batch', 'encoder_seq') };
    return { ...text, bbox: boxes(), pixel_values: reals('batch', c.num_channels, c.image_size, c.image_size) };
  },
  graph(g, inputs, c): Record<string, Tensor> {
    const target = { ...t5Stack(c), layers: c.num_decoder_layers ?? c.num_layers };
    kindsOf(c).forEach((kind, index) => {
      const table = g.at(`decoder.relative_bias.biases.${index}.relative_attention_bias`);
      if (kind.type !== '1d') table.unused('weight', [kind.buckets, c.num_heads]);
    });
    if (g.options.form === 'cached') {
      const keys = paddingMask(inputs.encoder_attention_mask);
      return t5Decode(g, inputs, c, target, { states: null, mask: keys, length: 'encoder_seq' });
    }
    const page = read(g, inputs, c);
    const states = encode(g, page, c);
    if (g.options.form === 'encode') {
      t5Remember(g.at('decoder'), states, target);
      return { encoder_last_hidden_state: states, encoder_attention_mask: page.mask };
    }
    const memory = { states, mask: paddingMask(page.mask), length: states.dim(1) };
    return { ...t5Decode(g, inputs, c, target, memory), encoder_last_hidden_state: states };
  },
});

/** Words, and patches where there is an image. */
function read(g: Graph, inputs: Record<string, Tensor>, c: Config): Layout {
  const { input_ids: ids, bbox, pixel_values: pixels } = inputs;
  const words = embedding(g.at('shared'), c.vocab_size, c.d_model).lookup(ids);
  const text = { states: words, boxes: bbox, mask: inputs.attention_mask ?? full(g, ids.shape, 1, 'int64') };
  if (!pixels) return text;
  const image = patches(g.at('patch_embed.proj'), pixels, c.d_model, c.patch_size);
  return joinPatches(text, image, Math.floor(c.image_size / c.patch_size));
}

function encode(g: Graph, page: Layout, c: Config): Tensor {
  const encoder = g.at('encoder');
  const cells = boxEmbedding(encoder.at('cell_2d_embedding'), page.boxes, c.max_2d_position_embeddings, c.d_model);
  const x = add(page.states, cells);
  const at = steps(page.mask, undefined);
  const stack = t5Stack(c);
  const scores = kindsOf(c).map((kind, index) => {
    const table = encoder.at(`relative_bias.biases.${index}.relative_attention_bias`);
    if (kind.type === 'horizontal') return boxBias(table, page.boxes, 'x', kind);
    if (kind.type === 'vertical') return boxBias(table, page.boxes, 'y', kind);
    return relativeBias(encoder.at('block.0.layer.0.SelfAttention.relative_attention_bias'), at, c.num_heads, kind);
  });
  const bias = [...scores, paddingMask(page.mask)!].reduce(add);
  return t5Encoder(encoder, x, at, null, {
    ...stack,
    mix: (scope, y) => attention(scope.at('SelfAttention'), y, { ...t5Heads(stack), mask: bias }),
  });
}

interface Kind {
  type: '1d' | 'horizontal' | 'vertical';
  heads: number;
  buckets: number;
  maxDistance: number;
  bidirectional: boolean;
  scale: number;
}

const NUMBERS = {
  relative_attention_num_buckets: 'buckets',
  max_distance: 'maxDistance',
  scaling_factor: 'scale',
} as const;

/** @throws UsageError naming what relative_bias_args asks for and is not known */
function kindsOf(c: Config): Kind[] {
  return c.relative_bias_args.map((given, index) => {
    const where = `udop: relative_bias_args[${index}]`;
    const { type, augmentation: _augmentation, level: _level, ...rest } = given;
    if (type !== '1d' && type !== 'horizontal' && type !== 'vertical')
      throw new UsageError(`${where}.type: ${JSON.stringify(type)} is not supported; known: 1d, horizontal, vertical`);
    const flat = type === '1d';
    const kind = {
      type,
      heads: c.num_heads,
      buckets: 32,
      maxDistance: flat ? 128 : 100,
      bidirectional: true,
      scale: flat ? 1 : 100,
    };
    const known: Kind = { ...kind, type };
    for (const [key, value] of Object.entries(rest)) {
      const name = NUMBERS[key as keyof typeof NUMBERS];
      if (name && typeof value === 'number') known[name] = value;
      else if (key === 'bidirectional' && typeof value === 'boolean') known.bidirectional = value;
      else if (!(key === 'num_heads' && value === c.num_heads) && !(IGNORABLE.has(key) && value === false))
        throw new UsageError(`${where}.${key}: ${JSON.stringify(value)} is not supported`);
    }
    if (flat && (known.scale !== 1 || known.buckets !== c.relative_attention_num_buckets))
      throw new UsageError(
        `${where}: the 1d bias shares the table of the first layer, so it needs its buckets and no scaling`,
      );
    return known;
  });
}

const IGNORABLE = new Set(['prefix_bucket', 'expand']);
