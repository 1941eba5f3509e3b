// Check reports of several machines or shards -> their cells, each once.

import { type Cell, type CheckReport, cellKey, providerLabel } from './cell.js';

/** @returns the newest cell of each key in order of first appearance, and a line for each that disagreed with an older one */
export function mergeChecks(reports: readonly { name: string; report: CheckReport }[]): {
  cells: Cell[];
  conflicts: string[];
} {
  const kept = new Map<string, { name: string; cell: Cell }>();
  const conflicts: string[] = [];
  for (const { name, report } of reports) {
    for (const cell of report.cells) {
      const key = cellKey(cell);
      const other = kept.get(key);
      const isNewer = !other || Date.parse(cell.date) >= Date.parse(other.cell.date);
      if (other && other.cell.level !== cell.level) {
        const [won, lost] = isNewer ? [{ name, cell }, other] : [other, { name, cell }];
        conflicts.push(
          `${cell.model} ${providerLabel(cell)} ${cell.dtype}: '${won.cell.level}' of ${won.name} (${won.cell.date}) replaces '${lost.cell.level}' of ${lost.name} (${lost.cell.date})`,
        );
      }
      if (isNewer) kept.set(key, { name, cell });
    }
  }
  return { cells: [...kept.values()].map(({ cell }) => cell), conflicts };
}
