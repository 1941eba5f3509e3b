// Workflow commands of GitHub Actions: lines of a job's output that become annotations.

import type { GateReport } from '../../../record/gate.js';
import { problems, VERDICT_WORDS } from './words.js';

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

export function annotations({ rows, advisory }: GateReport): string {
  return problems(rows)
    .map(({ verdict, text }) => {
      const level = verdict === 'fail' && !advisory ? 'error' : 'warning';
      const title = `hfbench gate: ${VERDICT_WORDS[verdict]}`;
      return `::${level} title=${property(title)}::${data(text)}\n`;
    })
    .join('');
}
