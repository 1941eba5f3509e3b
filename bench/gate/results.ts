// Verdicts of the bench on disk, a line each, so that a bench of hours goes on where it was stopped; and the table made of them.

import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chanceBound } from '../../src/compare/gate/calibration.js';
import { GATE_SCENARIOS, ROOT } from './scenarios.js';

export const RESULTS = join(ROOT, 'bench/gate/results');

export interface VerdictLine {
  at: string;
  hfbench: string;
  commit: string | null;
  fingerprint: string;
  cpu: string | null;
  /** Load average when the verdict began. */
  load1: number | null;
  seed: number;
  verdict: string;
  reason: string | null;
  exitCode: number;
  wallMs: number;
  aMedianNs: number | null;
  ratio: number | null;
  /** Of each session: ln(B / A), the logs of its rounds times 1e5, and how long starting and all of it took. */
  sessions: { log: number; rounds: number[]; startMs: number; wallMs: number }[];
}

const fileOf = (name: string): string => join(RESULTS, `${name}.jsonl`);

/** @param name of the scenario, '+load' behind it where another program ran beside it */
export function readVerdicts(name: string): VerdictLine[] {
  if (!existsSync(fileOf(name))) return [];
  const lines = readFileSync(fileOf(name), 'utf8').split('\n');
  // A last line that was cut short is lost, nothing else.
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as VerdictLine];
    } catch {
      return [];
    }
  });
}

export function addVerdict(name: string, line: VerdictLine): void {
  mkdirSync(RESULTS, { recursive: true });
  appendFileSync(fileOf(name), `${JSON.stringify(line)}\n`);
}

const percent = (part: number, all: number): string => (all === 0 ? '-' : `${((100 * part) / all).toFixed(1)} %`);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
export const deviation = (values: readonly number[]): number => {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
};

function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted.length % 2
    ? sorted[sorted.length >> 1]!
    : (sorted[sorted.length / 2 - 1]! + sorted[sorted.length / 2]!) / 2;
}

/** SD between sessions if each had ended after so many rounds: what shorter sessions would cost. */
export function deviationAfter(lines: readonly VerdictLine[], rounds: number): number | null {
  const sessions = lines.flatMap((line) => line.sessions).filter((session) => session.rounds.length >= rounds);
  if (sessions.length < 3) return null;
  return deviation(sessions.map((session) => median(session.rounds.slice(0, rounds)) / 1e5));
}

function row(name: string): string | null {
  const lines = readVerdicts(name);
  if (lines.length === 0) return null;
  const count = (verdict: string) => lines.filter((line) => line.verdict === verdict).length;
  const [pass, fail, open] = [count('pass'), count('fail'), count('inconclusive')];
  const sessions = lines.flatMap((line) => line.sessions);
  const scenario = GATE_SCENARIOS[name.replace(/\+load$/, '')];
  const cells = [
    name,
    scenario?.what ?? '',
    String(lines.length),
    percent(pass, lines.length),
    percent(fail, lines.length) +
      (scenario?.same ? ` (at most ${(100 * chanceBound(fail, lines.length)).toFixed(2)} %)` : ''),
    percent(open, lines.length),
    mean(lines.map((line) => line.sessions.length)).toFixed(1),
    `${(mean(lines.map(({ wallMs }) => wallMs)) / 1000).toFixed(1)} s`,
    `${(mean(sessions.map(({ startMs }) => startMs)) / 1000).toFixed(2)} s`,
    ...[20, 50, 100].map((rounds) => {
      const found = deviationAfter(lines, rounds);
      return found === null ? '-' : `${(100 * found).toFixed(2)} %`;
    }),
    `${((Math.exp(mean(sessions.map(({ log }) => log))) - 1) * 100).toFixed(2)} %`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The table of all results, in Markdown. */
export function table(): string {
  const head = [
    ...[
      'scenario',
      'B is',
      'verdicts',
      'pass',
      'fail',
      'inconclusive',
      'sessions',
      'verdict takes',
      'a pair starts in',
    ],
    ...['SD after 20 rounds', '50', '100', 'mean change'],
  ];
  const names = existsSync(RESULTS)
    ? readdirSync(RESULTS)
        .filter((file) => file.endsWith('.jsonl'))
        .sort()
    : [];
  const rows = names.map((file) => row(file.slice(0, -'.jsonl'.length))).filter((line) => line !== null);
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...rows, ''].join('\n');
}
