// The forms in which a gate's report is written: pure functions to text.

import { escapeMarkdown } from '../../../export/markdown.js';
import type { GateReport, GateVerdict } from '../../../record/gate.js';
import { duetJson } from '../../duet/format.js';
import { grid, markdownGrid } from '../../format/grid.js';
import { annotations } from './annotations.js';
import { codeQuality } from './code-quality.js';
import { gateJunit } from './junit.js';
import { above, below, cellsOf, HEAD, headline, NUMBERS, problems, VERDICT_WORDS } from './words.js';

export interface GateFormatOptions {
  color: boolean;
}

const COLOURS: Record<GateVerdict, number> = { pass: 32, fail: 31, inconclusive: 33, 'not-compared': 33 };

function table(report: GateReport, { color }: GateFormatOptions): string {
  const paint = (verdict: GateVerdict, text: string) => (color ? `\u001b[${COLOURS[verdict]}m${text}\u001b[0m` : text);
  const rows = report.rows.map((row, index) => {
    const cells = cellsOf(row, report.rows[index - 1]);
    return [...cells.slice(0, -1), paint(row.verdict, cells.at(-1)!)];
  });
  const body = rows.length === 0 ? ['nothing was compared'] : [grid(HEAD, rows, NUMBERS)];
  const found = problems(report.rows).map(({ verdict, text }) => paint(verdict, text));
  const lines = [...found, ...below(report), paint(report.verdict, headline(report))];
  return [...above(report), '', ...body, '', ...lines, ''].join('\n');
}

const SIGNS: Record<GateVerdict, string> = { pass: '✅', fail: '❌', inconclusive: '❔', 'not-compared': '⚠️' };

/** For a pull request's comment or a step's summary: the verdict first, the method folded away. */
function markdown(report: GateReport): string {
  const rows = report.rows.map((row, index) => cellsOf(row, report.rows[index - 1]));
  const found = problems(report.rows);
  const fold = [...above(report), ...below(report)];
  return [
    `### ${SIGNS[report.verdict]} hfbench gate: ${VERDICT_WORDS[report.verdict]}${report.advisory ? ' (advisory)' : ''}`,
    '',
    ...found.map(({ verdict, text }) => `- ${SIGNS[verdict]} ${escapeMarkdown(text)}`),
    ...(found.length > 0 ? [''] : []),
    rows.length === 0 ? 'Nothing was compared.' : markdownGrid(HEAD, rows, NUMBERS),
    '',
    '<details><summary>How this was measured</summary>',
    '',
    ...fold.map((text) => `- ${escapeMarkdown(text)}`),
    '',
    '</details>',
    '',
  ].join('\n');
}

/** One row a line; the duet with one session a line. */
export function gateJson(report: GateReport): string {
  const { rows, duet, ...head } = report;
  const top = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`);
  const inner = duet === null ? 'null' : duetJson(duet).trimEnd();
  return `{\n${top.join('')}  "rows": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}],\n  "duet": ${inner}\n}\n`;
}

export const GATE_FORMATS: Record<string, (report: GateReport, options: GateFormatOptions) => string> = {
  table,
  markdown,
  json: gateJson,
  junit: gateJunit,
  'code-quality': codeQuality,
  annotations,
};
