// `hfbench run --profile`: time by operator and provider, and a Chrome trace, from runs that are no samples.

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NodeTime, readProfile } from '../runtime/profile.js';
import type { Runtime, Session, SessionRequest } from '../runtime/session.js';
import { UsageError } from '../util/error.js';
import type { Case } from './case.js';
import { openSession } from './encoded-session.js';
import { bindAndRun } from './first-run.js';
import { profileTexts } from './placement.js';
import type { OpenedSource } from './source.js';

export interface OperatorTime {
  op: string;
  /** ONNX Runtime's name. */
  provider: string;
  /** Of one run. */
  calls: number;
  timeNs: number;
  /** Of the time of all nodes, 0 to 1. */
  share: number;
}

export interface CaseProfile {
  /** A Chrome trace: chrome://tracing and ui.perfetto.dev open it. */
  file: string;
  runs: number;
  /** The longest first. */
  operators: OperatorTime[];
}

const RUNS = 5;

/** Means over the runs. */
export function operatorTimes(runs: readonly (readonly NodeTime[])[]): OperatorTime[] {
  const rows = new Map<string, OperatorTime>();
  for (const { op, provider, durationNs } of runs.flat()) {
    const key = `${op} ${provider}`;
    const row = rows.get(key) ?? { op, provider, calls: 0, timeNs: 0, share: 0 };
    rows.set(key, { ...row, calls: row.calls + 1, timeNs: row.timeNs + durationNs });
  }
  const total = [...rows.values()].reduce((sum, { timeNs }) => sum + timeNs, 0);
  return [...rows.values()]
    .map((row) => ({
      ...row,
      calls: row.calls / runs.length,
      timeNs: row.timeNs / runs.length,
      share: total > 0 ? row.timeNs / total : 0,
    }))
    .sort((a, b) => b.timeNs - a.timeNs);
}

type TraceEvent = { ts: number; dur?: number };

/** The events of several profiles, one after the other: each begins at its own zero. */
function joined(texts: readonly string[]): TraceEvent[] {
  let start = 0;
  return texts.flatMap((text) => {
    const events = JSON.parse(text) as TraceEvent[];
    const shifted = events.map((event) => ({ ...event, ts: event.ts + start }));
    start = shifted.reduce((end, { ts, dur }) => Math.max(end, ts + (dur ?? 0)), start);
    return shifted;
  });
}

function fileName(work: Case): string {
  const parts = [work.model, work.provider, work.dtype, work.batch, work.seq, work.runtime].filter(
    (part) => part !== null,
  );
  const digest = createHash('sha256').update(JSON.stringify(work)).digest('hex').slice(0, 6);
  return `${parts.join('-').replace(/[^\w.-]+/g, '_')}-${digest}.trace.json`;
}

/** @throws UsageError where the folder cannot be written */
export async function takeProfile(
  work: Case,
  session: Session,
  runtime: Runtime,
  request: SessionRequest,
  opened: OpenedSource,
  folder: string,
): Promise<CaseProfile | null> {
  const single = await profileTexts(async (prefix) => {
    for (let run = 0; run < RUNS; run++) await session.profileRun?.(`${prefix}${run}`);
  }).catch(() => []);
  // Older libraries, and onnxruntime-node, profile whole sessions only; its first run is left out.
  if (single.length === 0) await session.close(); // both at once might not fit
  const whole =
    single.length > 0 ? [] : await profileTexts((prefix) => profileSession(runtime, request, opened, prefix));
  const texts = [...single, ...whole].map(({ text }) => text);
  const runs = [
    ...single.flatMap(({ text, path }) => readProfile(text, path)),
    ...whole.flatMap(({ text, path }) => readProfile(text, path).slice(1)),
  ];
  if (runs.length === 0) return null;
  const file = join(folder, fileName(work));
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, JSON.stringify(joined(texts)));
  } catch (error) {
    throw new UsageError(`--profile ${folder}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
  return { file, runs: runs.length, operators: operatorTimes(runs) };
}

async function profileSession(
  runtime: Runtime,
  request: SessionRequest,
  opened: OpenedSource,
  profilePrefix: string,
): Promise<void> {
  const session = await openSession(runtime, { ...request, profilePrefix }, opened);
  await bindAndRun(session, opened);
  for (let run = 0; run < RUNS; run++) await session.runOnce();
  await session.endProfiling();
  await session.close();
}
