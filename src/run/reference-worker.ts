// The process that computes one reference and answers once.

import { availableMemoryBytes } from '../hardware/index.js';
import { startRuntime } from '../runtime/index.js';
import { oneLine } from '../util/one-line.js';
import { openSession } from './encoded-session.js';
import { bindAndRun } from './first-run.js';
import { memoryShortage } from './memory.js';
import type { Reference, ReferenceRequest } from './reference.js';
import { sessionRequest } from './session-request.js';
import { openSource } from './source.js';

async function compute({ case: work, settings }: ReferenceRequest): Promise<Reference> {
  try {
    const opened = await openSource(work, settings);
    const shortage = memoryShortage(opened.facts, await availableMemoryBytes());
    if (shortage !== null) return { problem: shortage.message };
    const { ortLibrary } = settings;
    const runtime = await startRuntime({ name: 'native', ortLibrary, fakeScript: null, model: work.model });
    const session = await openSession(runtime, await sessionRequest(work, opened), opened);
    const { feedSet } = await bindAndRun(session, opened);
    return { outputs: await session.readOutputs(), feedSet };
  } catch (error) {
    return { problem: oneLine((error as Error).message) };
  }
}

process.on('disconnect', () => process.exit(0));
process.once('message', async (request: ReferenceRequest) => {
  process.send!(await compute(request));
});
