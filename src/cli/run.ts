// `hfbench run`: flags -> plan -> records -> reports.

import type { Command } from 'commander';
import { loadExporter } from '../export/index.js';
import { jsonLine } from '../export/jsonl.js';
import { availableMemoryBytes } from '../hardware/index.js';
import type { Report } from '../record/record.js';
import { toRecord, toReport } from '../record/report.js';
import type { Case } from '../run/case.js';
import { checkLibrary } from '../run/check-library.js';
import { execute } from '../run/execute.js';
import type { Outcome } from '../run/outcome.js';
import { plan } from '../run/plan.js';
import { checkRawFiles } from '../run/raw/files.js';
import type { RunSettings } from '../run/settings.js';
import { EXIT, UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import { loadCatalog } from './catalog.js';
import { type Config, readConfigFile } from './config.js';
import { watchInterrupts } from './interrupt.js';
import { caseLabel } from './label.js';
import { checkOutputs, type Output, writeOutputs } from './outputs.js';
import { DownloadBar, Progress, whileShowing } from './progress.js';
import { addRunFlags, flagOf, type RunFlags, readFlags } from './run-flags.js';
import { openRunJournal, type RunJournal } from './run-journal.js';
import { checkInputs, planRequest, resolveProviders, runSettings } from './run-request.js';
import { ofShard } from './shard.js';
import { type Surroundings, surroundings } from './surroundings.js';
import { note, print, wantsColor } from './terminal.js';

const SELECTING = ['suite', 'category', 'modelFile', 'checkpoint'] as const;

/** A selection on the command line replaces the whole selection of the file; other flags win one by one. */
function combine(models: string[], flags: RunFlags, config: Config): Config {
  const selects = models.length > 0 || SELECTING.some((key) => flags[key] !== undefined);
  const base = { ...config.flags };
  if (selects) for (const key of SELECTING) delete base[key];
  return { models: selects ? models : config.models, flags: { ...base, ...flags } };
}

export function configure(command: Command): void {
  command.argument('[models...]', "names or globs of models, e.g. bert 'vit*', or ONNX files");
  addRunFlags(command);
  command.option('--config <file>', 'flags from a JSON file; those on the command line win');
  command.action(async (models: string[], options: Record<string, unknown>) => {
    const { config: path, ...raw } = options;
    // commander says yes to whatever `--no-...` does not deny; the configuration file may still say no.
    if (raw.verify === true) delete raw.verify;
    const config = path === undefined ? { models: [], flags: {} } : readConfigFile(String(path));
    const all = combine(models, readFlags(raw, flagOf), config);
    process.exitCode = await run(all.models, all.flags);
  });
}

async function run(models: string[], flags: RunFlags): Promise<number> {
  if (flags.resume && flags.dryRun) throw new UsageError('--resume and --dry-run: a dry run has nothing to go on with');
  const providers = await resolveProviders(flags);
  const request = planRequest(models, flags, await locate(flags), providers);
  const settings = runSettings(flags, process.env);
  checkInputs(request, flags);
  const cases = ofShard(plan(request, loadCatalog()), flags.shard);
  await checkRawFiles(settings.raw);
  const outputs = checkOutputs(flags);
  if (settings.ortLibrary !== null) await checkLibrary(settings.ortLibrary);
  if (flags.dryRun) {
    const { describePlan } = await import('./dry-run.js');
    // Scripted cases take no memory: what is free does not matter to them.
    const free = settings.fakeScript === null ? await availableMemoryBytes() : null;
    await print(await describePlan(cases, settings, free));
    return EXIT.ok;
  }
  const native = cases.some(({ runtime }) => runtime === 'native');
  const around = await whileShowing('looking at the machine ...', flags.quiet ?? false, () =>
    surroundings(settings, native),
  );
  const journal = openRunJournal(flags, around.now(), process.env);
  if (!flags.quiet) for (const line of journal.notes) note(line);
  const { outcomes, interrupted } = await measure(cases, settings, flags, around, journal);
  return finish(outcomes, { interrupted, flags, around, journal, outputs });
}

/** Folders of the checkpoints; what is not here yet is downloaded. */
async function locate(flags: RunFlags): Promise<string[]> {
  if (flags.checkpoint === undefined) return [];
  const { locateCheckpoint } = await import('../checkpoint/hub.js');
  const bar = new DownloadBar(flags.quiet ?? false);
  const folders: string[] = [];
  try {
    for (const name of flags.checkpoint) folders.push(await locateCheckpoint(name, undefined, bar.show));
  } finally {
    bar.clear();
  }
  return folders;
}

async function measure(
  cases: Case[],
  settings: RunSettings,
  flags: RunFlags,
  around: Surroundings,
  journal: RunJournal,
) {
  const progress = new Progress(cases.length, flags.quiet ?? false);
  const interrupts = watchInterrupts(() => {
    progress.clear();
    note('stopping after the block in progress; Ctrl-C again ends at once');
  });
  try {
    const outcomes = await execute(cases, settings, {
      environment: around.environment,
      now: around.now,
      resumed: journal.resumed,
      cancel: interrupts.signal,
      events: {
        onStart: (work) => progress.start(caseLabel(work)),
        onProgress: (phase, fraction) => progress.update(phase, fraction),
        onFinish: (outcome, identity, resumed) => {
          progress.clear();
          progress.finish(resumed);
          if (!resumed) journal.add({ identity, outcome });
          if (flags.format === 'jsonl') process.stdout.write(jsonLine(toRecord(outcome)));
        },
      },
    });
    return { outcomes, interrupted: interrupts.signal.aborted };
  } finally {
    progress.clear();
    interrupts.dispose();
  }
}

interface Finish {
  interrupted: boolean;
  flags: RunFlags;
  around: Surroundings;
  journal: RunJournal;
  outputs: Output[];
}

async function finish(outcomes: Outcome[], { interrupted, flags, around, journal, outputs }: Finish): Promise<number> {
  const report = toReport(outcomes, {
    hfbench: around.environment.hfbench,
    createdAt: around.now(),
    command: process.argv.slice(2),
  });
  const problems = await writeOutputs(outputs, report);
  try {
    const format = flags.format ?? 'table';
    await print(await standardOutput(report, format));
    if (flags.profile !== undefined) {
      const { operatorTables } = await import('./operator-table.js');
      const tables = operatorTables(outcomes);
      // Other formats are read by programs.
      if (format === 'table' || format === 'markdown') await print(tables);
      else process.stderr.write(tables);
    }
  } catch (error) {
    problems.push(`cannot write standard output: ${oneLine((error as Error).message)}`);
  }
  for (const problem of problems) note(problem);
  if (problems.length > 0 || interrupted) {
    const kept = journal.keep();
    if (kept !== null) note(`the records are in ${kept}; the same command with --resume goes on from there`);
  } else {
    journal.finish();
  }
  return problems.length > 0 ? EXIT.usage : exitCode(outcomes);
}

async function standardOutput(report: Report, format: string): Promise<string> {
  if (format === 'jsonl') return ''; // each line was written when its case had finished
  const exporter = await loadExporter(format);
  return exporter.render(report, { width: process.stdout.columns, color: wantsColor(process.stdout) });
}

/**
 * A case that cannot exist (fp16 on a provider without it, say) is no failure as long as something was measured. Files that are no
 * models are bad input like any that was refused before the start.
 */
function exitCode(outcomes: readonly Outcome[]): number {
  const badInput = (outcome: Outcome) => outcome.state === 'failed' && outcome.reason.code === 'bad-input';
  if (outcomes.length > 0 && outcomes.every(badInput)) return EXIT.usage;
  const some = (state: Outcome['state']) => outcomes.some((outcome) => outcome.state === state);
  return some('failed') || some('skipped') || !some('measured') ? EXIT.caseFailed : EXIT.ok;
}
