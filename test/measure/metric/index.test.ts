import { readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { METRICS } from '../../../src/measure/metric/index.js';
import type { Outcome } from '../../../src/run/outcome.js';
import { assertClose } from '../../support/close.js';
import { BERT, measuredOutcome, OUTCOMES } from '../../support/outcomes.js';

/** 100 runs of 10 ms, but one of 20 ms; two items each. */
const samplesNs = Array.from({ length: 100 }, (_, i) => (i === 50 ? 20e6 : 10e6 + (i % 2)));
const wallNs = samplesNs.reduce((sum, ns) => sum + ns, 0);
const outcome: Outcome = {
  ...measuredOutcome({}, samplesNs, {
    ...{ itemsPerRun: 2, streams: 3, samplingCpuNs: 2 * wallNs, hostSamplesNs: [14e6, 12e6, 13e6], syncNs: 50_000 },
    deviceSamplesNs: [7e6, 9e6, 8e6],
    sensors: {
      ...{ energySource: 'nvml', energyJoules: 600, windowNs: 12e9 },
      throttled: [
        [0, 5],
        [90, 100],
      ],
      gpu: {
        ...{ name: 'GPU', smClockMHz: 1410, temperatureC: 80, powerMilliwatts: 3e5, energyMillijoules: 1e9 },
        ...{ throttleReasons: 0x20, memoryUsedBytes: 5e9, memoryTotalBytes: null },
      },
    },
  }),
  evidence: {
    placement: {
      source: 'profile',
      nodeShare: 0.75,
      timeShare: 0.9,
      providers: [],
      fallback: [{ op: 'Shape', nodes: 2 }],
    },
    verification: { state: 'agrees', output: 'y', error: 2e-6, tolerance: 1e-3 },
    deviceMemory: 'Cuda',
  },
};

/** Worked out by hand from the measurement above and the sample environment (800 GFLOP/s, 40 GB/s). */
const EXPECTED: Record<string, number | null> = {
  latency_median_ns: 10_000_000.5,
  latency_median_low_ns: 10_000_000,
  latency_median_high_ns: 10_000_001,
  latency_min_ns: 10_000_000,
  latency_mean_ns: 10_100_000.5,
  latency_p90_ns: 10_000_001,
  latency_p95_ns: null,
  latency_p99_ns: null,
  latency_max_ns: 20_000_000,
  latency_standard_deviation_ns: 1_000_000,
  latency_mad_ns: 0.5,
  samples: 100,
  outliers: 1,
  drift: 0,
  ...{ preprocess_ns: null, inference_ns: null, output_copy_ns: null, decode_ns: null },
  ...{ preprocess_share: null, inference_share: null, output_copy_share: null },
  ...{ input_bytes_per_s: null, copy_share: null },
  throughput_items_per_s: 200 / (wallNs / 1e9),
  first_token_ns: null,
  generations: null,
  prefill_tokens_per_s: null,
  decode_tokens_per_s: null,
  cache_bytes: null,
  streams: 3,
  cpu_use: 2,
  sampling_time_ns: wallNs,
  warmup_runs: 12,
  warmup_time_ns: 360e6,
  graph_build_ns: 14e6,
  weight_fill_ns: 41e6,
  weight_fill_bytes_per_s: 437_928_960 / 0.041,
  session_create_ns: 380e6,
  load_time_ns: 435e6,
  first_run_ns: 61e6,
  cold_start_ns: 496e6,
  peak_rss_bytes: 812e6,
  parameters: 109_482_240,
  model_bytes: 437_928_960,
  nodes: 600,
  macs: 11_174_215_680,
  gflops: (2 * 11.17421568 * 100) / (wallNs / 1e9),
  gemm_share: (2 * 11.17421568 * 100) / (wallNs / 1e9) / 800,
  memory_share: (344e6 * 100) / (wallNs / 1e9) / 40e9,
  host_latency_median_ns: 13e6,
  sync_cost_ns: 50_000,
  node_share: 0.75,
  time_share: 0.9,
  output_error: 2e-6,
  energy_per_item_j: 3,
  energy_window_ns: 12e9,
  throttled_samples: 15,
  device_time_median_ns: 8e6,
  gpu_clock_mhz: 1410,
  gpu_temperature_c: 80,
  gpu_power_w: 300,
  gpu_memory_bytes: 5e9,
};
const CHECKED_ELSEWHERE = ['effective_samples', 'autocorrelation'];

test('every file of the folder is in the list, once', () => {
  const files = readdirSync(new URL('../../../src/measure/metric', import.meta.url)).filter((name) =>
    name.endsWith('.js'),
  );
  assert.is(METRICS.length, files.length - ['index.js', 'metric.js'].length, 'add the metric to index.ts');
  assert.is(new Set(METRICS.map(({ column }) => column)).size, METRICS.length);
});

for (const metric of METRICS) {
  test(metric.column, () => {
    if (!CHECKED_ELSEWHERE.includes(metric.column)) {
      assert.ok(metric.column in EXPECTED, 'give it an expected value here');
      assertClose(metric.from(outcome), EXPECTED[metric.column], 1e-3);
    }
    assert.match(metric.column, /^[a-z][a-z0-9_]*$/);
    assert.match(metric.description, /^[A-Z0-9].*\.$/);
    if (metric.unit === 'ns' || metric.unit === 'bytes') assert.match(metric.column, new RegExp(`_${metric.unit}$`));
  });
}

test('generations: times of the first tokens beside those of the others', () => {
  const asked = { scenario: 'generate' as const, seq: null, batch: 2, generation: { prompt: 100, generate: 3 } };
  const generation = { firstTokenNs: [40e6, 60e6, 80e6, 20e6], cacheBytes: 4096 };
  const tokensNs = Array.from({ length: 12 }, (_, i) => (i % 3 === 2 ? 12e6 : 9e6));
  const measured = { itemsPerRun: 2, samplingWallNs: 1e9, generation };
  const values = (changed: Outcome) => Object.fromEntries(METRICS.map(({ column, from }) => [column, from(changed)]));
  const row = values(measuredOutcome(asked, tokensNs, measured));
  assert.is(row.latency_median_ns, 9e6);
  assert.is(row.first_token_ns, 50e6);
  assert.is(row.generations, 4);
  assert.is(row.prefill_tokens_per_s, (100 * 2 * 4) / 0.2);
  assert.is(row.decode_tokens_per_s, (12 * 2) / 0.12);
  assert.is(row.cache_bytes, 4096);
  assert.is(row.throughput_items_per_s, null);
  // Model facts are of a run of one token, and so is the rate.
  assertClose(row.gflops!, (2 * 11.17421568 * 12) / 0.12, 1e-9);
  const noPrompt = { ...asked, generation: { prompt: null, generate: 3 } };
  assert.is(values(measuredOutcome(noPrompt, tokensNs, measured)).prefill_tokens_per_s, null);
});

test('pipelines: the median of each part, and shares that add up; kernels: what they read', () => {
  const parts = { preprocessNs: [1e6, 2e6, 3e6], inferenceNs: [5e6, 5e6, 8e6], outputNs: [4e6, 3e6, 9e6] };
  const kernel = { inputBytes: 1_000_000, copyNs: 5e5 };
  const measured = measuredOutcome({ scenario: 'pipeline' }, [10e6, 10e6, 20e6], { parts, kernel });
  const row = Object.fromEntries(METRICS.map(({ column, from }) => [column, from(measured)]));
  assert.equal([row.preprocess_ns, row.inference_ns, row.output_copy_ns], [2e6, 5e6, 4e6]);
  assert.equal([row.preprocess_share, row.inference_share, row.output_copy_share], [0.15, 0.45, 0.4]);
  assert.is(row.input_bytes_per_s, 1e8);
  assert.is(row.copy_share, 0.05);
});

test('nothing that was not measured has a number, and no number is 0 for unknown', () => {
  const ofModel = ['parameters', 'model_bytes', 'nodes', 'macs'];
  for (const other of OUTCOMES.filter(({ state }) => state !== 'measured')) {
    for (const { column, from } of METRICS) {
      if (other.model === null || !ofModel.includes(column)) assert.is(from(other), null, `${other.state} ${column}`);
    }
  }
});

test('unknown parts stay unknown', () => {
  const values = (changed: Outcome) => Object.fromEntries(METRICS.map(({ column, from }) => [column, from(changed)]));
  const unknown = values({
    ...measuredOutcome({}, [], {
      samplingWallNs: 0,
      samplingCpuNs: null,
      weightFillNs: null,
      graphBuildNs: null,
      peakRssBytes: null,
    }),
    model: { ...BERT, macs: null, weightReadBytes: null },
  });
  for (const column of [
    'latency_median_ns',
    'samples',
    'throughput_items_per_s',
    'cpu_use',
    'weight_fill_bytes_per_s',
  ]) {
    assert.is(unknown[column], null, column);
  }
  for (const column of ['gflops', 'gemm_share', 'memory_share', 'peak_rss_bytes', 'graph_build_ns', 'weight_fill_ns']) {
    assert.is(unknown[column], null, column);
  }
  for (const column of ['host_latency_median_ns', 'sync_cost_ns', 'node_share', 'time_share', 'output_error']) {
    assert.is(unknown[column], null, column);
  }
  for (const column of ['energy_per_item_j', 'energy_window_ns', 'throttled_samples']) {
    assert.is(unknown[column], null, column);
  }
  assert.is(unknown.load_time_ns, 380e6);
  const onGpu = values(measuredOutcome({ provider: 'cuda' }));
  assert.type(onGpu.gflops, 'number');
  assert.is(onGpu.gemm_share, null);
  assert.is(onGpu.memory_share, null);
  assert.is(values(measuredOutcome({ scenario: 'cold-start' })).throughput_items_per_s, null);
  assert.is(values(measuredOutcome({ scenario: 'cold-start' })).gflops, null);
  assert.is(values({ ...measuredOutcome(), environment: { ...outcome.environment, peaks: null } }).gemm_share, null);
});

test.run();
