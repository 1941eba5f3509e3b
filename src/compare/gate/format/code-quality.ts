// GitLab's code-quality artefact (a subset of the Code Climate format). A row has no line of code: it points at the budget file.

import { createHash } from 'node:crypto';
import type { GateReport } from '../../../record/gate.js';
import { reasonOf } from './words.js';

export function codeQuality({ rows }: GateReport): string {
  const issues = rows
    .filter(({ verdict }) => verdict !== 'pass')
    .map((row) => ({
      description: reasonOf(row),
      check_name: `hfbench-${row.metric}`,
      // The same row in two pipelines is the same issue.
      fingerprint: createHash('sha256').update(`${row.cell}\0${row.metric}\0${row.verdict}`).digest('hex').slice(0, 32),
      severity: row.verdict === 'fail' ? 'major' : 'info',
      location: { path: 'hfbench.gate.json', lines: { begin: 1 } },
    }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}
