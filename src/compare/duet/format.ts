// The forms in which a duet is written: pure functions to text.

import { escapeMarkdown } from '../../export/markdown.js';
import { cellText } from '../../export/view/cell-text.js';
import type { DuetReport, DuetSideFacts } from '../../record/duet.js';
import { formatPercent } from '../../util/number-format.js';
import { oneLine } from '../../util/one-line.js';
import { grid, markdownGrid } from '../format/grid.js';
import { type DuetSummary, summarize } from './summary.js';
import { MEASURES } from './values.js';

const HEAD = ['case', 'metric', 'A', 'B', 'B / A', '95 % interval', 'sessions', 'noise', 'detectable'];
const NUMBERS = [2, 3, 4, 5, 6, 7, 8];

export const ratioText = (ratio: number): string => ratio.toFixed(Math.abs(ratio) < 10 ? 4 : 2);
/** Above twice as much the number says no more than that it is useless. */
export const percentText = (ratio: number | null): string =>
  ratio === null ? '-' : ratio > 1 ? '> 100 %' : formatPercent(ratio, 2);

/** A row for each cell and metric; the case only where it changes. */
function rows({ rows }: DuetSummary): string[][] {
  return rows.map(({ cell, metric, a, b, ratio, low, high, sessions, noise, detectable }, index) => [
    index > 0 && rows[index - 1]!.cell === cell ? '' : oneLine(cell, 60),
    metric,
    cellText(MEASURES[metric], a),
    cellText(MEASURES[metric], b),
    ratioText(ratio),
    low === null || high === null ? '-' : `${ratioText(low)} to ${ratioText(high)}`,
    String(sessions),
    percentText(noise),
    percentText(detectable),
  ]);
}

/** What a side is, in words: its label and the versions that ran. */
export function sideText({ label, runtime, hfbenchVersion, commit, ortLibrary }: DuetSideFacts): string {
  const parts = [
    label,
    runtime ? `ONNX Runtime ${runtime.ortVersion}` : '',
    hfbenchVersion ? `hfbench ${hfbenchVersion}` : '',
    commit ? `commit ${commit.slice(0, 12)}` : '',
    ortLibrary ?? '',
  ];
  return oneLine(parts.filter((part) => part !== '').join(', '));
}

export function sidesText(cells: DuetReport['cells']): string[] {
  const each = (side: 'a' | 'b') => [...new Set(cells.map((cell) => sideText(cell[side])))];
  return [`A: ${each('a').join('; ')}`, `B: ${each('b').join('; ')}`];
}

function notes(summary: DuetSummary): string[] {
  return [
    ...summary.outputs.flatMap(({ cell, relativeL2, output, problem }) => {
      if (problem !== null) return [`outputs of ${cell}: ${problem}`];
      if (relativeL2 === 0) return [`outputs of ${cell}: equal`];
      return [`outputs of ${cell}: relative L2 error ${relativeL2!.toExponential(1)} ('${output}')`];
    }),
    ...summary.failures.map(
      ({ cell, side, session, message }) => `${cell}: session ${session} failed in ${side.toUpperCase()}: ${message}`,
    ),
  ].map((text) => oneLine(text));
}

const METHOD =
  'B / A of the sessions (fresh pairs of processes); noise: SD between sessions; detectable: smallest difference seen 8 times in 10';

function table(report: DuetReport): string {
  const summary = summarize(report);
  const body = summary.rows.length === 0 ? 'no session was measured' : grid(HEAD, rows(summary), NUMBERS);
  return [...sidesText(report.cells), '', body, '', ...notes(summary), `seed ${report.seed}; ${METHOD}`, ''].join('\n');
}

function markdown(report: DuetReport): string {
  const summary = summarize(report);
  const body = summary.rows.length === 0 ? 'No session was measured.' : markdownGrid(HEAD, rows(summary), NUMBERS);
  const lines = [...notes(summary), `seed ${report.seed}; ${METHOD}`].map((text) => `- ${escapeMarkdown(text)}`);
  return [...sidesText(report.cells).map((text) => `${escapeMarkdown(text)}  `), '', body, '', ...lines, ''].join('\n');
}

/** One session a line keeps diffs readable. */
export function duetJson(report: DuetReport): string {
  const { cells, ...head } = report;
  const top = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  const blocks = cells.map(({ sessions, ...cell }) => {
    const lines = sessions.map((session) => `      ${JSON.stringify(session)}`);
    const facts = Object.entries(cell).map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
    return `  {\n${facts.join('')}    "sessions": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n    `}]\n  }`;
  });
  return `{\n${top.join('')}  "cells": [${blocks.length === 0 ? '' : `\n${blocks.join(',\n')}\n  `}]\n}\n`;
}

export const DUET_FORMATS: Record<string, (report: DuetReport) => string> = { table, markdown, json: duetJson };
