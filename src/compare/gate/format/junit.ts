// JUnit XML for Jenkins, GitLab and the like: a cell is a suite, a row a case. What is no pass is a failure or an error, never
// "skipped", which these tools show as green.

import type { GateReport, GateRow } from '../../../record/gate.js';
import { escapeXml } from '../../../util/xml.js';
import { changeText, reasonOf, VERDICT_WORDS } from './words.js';

function testCase(row: GateRow): string {
  const { cell, metric, verdict, ratio, detectable } = row;
  const open = `    <testcase classname="hfbench.${escapeXml(cell)}" name="${escapeXml(metric)}">`;
  const numbers = `change ${changeText(ratio)}, detectable ${detectable === null ? '-' : changeText(1 + detectable)}`;
  const out = `      <system-out>${escapeXml(numbers)}</system-out>`;
  const tag = verdict === 'fail' ? 'failure' : 'error';
  const problem = `      <${tag} type="${VERDICT_WORDS[verdict]}" message="${escapeXml(reasonOf(row))}"/>`;
  return [open, ...(verdict === 'pass' ? [] : [problem]), out, '    </testcase>'].join('\n');
}

export function gateJunit({ rows, createdAt }: GateReport): string {
  const count = (some: readonly GateRow[]) => {
    const failures = some.filter(({ verdict }) => verdict === 'fail').length;
    const errors = some.filter(({ verdict }) => verdict === 'inconclusive' || verdict === 'not-compared').length;
    return `tests="${some.length}" failures="${failures}" errors="${errors}"`;
  };
  const cells = [...new Set(rows.map(({ cell }) => cell))];
  const suites = cells.map((cell) => {
    const own = rows.filter((row) => row.cell === cell);
    const head = `  <testsuite name="${escapeXml(cell)}" ${count(own)} timestamp="${escapeXml(createdAt.slice(0, 19))}">`;
    return [head, ...own.map(testCase), '  </testsuite>'].join('\n');
  });
  const all = `<testsuites name="hfbench gate" ${count(rows)}>`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', all, ...suites, '</testsuites>', ''].join('\n');
}
