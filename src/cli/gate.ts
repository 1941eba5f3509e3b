// hfbench gate: has the candidate become slower? A verdict with an exit code, and never a pass without evidence.

import type { Command } from 'commander';
import { GATE_FORMATS } from '../compare/gate/format/index.js';
import type { GateReport } from '../record/gate.js';
import { writeFileAtomic, writeProblem } from '../util/atomic-file.js';
import { EXIT } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import { addPaceFlags, readPace } from './duet.js';
import { addGateFlags, readGateFlags } from './gate-flags.js';
import { addSideFlags, readSideFlags } from './side-flags.js';
import { note, print, wantsColor } from './terminal.js';

export function configure(command: Command): void {
  command.argument('[models...]', "models that both sides play, or two ONNX files: the baseline's and the candidate's");
  addGateFlags(command);
  addSideFlags(command);
  addPaceFlags(command);
  command
    .addHelpText(
      'after',
      `
A is the baseline, B the candidate. Exit codes: 0 pass, 4 regression, 5 inconclusive, 2 bad input or nothing to compare.
  hfbench gate old.onnx new.onnx
  hfbench gate bert --a-ref main --b-ref HEAD --junit gate.xml
  hfbench gate bert --baseline last-week.json      advisory, unless this host's noise is known to be below 1 %
  hfbench gate --calibrate bert                    how far can verdicts of this host be trusted?`,
    )
    .action(async (models: string[], raw: Record<string, unknown>) => {
      process.exitCode = await gate(models, raw);
    });
}

async function gate(models: string[], raw: Record<string, unknown>): Promise<number> {
  const flags = readGateFlags(raw);
  const sides = readSideFlags(raw);
  const pace = readPace(raw);
  const named = models.length > 0 ? models : namedByBudget(Object.keys(flags.budget.models), sides.a.run);
  if (flags.calibrate) {
    const { calibrate } = await import('./gate-calibrate.js');
    return calibrate(named, flags, sides, pace);
  }
  const report =
    flags.baseline === null
      ? await (await import('./gate-live.js')).gateLive(named, flags, sides, pace)
      : await (await import('./gate-recorded.js')).gateRecorded(named, flags, sides, pace);
  return finish(report, flags, raw.format as string);
}

/** The budget file's models, where the command line selects none. */
function namedByBudget(models: string[], run: object): string[] {
  const selects = ['suite', 'category', 'modelFile', 'checkpoint'].some((key) => key in run);
  return selects ? [] : models;
}

async function finish(
  report: GateReport,
  { outputs, annotate }: ReturnType<typeof readGateFlags>,
  format: string,
): Promise<number> {
  let unwritten = false;
  for (const { format: name, path } of outputs) {
    try {
      writeFileAtomic(path, GATE_FORMATS[name]!(report, { color: false }));
    } catch (error) {
      note(writeProblem(path, error));
      unwritten = true;
    }
  }
  try {
    await print(GATE_FORMATS[format]!(report, { color: wantsColor(process.stdout) }));
    if (annotate) await print(GATE_FORMATS.annotations!(report, { color: false }));
  } catch (error) {
    note(`cannot write standard output: ${oneLine((error as Error).message)}`);
    unwritten = true;
  }
  // A regression stays one though its report could not be written.
  return unwritten && report.exitCode !== EXIT.regression ? EXIT.usage : report.exitCode;
}
