// The process that finds out whether a chosen library is an ONNX Runtime: a foreign one may crash whoever loads it.

import { nativeRuntime } from '../runtime/native.js';
import { oneLine } from '../util/one-line.js';

const problem = await nativeRuntime({ ortLibrary: process.argv[2]! }).then(
  () => null,
  (error: Error) => oneLine(error.message),
);
process.send!({ problem }, () => process.disconnect());
