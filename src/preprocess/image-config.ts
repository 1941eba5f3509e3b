// preprocessor_config.json of an image model, read key by key.

import { UsageError } from '../util/error.js';
import { finite, flag, object, positive, refuse, whole } from './check.js';
import type { ImageOptions, Resize, Size } from './image-options.js';
import { INERT_KEYS, PROCESSORS, type ProcessorClass } from './image-processors.js';

/** PIL.Image.Resampling */
const FILTERS: ImageOptions['filter'][] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'];

type Config = Record<string, unknown>;

/** 'ViTImageProcessorFast', 'ViTFeatureExtractor' and 'ViTImageProcessor' are one class in three ages. */
function processorOf(config: Config): ProcessorClass {
  const name = config.image_processor_type ?? config.feature_extractor_type;
  if (typeof name !== 'string') return refuse('image_processor_type', 'the name of an image processor class', name);
  const stem = name.replace(/(ImageProcessor(Fast)?|FeatureExtractor)$/, '');
  const known = Object.hasOwn(PROCESSORS, stem) ? PROCESSORS[stem] : undefined;
  if (known) return known;
  throw new UsageError(
    `image_processor_type '${name}': not one that hfbench reproduces exactly; known are ${Object.keys(PROCESSORS).join(', ')}`,
  );
}

/** The configuration with the class's defaults. Keys that the class does not have are refused by name unless null. */
function merged(config: Config, { defaults }: ProcessorClass): Config {
  for (const [key, value] of Object.entries(config)) {
    if (key in defaults || INERT_KEYS.has(key) || value === null) continue;
    if (key === 'data_format' && value === 'channels_first') continue;
    if (key === 'input_data_format') continue;
    throw new UsageError(
      `preprocessor_config.json: key '${key}' would change the result and is not supported; remove it`,
    );
  }
  const present = Object.entries(config).filter(([key, value]) => value !== null && key in defaults);
  return { ...defaults, ...Object.fromEntries(present) };
}

/** A number or {height, width} as a square or a rectangle. */
function sizeOf(where: string, value: unknown): Size {
  if (typeof value === 'number') return { height: whole(where, value), width: value };
  const { height, width } = object(where, value);
  return { height: whole(`${where}.height`, height), width: whole(`${where}.width`, width) };
}

function edges(where: string, value: unknown): { shortest?: number; longest?: number } {
  const size = object(where, value);
  const edge = (key: string) => (size[key] == null ? undefined : whole(`${where}.${key}`, size[key]));
  const [shortest, longest] = [edge('shortest_edge'), edge('longest_edge')];
  for (const key of Object.keys(size)) {
    if (!['shortest_edge', 'longest_edge', 'height', 'width'].includes(key)) refuse(where, 'known keys only', key);
  }
  return { ...(shortest && { shortest }), ...(longest && { longest }) };
}

/** Old configurations write a plain number: the shorter side for classes that know one, else a square. */
function normalSize(value: unknown, edge: boolean): unknown {
  return typeof value === 'number' && edge ? { shortest_edge: value } : value;
}

function readResize(c: Config, type: ProcessorClass): { resize: Resize; crop?: Size } {
  if (type.edge === 'floor') return { resize: { to: 'floor', multiple: whole('size_divisor', c.size_divisor) } };
  const knowsEdge = 'shortest_edge' in object('size', type.defaults.size);
  const value = normalSize(c.size, knowsEdge);
  if (typeof value === 'number') return { resize: { to: 'exact', ...sizeOf('size', value) } };
  const { shortest, longest } = edges('size', value);
  if (type.edge === 'longest') {
    return { resize: { to: 'longest-edge', size: longest ?? refuse('size', 'longest_edge', value) } };
  }
  if (type.edge === 'fit') {
    const keepAspect = flag('keep_aspect_ratio', c.keep_aspect_ratio);
    const multiple = whole('ensure_multiple_of', c.ensure_multiple_of);
    return { resize: { to: 'fit', ...sizeOf('size', value), keepAspect, multiple } };
  }
  if (shortest === undefined) return { resize: { to: 'exact', ...sizeOf('size', value) } };
  if (type.edge === 'crop-pct') {
    if (shortest >= 384) return { resize: { to: 'exact', height: shortest, width: shortest } };
    const size = Math.trunc(shortest / positive('crop_pct', c.crop_pct));
    return { resize: { to: 'shortest-edge', size }, crop: { height: shortest, width: shortest } };
  }
  if (type.edge === 'levit') return { resize: { to: 'shortest-edge', size: Math.trunc((256 / 224) * shortest) } };
  if (type.edge === 'capped' || type.edge === 'capped-16') {
    const most = longest ?? refuse('size', 'shortest_edge and longest_edge', value);
    return {
      resize: { to: 'shortest-edge-capped', size: shortest, longest: most, multiple: type.edge === 'capped' ? 1 : 16 },
    };
  }
  if (longest !== undefined) refuse('size', 'shortest_edge alone for this class', value);
  return { resize: { to: 'shortest-edge', size: shortest } };
}

function numbers(where: string, value: unknown): number[] {
  const list = typeof value === 'number' ? [value, value, value] : value;
  if (!Array.isArray(list) || list.length !== 3) return refuse(where, 'a number or three', value);
  return list.map((x, i) => finite(`${where}[${i}]`, x));
}

function readNormalize(c: Config): ImageOptions['normalize'] {
  if (!flag('do_normalize', c.do_normalize) && !c.include_top) return [];
  const std = numbers('image_std', c.image_std);
  const first = c.do_normalize ? [{ mean: numbers('image_mean', c.image_mean), std }] : [];
  // EfficientNet's classifier heads divide by the deviation a second time.
  return c.include_top ? [...first, { mean: [0, 0, 0], std }] : first;
}

/**
 * Options that give the result of the PIL processor which a preprocessor_config.json describes.
 * @param config the parsed file
 * @throws UsageError for a class or a key that hfbench does not reproduce, by name, and for values out of range
 */
export function imageOptionsFromConfig(config: unknown): Partial<ImageOptions> {
  const given = object('preprocessor_config.json', config);
  const type = processorOf(given);
  const c = merged(given, type);
  const { resize, crop } = flag('do_resize', c.do_resize) ? readResize(c, type) : { resize: null, crop: undefined };
  if (type.edge === 'fit' && c.do_pad !== false) refuse('do_pad', 'false for this class', c.do_pad);
  const offset = c.offset === true || c.rescale_offset === true ? 1 : 0;
  const pads = c.do_pad === true;
  return {
    resize,
    filter: FILTERS[whole('resample', c.resample, 0, 5)]!,
    centerCrop: flag('do_center_crop', c.do_center_crop) ? sizeOf('crop_size', c.crop_size) : (crop ?? null),
    rescale: flag('do_rescale', c.do_rescale) ? { factor: finite('rescale_factor', c.rescale_factor), offset } : null,
    normalize: readNormalize(c),
    channels: c.do_flip_channel_order ? 'bgr' : 'rgb',
    pad: pads ? (c.pad_size ? sizeOf('pad_size', c.pad_size) : 'batch') : null,
    mask: pads && type.masks === true,
  };
}
