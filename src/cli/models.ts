// `hfbench models`: what can be measured. The list loads no model page.

import type { Command } from 'commander';
import { findModel, findUnavailable, MODELS, type ModelRow, UNAVAILABLE } from '../../models/registry.js';
import type { ZooChoice } from '../run/zoo-source.js';
import { UsageError } from '../util/error.js';
import { formatSi } from '../util/number-format.js';
import { didYouMean } from '../util/suggest.js';
import { oneOf } from './flag-values.js';
import { print } from './terminal.js';

const SIZES = ['tiny', 'full'] as const;
const DTYPES = ['fp32', 'fp16', 'bf16', 'int8', 'int4'] as const;
const STYLES = ['standard', 'fused'] as const;

interface ListOptions {
  category?: string;
  json?: boolean;
}

export function configure(command: Command): void {
  command
    .command('list', { isDefault: true })
    .description('list the models (the default)')
    .option('--category <name>', 'only this category')
    .option('--json', 'as one JSON array')
    .action((options: ListOptions) => list(options));
  choosing(command.command('show').description('one model: facts, inputs, outputs'))
    .option('--graph', 'print the whole graph as text')
    .action(async (name: string, options: Record<string, string>) => {
      const { describeModel } = await import('./describe-model.js');
      await print(await describeModel(choiceOf(name, options, 'full'), options.graph !== undefined));
    });
  choosing(command.command('export').description('write a model with its synthetic weights as an ONNX file'))
    .requiredOption('-o, --output <file>', 'where to; large weights go to <file>.data beside it')
    .action(async (name: string, options: Record<string, string>) => {
      const { exportModel } = await import('./export-model.js');
      await print(await exportModel(choiceOf(name, options, 'full'), options.output!));
    });
}

function choosing(command: Command): Command {
  return command
    .argument('<model>', 'its name')
    .option('--size <size>', `${SIZES.join(', ')} (default: full)`)
    .option('--dtype <dtype>', `${DTYPES.join(', ')} (default: fp32)`)
    .option('--style <style>', `${STYLES.join(', ')} (default: standard)`);
}

function choiceOf(name: string, options: Record<string, string>, size: 'tiny' | 'full'): ZooChoice {
  known(name);
  return {
    name,
    size: oneOf(SIZES)(options.size ?? size, '--size'),
    dtype: oneOf(DTYPES)(options.dtype ?? 'fp32', '--dtype'),
    style: oneOf(STYLES)(options.style ?? 'standard', '--style'),
  };
}

/** @throws UsageError that says why there is no such model, or which one was meant */
function known(name: string): ModelRow {
  const row = findModel(name);
  if (row) return row;
  const missing = findUnavailable(name);
  if (missing) throw new UsageError(`model '${name}' cannot be built: ${missing.why}`);
  const names = MODELS.map((candidate) => candidate.name);
  throw new UsageError(`model '${name}' is unknown${didYouMean(name, names)}; 'hfbench models' lists all`);
}

async function list({ category, json }: ListOptions): Promise<void> {
  const categories = [...new Set(MODELS.map((row) => row.category as string))];
  if (category !== undefined && !categories.includes(category)) {
    const near = didYouMean(category, categories);
    throw new UsageError(`--category ${category}: no such category${near}; there are: ${categories.join(', ')}`);
  }
  const rows = MODELS.filter((row) => category === undefined || row.category === category);
  await print(json ? `${JSON.stringify(rows, null, 2)}\n` : listing(rows, category === undefined));
}

function line(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, i) => cell.padEnd(widths[i]!))
    .join('  ')
    .trimEnd();
}

/** One line a model, by category and family; then what cannot be built, and why. */
export function listing(rows: readonly ModelRow[], withUnavailable: boolean): string {
  const head = ['model', 'category', 'family', 'parameters', 'inputs vary in', 'checkpoint'];
  const order = (row: ModelRow) =>
    `${row.category} ${row.family} ${row.aliasOf ?? row.name} ${row.aliasOf === null ? '' : row.name}`;
  const body = [...rows]
    .sort((a, b) => (order(a) < order(b) ? -1 : 1))
    .map((row) => [
      row.name,
      row.category,
      row.family,
      formatSi(row.parameters, ''),
      row.dimensions.join(', '),
      row.aliasOf === null ? (row.checkpoint ?? '') : `same as ${row.aliasOf}`,
    ]);
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((cells) => cells[i]!.length)));
  const table = [head, ...body].map((cells) => `${line(cells, widths)}\n`).join('');
  if (!withUnavailable) return table;
  return `${table}\nNames that cannot be built:\n${UNAVAILABLE.map(({ name, why }) => `  ${name}: ${why}\n`).join('')}`;
}
