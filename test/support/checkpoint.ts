// Writes checkpoints as transformers' save_pretrained does, with values of the deterministic rule.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildModel } from '../../models/build.js';
import type { Page } from '../../models/define.js';
import { parameterRule, uniform } from '../../src/util/fill.js';
import { elementCount } from '../../src/util/tensor.js';

export interface WrittenTensor {
  name: string;
  shape: number[];
  values: Float32Array;
}

/** The safetensors file of float32 tensors. */
export function safetensors(tensors: readonly WrittenTensor[]): Uint8Array {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  for (const { name, shape, values } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([
    length,
    text,
    ...tensors.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  ]);
}

/** The state dict of a page's tiny configuration. */
export function tinyTensors<C>(page: Page<C>, rename: (name: string) => string = (name) => name): WrittenTensor[] {
  const { graph } = buildModel(page, page.tiny as Record<string, unknown>);
  // An entry of which the page takes slices, one an expert, is stored once.
  const whole = new Map([...graph.parameters.values()].map(({ source, shape, slice }) => [source, slice?.of ?? shape]));
  return [...whole].map(([source, shape]) => ({
    name: rename(source),
    shape,
    values: uniform(source, elementCount(shape), ...parameterRule(source, shape)),
  }));
}

/** @param shards into how many files the weights go; 1 writes model.safetensors */
export function writeCheckpoint(
  folder: string,
  config: Record<string, unknown>,
  tensors: readonly WrittenTensor[],
  shards = 1,
): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  if (shards === 1) {
    writeFileSync(join(folder, 'model.safetensors'), safetensors(tensors));
    return;
  }
  const weight_map: Record<string, string> = {};
  for (let shard = 0; shard < shards; shard++) {
    const file = `model-${`${shard + 1}`.padStart(5, '0')}-of-${`${shards}`.padStart(5, '0')}.safetensors`;
    const own = tensors.filter((_, index) => index % shards === shard);
    for (const { name } of own) weight_map[name] = file;
    writeFileSync(join(folder, file), safetensors(own));
  }
  writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ metadata: {}, weight_map }));
}
