// Every metric, in the order of the columns: a new one is its file and a line here (where it stands matters to readers of CSV files).

import { autocorrelation } from './autocorrelation.js';
import { cacheBytes } from './cache-bytes.js';
import { coldStart } from './cold-start.js';
import { copyShare } from './copy-share.js';
import { cpuUse } from './cpu-use.js';
import { decodeRate } from './decode-rate.js';
import { decodeTime } from './decode-time.js';
import { deviceTime } from './device-time.js';
import { drift } from './drift.js';
import { effectiveSamples } from './effective-samples.js';
import { energy } from './energy.js';
import { energyWindow } from './energy-window.js';
import { firstRun } from './first-run.js';
import { firstToken } from './first-token.js';
import { gemmShare } from './gemm-share.js';
import { generations } from './generations.js';
import { gflops } from './gflops.js';
import { gpuClock } from './gpu-clock.js';
import { gpuMemory } from './gpu-memory.js';
import { gpuPower } from './gpu-power.js';
import { gpuTemperature } from './gpu-temperature.js';
import { graphBuild } from './graph-build.js';
import { hostLatency } from './host-latency.js';
import { inferenceShare } from './inference-share.js';
import { inferenceTime } from './inference-time.js';
import { inputRate } from './input-rate.js';
import { latencyMad } from './latency-mad.js';
import { latencyMax } from './latency-max.js';
import { latencyMean } from './latency-mean.js';
import { latencyMedian } from './latency-median.js';
import { latencyMedianHigh } from './latency-median-high.js';
import { latencyMedianLow } from './latency-median-low.js';
import { latencyMin } from './latency-min.js';
import { latencyP90 } from './latency-p90.js';
import { latencyP95 } from './latency-p95.js';
import { latencyP99 } from './latency-p99.js';
import { latencyStandardDeviation } from './latency-standard-deviation.js';
import { loadTime } from './load-time.js';
import { macs } from './macs.js';
import { memoryShare } from './memory-share.js';
import type { Metric } from './metric.js';
import { modelBytes } from './model-bytes.js';
import { nodeShare } from './node-share.js';
import { nodes } from './nodes.js';
import { outliers } from './outliers.js';
import { outputCopyShare } from './output-copy-share.js';
import { outputCopyTime } from './output-copy-time.js';
import { outputError } from './output-error.js';
import { parameters } from './parameters.js';
import { peakRss } from './peak-rss.js';
import { prefillRate } from './prefill-rate.js';
import { preprocessShare } from './preprocess-share.js';
import { preprocessTime } from './preprocess-time.js';
import { samples } from './samples.js';
import { samplingTime } from './sampling-time.js';
import { sessionCreate } from './session-create.js';
import { streams } from './streams.js';
import { syncCost } from './sync-cost.js';
import { throttledSamples } from './throttled-samples.js';
import { throughput } from './throughput.js';
import { timeShare } from './time-share.js';
import { warmupRuns } from './warmup-runs.js';
import { warmupTime } from './warmup-time.js';
import { weightFill } from './weight-fill.js';
import { weightFillRate } from './weight-fill-rate.js';

export type { Metric, Unit } from './metric.js';

export const METRICS: readonly Metric[] = [
  latencyMedian,
  latencyMedianLow,
  latencyMedianHigh,
  latencyMin,
  latencyMean,
  latencyP90,
  latencyP95,
  latencyP99,
  latencyMax,
  latencyStandardDeviation,
  latencyMad,
  samples,
  effectiveSamples,
  outliers,
  autocorrelation,
  drift,
  preprocessTime,
  inferenceTime,
  outputCopyTime,
  preprocessShare,
  inferenceShare,
  outputCopyShare,
  decodeTime,
  inputRate,
  copyShare,
  throughput,
  firstToken,
  generations,
  prefillRate,
  decodeRate,
  cacheBytes,
  streams,
  cpuUse,
  samplingTime,
  warmupRuns,
  warmupTime,
  graphBuild,
  weightFill,
  weightFillRate,
  sessionCreate,
  loadTime,
  firstRun,
  coldStart,
  peakRss,
  parameters,
  modelBytes,
  nodes,
  macs,
  gflops,
  gemmShare,
  memoryShare,
  hostLatency,
  syncCost,
  nodeShare,
  timeShare,
  outputError,
  energy,
  energyWindow,
  throttledSamples,
  deviceTime,
  gpuClock,
  gpuTemperature,
  gpuPower,
  gpuMemory,
];
