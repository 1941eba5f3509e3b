// `hfbench models`: what can be measured. The list loads no model page.

import type { Command } from 'commander';
import { findModel } from '../../models/registry.js';
import { type NameState, nameStates, STATES } from '../../models/states.js';
import { refusal } from '../run/catalog.js';
import type { ZooChoice } from '../run/zoo-source.js';
import { UsageError } from '../util/error.js';
import { didYouMean } from '../util/suggest.js';
import { list as listOf, oneOf } from './flag-values.js';
import { LIST_FORMATS } from './model-list.js';
import { print } from './terminal.js';

const SIZES = ['tiny', 'full'] as const;
const DTYPES = ['fp32', 'fp16', 'bf16', 'int8', 'int4'] as const;
const STYLES = ['standard', 'fused'] as const;

interface ListOptions {
  category?: string;
  state?: string;
  format?: string;
  json?: boolean;
}

const FORMATS = ['table', 'json', 'csv', 'markdown'] as const;

export function configure(command: Command): void {
  command
    .command('list', { isDefault: true })
    .description('list the models (the default)')
    .option('--category <list>', 'only these categories')
    .option('--state <list>', `only names in these states: ${STATES.join(', ')}`)
    .option('--format <format>', `${FORMATS.join(', ')} (default: table)`)
    .option('--json', 'the same as --format json')
    .action((options: ListOptions) => list(options));
  choosing(command.command('show').description('one model: facts, inputs, outputs'))
    .option('--graph', 'print the whole graph as text')
    .action(async (name: string, options: Record<string, string>) => {
      const gone = nameStates().find((row) => row.name === name && row.why !== null);
      if (gone) return print(describeAbsent(gone));
      const { describeModel } = await import('./describe-model.js');
      await print(await describeModel(choiceOf(name, options, 'full'), options.graph !== undefined));
    });
  command
    .command('new')
    .description("write a new family's page from the template (in a source checkout)")
    .argument('<category/family>', 'where it belongs and its name, e.g. vision/my_net')
    .action(async (place: string) => {
      const { newModel } = await import('./new-model.js');
      await print(await newModel(place));
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
function known(name: string): void {
  if (findModel(name)) return;
  const states = nameStates();
  const gone = states.find((row) => row.name === name);
  if (gone) throw new UsageError(refusal({ ...gone, why: gone.why! }));
  const near = didYouMean(
    name,
    states.map((row) => row.name),
  );
  throw new UsageError(`model '${name}' is unknown${near}; 'hfbench models' lists all`);
}

/** A name that cannot be built, in facts. */
function describeAbsent({ name, state, category, why, nearest }: NameState): string {
  const near = nearest === null ? 'none' : `${nearest}${findModel(nearest) ? '' : ' (its page is not written yet)'}`;
  return `${name}: ${state}, ${category}\nwhy      ${why}\nnearest open architecture  ${near}\n`;
}

async function list(options: ListOptions): Promise<void> {
  let rows = nameStates();
  if (options.category !== undefined) {
    const wanted = listOf(oneOf([...new Set(rows.map(({ category }) => category))]))(options.category, '--category');
    rows = rows.filter(({ category }) => wanted.includes(category));
  }
  if (options.state !== undefined) {
    const wanted = listOf(oneOf(STATES))(options.state, '--state');
    rows = rows.filter(({ state }) => wanted.includes(state));
  }
  const format = oneOf(FORMATS)(options.format ?? (options.json ? 'json' : 'table'), '--format');
  await print(LIST_FORMATS[format](rows));
}
