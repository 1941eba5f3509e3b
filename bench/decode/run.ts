// How near scenario generate is to ONNX Runtime's own floor: ratios to a bare C++ loop over the same graph that carries the same
// cache, in one process and session, run by run in turn (floor.cc).
//   node dist/bench/decode/run.js [model:dtype,...] [rounds] [prompt] [tokens]
// The default is gpt2 and TinyLlama (1.1 billion parameters; 4.4 GB of disk and 10 GB of memory in fp32, less in int8 and int4).

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findModel, loadPage } from '../../models/registry.js';
import { writeModelFile } from '../../src/graph/index.js';
import { median } from '../../src/measure/quantile.js';
import { DTYPES } from '../../src/run/case.js';
import { assemble } from '../../src/run/page-source.js';
import { packagedOrtLibrary } from '../../src/runtime/ort-library.js';
import { storeWeight } from '../../src/runtime/stored-weights.js';

const WITHIN = 0.02;
const root = fileURLToPath(new URL('../../../', import.meta.url));
const [
  chosen = 'gpt2:fp32,tinyllama:fp32,tinyllama:int8,tinyllama:int4',
  rounds = '10',
  prompt = '128',
  tokens = '64',
] = process.argv.slice(2);

/** Writes the cached form of a model; returns the size of its vocabulary. */
async function write(name: string, wanted: string, path: string): Promise<number> {
  const row = findModel(name);
  const dtype = DTYPES.find((known) => known === wanted);
  if (!row || !dtype) throw new Error(`no model '${name}' or dtype '${wanted}'`);
  const page = await loadPage(row);
  const from = { name, page, category: row.category, config: page.variants[name]!.config };
  const { graph, inputs } = assemble(from, { dtype, style: 'standard' }, 'cached');
  writeModelFile(graph, path, storeWeight);
  const { values } = inputs.input_ids!;
  return values.kind === 'integers' ? values.high : 1;
}

execFileSync('cmake', ['--build', 'build', '--config', 'Release', '--target', 'bench_decode'], { cwd: root });
const rows = [];
for (const one of chosen.split(',')) {
  const [name, dtype = 'fp32'] = one.split(':') as [string, string?];
  const folder = mkdtempSync(join(tmpdir(), 'hfbench-bench-'));
  try {
    const model = join(folder, 'model.onnx');
    const vocabulary = await write(name, dtype, model);
    const args = [packagedOrtLibrary(), model, `${vocabulary}`, prompt, tokens, rounds];
    const text = execFileSync(join(root, 'build', 'Release', 'bench_decode'), args, { encoding: 'utf8' });
    const lines = text
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    const pairs = (kind: string) => lines.filter(([first]) => first === kind).map(([, ...times]) => times.map(Number));
    const [first, token] = [pairs('first'), pairs('token')];
    const medianOf = (times: number[][], index: number) => median(times.map((one) => one[index]!));
    // Of pairs that follow one another: what else the machine does meets both alike.
    const ratioOf = (times: number[][]) => median(times.map(([ours, bare]) => bare! / ours!));
    const ratio = ratioOf(token);
    rows.push({
      model: `${name} ${dtype}`,
      'decode tok/s': (1e9 / medianOf(token, 0)).toFixed(2),
      'bare loop': (1e9 / medianOf(token, 1)).toFixed(2),
      ratio: ratio.toFixed(4),
      'prefill ratio': ratioOf(first).toFixed(4),
      'between runs us': (medianOf(pairs('between'), 0) / 1e3).toFixed(1),
      [`within ${WITHIN * 100} %`]: Math.abs(ratio - 1) <= WITHIN,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
console.table(rows);
process.exitCode = rows.every((row) => row[`within ${WITHIN * 100} %`]) ? 0 : 1;
