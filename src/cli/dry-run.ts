// What a run would do, in words: one line a case, and the sum.

import type { Case } from '../run/case.js';
import { type Estimate, estimate } from '../run/estimate.js';
import type { RunSettings } from '../run/settings.js';
import { UnsupportedError } from '../util/error.js';
import { formatBytes, formatDuration } from '../util/number-format.js';
import { oneLine } from '../util/one-line.js';
import { caseLabel } from './label.js';

type Line = { label: string; estimate: Estimate } | { label: string; problem: string };

async function lineOf(work: Case, settings: RunSettings): Promise<Line> {
  const label = caseLabel(work);
  try {
    return { label, estimate: await estimate(work, settings) };
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    return { label, problem: oneLine(error.message) };
  }
}

function words(line: Line, free: number): string {
  if ('problem' in line) return `unsupported: ${line.problem}`;
  const { memoryBytes, leastNs, mostNs } = line.estimate;
  const memory = memoryBytes === null ? 'memory unknown' : `at least ${formatBytes(memoryBytes)}`;
  const fits = memoryBytes !== null && memoryBytes > free ? ` (only ${formatBytes(free)} free: would be skipped)` : '';
  return `${memory}${fits}, ${formatDuration(leastNs, 2)} to ${formatDuration(mostNs, 2)}`;
}

/** @param free bytes that a new process could take; null where unknown */
export async function describePlan(plan: readonly Case[], settings: RunSettings, free: number | null): Promise<string> {
  const lines: Line[] = [];
  for (const work of plan) lines.push(await lineOf(work, settings));
  const widest = Math.max(...lines.map(({ label }) => label.length));
  const estimates = lines.flatMap((line) => ('estimate' in line ? [line.estimate] : []));
  const sum = (key: 'leastNs' | 'mostNs') =>
    formatDuration(
      estimates.reduce((total, one) => total + one[key], 0),
      2,
    );
  const rows = lines.map((line) => `${line.label.padEnd(widest)}  ${words(line, free ?? Number.POSITIVE_INFINITY)}`);
  return `${[...rows, `${lines.length} ${lines.length === 1 ? 'case' : 'cases'}, ${sum('leastNs')} to ${sum('mostNs')}`].join('\n')}\n`;
}
