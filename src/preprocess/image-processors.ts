// Image processor classes of transformers 4.57: the values that a configuration leaves out, and what each class does with
// its keys. A class that is not listed does something else with the same keys, so it is refused.

const STANDARD = [0.5, 0.5, 0.5];
const IMAGENET = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
const CLIP = { image_mean: [0.48145466, 0.4578275, 0.40821073], image_std: [0.26862954, 0.26130258, 0.27577711] };
const HALF = { image_mean: STANDARD, image_std: STANDARD };
const NEAREST = 0;
const LANCZOS = 1;
const BILINEAR = 2;
const BICUBIC = 3;

const square = (side: number) => ({ height: side, width: side });

/** What most classes share. `null` keys are known and do nothing until a configuration sets them. */
const BASE = {
  do_resize: true,
  size: null as unknown,
  resample: BILINEAR,
  do_center_crop: false,
  crop_size: null as unknown,
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  image_mean: STANDARD as unknown,
  image_std: STANDARD as unknown,
};

/** Keys that name things or concern labels and annotations, not pixels. */
export const INERT_KEYS: ReadonlySet<string> = new Set([
  ...['image_processor_type', 'feature_extractor_type', 'processor_class', '_processor_class', 'transformers_version'],
  ...['_valid_processor_keys', 'auto_map', 'do_convert_rgb', 'return_tensors', 'disable_grouping', 'device'],
  ...['do_reduce_labels', 'reduce_labels', 'format', 'do_convert_annotations', 'return_segmentation_masks'],
  ...['mask_size', 'mask_pad_size', 'image_seq_length', 'num_channels'],
]);

export interface ProcessorClass {
  defaults: Record<string, unknown>;
  /** How 'shortest_edge' is meant where it is not plain: see image-config.ts. */
  edge?: 'capped' | 'capped-16' | 'crop-pct' | 'levit' | 'longest' | 'fit' | 'floor';
  /** Whether padding comes with a pixel_mask. */
  masks?: boolean;
}

const detr = {
  defaults: { ...BASE, ...IMAGENET, size: { shortest_edge: 800, longest_edge: 1333 }, do_pad: true, pad_size: null },
  edge: 'capped',
  masks: true,
} as const;
const crop224 = { do_center_crop: true, crop_size: square(224) };
const clip = { ...BASE, ...CLIP, ...crop224, size: { shortest_edge: 224 }, resample: BICUBIC };
const mobileNet = { ...BASE, ...HALF, ...crop224, size: { shortest_edge: 256 } };

export const PROCESSORS: Record<string, ProcessorClass> = {
  Beit: {
    defaults: { ...BASE, size: square(256), resample: BICUBIC, ...crop224 },
  },
  Bit: { defaults: clip },
  Blip: { defaults: { ...BASE, ...CLIP, size: square(384), resample: BICUBIC } },
  CLIP: { defaults: clip },
  Chameleon: {
    defaults: {
      ...{ ...BASE, size: { shortest_edge: 512 }, resample: LANCZOS, do_center_crop: true, crop_size: square(512) },
      ...{ rescale_factor: 0.0078, image_mean: [1, 1, 1], image_std: [1, 1, 1] },
    },
  },
  ChineseCLIP: { defaults: clip },
  ConditionalDetr: detr,
  ConvNext: { defaults: { ...BASE, size: { shortest_edge: 384 }, crop_pct: 0.875 }, edge: 'crop-pct' },
  DPT: {
    defaults: {
      ...{ ...BASE, size: square(384), resample: BICUBIC, keep_aspect_ratio: false, ensure_multiple_of: 1 },
      ...{ do_pad: false, size_divisor: null },
    },
    edge: 'fit',
  },
  DeformableDetr: detr,
  DeiT: { defaults: { ...BASE, size: square(256), resample: BICUBIC, ...crop224 } },
  Detr: detr,
  EfficientFormer: { defaults: { ...BASE, ...IMAGENET, size: square(224), resample: BICUBIC, ...crop224 } },
  EfficientNet: {
    defaults: {
      ...{ ...BASE, size: square(346), resample: NEAREST, crop_size: square(289) },
      ...{ rescale_offset: false, include_top: true },
    },
  },
  GLPN: { defaults: { ...BASE, size_divisor: 32, do_normalize: false }, edge: 'floor' },
  GroundingDino: detr,
  // Its other output, recognised words and their boxes, is another program's work.
  LayoutLMv3: {
    defaults: { ...BASE, size: square(224), apply_ocr: true, ocr_lang: null, tesseract_config: '' },
  },
  Levit: { defaults: { ...clip, ...IMAGENET }, edge: 'levit' },
  MobileNetV1: { defaults: mobileNet },
  MobileNetV2: { defaults: mobileNet },
  MobileViT: {
    defaults: {
      ...{ ...BASE, size: { shortest_edge: 224 }, do_center_crop: true, crop_size: square(256) },
      ...{ do_normalize: false, do_flip_channel_order: true },
    },
  },
  OwlViT: { defaults: { ...BASE, ...CLIP, size: square(768), resample: BICUBIC, crop_size: square(768) } },
  Pvt: { defaults: { ...BASE, ...IMAGENET, size: square(224) } },
  RTDetr: {
    defaults: { ...BASE, ...IMAGENET, size: square(640), do_normalize: false, do_pad: false, pad_size: null },
    edge: 'capped',
    masks: true,
  },
  Sam: {
    defaults: { ...BASE, ...IMAGENET, size: { longest_edge: 1024 }, do_pad: true, pad_size: square(1024) },
    edge: 'longest',
  },
  Segformer: { defaults: { ...BASE, ...IMAGENET, size: square(512) } },
  Siglip: { defaults: { ...BASE, size: square(224), resample: BICUBIC } },
  ViT: { defaults: { ...BASE, size: square(224) } },
  ViTHybrid: { defaults: clip },
  VideoMAE: { defaults: { ...BASE, size: { shortest_edge: 224 }, ...crop224 } },
  Vivit: {
    defaults: { ...mobileNet, rescale_factor: 1 / 127.5, offset: true },
  },
  Yolos: { ...detr, edge: 'capped-16', masks: false },
};
