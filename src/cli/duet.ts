// hfbench duet: two ways to run a model, in turns, on one machine.

import { randomInt } from 'node:crypto';
import { type Command, Option } from 'commander';
import { DUET_FORMATS, duetJson } from '../compare/duet/format.js';
import type { DuetReport } from '../record/duet.js';
import { DUET_PACE, playSessions } from '../run/duet/duet.js';
import type { DuetPace } from '../run/duet/session.js';
import { checkWritable, writeFileAtomic, writeProblem } from '../util/atomic-file.js';
import { EXIT } from '../util/error.js';
import { duetPairs } from './duet-pairs.js';
import { DuetProgress } from './duet-progress.js';
import { duration, whole } from './flag-values.js';
import { watchInterrupts } from './interrupt.js';
import { addSideFlags, readSideFlags } from './side-flags.js';
import { surroundings } from './surroundings.js';
import { note, print } from './terminal.js';

export function addPaceFlags(command: Command): void {
  command
    .option('--seed <n>', 'repeats the order of turns (default: random; every report says it)')
    .option('--rounds <n>', 'rounds of turns of a session, 20 at least, then as far as its time allows (default: 100)')
    .option('--session-time <duration>', 'of the rounds of a session (default: 1200ms)');
}

/** @throws UsageError */
export function readPace(raw: Record<string, unknown>): { pace: DuetPace; seed: number } {
  const rounds = raw.rounds === undefined ? DUET_PACE.rounds : whole(2, 10_000, '100')(raw.rounds, '--rounds');
  const sessionNs = raw.sessionTime === undefined ? DUET_PACE.sessionNs : duration(raw.sessionTime, '--session-time');
  const seed = raw.seed === undefined ? randomInt(2 ** 32) : whole(0, 2 ** 32 - 1, '42')(raw.seed, '--seed');
  return { pace: { ...DUET_PACE, rounds, leastRounds: Math.min(rounds, DUET_PACE.leastRounds), sessionNs }, seed };
}

export function configure(command: Command): void {
  command.argument('[models...]', "models that both sides play, or two ONNX files: A's and B's");
  addSideFlags(command);
  addPaceFlags(command);
  command
    .option('--sessions <n>', 'fresh pairs of processes (default: 6)')
    .addOption(
      new Option('--format <name>', 'what standard output gets').choices(Object.keys(DUET_FORMATS)).default('table'),
    )
    .option('--json <file>', 'also write a JSON report with every session')
    .addHelpText(
      'after',
      `
A and B take turns in short bursts, in random order: what disturbs the machine disturbs both, and their ratio holds still.
  hfbench duet a.onnx b.onnx
  hfbench duet bert --a-threads 1 --b-threads 2
  hfbench duet bert --b-ort-lib /opt/ort-nightly/libonnxruntime.so
  hfbench duet bert --a-ref main --b-ref HEAD`,
    )
    .action(async (models: string[], raw: Record<string, unknown>) => {
      process.exitCode = await duet(models, raw);
    });
}

async function duet(models: string[], raw: Record<string, unknown>): Promise<number> {
  const flags = readSideFlags(raw);
  const { pace, seed } = readPace(raw);
  const count = raw.sessions === undefined ? 6 : whole(1, 10_000, '12')(raw.sessions, '--sessions');
  const json = raw.json as string | undefined;
  if (json !== undefined) checkWritable(json, '--json');
  const quiet = flags.a.run.quiet ?? false;
  const pairs = await duetPairs(models, flags, quiet);
  const { settings } = pairs[0]!.sides.a;
  const around = await surroundings(settings, pairs[0]!.cell.a.case.runtime === 'native', { peaks: false });
  const report: DuetReport = {
    schema: 'hfbench-duet',
    version: 1,
    createdAt: around.now(),
    hfbench: around.environment.hfbench,
    command: process.argv.slice(2),
    seed,
    environment: around.environment,
    cells: pairs.map(({ cell }) => cell),
  };
  const progress = new DuetProgress(pairs.length, quiet);
  const interrupts = watchInterrupts(() => progress.say('stopping; Ctrl-C again ends at once'));
  let failed = false;
  try {
    for (const [index, pair] of pairs.entries()) {
      const options = {
        seed,
        cell: index,
        pace,
        cancel: interrupts.signal,
        ...progress.cell(index, pair.cell.label, count),
      };
      failed = (await playSessions(pair, count, options)) !== null || failed;
      if (interrupts.signal.aborted) break;
    }
  } finally {
    progress.clear();
    interrupts.dispose();
  }
  let unwritten = false;
  if (json !== undefined) {
    try {
      writeFileAtomic(json, duetJson(report));
    } catch (error) {
      note(writeProblem(json, error));
      unwritten = true;
    }
  }
  await print(DUET_FORMATS[raw.format as string]!(report));
  if (unwritten) return EXIT.usage;
  return failed || interrupts.signal.aborted ? EXIT.caseFailed : EXIT.ok;
}
