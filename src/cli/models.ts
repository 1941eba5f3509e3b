// `hfbench models`: what can be measured, in lists and one by one.

import type { Command } from 'commander';
import { findModel, MODELS, type ModelRow, UNAVAILABLE } from '../../models/registry.js';
import { UsageError } from '../util/error.js';
import { formatSi } from '../util/number-format.js';
import { print } from './terminal.js';

export function configure(command: Command): void {
  command.action(() => print(listing(MODELS)));
  command
    .command('list', { isDefault: false })
    .description('list the models')
    .option('--category <name>', 'only this category')
    .option('--json', 'as JSON, one array')
    .action(async (options: { category?: string; json?: boolean }) => {
      const rows = MODELS.filter(({ category }) => options.category === undefined || category === options.category);
      if (rows.length === 0) throw new UsageError(`--category ${options.category}: no such category`);
      await print(options.json ? `${JSON.stringify(rows, null, 2)}\n` : listing(rows));
    });
}

function line(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, i) => cell.padEnd(widths[i]!))
    .join('  ')
    .trimEnd();
}

/** One line a model, by category; then what cannot be built, and why. */
export function listing(rows: readonly ModelRow[]): string {
  const head = ['model', 'category', 'family', 'parameters', 'checkpoint or alias'];
  const body = [...rows]
    .sort((a, b) => a.category.localeCompare(b.category) || a.family.localeCompare(b.family))
    .map((row) => [
      row.name,
      row.category,
      row.family,
      formatSi(row.parameters, ''),
      row.aliasOf === null ? (row.checkpoint ?? '') : `= ${row.aliasOf}`,
    ]);
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((cells) => cells[i]!.length)));
  const missing = UNAVAILABLE.map(({ name, why }) => `${name}: ${why}`);
  return `${[head, ...body].map((cells) => line(cells, widths)).join('\n')}\n\nCannot be built:\n${missing.join('\n')}\n`;
}

void findModel;
