// A session of a duet: a fresh pair of processes that take turns in short bursts, in random order. Both see the same machine at
// the same time, so what disturbs one disturbs the other, and their ratio holds still where each alone does not.

import type { DuetProcess, DuetSession, MeasuredSession, SideName } from '../../record/duet.js';
import type { RuntimeInfo } from '../../runtime/session.js';
import type { Case } from '../case.js';
import type { Reason } from '../outcome.js';
import type { RunSettings } from '../settings.js';
import { allowedCpus, bindTo, chooseCpus } from './cores.js';
import { compareOutputs } from './outputs.js';
import { Player, PlayerError } from './player.js';

export interface DuetSide {
  case: Case;
  settings: RunSettings;
  /** Path of the worker's module: this hfbench's, or another's. */
  worker: string;
}

export interface DuetPace {
  /** Timed part of a burst: at least one run, and at least this long. */
  burstNs: number;
  /** Untimed runs before it, which bring the caches back: at least one, and at least this long. */
  rewarmNs: number;
  /** As many as these where the time allows, and never fewer than `leastRounds`. */
  rounds: number;
  leastRounds: number;
  /** Of the rounds of one session. */
  sessionNs: number;
}

export interface SessionOptions {
  index: number;
  random(): number;
  pace: DuetPace;
  /** Concurrent runs of scenario throughput; 1 otherwise. */
  streams: number;
  cancel: AbortSignal;
  onRound(fraction: number): void;
}

export interface PlayedSession {
  session: DuetSession;
  /** Who played; null for a side that did not get so far. */
  a: Partial<{ runtime: RuntimeInfo; hfbench: string }>;
  b: Partial<{ runtime: RuntimeInfo; hfbench: string }>;
}

const SIDES = ['a', 'b'] as const;
const MOST_RUNS = 100_000;
/** Time that warm-up takes on each side, in two steps: the second knows how long a run is. */
const WARM_UP_NS = [20e6, 60e6] as const;

const nowNs = (): number => Number(process.hrtime.bigint());
const runsFor = (ns: number, runNs: number): number =>
  Math.min(MOST_RUNS, Math.max(1, Math.ceil(ns / Math.max(1, runNs))));

export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The error of a side, with the side. */
class SideError extends Error {
  constructor(
    readonly side: SideName,
    override readonly cause: PlayerError,
  ) {
    super(cause.message);
  }
}

async function on<T>(side: SideName, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof PlayerError ? new SideError(side, error) : error;
  }
}

/** Never rejects for what the sides do. */
export async function playSession(sides: Record<SideName, DuetSide>, options: SessionOptions): Promise<PlayedSession> {
  const { index, cancel } = options;
  const played: PlayedSession = { session: undefined!, a: {}, b: {} };
  const startedNs = nowNs();
  const players = { a: new Player(sides.a.worker), b: new Player(sides.b.worker) };
  const stopBoth = (reason: Reason) => {
    for (const side of SIDES) players[side].stop(reason);
  };
  const limitMs = Math.max(sides.a.settings.caseTimeoutMs, sides.b.settings.caseTimeoutMs);
  const timer = setTimeout(() => {
    stopBoth({ code: 'case-timeout', message: `no end of the session after ${limitMs / 1000} s (--case-timeout)` });
  }, limitMs);
  const onCancel = () => stopBoth({ code: 'interrupted', message: 'interrupted' });
  cancel.addEventListener('abort', onCancel, { once: true });
  if (cancel.aborted) onCancel();
  try {
    played.session = await play(sides, players, options, played, startedNs);
  } catch (error) {
    if (!(error instanceof SideError)) throw error;
    const { side, cause } = error;
    const kind = cause.reason.code === 'interrupted' ? 'interrupted' : cause.kind;
    played.session = { state: 'failed', index, side, kind, reason: cause.reason };
  } finally {
    clearTimeout(timer);
    cancel.removeEventListener('abort', onCancel);
    await Promise.all(SIDES.map((side) => players[side].dismiss()));
  }
  return played;
}

