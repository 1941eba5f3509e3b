// A graph as an ONNX file that other tools load; large weights go to '<file>.data' beside it.

import { closeSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import type { WeightSpec } from '../../util/weight.js';
import type { Graph } from '../graph.js';
import { weightSpecs } from '../weights.js';
import { encodeModel, layOut } from './encode.js';

/** Above this many bytes of weights they go to a file of their own: protobuf messages end at 2 GiB, and readers copy them. */
const INLINE_BYTES = 64 * 1024 * 1024;

export interface WrittenModel {
  path: string;
  /** The file of the weights; null where they are inside the model. */
  dataPath: string | null;
  bytes: number;
}

/**
 * Writes beside the target first and renames at the end, so that a failed write leaves an older file as it was.
 * @param store makes the bytes of one weight as the graph stores it
 */
export function writeModelFile(graph: Graph, path: string, store: (spec: WeightSpec) => Uint8Array): WrittenModel {
  const specs = new Map(weightSpecs(graph).map((spec) => [spec.name, spec]));
  const dataPath = `${path}.data`;
  const layout = layOut(graph, basename(dataPath), 4096); // pages, so that readers can map each weight
  const temporary = { model: `${path}.part`, data: `${dataPath}.part` };
  try {
    if (layout.totalBytes <= INLINE_BYTES) {
      const bytes = encodeModel(graph, basename(path), ({ name }) => ({ bytes: store(specs.get(name)!) }));
      writeFileSync(temporary.model, bytes);
      renameSync(temporary.model, path);
      return { path, dataPath: null, bytes: bytes.length };
    }
    const file = openSync(temporary.data, 'w');
    try {
      for (const [name, offset] of layout.offsets) writeAll(file, store(specs.get(name)!), offset);
    } finally {
      closeSync(file);
    }
    const bytes = encodeModel(graph, basename(path), layout.place);
    writeFileSync(temporary.model, bytes);
    renameSync(temporary.data, dataPath);
    renameSync(temporary.model, path);
    return { path, dataPath, bytes: bytes.length + layout.totalBytes };
  } finally {
    for (const leftover of Object.values(temporary)) rmSync(leftover, { force: true });
  }
}

function writeAll(file: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, offset + done);
}
