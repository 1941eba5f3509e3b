// The first run of a session, with the first set of inputs that the model takes.

import { OrtError, type Session } from '../runtime/session.js';
import { oneLine } from '../util/one-line.js';
import type { OpenedSource } from './source.js';

export interface FirstRun {
  firstRunNs: number;
  /** Index of the set of inputs that is bound now. */
  feedSet: number;
}

/** @throws OrtError of the first set when the model runs with none */
export async function bindAndRun(session: Session, opened: OpenedSource): Promise<FirstRun> {
  let firstError: unknown = null;
  let feedSet = 0;
  for (const feeds of opened.feeds(session.inputs)) {
    try {
      await session.bind(feeds);
      return { firstRunNs: await session.runOnce(), feedSet };
    } catch (error) {
      if (!(error instanceof OrtError)) throw error;
      firstError ??= error;
    }
    feedSet++;
  }
  const advice = opened.advice(session.inputs);
  if (advice === null || !(firstError instanceof OrtError)) throw firstError;
  throw new OrtError(firstError.code, `${oneLine(firstError.message, 250)} (${advice})`);
}
