// A request for a session on one thread of the CPU, with the defaults that a test does not care about.

import type { ModelSource, SessionRequest } from '../../src/runtime/session.js';

export const requestOf = (source: ModelSource, freeDimensions: Record<string, number> = {}): SessionRequest => ({
  source,
  provider: 'cpu',
  providerOptions: {},
  intraOpThreads: 1,
  interOpThreads: 1,
  optimization: 'all',
  spinning: false,
  memoryPattern: true,
  cpuArena: true,
  denormalsAsZero: false,
  config: {},
  freeDimensions,
});
