// hfbench check: does every model compute what transformers computed, on every provider and at every dtype?

import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Command, Option } from 'commander';
import { cellsOf, choose, knownOf, subjects } from '../check/cells.js';
import { Checker } from '../check/checker.js';
import { limitOf } from '../check/limits.js';
import { type Cell, type CellChoice, type CheckReport, cellKey, levelOf } from '../matrix/cell.js';
import { loadFormat } from '../matrix/format/index.js';
import { readCheckReport } from '../matrix/read-check.js';
import { DTYPES } from '../run/case.js';
import { checkWritable, writeFileAtomic, writeProblem } from '../util/atomic-file.js';
import { EXIT, UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import { hfbenchVersion } from '../util/version.js';
import { duration, list, oneOf, providers } from './flag-values.js';
import { watchInterrupts } from './interrupt.js';
import { libraryPaths, pluginLibraries } from './plugin-libraries.js';
import { resolveProviders } from './run-request.js';
import { ofShard, shard } from './shard.js';
import { note, print, wantsColor } from './terminal.js';

interface Flags {
  references?: string;
  ep: string;
  epLibrary?: string[];
  dtype: string;
  size: string;
  style: 'standard' | 'fused';
  limit?: string;
  caseTimeout: string;
  ortLib?: string;
  json?: string;
  refresh?: boolean;
  shard?: string;
  format: string;
  quiet?: boolean;
}

/** The repository's references; a package without tests has none. */
const OWN = fileURLToPath(new URL('../../../test/fixtures/oracle', import.meta.url));
const FORMATS = ['list', 'table', 'markdown', 'csv', 'json', 'html'];

export function configure(command: Command): void {
  command
    .argument('[models...]', 'names of references or model families, globs too (default: all)')
    .option('--references <folder>', "folder of reference files (default: the repository's)")
    .option('--ep <list>', 'execution providers, each with its options: cpu,cuda:device_id=1', 'cpu')
    .option('--ep-library <name=path...>', 'a provider plugin')
    .option('--dtype <list>', DTYPES.join(', '), 'fp32')
    .option('--size <size>', 'references are of tiny configurations', 'tiny')
    .addOption(
      new Option('--style <style>', 'operators of the graphs').choices(['standard', 'fused']).default('standard'),
    )
    .option('--limit <error>', 'largest relative L2 error that passes (default: by dtype, see docs/matrix.md)')
    .option('--case-timeout <duration>', 'a cell that takes longer has failed', '2m')
    .option('--ort-lib <path>', 'ONNX Runtime library to load')
    .option('--json <file>', 'keep the cells in this file: saved one by one; only missing and stale ones are tried')
    .option('--refresh', 'try every cell again')
    .option('--shard <i/n>', 'only every n-th cell, from the i-th on; hfbench merge joins the files')
    .addOption(new Option('--format <format>', 'what standard output gets').choices(FORMATS).default('list'))
    .option('--quiet', 'no progress')
    .action(async (models: string[], flags: Flags) => {
      process.exitCode = await check(models, flags);
    });
}

/** @throws UsageError for models, providers, dtypes and limits that do not exist */
async function chosenCells(models: string[], flags: Flags, folder: string): Promise<CellChoice[]> {
  const asked = await resolveProviders({ ep: providers(flags.ep, '--ep'), epLibrary: libraryPaths(flags.epLibrary) });
  oneOf(['tiny'])(flags.size, '--size');
  const cells = cellsOf(choose(subjects(folder), models, folder), {
    providers: asked.map(({ name, options }) => ({ provider: name, providerOptions: options })),
    dtypes: list(oneOf(DTYPES))(flags.dtype, '--dtype'),
    style: flags.style,
  });
  return ofShard(cells, flags.shard === undefined ? undefined : shard(flags.shard, '--shard'));
}

function earlierCells(path: string | undefined): Map<string, Cell> {
  if (path === undefined || !existsSync(path)) return new Map();
  return new Map(readCheckReport(path).cells.map((cell) => [cellKey(cell), cell]));
}

async function check(models: string[], flags: Flags): Promise<number> {
  const folder = flags.references ?? OWN;
  if (flags.references === undefined && !existsSync(folder))
    throw new UsageError('this installation has no references: give a folder with --references');
  const ownLimit = flags.limit === undefined ? null : Number(flags.limit);
  if (ownLimit !== null && !(ownLimit > 0 && ownLimit < 1))
    throw new UsageError(`--limit ${flags.limit}: expected a number between 0 and 1, e.g. 1e-4`);
  const timeoutMs = duration(flags.caseTimeout, '--case-timeout') / 1e6;
  if (timeoutMs === 0) throw new UsageError('--case-timeout 0: every cell would fail');
  const choices = await chosenCells(models, flags, folder);
  if (flags.json !== undefined) checkWritable(flags.json, '--json');
  const cells = earlierCells(flags.json);
  const show = new Progress(choices.length, flags.quiet ?? false);
  const interrupts = watchInterrupts(() => show.say('stopping; the cells that have finished are kept'));
  const checker = new Checker({
    folder,
    ortLibrary: flags.ortLib ?? process.env.HFBENCH_ORT_LIB ?? null,
    providerLibraries: pluginLibraries(libraryPaths(flags.epLibrary)),
    timeoutMs,
    cancel: interrupts.signal,
  });
  const [hfbench, machine] = [hfbenchVersion(), machineOf()];
  let tried = 0;
  try {
    for (const choice of choices) {
      show.next(choice);
      const limit = ownLimit ?? limitOf(choice.model, choice.dtype, choice.provider);
      const known = flags.refresh ? null : knownOf(cells, choice, { hfbench, limit });
      const answer = await checker.check(choice, limit, known);
      if (answer === null) break;
      if ('fresh' in answer) continue;
      tried++;
      const evidence = { ...answer.found, limit, hfbench, machine, date: new Date().toISOString() };
      cells.set(cellKey(choice), { ...choice, level: levelOf(evidence), ...evidence });
      if (flags.json !== undefined) save(flags.json, [...cells.values()]);
    }
  } finally {
    checker.close();
    interrupts.dispose();
    show.clear();
  }
  const found = choices.flatMap((choice) => cells.get(cellKey(choice)) ?? []);
  await print((await loadFormat(flags.format))(reportOf(found), { color: wantsColor(process.stdout) }));
  if (!flags.quiet) note(summary(choices.length, found, tried));
  const good = found.filter(({ level }) => level === 'full' || level === 'partial');
  const bad = found.filter(({ level }) => level === 'wrong' || level === 'failed');
  const whole = found.length === choices.length && !interrupts.signal.aborted;
  return bad.length > 0 || good.length === 0 || !whole ? EXIT.caseFailed : EXIT.ok;
}

function summary(asked: number, found: readonly Cell[], tried: number): string {
  const levels = [...new Set(found.map(({ level }) => level))];
  const counts = levels.map((level) => `${found.filter((cell) => cell.level === level).length} ${level}`);
  const kept = found.length - tried;
  const missing = asked - found.length;
  return [
    `${found.length} of ${asked} cells: ${counts.join(', ') || 'none'}`,
    kept > 0 ? `${kept} from the file` : '',
    missing > 0 ? `${missing} not tried` : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/** 'linux x64, Intel(R) Xeon(R) Processor' */
const machineOf = (): string => oneLine(`${process.platform} ${process.arch}, ${cpus()[0]?.model ?? 'unknown CPU'}`);

function reportOf(cells: Cell[]): CheckReport {
  return {
    schema: 'hfbench-check',
    version: 1,
    createdAt: new Date().toISOString(),
    hfbench: hfbenchVersion(),
    command: process.argv.slice(2),
    cells,
  };
}

/** @throws UsageError: going on would lose what is found */
function save(path: string, cells: Cell[]): void {
  try {
    writeFileAtomic(path, `${JSON.stringify(reportOf(cells), null, 1)}\n`);
  } catch (error) {
    throw new UsageError(writeProblem(path, error));
  }
}

/** One line that is written over, for people only. */
class Progress {
  #done = 0;
  readonly #shown: boolean;

  constructor(
    private readonly total: number,
    quiet: boolean,
  ) {
    this.#shown = !quiet && process.stderr.isTTY === true;
  }

  next({ model, provider, dtype }: CellChoice): void {
    this.#done++;
    if (this.#shown) process.stderr.write(`\r\u001b[K${this.#done}/${this.total} ${model} ${provider} ${dtype}`);
  }

  say(text: string): void {
    this.clear();
    note(text);
  }

  clear(): void {
    if (this.#shown) process.stderr.write('\r\u001b[K');
  }
}
