// `hfbench preprocess`: the preprocessing kernels by themselves, each beside the time of copying its input.

import type { Command } from 'commander';
import { findModel, MODELS } from '../../models/registry.js';
import { loadExporter } from '../export/index.js';
import { kernelLevels, useKernelLevel } from '../preprocess/clock.js';
import { toReport } from '../record/report.js';
import { KERNELS } from '../run/kernel/kernels.js';
import { measureKernel } from '../run/kernel/measure.js';
import { tasksOfModel } from '../run/kernel/of-model.js';
import type { Task } from '../run/kernel/task.js';
import type { Outcome } from '../run/outcome.js';
import { EXIT, UsageError } from '../util/error.js';
import { didYouMean } from '../util/suggest.js';
import { hfbenchVersion } from '../util/version.js';
import { list, oneOf, type Reader } from './flag-values.js';
import { watchInterrupts } from './interrupt.js';
import { checkOutputs, writeOutputs } from './outputs.js';
import { flagOf, RUN_FLAGS, type RunFlagName, readFlags } from './run-flags.js';
import { runSettings } from './run-request.js';
import { note, print, wantsColor } from './terminal.js';

const SHARED = [
  ...['minTime', 'maxTime', 'minSamples', 'maxSamples', 'targetCi'],
  ...['threads', 'format', 'json', 'csv', 'markdown', 'quiet'],
] as RunFlagName[];
const LEVELS = ['base', 'avx2', 'avx512', 'neon'] as const;
const readLevels: Reader<(typeof LEVELS)[number][]> = list(oneOf(LEVELS));
const THREADS_HELP = 'threads of kernels that can use several; 0: all cores (default: 1)';

export function configure(command: Command): void {
  command.argument('[names...]', `models, or kernels: ${Object.keys(KERNELS).join(', ')} (default: all kernels)`);
  command.option('--isa <list>', `levels of vector code: ${LEVELS.join(', ')} (default: the best; also HFBENCH_ISA)`);
  for (const name of SHARED) {
    const { flag, help } = RUN_FLAGS[name];
    command.option(flag, name === 'threads' ? THREADS_HELP : help);
  }
  command.action(async (names: string[], { isa, ...raw }: Record<string, unknown>) => {
    const levels = isa === undefined ? null : readLevels(isa, '--isa');
    process.exitCode = await preprocess(names, levels, readFlags(raw, flagOf));
  });
}

/** @throws UsageError for a name that is neither a kernel nor a model with raw inputs */
function refuseUnknown(names: readonly string[]): void {
  for (const name of names) {
    if (Object.hasOwn(KERNELS, name)) continue;
    const row = findModel(name);
    if (row === undefined) {
      const near = didYouMean(name, [...Object.keys(KERNELS), ...MODELS.map((model) => model.name)]);
      throw new UsageError(
        `'${name}': neither a kernel nor a model${near}; 'hfbench preprocess --help' lists the kernels`,
      );
    }
    if (row.raw.length === 0) throw new UsageError(`model '${name}': has no preprocessing`);
  }
}

async function open(name: string, threads: number): Promise<Task[]> {
  const kernel = Object.hasOwn(KERNELS, name) ? KERNELS[name] : undefined;
  return kernel ? [await kernel({ threads })] : tasksOfModel(name, { threads });
}

async function preprocess(
  given: readonly string[],
  levels: (typeof LEVELS)[number][] | null,
  flags: ReturnType<typeof readFlags>,
): Promise<number> {
  refuseUnknown(given);
  const names = given.length > 0 ? [...new Set(given)] : Object.keys(KERNELS);
  const settings = runSettings({ ...flags }, {});
  const { used } = kernelLevels();
  // Before anything is measured: a level that this machine lacks.
  for (const level of levels ?? []) useKernelLevel(level);
  const outputs = checkOutputs(flags);
  const { readEnvironment } = await import('../hardware/index.js');
  const { addonFacts } = await import('../runtime/native.js');
  const environment = await readEnvironment({ addon: addonFacts(), peaks: null });
  const startedAt = new Date().toISOString();
  const shown = !flags.quiet && process.stderr.isTTY;
  const interrupts = watchInterrupts(() => note('stopping after the run in progress; Ctrl-C again ends at once'));
  const events = { cancelled: () => interrupts.signal.aborted, onProgress: () => {} };
  const outcomes: Outcome[] = [];
  try {
    for (const isa of levels ?? [used]) {
      useKernelLevel(isa);
      for (const threads of flags.threads ?? [1]) {
        for (const name of names) {
          if (interrupts.signal.aborted) continue;
          if (shown) process.stderr.write(`\r\u001b[K${name} ${isa}`);
          for (const task of await open(name, threads)) {
            const outcome = await measureKernel({ task, isa, threads }, settings, environment, startedAt, events);
            if (outcome) outcomes.push(outcome);
          }
        }
      }
    }
  } finally {
    interrupts.dispose();
    if (shown) process.stderr.write('\r\u001b[K');
  }
  const about = { hfbench: hfbenchVersion(), createdAt: startedAt, command: process.argv.slice(2) };
  const report = toReport(outcomes, about);
  const width = process.stdout.isTTY ? process.stdout.columns : undefined;
  const exporter = await loadExporter(flags.format ?? 'table');
  await print(exporter.render(report, { color: wantsColor(process.stdout), ...(width && { width }) }));
  const problems = await writeOutputs(outputs, report);
  for (const problem of problems) note(problem);
  if (problems.length > 0) return EXIT.usage;
  return interrupts.signal.aborted || outcomes.length === 0 ? EXIT.caseFailed : EXIT.ok;
}
