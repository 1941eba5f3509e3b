// hfbench check: does every model compute what transformers computed?

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, Option } from 'commander';
import { pageForCheckpoint } from '../../models/registry.js';
import { type Checked, checkAll } from '../check/check-all.js';
import { readReference, referenceNames } from '../check/reference.js';
import { EXIT, UsageError } from '../util/error.js';
import { note, print } from './terminal.js';

interface Flags {
  references?: string;
  ep: string;
  style: 'standard' | 'fused';
  limit: string;
  ortLib?: string;
  format: 'table' | 'json';
  quiet?: boolean;
}

/** The repository's references; a package without tests has none. */
const OWN = fileURLToPath(new URL('../../../test/fixtures/oracle', import.meta.url));
const TIMEOUT_MS = 120_000;

export function configure(command: Command): void {
  command
    .argument('[models...]', 'names of references or model families, globs too (default: all)')
    .option('--references <folder>', "folder of reference files (default: the repository's)")
    .option('--ep <provider>', 'execution provider', 'cpu')
    .addOption(
      new Option('--style <style>', 'operators of the graphs').choices(['standard', 'fused']).default('standard'),
    )
    .option('--limit <error>', 'largest relative L2 error that passes', '1e-4')
    .option('--ort-lib <path>', 'ONNX Runtime library to load')
    .addOption(new Option('--format <format>', 'form of the output').choices(['table', 'json']).default('table'))
    .option('--quiet', 'no progress')
    .action(async (models: string[], flags: Flags) => {
      process.exitCode = await check(models, flags);
    });
}

async function check(models: string[], flags: Flags): Promise<number> {
  const folder = flags.references ?? OWN;
  if (flags.references === undefined && !existsSync(folder))
    throw new UsageError('this installation has no references: give a folder with --references');
  const limit = Number(flags.limit);
  if (!(limit > 0)) throw new UsageError(`--limit ${flags.limit}: expected a number above 0, e.g. 1e-4`);
  const names = chosen(models, folder);
  const results = await checkAll(names, {
    folder,
    provider: flags.ep,
    providerOptions: {},
    graph: { style: flags.style },
    ortLibrary: flags.ortLib ?? null,
    limit,
    timeoutMs: TIMEOUT_MS,
    onChecked: ({ name }, done) => {
      if (!flags.quiet && process.stderr.isTTY) process.stderr.write(`\r\u001b[K${done}/${names.length} ${name}`);
    },
  });
  if (!flags.quiet && process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  await print(flags.format === 'json' ? json(results, flags) : table(results));
  const failed = results.filter(({ failure }) => failure !== null).length;
  if (!flags.quiet)
    note(`${results.length - failed} of ${results.length} agree with transformers within ${limit.toExponential(0)}`);
  return failed > 0 ? EXIT.caseFailed : EXIT.ok;
}

/** Names of references that the words fit: by the reference's own name, or its family's. References without a page are left out. */
function chosen(models: string[], folder: string): string[] {
  const known = referenceNames(folder).flatMap((name) => {
    const { model_type, model_class } = readReference(folder, name);
    const row = pageForCheckpoint(model_type, [model_class]);
    return row ? [{ name, family: row.family }] : [];
  });
  if (models.length === 0) return known.map(({ name }) => name);
  const found = new Set<string>();
  for (const word of models) {
    const pattern = new RegExp(
      `^${word
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    );
    const fitting = known.filter(({ name, family }) => pattern.test(name) || pattern.test(family));
    if (fitting.length === 0) throw new UsageError(`model '${word}': no reference of that name or family in ${folder}`);
    for (const { name } of fitting) found.add(name);
  }
  return [...found];
}

function table(results: readonly Checked[]): string {
  const width = Math.max(...results.map(({ name }) => name.length));
  const line = ({ name, worst, output, failure }: Checked): string =>
    `${failure ? 'FAIL' : 'ok  '} ${name.padEnd(width)}  ${worst === null ? ''.padEnd(8) : worst.toExponential(1).padEnd(8)}  ${failure ?? output}`;
  return `${results.map(line).join('\n')}\n`;
}

function json(results: readonly Checked[], flags: Flags): string {
  return `${JSON.stringify({ schema: 'hfbench-check', version: 1, provider: flags.ep, style: flags.style, limit: Number(flags.limit), results }, null, 2)}\n`;
}
