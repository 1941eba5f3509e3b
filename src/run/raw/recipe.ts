// What turns raw inputs into those of a model: from its page, or from the files of its checkpoint, which win.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Preprocess, TextKind } from '../../../models/preprocess.js';
import { readJson } from '../../checkpoint/folder.js';
import type { AudioKind, AudioOptions } from '../../preprocess/audio-options.js';
import type { ImageOptions } from '../../preprocess/image-options.js';

export interface Recipe {
  image: { options: Partial<ImageOptions>; from: string } | null;
  audio: { options: { kind: AudioKind } & Record<string, unknown>; from: string } | null;
  text: {
    /** Null where only a tokenizer.json tells. */
    kind: TextKind | null;
    /** The checkpoint's tokenizer.json. */
    file: string | null;
    /** Ids that the model knows; null where unknown. */
    vocabulary: number | null;
  } | null;
}

const CONFIG = 'preprocessor_config.json';

interface Folder {
  /** Parsed preprocessor_config.json. */
  config: Record<string, unknown> | null;
  tokenizer: string | null;
}

function lookInto(folder: string | null): Folder {
  const inside = (name: string) => (folder !== null && existsSync(join(folder, name)) ? join(folder, name) : null);
  const config = inside(CONFIG);
  return { config: config === null ? null : readJson(config), tokenizer: inside('tokenizer.json') };
}

async function imageRecipe(page: Preprocess['image'], config: Folder['config']): Promise<Recipe['image']> {
  if (page === undefined && config === null) return null;
  const { imageOptionsFromConfig } = await import('../../preprocess/image-config.js');
  return { options: imageOptionsFromConfig(config ?? page), from: config === null ? 'page' : CONFIG };
}

async function audioRecipe(page: Preprocess['audio'], config: Folder['config']): Promise<Recipe['audio']> {
  if (config !== null) {
    const { audioOptionsFromConfig } = await import('../../preprocess/audio-config.js');
    return { options: { ...(audioOptionsFromConfig(config) as AudioOptions) }, from: CONFIG };
  }
  return page === undefined ? null : { options: page as { kind: AudioKind }, from: 'page' };
}

/**
 * @param folder of the checkpoint; null for a model of the zoo
 * @throws UsageError for keys of preprocessor_config.json that are not reproduced, by name
 */
export async function pageRecipe(
  said: Preprocess | null,
  vocabulary: number | null,
  folder: string | null,
): Promise<Recipe> {
  const { config, tokenizer } = lookInto(folder);
  return {
    image: said?.image ? await imageRecipe(said.image, config) : null,
    audio: said?.audio ? await audioRecipe(said.audio, config) : null,
    text: said?.text ? { kind: said.text, file: tokenizer, vocabulary } : null,
  };
}

/** For a folder with the graph itself: its files are all that is known. @throws UsageError as pageRecipe */
export async function folderRecipe(folder: string): Promise<Recipe> {
  const { config, tokenizer } = lookInto(folder);
  const { isAudioConfig } = await import('../../preprocess/audio-config.js');
  const sound = config !== null && isAudioConfig(config);
  return {
    image: sound ? null : await imageRecipe(undefined, config),
    audio: sound ? await audioRecipe(undefined, config) : null,
    text: tokenizer === null ? null : { kind: null, file: tokenizer, vocabulary: null },
  };
}
