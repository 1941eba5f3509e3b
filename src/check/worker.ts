// The process that checks: a provider that aborts takes only it along. Answers one request after another.

import { loadPage, pageForCheckpoint } from '../../models/registry.js';
import type { GraphOptions } from '../graph/index.js';
import { startRuntime } from '../runtime/index.js';
import type { Runtime } from '../runtime/session.js';
import { oneLine } from '../util/one-line.js';
import { checkPage, type OutputError } from './check-page.js';
import { readReference } from './reference.js';

export interface CheckRequest {
  folder: string;
  name: string;
  provider: string;
  providerOptions: Record<string, string>;
  graph: Partial<GraphOptions>;
  ortLibrary: string | null;
}

export type CheckAnswer = { errors: OutputError[] } | { failure: string };

let runtime: Runtime | null = null;

async function answer({
  folder,
  name,
  provider,
  providerOptions,
  graph,
  ortLibrary,
}: CheckRequest): Promise<CheckAnswer> {
  try {
    const reference = readReference(folder, name);
    const row = pageForCheckpoint(reference.model_type, [reference.model_class]);
    if (!row) return { failure: `no page builds ${reference.model_class}` };
    runtime ??= await startRuntime({ name: 'native', ortLibrary, fakeScript: null, model: name });
    return { errors: await checkPage(await loadPage(row), reference, runtime, { graph, provider, providerOptions }) };
  } catch (error) {
    return { failure: oneLine((error as Error).message) };
  }
}

process.on('message', async (request: CheckRequest) => {
  process.send!(await answer(request));
});
