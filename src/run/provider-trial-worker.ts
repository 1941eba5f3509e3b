// The process that tries one provider: a session of one matrix product, run once.

import { encodeModel, Graph, matmul, weightSpecs } from '../graph/index.js';
import { nvidiaDriverVersion } from '../hardware/nvidia-driver.js';
import { diagnose } from '../provider/diagnose.js';
import { loadProvider } from '../provider/index.js';
import { libraryDevices, nativeRuntime } from '../runtime/native.js';
import type { Runtime } from '../runtime/session.js';
import { UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import { assignmentsOf, NOTE_ASSIGNMENTS, placementOf, profileOneRun } from './placement.js';
import type { Trial, TrialRequest } from './provider-trial.js';

const SIZE = 64;

async function openAndRun(runtime: Runtime, request: TrialRequest, ortName: string): Promise<Trial> {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [SIZE, SIZE]);
  graph.output('y', matmul(x, graph.parameter('weight', [SIZE, SIZE])));
  const begin = performance.now();
  const session = await runtime.open({
    source: { kind: 'graph', bytes: encodeModel(graph, 'trial'), weights: weightSpecs(graph) },
    provider: request.provider!,
    providerOptions: request.providerOptions,
    intraOpThreads: 1,
    interOpThreads: 1,
    optimization: 'all',
    spinning: false,
    memoryPattern: true,
    cpuArena: true,
    denormalsAsZero: false,
    config: NOTE_ASSIGNMENTS,
    freeDimensions: {},
  });
  const data = new Uint8Array(new Float32Array(SIZE * SIZE).fill(0.5).buffer);
  await session.bind({ x: { dtype: 'float32', shape: [SIZE, SIZE], data } });
  await session.runOnce();
  const startMs = Math.round(performance.now() - begin);
  const wanted = session.providerName ?? ortName;
  const placement = placementOf(wanted, await profileOneRun(session), await assignmentsOf(session));
  const { deviceMemory } = session;
  return { state: 'starts', tookNode: placement === null ? null : placement.nodeShare > 0, deviceMemory, startMs };
}

async function attempt(request: TrialRequest): Promise<Trial> {
  const page = await loadProvider(
    request.provider!,
    request.providerLibraries.map(({ name }) => name),
  );
  const runtime = await nativeRuntime(request);
  try {
    return await openAndRun(runtime, request, page.ortName);
  } catch (error) {
    const said = (error as Error).message;
    const known = diagnose(said, { nvidiaDriver: nvidiaDriverVersion() });
    return {
      state: 'fails',
      ...(known ?? {
        code: 'ort-error',
        reason: oneLine(said),
        advice: page.installHint({ platform: process.platform, arch: process.arch, libraryProviders: [] }),
      }),
    };
  }
}

process.once('message', async (request: TrialRequest) => {
  try {
    if (request.provider !== null) return process.send!({ trial: await attempt(request) });
    const { info } = await nativeRuntime(request);
    const { ortVersion: version, libraryPath: path, providers } = info;
    return process.send!({ library: { version, path, providers, devices: libraryDevices(request.ortLibrary) } });
  } catch (error) {
    if (!(error instanceof UsageError)) return process.send!({ error: oneLine((error as Error).message) });
    return process.send!({ error: error.message });
  }
});
