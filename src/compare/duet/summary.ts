// A duet in numbers: for every cell and metric the ratio of B to A, its interval, and how much noise there was.

import { type DuetCell, type DuetReport, measuredSessions } from '../../record/duet.js';
import { detectableEffect } from '../sequential.js';
import { studentQuantile } from '../student.js';
import { DUET_METRICS, type DuetMetric, MEASURES, sessionLogRatio, typicalValue } from './values.js';

export interface DuetRow {
  cell: string;
  metric: DuetMetric;
  a: number;
  b: number;
  /** B over A of the metric itself, with its 95 % interval over the sessions; no interval of fewer than 2. */
  ratio: number;
  low: number | null;
  high: number | null;
  sessions: number;
  /** Standard deviation of the log-ratio between sessions. */
  noise: number | null;
  /** The smallest difference that as many sessions show with 80 % probability, as a fraction. */
  detectable: number | null;
}

export interface DuetOutputs {
  cell: string;
  /** Largest error over the sessions; null with the reason in `problem`. */
  relativeL2: number | null;
  output: string | null;
  problem: string | null;
}

export interface DuetSummary {
  rows: DuetRow[];
  outputs: DuetOutputs[];
  failures: { cell: string; side: 'a' | 'b'; session: number; message: string }[];
}

const deviationOf = (values: readonly number[], mean: number): number =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));

function rowOf(cell: DuetCell, metric: DuetMetric): DuetRow | null {
  const sessions = measuredSessions(cell);
  const logs = sessions.map((session) => sessionLogRatio(session, metric)).filter((value) => value !== null);
  const { batch } = cell.a.case;
  const [a, b] = [typicalValue(sessions, 'a', metric, batch), typicalValue(sessions, 'b', metric, cell.b.case.batch)];
  if (logs.length === 0 || a === null || b === null) return null;
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  // The logs are of costs; where more is better the metric is the cost's reciprocal.
  const own = (log: number): number => Math.exp(MEASURES[metric].better === 'lower' ? log : -log);
  const base = { cell: cell.label, metric, a, b, ratio: own(mean), sessions: logs.length };
  if (logs.length < 2) return { ...base, low: null, high: null, noise: null, detectable: null };
  const noise = deviationOf(logs, mean);
  const half = (studentQuantile(0.975, logs.length - 1) * noise) / Math.sqrt(logs.length);
  const [low, high] = [own(mean - half), own(mean + half)].sort((x, y) => x - y);
  const rule = { looks: [logs.length], alpha: 0.025, margin: 0, budget: 1, passConfidence: 0.975 };
  return { ...base, low: low!, high: high!, noise, detectable: detectableEffect(noise, rule) };
}

function outputsOf(cell: DuetCell): DuetOutputs | null {
  const found = measuredSessions(cell).map(({ outputs }) => outputs);
  if (found.length === 0) return null;
  const problem = found.find((one) => one.problem !== null);
  if (problem) return { cell: cell.label, relativeL2: null, output: null, problem: problem.problem };
  const worst = found.reduce((x, y) => (y.relativeL2! > x.relativeL2! ? y : x));
  return { cell: cell.label, relativeL2: worst.relativeL2, output: worst.output, problem: null };
}

/** Throughput where the duet played several runs at a time, latency else; what is unknown is left out. */
export function summarize({ cells }: Pick<DuetReport, 'cells'>): DuetSummary {
  return {
    rows: cells.flatMap((cell) => {
      const speed = cell.a.case.scenario === 'throughput' ? 'latency' : 'throughput';
      return DUET_METRICS.filter((metric) => metric !== speed).flatMap((metric) => rowOf(cell, metric) ?? []);
    }),
    outputs: cells.flatMap((cell) => outputsOf(cell) ?? []),
    failures: cells.flatMap(({ label, sessions }) =>
      sessions.flatMap((session) =>
        session.state === 'failed'
          ? [{ cell: label, side: session.side, session: session.index + 1, message: session.reason.message }]
          : [],
      ),
    ),
  };
}
