// Is the gate right? Verdicts of the command line with real processes: false alarms of A against itself, and power with real
// slowdowns. Goes on from what bench/gate/results holds, and ends when its time is up.
//   node dist/bench/gate/run.js --minutes 60 [--only aa-2ms,plus5-2ms] [--load] [--report] [-- flags of hfbench gate]

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sessionLogRatio } from '../../src/compare/duet/values.js';
import { measuredSessions } from '../../src/record/duet.js';
import { parseGate } from '../../src/record/read-gate.js';
import { cacheFolder } from '../../src/run/peaks.js';
import { addVerdict, readVerdicts, table, type VerdictLine } from './results.js';
import { GATE_SCENARIOS, ROOT } from './scenarios.js';

const MAIN = join(ROOT, 'dist/src/cli/main.js');
const folder = join(cacheFolder(), 'bench-gate');

/** A program that computes for a while, rests for a while, and so on: what other jobs on a shared machine are like. */
const BURNER = `const nap = new Int32Array(new SharedArrayBuffer(4));
for (;;) { const end = Date.now() + 50 + Math.random() * 450; while (Date.now() < end); Atomics.wait(nap, 0, 0, Math.random() * 500); }`;

let playing: ChildProcess | null = null;

function gate(args: readonly string[]): Promise<{ code: number | null; stderr: string; wallMs: number }> {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(process.execPath, [MAIN, 'gate', ...args], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    playing = child;
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('close', (code) => resolve({ code, stderr, wallMs: performance.now() - started }));
  });
}

async function verdict(name: string, extra: readonly string[]): Promise<VerdictLine> {
  // Of this process: benches of other scenarios may run at the same time, each on a core of its own.
  const report = join(folder, `gate-${process.pid}.json`);
  rmSync(report, { force: true });
  const base = GATE_SCENARIOS[name]!.args(folder);
  const { code, stderr, wallMs } = await gate([...base, '--metric', 'latency', '--json', report, '--quiet', ...extra]);
  const text = (() => {
    try {
      return readFileSync(report, 'utf8');
    } catch {
      throw new Error(`${name}: no report (exit code ${code}): ${stderr}`);
    }
  })();
  rmSync(report, { force: true });
  const { duet, rows, verdict: said, createdAt, hfbench } = parseGate(text, report);
  const { environment, seed, cells } = duet!;
  return {
    at: createdAt,
    hfbench,
    commit: environment.gitCommit,
    fingerprint: environment.fingerprint,
    cpu: environment.cpu.model,
    load1: environment.state.load1,
    seed,
    verdict: said,
    reason: rows[0]!.reason,
    exitCode: code ?? -1,
    wallMs: Math.round(wallMs),
    aMedianNs: rows[0]!.a,
    ratio: rows[0]!.ratio,
    sessions: measuredSessions(cells[0]!).map((session) => ({
      log: Number(sessionLogRatio(session, 'latency')!.toFixed(6)),
      rounds: session.a.burstMedianNs.map((a, i) => Math.round(Math.log(session.b.burstMedianNs[i]! / a) * 1e5)),
      startMs: Math.round(session.startNs / 1e6),
      wallMs: Math.round(session.wallNs / 1e6),
    })),
  };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '10' },
    only: { type: 'string' },
    load: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
});
const names = values.only?.split(',') ?? Object.keys(GATE_SCENARIOS);
const unknown = names.find((name) => !(name in GATE_SCENARIOS));
if (unknown) throw new Error(`no scenario '${unknown}'; there are: ${Object.keys(GATE_SCENARIOS).join(', ')}`);

if (!values.report) {
  mkdirSync(folder, { recursive: true });
  const endMs = Date.now() + Number(values.minutes) * 60_000;
  const burner = values.load ? spawn(process.execPath, ['-e', BURNER], { stdio: 'ignore' }) : null;
  let stopped = false;
  process.on('exit', () => burner?.kill('SIGKILL'));
  process.on('SIGINT', () => {
    stopped = true;
    playing?.kill('SIGTERM');
  });
  // In turns, so that a bench cut short holds some of each.
  for (let turn = 0, idle = 0; !stopped && Date.now() < endMs && idle < names.length; turn++) {
    const name = names[turn % names.length]!;
    const file = values.load ? `${name}+load` : name;
    const done = readVerdicts(file).length;
    if (done >= GATE_SCENARIOS[name]!.wanted) {
      idle++;
      continue;
    }
    idle = 0;
    const line = await verdict(name, positionals).catch((error) => {
      if (!stopped) throw error;
    });
    if (!line || stopped) break;
    addVerdict(file, line);
    const change = line.ratio === null ? '-' : `${((line.ratio - 1) * 100).toFixed(2)} %`;
    const seconds = (line.wallMs / 1000).toFixed(1);
    console.error(
      `${file} ${done + 1}: ${line.verdict}, ${change} over ${line.sessions.length} sessions in ${seconds} s`,
    );
  }
  burner?.kill('SIGKILL');
}
console.log(table());
