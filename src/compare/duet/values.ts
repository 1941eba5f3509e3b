// What one session of a duet says of each metric: the log of B over A, of a cost, so that above 0 is always worse.

import type { DuetProcess, MeasuredSession } from '../../record/duet.js';

export const DUET_METRICS = ['latency', 'throughput', 'preprocess', 'load-time', 'first-run', 'memory'] as const;
export type DuetMetric = (typeof DUET_METRICS)[number];

interface Measure {
  unit: 'ns' | 'bytes' | 'items/s';
  better: 'lower' | 'higher';
  /** The cost of one process: one value a burst, or one in all; null where it is unknown. */
  cost(process: DuetProcess): readonly number[] | null;
}

export const MEASURES: Record<DuetMetric, Measure> = {
  latency: { unit: 'ns', better: 'lower', cost: ({ burstMedianNs }) => burstMedianNs },
  // Items per second are the batch over this time.
  throughput: { unit: 'items/s', better: 'higher', cost: ({ burstRunNs }) => burstRunNs },
  preprocess: { unit: 'ns', better: 'lower', cost: ({ burstPreprocessNs }) => burstPreprocessNs ?? null },
  'load-time': { unit: 'ns', better: 'lower', cost: ({ sessionCreateNs }) => [sessionCreateNs] },
  'first-run': { unit: 'ns', better: 'lower', cost: ({ firstRunNs }) => [firstRunNs] },
  memory: {
    unit: 'bytes',
    better: 'lower',
    cost: ({ peakRssBytes }) => (peakRssBytes === null ? null : [peakRssBytes]),
  },
};

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Median over rounds of ln(B / A) of the cost; null where a side does not know it. */
export function sessionLogRatio({ a, b }: Pick<MeasuredSession, 'a' | 'b'>, metric: DuetMetric): number | null {
  const [costA, costB] = [MEASURES[metric].cost(a), MEASURES[metric].cost(b)];
  if (costA === null || costB === null || costA.length === 0 || costA.length !== costB.length) return null;
  const value = median(costA.map((cost, round) => Math.log(costB[round]! / cost)));
  return Number.isFinite(value) ? value : null;
}

/** Typical value of one side over its sessions, in the metric's own unit. */
export function typicalValue(
  sessions: readonly MeasuredSession[],
  side: 'a' | 'b',
  metric: DuetMetric,
  itemsPerRun: number,
): number | null {
  const costs = sessions.flatMap((session) => {
    const cost = MEASURES[metric].cost(session[side]);
    return cost === null || cost.length === 0 ? [] : [median(cost)];
  });
  if (costs.length === 0) return null;
  const cost = median(costs);
  return metric === 'throughput' ? (itemsPerRun * 1e9) / cost : cost;
}
