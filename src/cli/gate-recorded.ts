// A gate against a report: fresh processes of the candidate alone, held against numbers of another hour. The machine may have
// changed since, so the verdicts are advice unless this host is known to hold still.

import { isDeepStrictEqual } from 'node:util';
import type { DuetMetric } from '../compare/duet/values.js';
import { readCalibrations } from '../compare/gate/calibration.js';
import {
  corrected,
  exitCodeOf,
  familySize,
  isFinalLook,
  overall,
  recordedLook,
  rowOf,
  type Trouble,
} from '../compare/gate/decide.js';
import { type Baseline, baselineOf, logCosts, METRIC_COLUMNS } from '../compare/gate/recorded.js';
import type { CellRules } from '../compare/gate/rules.js';
import type { Environment } from '../hardware/environment.js';
import { stableFacts } from '../hardware/index.js';
import { toRow } from '../record/columns.js';
import type { GateReport, GateRow } from '../record/gate.js';
import { readReport } from '../record/read-report.js';
import type { Report, Row } from '../record/record.js';
import type { DuetPair } from '../run/duet/duet.js';
import { runIsolated } from '../run/isolate.js';
import { stateFolder } from '../run/resume.js';
import { UsageError } from '../util/error.js';
import { duetPairs } from './duet-pairs.js';
import { DuetProgress } from './duet-progress.js';
import type { GateFlags } from './gate-flags.js';
import { type Playing, rulesOf } from './gate-live.js';
import { watchInterrupts } from './interrupt.js';
import { ofShard } from './shard.js';
import type { SideFlags } from './side-flags.js';
import { surroundings } from './surroundings.js';

/** Above this scatter from process to process a recording only gives advice. */
const MOST_NOISE = 0.01;

/** @throws UsageError that names what differs between the machines */
function refuseOtherMachine(report: Report, here: Environment, path: string): void {
  for (const there of report.environments) {
    if (there.fingerprint === here.fingerprint) continue;
    const [a, b] = [stableFacts(there), stableFacts(here)] as Record<string, unknown>[];
    const names = Object.keys({ ...a, ...b }).filter((name) => !isDeepStrictEqual(a![name], b![name]));
    const facts = names.slice(0, 5).map((name) => `${name}: ${a![name]} there, ${b![name]} here`);
    throw new UsageError(
      `--baseline ${path}: it is of another machine (${facts.join('; ') || 'its fingerprint differs'}): record it here`,
    );
  }
}

interface Candidate {
  pair: DuetPair;
  rules: CellRules;
  rows: Row[];
  baseline: Baseline | null;
  trouble: Trouble | null;
}

const metricsOf = ({ rules }: Candidate) =>
  Object.entries(rules.metrics) as [DuetMetric, { margin: number; budget: number }][];

function lookOf(one: Candidate, metric: DuetMetric, flags: GateFlags, family: number) {
  if (one.baseline === null || 'problem' in one.baseline) return null;
  const before = logCosts(
    one.baseline.records.map(({ row }) => row),
    metric,
  );
  const now = logCosts(one.rows, metric);
  if (now.length < one.rows.length || now.length < 2) return null;
  return recordedLook(before, now, one.rules.metrics[metric]!, flags.method, family);
}

function rowsOf(one: Candidate, flags: GateFlags, family: number): GateRow[] {
  const { pair, rows, baseline } = one;
  const missing: Trouble | null =
    baseline !== null && 'problem' in baseline ? { verdict: 'not-compared', reason: baseline.problem } : null;
  return metricsOf(one).map(([metric, allowance]) => {
    const column = METRIC_COLUMNS[metric];
    const typical = (some: readonly Row[]) => {
      const logs = logCosts(some, metric);
      const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
      return logs.length === 0 ? null : Math.exp(column === METRIC_COLUMNS.throughput ? -mean : mean);
    };
    const before = baseline !== null && 'records' in baseline ? baseline.records.map(({ row }) => row) : [];
    const values = { cell: pair.cell.label, metric, a: typical(before), b: typical(rows), ...allowance };
    return rowOf(
      values,
      lookOf(one, metric, flags, family),
      flags.method.looks.length,
      one.trouble ?? missing,
      rows.length,
    );
  });
}

