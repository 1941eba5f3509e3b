// `hfbench models export`: a zoo model as a file for other ONNX tools.

import { writeModelFile } from '../graph/index.js';
import { buildZoo, type ZooChoice } from '../run/zoo-source.js';
import { storeWeight } from '../runtime/stored-weights.js';
import { checkWritable, writeProblem } from '../util/atomic-file.js';
import { UsageError } from '../util/error.js';
import { formatBytes } from '../util/number-format.js';

/** @returns what was written, in words. @throws UsageError when it cannot be written */
export async function exportModel(choice: ZooChoice, path: string): Promise<string> {
  checkWritable(path, '--output');
  const { graph } = await buildZoo(choice);
  try {
    const { dataPath, bytes } = writeModelFile(graph, path, storeWeight);
    return `${path}${dataPath === null ? '' : ` and ${dataPath}`}: ${formatBytes(bytes)}\n`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new UsageError(writeProblem(path, error));
  }
}
