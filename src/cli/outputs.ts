// The files that a run writes: looked at before it starts, written whole or not at all when it ends.

import { resolve } from 'node:path';
import { loadExporter } from '../export/index.js';
import type { Report } from '../record/record.js';
import { checkWritable, writeFileAtomic, writeProblem } from '../util/atomic-file.js';
import { UsageError } from '../util/error.js';
import type { RunFlags } from './run-flags.js';

export interface Output {
  format: string;
  path: string;
}

/** @throws UsageError for paths that cannot be written or that two flags share */
export function checkOutputs(flags: RunFlags): Output[] {
  const outputs: Output[] = [];
  const taken = new Map<string, string>();
  for (const format of ['json', 'csv', 'markdown'] as const) {
    const path = flags[format];
    if (path === undefined) continue;
    const whole = resolve(path);
    if (taken.has(whole)) throw new UsageError(`--${format} ${path}: --${taken.get(whole)} writes the same file`);
    taken.set(whole, format);
    checkWritable(path, `--${format}`);
    outputs.push({ format, path });
  }
  return outputs;
}

/** Writes what it can; returns one line per file that could not be written. */
export async function writeOutputs(outputs: readonly Output[], report: Report): Promise<string[]> {
  const problems: string[] = [];
  for (const { format, path } of outputs) {
    const text = (await loadExporter(format)).render(report, {});
    try {
      writeFileAtomic(path, text);
    } catch (error) {
      problems.push(writeProblem(path, error));
    }
  }
  return problems;
}
