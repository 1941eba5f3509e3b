// A against itself: how often would this gate cry wolf here, and what can it see?

import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MeasuredSession } from '../../record/duet.js';
import type { Calibration } from '../../record/gate.js';
import { writeFileAtomic } from '../../util/atomic-file.js';
import { seededRandom } from '../../util/seeded-random.js';
import { median, sessionLogRatio } from '../duet/values.js';
import { detectableEffect, type GateRule, look } from '../sequential.js';
import { incompleteBeta } from '../student.js';

const RESAMPLES = 10_000;
const MOST_KEPT = 100;

const deviationOf = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
};

/** Upper bound of a chance, one-sided, of which `hits` of `trials` were seen (Clopper and Pearson 1934). */
export function chanceBound(hits: number, trials: number, confidence = 0.95): number {
  if (trials === 0 || hits >= trials) return 1;
  let [low, high] = [0, 1];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, hits + 1, trials - hits) < confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** The verdict of the rule on sessions that come from `next`, one after the other. */
export function sequentialVerdict(next: () => number, rule: GateRule): 'pass' | 'fail' | 'inconclusive' {
  const values: number[] = [];
  for (const count of rule.looks) {
    while (values.length < count) values.push(next());
    const { verdict } = look(values, rule);
    if (verdict !== 'undecided') return verdict;
  }
  return 'inconclusive';
}

/** Share of failures among verdicts on sessions drawn with replacement, each with its sides named at random. */
export function resampledFailures(logs: readonly number[], rule: GateRule, seed: number): number {
  const random = seededRandom(seed);
  const draw = (): number => logs[Math.floor(random() * logs.length)]! * (random() < 0.5 ? 1 : -1);
  let failures = 0;
  for (let i = 0; i < RESAMPLES; i++) if (sequentialVerdict(draw, rule) === 'fail') failures++;
  return failures / RESAMPLES;
}

/**
 * @param verdicts what the gate said of these sessions, in turn
 * @throws RangeError for fewer than 2 sessions
 */
export function calibrationOf(
  about: Pick<Calibration, 'fingerprint' | 'createdAt' | 'cell' | 'verdicts'>,
  sessions: readonly MeasuredSession[],
  rule: GateRule,
  seed: number,
): Calibration {
  if (sessions.length < 2) throw new RangeError('a calibration needs at least 2 sessions');
  const logs = sessions.map((session) => sessionLogRatio(session, 'latency')!);
  const deviation = deviationOf(logs);
  const { pass, fail, inconclusive } = about.verdicts;
  return {
    schema: 'hfbench-calibration',
    version: 1,
    ...about,
    sessions: sessions.length,
    deviation,
    sideDeviation: deviationOf(sessions.map(({ a }) => Math.log(median(a.burstMedianNs)))),
    detectable: detectableEffect(deviation, rule),
    falseAlarmBound: chanceBound(fail, pass + fail + inconclusive),
    resampledFalseAlarms: resampledFailures(logs, rule, seed),
  };
}

const pathOf = (stateFolder: string, fingerprint: string): string =>
  join(stateFolder, 'calibration', `${fingerprint.replace(/[^\w-]/g, '_')}.json`);

const isShare = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;

function isCalibration(value: unknown, fingerprint: string): value is Calibration {
  const one = value as Calibration | null;
  return (
    one?.schema === 'hfbench-calibration' &&
    one.version === 1 &&
    one.fingerprint === fingerprint &&
    typeof one.createdAt === 'string' &&
    typeof one.cell === 'string' &&
    [one.sessions, one.deviation, one.sideDeviation, one.detectable, one.falseAlarmBound].every(isShare) &&
    [one.verdicts?.pass, one.verdicts?.fail, one.verdicts?.inconclusive].every(isShare)
  );
}

/** Calibrations of a host, oldest first; what is broken is no calibration. */
export function readCalibrations(stateFolder: string, fingerprint: string): Calibration[] {
  try {
    const kept: unknown = JSON.parse(readFileSync(pathOf(stateFolder, fingerprint), 'utf8'));
    return Array.isArray(kept) ? kept.filter((one) => isCalibration(one, fingerprint)) : [];
  } catch {
    return [];
  }
}

/** @throws the file system's error @returns where it is */
export function keepCalibration(stateFolder: string, calibration: Calibration): string {
  const path = pathOf(stateFolder, calibration.fingerprint);
  const kept = [...readCalibrations(stateFolder, calibration.fingerprint), calibration].slice(-MOST_KEPT);
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic(path, `${JSON.stringify(kept, null, 1)}\n`);
  return path;
}
