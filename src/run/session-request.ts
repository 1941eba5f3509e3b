// How a case's session is asked for. Everything that is not the case's own choice is the same for all, so that they compare.

import { availableParallelism } from 'node:os';
import { loadProvider } from '../provider/index.js';
import type { SessionRequest } from '../runtime/session.js';
import type { Case } from './case.js';
import type { OpenedSource } from './source.js';

/**
 * @param plugins names of providers that --ep-library gave
 * @param config session config entries
 */
export async function sessionRequest(
  work: Case,
  opened: OpenedSource,
  plugins: readonly string[] = [],
  config: Record<string, string> = {},
): Promise<SessionRequest> {
  const { threadsOption } = await loadProvider(work.provider, plugins);
  const ownThreads =
    threadsOption === undefined ? {} : { [threadsOption]: String(work.threads || availableParallelism()) };
  return {
    source: opened.source,
    provider: work.provider,
    providerOptions: { ...ownThreads, ...work.providerOptions },
    intraOpThreads: threadsOption === undefined ? work.threads : 1,
    interOpThreads: 1,
    optimization: 'all',
    spinning: threadsOption === undefined,
    memoryPattern: true,
    cpuArena: true,
    denormalsAsZero: false,
    config,
    freeDimensions: opened.freeDimensions,
  };
}
