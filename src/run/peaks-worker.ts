// Measures the machine's peaks in a process of its own: its memory and threads are gone before the first case starts.

import { encodeModel, Graph, matmul, weightSpecs } from '../graph/index.js';
import { memoryReadRate, nativeRuntime } from '../runtime/native.js';
import type { HostTensor } from '../util/tensor.js';
import type { Peaks } from './peaks.js';

const SIZE = 1536; // three matrices of 9 MiB: the arithmetic hides the memory
const MEASURE_MS = 700;

/** fp32 matrix product of ONNX Runtime's CPU provider on all cores: the best of many runs, in GFLOP/s. */
async function gemmGflops(ortLibrary: string | null): Promise<number> {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [SIZE, SIZE]);
  graph.output('y', matmul(x, graph.parameter('weight', [SIZE, SIZE])));
  const runtime = await nativeRuntime({ ortLibrary });
  const session = await runtime.open({
    source: { kind: 'graph', bytes: encodeModel(graph, 'gemm'), weights: weightSpecs(graph) },
    provider: 'cpu',
    providerOptions: {},
    intraOpThreads: 0,
    interOpThreads: 1,
    optimization: 'all',
    spinning: true,
    memoryPattern: true,
    cpuArena: true,
    denormalsAsZero: false,
    config: {},
    freeDimensions: {},
  });
  const values = Float32Array.from({ length: SIZE * SIZE }, (_, index) => ((index % 13) - 6) / 10);
  const feed: HostTensor = { dtype: 'float32', shape: [SIZE, SIZE], data: new Uint8Array(values.buffer) };
  await session.bind({ x: feed });
  let bestNs = await session.runOnce();
  for (const end = performance.now() + MEASURE_MS; performance.now() < end; ) {
    const { durationsNs } = await session.sample(3);
    bestNs = Math.min(bestNs, ...durationsNs);
  }
  await session.close();
  await runtime.close();
  return (2 * SIZE ** 3) / bestNs;
}

process.once('message', async ({ ortLibrary }: { ortLibrary: string | null }) => {
  const peaks: Peaks = { gemmGflops: await gemmGflops(ortLibrary), memoryBytesPerSecond: await memoryReadRate() };
  process.send!(peaks, () => process.disconnect());
});
