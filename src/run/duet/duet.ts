// Plays the sessions of a duet's cell, one after the other. A session that ends early is played once more; what a side itself
// refuses will be refused again.

import type { DuetCell, DuetSession, FailedSession, SideName } from '../../record/duet.js';
import { seededRandom } from '../../util/seeded-random.js';
import { type DuetPace, type DuetSide, playSession } from './session.js';

export interface DuetPair {
  /** Grows by the sessions that are played. */
  cell: DuetCell;
  sides: Record<SideName, DuetSide>;
  /** Concurrent runs of scenario throughput; 1 otherwise. */
  streams: number;
}

export interface DuetOptions {
  seed: number;
  /** Number of the cell in its report: cells have orders of their own. */
  cell: number;
  pace: DuetPace;
  cancel: AbortSignal;
  onRound(session: number, fraction: number): void;
  onSession(session: DuetSession): void;
}

export const DUET_PACE: DuetPace = {
  burstNs: 10e6,
  rewarmNs: 4e6,
  rounds: 100,
  leastRounds: 20,
  sessionNs: 1.2e9,
};

/** An independent stream of random numbers for each attempt at each session of each cell. */
function randomOf(seed: number, cell: number, index: number, attempt: number): () => number {
  let mixed = seed;
  for (const part of [cell, index, attempt]) mixed = Math.floor(seededRandom(mixed ^ (part + 1))() * 2 ** 32);
  return seededRandom(mixed);
}

/**
 * Plays on until `count` sessions are measured.
 * @returns null when they are; else the failure that ended it
 */
export async function playSessions(
  { cell, sides, streams }: DuetPair,
  count: number,
  options: DuetOptions,
): Promise<FailedSession | null> {
  const { seed, pace, cancel } = options;
  const done = () => cell.sessions.filter(({ state }) => state === 'measured').length;
  for (let index = done(); index < count; index++) {
    for (let attempt = 0; ; attempt++) {
      const { session, a, b } = await playSession(sides, {
        index,
        random: randomOf(seed, options.cell, index, attempt),
        pace,
        streams,
        cancel,
        onRound: (fraction) => options.onRound(index, fraction),
      });
      cell.sessions.push(session);
      for (const [facts, who] of [
        [cell.a, a],
        [cell.b, b],
      ] as const) {
        facts.runtime ??= who.runtime ?? null;
        facts.hfbenchVersion ??= who.hfbench ?? null;
      }
      options.onSession(session);
      if (session.state === 'measured') break;
      if (session.kind !== 'ended' || attempt > 0) return session;
    }
  }
  return null;
}
