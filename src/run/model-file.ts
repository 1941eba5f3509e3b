// What can be told of an ONNX file without reading it whole: refuses early what no runtime can load.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { extname } from 'node:path';
import { writeProblem } from '../util/atomic-file.js';
import { UsageError } from '../util/error.js';

export interface ModelFile {
  path: string;
  bytes: number;
}

const GRAPH_FIELD = 7; // of ModelProto in onnx.proto
const FEWEST_BYTES = 4;

/**
 * Walks the fields of the file's outermost message: each says its length, so a cut file shows at once.
 * @throws Error whose message says what is wrong
 */
function walkModelProto(file: number, size: number): void {
  const window = Buffer.alloc(20);
  let offset = 0;
  let hasGraph = false;
  while (offset < size) {
    const read = readSync(file, window, 0, window.length, offset);
    let at = 0;
    const varint = (): number => {
      let value = 0;
      for (let shift = 0; shift < 70; shift += 7) {
        if (at >= read) throw new Error(`the file ends within a number at byte ${offset + at}: it is truncated`);
        const byte = window[at++]!;
        value += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) return value;
      }
      throw new Error(`no ONNX model: byte ${offset} starts no protobuf field`);
    };
    const key = varint();
    const field = Math.floor(key / 8);
    if (field < 1 || field > 0x1fffffff) throw new Error(`no ONNX model: byte ${offset} starts no protobuf field`);
    let length: number;
    switch (key % 8) {
      case 0:
        varint();
        length = 0;
        break;
      case 1:
        length = 8;
        break;
      case 2:
        length = varint();
        break;
      case 5:
        length = 4;
        break;
      default:
        throw new Error(`no ONNX model: byte ${offset} starts no protobuf field`);
    }
    if (offset + at + length > size) {
      throw new Error(
        `truncated or no ONNX model: a part at byte ${offset} should end at ${offset + at + length}, the file ends at ${size}`,
      );
    }
    hasGraph ||= field === GRAPH_FIELD && key % 8 === 2;
    offset += at + length;
  }
  if (!hasGraph) throw new Error('no ONNX model: it holds no graph');
}

/** @throws UsageError for what is no readable ONNX (or .ort) file */
export function checkModelFile(path: string): ModelFile {
  const extension = extname(path).toLowerCase();
  if (path === '' || path.includes('\0'))
    throw new UsageError('--model-file: the file name is empty or holds a NUL character');
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new UsageError(`--model-file ${path}: there is no such file`);
    throw new UsageError(`--model-file: ${writeProblem(path, error).replace('write', 'read')}`);
  }
  try {
    const stat = fstatSync(file);
    if (stat.isDirectory()) throw new UsageError(`--model-file ${path}: it is a folder; name the .onnx file in it`);
    if (!stat.isFile()) throw new UsageError(`--model-file ${path}: it is no regular file`);
    if (extension !== '.onnx' && extension !== '.ort') {
      const advice = 'expected .onnx or .ort; rename it if it is one';
      throw new UsageError(`--model-file ${path}: unknown extension '${extension}'; ${advice}`);
    }
    if (stat.size < FEWEST_BYTES)
      throw new UsageError(`--model-file ${path}: ${stat.size} bytes are no model; the file is empty or cut short`);
    // The .ort format is a flatbuffer, which says nothing of its length.
    if (extension === '.onnx') {
      try {
        walkModelProto(file, stat.size);
      } catch (error) {
        throw new UsageError(`--model-file ${path}: ${(error as Error).message}`);
      }
    }
    return { path, bytes: stat.size };
  } finally {
    closeSync(file);
  }
}
