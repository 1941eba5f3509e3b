// The process that measures the machine's peaks: a matrix product by ONNX Runtime itself, as models do it, and a read of memory.

import { encodeModel, Graph, matmul, weightSpecs } from '../graph/index.js';
import { nativeRuntime } from '../runtime/native.js';
import { memoryReadRate } from '../runtime/native-machine.js';
import { makeTensor } from './feeds.js';
import type { Peaks } from './peaks.js';

/** Large enough that the cores, not the memory, are the limit. */
const EDGE = 1536;
const RUNS = 8;

/** 2 n^3 operations over the fastest of several runs. */
async function gemmGflops(): Promise<number> {
  const graph = new Graph();
  const shape = [EDGE, EDGE];
  graph.output('product', matmul(graph.input('a', 'float32', shape), graph.input('b', 'float32', shape)));
  const runtime = await nativeRuntime({ ortLibrary: null });
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
  const input = (name: string) => makeTensor({ name, dtype: 'float32', shape }, shape, 'ids');
  await session.bind({ a: input('a'), b: input('b') });
  await session.runOnce();
  const { durationsNs } = await session.sample(RUNS);
  await runtime.close();
  return (2 * EDGE ** 3) / Math.min(...durationsNs);
}

const lastLevelCacheBytes = JSON.parse(process.argv[2]!) as number | null;
const peaks: Peaks = { gemmGflops: null, memoryBytesPerSecond: null };
peaks.gemmGflops = await gemmGflops().catch(() => null);
peaks.memoryBytesPerSecond = await memoryReadRate(lastLevelCacheBytes).catch(() => null);
process.send!(peaks);
process.disconnect();
