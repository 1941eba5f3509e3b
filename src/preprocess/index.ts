// Preprocessing for users: `import { preprocess } from 'hfbench'`.

export { AudioPreprocessor, type Recording, readWav, resample } from './audio.js';
export { audioOptionsFromConfig } from './audio-config.js';
export type { AudioKind, AudioOptions, Precision } from './audio-options.js';
export { fromHalf, type Half, quantize, toHalf } from './cast.js';
export { ImagePreprocessor, type RawImage } from './image.js';
export { imageOptionsFromConfig } from './image-config.js';
export { decodeImage } from './image-decode.js';
export type { ImageOptions, Resize, Size } from './image-options.js';
export type { PreprocessResult, Targets } from './result.js';
export {
  type BatchOptions,
  type EncodeOptions,
  type Padding,
  type Tokenizer,
  type TokenRows,
  type Truncation,
  tokenizer,
} from './tokenizer.js';
