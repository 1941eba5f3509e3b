// A Hugging Face model folder: config.json and its weights, in one safetensors file or in shards named by an index.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UsageError } from '../util/error.js';
import { parsePythonJson } from './python-json.js';
import { readSafetensors, type StoredTensor } from './safetensors.js';

export interface Checkpoint {
  folder: string;
  config: Record<string, unknown>;
  tensors: Map<string, StoredTensor>;
}

const MOST_JSON_BYTES = 64 * 1024 * 1024;

/** @throws UsageError naming the file and what is wrong with it */
export function readJson(path: string): Record<string, unknown> {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new UsageError(`${path}: not found`);
  if (size > MOST_JSON_BYTES) throw new UsageError(`${path}: ${size} bytes are too many for a JSON file of a model`);
  let value: unknown;
  try {
    value = parsePythonJson(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path}: not JSON (${(error as Error).message.split('\n')[0]})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`${path}: expected a JSON object`);
  return value as Record<string, unknown>;
}

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

/** Whether a folder has weights that can be read. */
export const hasWeights = (folder: string): boolean => [SINGLE, INDEX].some((name) => existsSync(join(folder, name)));

/** @throws UsageError where config.json or the weights are missing or broken */
export function readCheckpoint(folder: string): Checkpoint {
  const config = readJson(join(folder, 'config.json'));
  const single = join(folder, SINGLE);
  const index = join(folder, INDEX);
  if (existsSync(single)) return { folder, config, tensors: readSafetensors(single) };
  if (existsSync(index)) return { folder, config, tensors: readShards(folder, index) };
  const other = ['pytorch_model.bin', 'tf_model.h5', 'flax_model.msgpack'].find((name) =>
    existsSync(join(folder, name)),
  );
  const advice = other ? ` (${other} cannot be read; convert it with transformers' save_pretrained)` : '';
  throw new UsageError(`${folder}: no ${SINGLE} and no ${INDEX}${advice}`);
}

function readShards(folder: string, index: string): Map<string, StoredTensor> {
  const { weight_map: map } = readJson(index);
  if (typeof map !== 'object' || map === null) throw new UsageError(`${index}: has no weight_map`);
  const shards = new Map<string, Map<string, StoredTensor>>();
  const tensors = new Map<string, StoredTensor>();
  for (const [name, file] of Object.entries(map)) {
    // A shard lies in the folder itself: an index from elsewhere must not name other files of this machine.
    if (typeof file !== 'string' || basename(file) !== file || !file.endsWith('.safetensors')) {
      throw new UsageError(`${index}: ${JSON.stringify(file)} is not the name of a shard in this folder`);
    }
    const path = join(folder, file);
    if (!shards.has(file)) {
      if (!existsSync(path))
        throw new UsageError(`${path}: not found, but ${basename(index)} names it; download it too`);
      shards.set(file, readSafetensors(path));
    }
    const tensor = shards.get(file)!.get(name);
    if (!tensor) throw new UsageError(`${path}: holds no tensor '${name}', but ${basename(index)} says so`);
    tensors.set(name, tensor);
  }
  return tensors;
}
