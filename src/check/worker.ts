// The process that tries cells: a provider that aborts or hangs takes only it along. Answers one request after another.

import { Worker } from 'node:worker_threads';
import { loadPage, pageForCheckpoint } from '../../models/registry.js';
import type { CellChoice, Evidence, Problem } from '../matrix/cell.js';
import { loadProvider } from '../provider/index.js';
import { reasonOf } from '../run/case-error.js';
import { startRuntime } from '../runtime/index.js';
import type { Runtime } from '../runtime/session.js';
import { UnsupportedError } from '../util/error.js';
import { compare, open, placed, prepare, run, WrongOutput } from './check-page.js';
import { type CheckAnswer, type CheckRequest, type Found, NOTHING_FOUND, type ToParent } from './protocol.js';
import { readReference, referenceDigest } from './reference.js';

// Ctrl-C is the parent's to handle.
process.on('SIGINT', () => {});
new Worker(new URL('../util/watchdog.js', import.meta.url)).unref();

let runtime: Runtime | null = null;

/** ONNX defines some operators without bfloat16, whatever a provider may have; some devices have no 16-bit floats. */
const WITHOUT_TYPE =
  /Type 'tensor\(bfloat16\)' of input parameter .* is invalid|requires f16 but the device does not support it/;

function problemOf(error: unknown, { model, provider }: CellChoice): Problem {
  const { reason } = reasonOf(error, { provider, source: { kind: 'zoo', name: model, variant: model } });
  if (error instanceof WrongOutput) return { ...reason, code: 'wrong-output' };
  return WITHOUT_TYPE.test(reason.message) ? { ...reason, code: 'operator' } : reason;
}

/** @throws UnsupportedError where this library cannot start the provider */
async function startProvider(name: string, plugins: readonly string[], { info }: Runtime): Promise<string> {
  const page = await loadProvider(name, plugins);
  const context = { platform: process.platform, arch: process.arch, libraryProviders: info.providers };
  const availability = page.availability(context);
  if (availability.state === 'unavailable')
    throw new UnsupportedError('provider', `${availability.reason}; ${availability.advice}`);
  return page.ortName;
}

const judged = ({ error, output }: { error: number; output: string }, limit: number): Partial<Evidence> => {
  const finite = Number.isFinite(error) ? error : null;
  if (error <= limit) return { error: finite, output };
  const how = finite === null ? 'is not finite where it should be' : `is off by ${error.toExponential(1)}`;
  const message = `output '${output}' ${how}, more than ${limit.toExponential(1)}`;
  return { error: finite, output, problem: { code: 'wrong-output', message } };
};

/** Fills in what is found, step by step; what was found before an error stays. */
async function tryCell(
  { folder, cell, limit, known, ortLibrary, providerLibraries }: CheckRequest,
  found: Found,
): Promise<CheckAnswer> {
  const { model, provider } = cell;
  try {
    await tell({ phase: 'build' });
    runtime ??= await startRuntime({ name: 'native', ortLibrary, providerLibraries, fakeScript: null, model });
    found.ortVersion = runtime.info.ortVersion;
    found.referenceDigest = referenceDigest(folder, model);
    const reference = readReference(folder, model);
    const row = pageForCheckpoint(reference.model_type, [reference.model_class]);
    if (!row) throw new Error(`no page builds ${reference.model_class}`);
    const prepared = prepare(await loadPage(row), reference, cell);
    found.graphDigest = prepared.graphDigest;
    if (known && isFresh(known, found)) return { fresh: true };
    const ortName = await startProvider(
      provider,
      providerLibraries.map(({ name }) => name),
      runtime,
    );
    await tell({ phase: 'load', found });
    found.loads = false;
    const session = await open(prepared, runtime, cell);
    found.loads = true;
    try {
      await tell({ phase: 'run', found });
      found.runs = false;
      const results = await run(prepared, session);
      found.runs = true;
      found.placement = await placed(prepared, session, provider, ortName);
      Object.assign(found, judged(compare(prepared, results), limit));
    } finally {
      await session.close();
    }
  } catch (error) {
    found.problem = problemOf(error, cell);
  }
  return { found };
}

const isFresh = (known: Found, now: Found): boolean =>
  (['ortVersion', 'graphDigest', 'referenceDigest'] as const).every((key) => known[key] === now[key]);

/** Resolves when the message has left: the next step may end this process. */
function tell(message: ToParent): Promise<void> {
  return new Promise((resolve) => process.send!(message, () => resolve()));
}

process.on('message', async (request: CheckRequest) => {
  await tell({ answer: await tryCell(request, { ...NOTHING_FOUND }) });
});
