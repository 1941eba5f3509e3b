// A gate against a live baseline: a duet that ends as soon as every metric is decided.

import { rulesFor } from '../compare/gate/budget.js';
import { readCalibrations } from '../compare/gate/calibration.js';
import {
  type CellToJudge,
  exitCodeOf,
  familySize,
  isDecided,
  judgeCells,
  overall,
  type Trouble,
} from '../compare/gate/decide.js';
import { accuracyLimit, type CellRules, type GateMetric } from '../compare/gate/rules.js';
import type { FailedSession } from '../record/duet.js';
import type { GateReport } from '../record/gate.js';
import type { Case } from '../run/case.js';
import { type DuetPair, playSessions } from '../run/duet/duet.js';
import type { DuetPace } from '../run/duet/session.js';
import { stateFolder } from '../run/resume.js';
import { duetPairs } from './duet-pairs.js';
import { DuetProgress } from './duet-progress.js';
import type { GateFlags } from './gate-flags.js';
import { watchInterrupts } from './interrupt.js';
import { ofShard } from './shard.js';
import type { SideFlags } from './side-flags.js';
import { surroundings } from './surroundings.js';

export interface Playing {
  pace: DuetPace;
  seed: number;
}

const SPEED: Partial<Record<Case['scenario'], GateMetric[]>> = {
  throughput: ['throughput'],
  pipeline: ['latency', 'preprocess'],
};

export function defaultMetrics({ scenario }: Case): GateMetric[] {
  return [...(SPEED[scenario] ?? ['latency']), 'memory', 'accuracy'];
}

export function rulesOf(pair: Pick<DuetPair, 'cell'>, flags: GateFlags): CellRules {
  const { a, b } = pair.cell;
  return rulesFor(b.case.model, flags.budget, {
    metrics: flags.metrics ?? defaultMetrics(a.case),
    speed: flags.speed,
    accuracyLimit: accuracyLimit(a.case.dtype, b.case.dtype),
  });
}

/** What a failed session means: a baseline that cannot run leaves nothing to compare with, a candidate that cannot is broken. */
export function troubleOf({ side, kind, reason }: FailedSession): Trouble {
  const who = side === 'a' ? 'the baseline' : 'the candidate';
  if (kind === 'interrupted') return { verdict: 'inconclusive', reason: 'interrupted' };
  if (kind === 'ended')
    return { verdict: 'inconclusive', reason: `${who} did not finish a session, twice: ${reason.message}` };
  if (side === 'a') return { verdict: 'not-compared', reason: `the baseline does not run: ${reason.message}` };
  return { verdict: 'fail', reason: `the candidate does not run: ${reason.message}` };
}

/** Plays one cell until it is decided. */
export async function playCell(
  pair: DuetPair,
  rules: CellRules,
  { method }: Pick<GateFlags, 'method'>,
  rows: number,
  options: Parameters<typeof playSessions>[2],
): Promise<Trouble | null> {
  for (const count of method.looks) {
    const failure = await playSessions(pair, count, options);
    if (failure !== null) return troubleOf(failure);
    if (isDecided(pair.cell, rules, method, rows)) return null;
  }
  return null;
}

export async function gateLive(
  models: readonly string[],
  flags: GateFlags,
  sides: Record<'a' | 'b', SideFlags>,
  { pace, seed }: Playing,
): Promise<GateReport> {
  const quiet = sides.a.run.quiet ?? false;
  const pairs = ofShard(await duetPairs(models, sides, quiet), flags.shard);
  const cells: CellToJudge[] = pairs.map((pair) => ({ cell: pair.cell, rules: rulesOf(pair, flags), trouble: null }));
  const rows = familySize(cells);
  const first = pairs[0]!;
  const around = await surroundings(first.sides.a.settings, first.cell.a.case.runtime === 'native', { peaks: false });
  const progress = new DuetProgress(pairs.length, quiet);
  const interrupts = watchInterrupts(() => progress.say('stopping; Ctrl-C again ends at once'));
  try {
    for (const [index, pair] of pairs.entries()) {
      const cell = cells[index]!;
      const shown = progress.cell(index, pair.cell.label, flags.method.looks.at(-1)!);
      const options = { seed, cell: index, pace, cancel: interrupts.signal, ...shown };
      cell.trouble = interrupts.signal.aborted
        ? { verdict: 'inconclusive', reason: 'interrupted before its turn' }
        : await playCell(pair, cell.rules, flags, rows, options);
    }
  } finally {
    progress.clear();
    interrupts.dispose();
  }
  const judged = judgeCells(cells, flags.method);
  const verdict = overall(judged);
  const { environment } = around;
  return {
    schema: 'hfbench-gate',
    version: 1,
    createdAt: around.now(),
    hfbench: environment.hfbench,
    command: process.argv.slice(2),
    mode: 'live',
    advisory: false,
    verdict,
    exitCode: exitCodeOf(verdict, false),
    rule: { ...flags.method, looks: [...flags.method.looks] },
    rows: judged,
    calibration: readCalibrations(stateFolder(), environment.fingerprint).at(-1) ?? null,
    notes: [],
    duet: {
      schema: 'hfbench-duet',
      version: 1,
      createdAt: around.now(),
      hfbench: environment.hfbench,
      command: process.argv.slice(2),
      seed,
      environment,
      cells: pairs.map(({ cell }) => cell),
    },
  };
}