/** Before anything is opened: threads that come later inherit it. @returns the CPUs; null where the processes are free */
async function place(
  sides: Record<SideName, DuetSide>,
  players: Record<SideName, Player>,
  streams: number,
  random: () => number,
): Promise<number[] | null> {
  const cases = SIDES.map((side) => sides[side].case);
  if (cases.some(({ provider, runtime }) => provider !== 'cpu' || runtime === 'fake')) return null;
  const most = cases.some(({ threads }) => threads === 0) ? 0 : Math.max(...cases.map(({ threads }) => threads));
  const cpus = chooseCpus(most * streams, allowedCpus(), random);
  if (cpus === null) return null;
  const bound = await Promise.all(SIDES.map((side) => bindTo(players[side].pid!, cpus)));
  return bound.every(Boolean) ? cpus : null;
}

async function play(
  sides: Record<SideName, DuetSide>,
  players: Record<SideName, Player>,
  { index, random, pace, streams, onRound }: SessionOptions,
  played: PlayedSession,
  startedNs: number,
): Promise<MeasuredSession> {
  const coin = (): readonly [SideName, SideName] => (random() < 0.5 ? ['a', 'b'] : ['b', 'a']);
  for (const side of SIDES) played[side].hfbench = (await on(side, players[side].ready())).hfbench;
  const cpus = await place(sides, players, streams, random);
  // One after the other: session creation is a metric too, and two at the same time would disturb each other.
  const opening = coin();
  const processes = {} as Record<SideName, DuetProcess>;
  for (const side of opening) {
    const { case: work, settings } = sides[side];
    const { runtime, ...times } = await on(side, players[side].open({ case: work, settings, session: index }));
    played[side].runtime = runtime;
    const parts = work.scenario === 'pipeline' ? { burstPreprocessNs: [] } : {};
    processes[side] = { ...times, peakRssBytes: null, burstMedianNs: [], burstRunNs: [], ...parts };
  }

  const runNs = { a: processes.a.firstRunNs, b: processes.b.firstRunNs };
  for (const ns of WARM_UP_NS) {
    for (const side of opening) {
      const { durationsNs } = await on(side, players[side].burst(0, runsFor(ns, runNs[side]) + 1, streams));
      runNs[side] = medianOf(durationsNs);
    }
  }
  // The same number on both sides: the median of few runs leans a little, and it must lean alike.
  const typicalNs = Math.sqrt(runNs.a * runNs.b);
  const runs = Math.max(runsFor(pace.burstNs, typicalNs), streams);
  const rewarmRuns = Math.max(runsFor(pace.rewarmNs, typicalNs), streams);

  const beginNs = nowNs();
  let order = '';
  for (let round = 0; round < pace.rounds; round++) {
    const elapsedNs = nowNs() - beginNs;
    if (elapsedNs >= pace.sessionNs && round >= pace.leastRounds) break;
    onRound(Math.min(1, Math.max(round / pace.rounds, elapsedNs / pace.sessionNs)));
    const turn = coin();
    for (const side of turn) {
      const { durationsNs, wallNs, preprocessNs } = await on(side, players[side].burst(rewarmRuns, runs, streams));
      const own = processes[side];
      own.burstMedianNs.push(medianOf(durationsNs));
      own.burstRunNs.push(wallNs / durationsNs.length);
      if (preprocessNs !== null) own.burstPreprocessNs!.push(medianOf(preprocessNs));
    }
    order += turn[0];
  }
  const endNs = nowNs();
  const [a, b] = [await on('a', players.a.outputs()), await on('b', players.b.outputs())];
  processes.a.peakRssBytes = a.peakRssBytes;
  processes.b.peakRssBytes = b.peakRssBytes;
  return {
    state: 'measured',
    index,
    opened: opening[0],
    cpus,
    order,
    runs,
    rewarmRuns,
    startNs: beginNs - startedNs,
    wallNs: endNs - startedNs,
    ...processes,
    outputs: compareOutputs(a, b),
  };
}
