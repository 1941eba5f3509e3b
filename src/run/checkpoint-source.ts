// A Hugging Face checkpoint as the source of a case: its page with its configuration, its weights mapped from its files.

import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { loadPage, PAGES, pageForCheckpoint } from '../../models/registry.js';
import { hasWeights, readCheckpoint } from '../checkpoint/folder.js';
import { findTensor } from '../checkpoint/names.js';
import type { StoredTensor } from '../checkpoint/safetensors.js';
import { type Parameter, specShape } from '../graph/index.js';
import { UsageError } from '../util/error.js';
import { didYouMean } from '../util/suggest.js';
import { BYTES, elementCount } from '../util/tensor.js';
import type { WeightSpec } from '../util/weight.js';
import type { Case, CaseDType } from './case.js';
import type { RunSettings } from './settings.js';
import type { OpenedSource } from './source.js';
import { openFor } from './zoo-source.js';

/** Files of ONNX repositories by dtype, the most usual name first. */
const ONNX_FILES: Record<CaseDType, string[]> = {
  fp32: ['model.onnx', 'decoder_model.onnx', 'encoder_model.onnx'],
  fp16: ['model_fp16.onnx', 'decoder_model_fp16.onnx'],
  bf16: ['model_bf16.onnx'],
  int8: ['model_int8.onnx', 'model_quantized.onnx', 'model_uint8.onnx'],
  int4: ['model_q4.onnx', 'model_q4f16.onnx', 'model_bnb4.onnx'],
};

/**
 * The ONNX file of a folder in the style of onnx-community (onnx/model*.onnx); null where it has none, but weights for a page.
 * @throws UsageError where it has ONNX files of other dtypes alone
 */
export function onnxFileOf(folder: string, dtype: CaseDType): string | null {
  const onnx = join(folder, 'onnx');
  if (!existsSync(onnx)) return null;
  const found = ONNX_FILES[dtype].map((name) => join(onnx, name)).find((path) => existsSync(path));
  if (found || hasWeights(folder)) return found ?? null;
  const there = readdirSync(onnx).filter((name) => name.endsWith('.onnx'));
  throw new UsageError(
    `${onnx}: no file of dtype ${dtype} (${ONNX_FILES[dtype].join(', ')}); there are: ${there.sort().join(', ') || 'none'}; choose another --dtype, or name one with --model-file`,
  );
}

/** @throws UsageError where no page builds this model, a key cannot be honoured, or a weight is missing or of another shape */
export async function openCheckpoint(folder: string, work: Case, settings: RunSettings): Promise<OpenedSource> {
  const { config, tensors } = readCheckpoint(folder);
  const row = pageOf(folder, config);
  const page = await loadPage(row);
  return openFor(
    {
      name: basename(folder),
      folder,
      page,
      category: row.page.split('/')[0],
      config,
      weight: (parameter) => fromTensor(folder, tensors, parameter),
      weightsDigest: sampledDigest(tensors),
    },
    work,
    settings,
  );
}

function pageOf(folder: string, config: Record<string, unknown>) {
  const { model_type: type, architectures } = config;
  const where = join(folder, 'config.json');
  if (typeof type !== 'string') throw new UsageError(`${where}: has no model_type`);
  const classes = Array.isArray(architectures) ? architectures.filter((name) => typeof name === 'string') : [];
  const row = pageForCheckpoint(type, classes);
  if (row) return row;
  const known = [...new Set(PAGES.flatMap(({ modelTypes }) => modelTypes))];
  throw new UsageError(`${where}: no page builds the model_type '${type}'${didYouMean(type, known)}`);
}

function fromTensor(folder: string, tensors: Map<string, StoredTensor>, parameter: Parameter): WeightSpec {
  const tensor = findTensor(tensors, parameter.source);
  const { shape, slice } = parameter;
  const whole = slice?.of ?? shape;
  if (!tensor && parameter.absent) return fromValues(parameter, parameter.absent());
  if (!tensor)
    throw new UsageError(`${folder}: the weights hold no '${parameter.source}' [${whole}], which the model needs`);
  if (`${tensor.shape}` !== `${whole}`) {
    throw new UsageError(
      `${tensor.path}: '${parameter.source}' is [${tensor.shape}], its config.json makes it [${whole}]`,
    );
  }
  if (!tensor.dtype)
    throw new UsageError(
      `${tensor.path}: '${parameter.source}' is stored as ${tensor.stored}, which cannot be read; use a checkpoint in F32, F16 or BF16`,
    );
  return {
    name: parameter.name,
    dtype: parameter.dtype as WeightSpec['dtype'],
    shape: specShape(parameter),
    transposed: parameter.transposed,
    values: {
      kind: 'file',
      path: tensor.path,
      offset: tensor.offset + (slice?.start ?? 0) * BYTES[tensor.dtype],
      byteLength: elementCount(shape) * BYTES[tensor.dtype],
      dtype: tensor.dtype,
    },
    ...(parameter.pack ? { pack: parameter.pack } : {}),
  };
}

let absentFolder: string | null = null;

/** Values that a checkpoint leaves out, through a file like the others: sessions map files. */
function fromValues(parameter: Parameter, values: Float32Array): WeightSpec {
  if (absentFolder === null) {
    const folder = mkdtempSync(join(tmpdir(), 'hfbench-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    absentFolder = folder;
  }
  const path = join(absentFolder, `${createHash('sha256').update(parameter.name).digest('hex').slice(0, 16)}.f32`);
  writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return {
    name: parameter.name,
    dtype: parameter.dtype as WeightSpec['dtype'],
    shape: specShape(parameter),
    transposed: parameter.transposed,
    values: { kind: 'file', path, offset: 0, byteLength: values.byteLength, dtype: 'float32' },
  };
}

const SAMPLE_BYTES = 256;

/** A digest of the first bytes of every tensor: tells checkpoints apart without reading gigabytes. */
function sampledDigest(tensors: Map<string, StoredTensor>): string {
  const hash = createHash('sha256');
  const files = new Map<string, number>();
  const sample = Buffer.alloc(SAMPLE_BYTES);
  try {
    for (const [name, tensor] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!files.has(tensor.path)) files.set(tensor.path, openSync(tensor.path, 'r'));
      const length = readSync(
        files.get(tensor.path)!,
        sample,
        0,
        Math.min(SAMPLE_BYTES, tensor.byteLength),
        tensor.offset,
      );
      hash.update(`${name} ${tensor.stored} ${tensor.shape};`).update(sample.subarray(0, length));
    }
  } finally {
    for (const file of files.values()) closeSync(file);
  }
  return hash.digest('hex');
}
