// Raw inputs in place of the made ones with which a session was tried.

import type { Session } from '../../runtime/session.js';
import { UnsupportedError } from '../../util/error.js';
import type { Case } from '../case.js';
import type { RunSettings } from '../settings.js';
import type { OpenedSource } from '../source.js';
import { anyRawFile, takesAny } from './files.js';
import type { Preparation } from './preparation.js';

/**
 * For pipelines, and where the user gave inputs that this model takes; null otherwise.
 * @param feedSet which of the source's sets of inputs the model ran with
 * @throws UsageError, UnsupportedError as prepare
 */
export async function bindRaw(
  work: Case,
  { raw: files }: RunSettings,
  session: Session,
  opened: OpenedSource,
  feedSet: number,
  nowNs: () => number,
): Promise<Preparation | null> {
  const pipeline = work.scenario === 'pipeline';
  if (!pipeline && !anyRawFile(files)) return null;
  const recipe = (await opened.recipe()) ?? { image: null, audio: null, text: null };
  if (!pipeline && !takesAny(recipe, files)) return null;
  const feeds = [...opened.feeds(session.inputs)][feedSet];
  if (feeds === undefined) throw new UnsupportedError('preprocess', 'the model ran with none of its made inputs');
  const { prepare } = await import('./preparation.js');
  const preparation = await prepare(recipe, feeds, { files, threads: work.threads, nowNs });
  await (pipeline ? session.bindShared!(feeds) : session.bind(feeds));
  await session.runOnce();
  return preparation;
}