export async function gateRecorded(
  models: readonly string[],
  flags: GateFlags,
  sides: Record<'a' | 'b', SideFlags>,
  { pace }: Playing,
): Promise<GateReport> {
  if (sides.a.own.length > 0)
    throw new UsageError(`--baseline: the baseline is recorded, so A has no flags (${sides.a.own.join(', ')})`);
  const path = flags.baseline!;
  const report = readReport(path);
  const quiet = sides.a.run.quiet ?? false;
  const pairs = ofShard(await duetPairs(models, { a: sides.b, b: sides.b }, quiet), flags.shard);
  const { settings, case: firstCase } = pairs[0]!.sides.b;
  const around = await surroundings(settings, firstCase.runtime === 'native', { peaks: false });
  refuseOtherMachine(report, around.environment, path);
  const candidates = pairs.map((pair): Candidate => {
    const rules = { ...rulesOf(pair, flags), accuracyLimit: null };
    return { pair, rules, rows: [], baseline: null, trouble: null };
  });
  const family = familySize(candidates);
  const sampling = { ...settings.sampling, maxTimeNs: Math.max(pace.sessionNs, settings.sampling.minTimeNs) };
  const progress = new DuetProgress(pairs.length, quiet);
  const interrupts = watchInterrupts(() => progress.say('stopping; Ctrl-C again ends at once'));
  try {
    for (const [index, one] of candidates.entries()) {
      const shown = progress.cell(index, one.pair.cell.label, flags.method.looks.at(-1)!);
      await measure(
        one,
        () => interrupts.signal.aborted,
        async (session) => {
          const { case: work, settings: own } = one.pair.sides.b;
          const result = await runIsolated(
            work,
            { ...own, sampling },
            {
              cancel: interrupts.signal,
              onProgress: (_, fraction) => shown.onRound(session, fraction),
            },
          );
          return { case: work, environment: around.environment, startedAt: around.now(), ...result };
        },
        report,
        flags,
        family,
      );
    }
  } finally {
    progress.clear();
    interrupts.dispose();
  }
  const rows = corrected(
    candidates.flatMap((one) => rowsOf(one, flags, family)),
    flags.method.familyAlpha,
  );
  const verdict = overall(rows);
  const calibration = readCalibrations(stateFolder(), around.environment.fingerprint).at(-1) ?? null;
  const noise = calibration?.sideDeviation ?? null;
  const advisory = noise === null || noise >= MOST_NOISE;
  return {
    schema: 'hfbench-gate',
    version: 1,
    createdAt: around.now(),
    hfbench: around.environment.hfbench,
    command: process.argv.slice(2),
    mode: 'recorded',
    advisory,
    verdict,
    exitCode: exitCodeOf(verdict, advisory),
    rule: { ...flags.method, looks: [...flags.method.looks] },
    rows,
    calibration,
    notes: [
      `the baseline is a recording (${path}) of ${report.createdAt}; outputs cannot be compared with it`,
      ...(advisory
        ? [
            `advisory: ${noise === null ? 'the noise of this host is unknown' : `one process of this host differs from the next by ${(noise * 100).toFixed(1)} %`}, and a recording decides only below 1 %; exit code 5 whatever the rows say. Gate against a live baseline instead`,
          ]
        : []),
    ],
    duet: null,
  };
}

type Outcome = Parameters<typeof toRow>[0];

/** Fresh processes up to each look, until every metric is decided. A process that dies is tried once more. */
async function measure(
  one: Candidate,
  aborted: () => boolean,
  run: (session: number) => Promise<Outcome>,
  report: Report,
  flags: GateFlags,
  family: number,
): Promise<void> {
  for (const count of flags.method.looks) {
    while (one.rows.length < count) {
      let outcome = await run(one.rows.length);
      const dead =
        outcome.state === 'failed' &&
        ['crash', 'killed', 'out-of-memory', 'case-timeout', 'spawn'].includes(outcome.reason.code);
      if (dead && !aborted()) outcome = await run(one.rows.length);
      if (aborted()) {
        one.trouble = { verdict: 'inconclusive', reason: 'interrupted' };
        return;
      }
      if (outcome.state !== 'measured') {
        one.trouble = dead
          ? {
              verdict: 'inconclusive',
              reason: `the candidate did not finish a session, twice: ${outcome.reason.message}`,
            }
          : { verdict: 'fail', reason: `the candidate does not run: ${outcome.reason.message}` };
        return;
      }
      const row = toRow(outcome);
      one.baseline ??= baselineOf(report.records, row);
      if ('problem' in one.baseline) return;
      one.rows.push(row);
    }
    const looks = metricsOf(one).map(([metric]) => lookOf(one, metric, flags, family));
    if (looks.every((found) => isFinalLook(found, flags.method, family))) return;
  }
}
