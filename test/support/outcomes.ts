// A sample set of outcomes, fixed to the byte: every state, several stop reasons, hostile names. Made-up numbers, for tests only.

import type { Environment } from '../../src/hardware/environment.js';
import type { Case } from '../../src/run/case.js';
import type { Measurement, ModelFacts, Outcome } from '../../src/run/outcome.js';
import type { RuntimeInfo } from '../../src/runtime/session.js';

export const ENVIRONMENT: Environment = {
  fingerprint: '5f0c3a9d11e2',
  cpu: {
    model: 'Example CPU 9000',
    architecture: 'x64',
    isa: ['avx2', 'fma', 'avx512f'],
    physicalCores: 8,
    efficiencyCores: null,
    logicalCores: 16,
    sockets: 1,
    numaNodes: 1,
    l1dBytes: 32 * 1024,
    l2Bytes: 1024 * 1024,
    l3Bytes: 32 * 1024 * 1024,
  },
  memory: { totalBytes: 64 * 2 ** 30, availableBytes: 50 * 2 ** 30, limitBytes: null },
  cpuLimit: null,
  container: null,
  virtualization: null,
  os: { platform: 'linux', release: '6.1.0', distribution: 'Debian GNU/Linux 12 (bookworm)' },
  state: { governor: 'powersave', turbo: true, load1: 0.25, cgroupThrottledUs: null, onBattery: false },
  node: '20.17.0',
  hfbench: '0.1.0',
  addon: { version: '0.1.0', debug: false, isa: 'avx512' },
  gitCommit: '0123456789abcdef0123456789abcdef01234567',
  peaks: { gemmGflops: 800, memoryBytesPerSecond: 40e9 },
  warnings: [
    {
      code: 'cpu-governor',
      message: "The CPU frequency governor is 'powersave'",
      advice: 'Use `sudo cpupower frequency-set -g performance`.',
    },
  ],
};

export const RUNTIME: RuntimeInfo = {
  name: 'native',
  ortVersion: '1.30.0',
  apiVersion: 27,
  libraryPath: '/opt/onnxruntime/libonnxruntime.so',
  buildInfo: 'ORT Build Info: git-branch=rel-1.30.0',
  providers: ['CPUExecutionProvider'],
  clock: { source: 'CLOCK_MONOTONIC', readNs: 21, resolutionNs: 1 },
};

export function sampleCase(changes: Partial<Case> = {}): Case {
  return {
    model: 'bert',
    source: { kind: 'zoo', name: 'bert', variant: 'bert-base-uncased' },
    size: 'full',
    dtype: 'fp32',
    style: 'standard',
    batch: 1,
    seq: 128,
    provider: 'cpu',
    providerOptions: {},
    runtime: 'native',
    scenario: 'latency',
    threads: 0,
    ...changes,
  };
}

export const BERT: ModelFacts = {
  family: 'bert',
  category: 'text-embedding',
  parameters: 109_482_240,
  modelBytes: 437_928_960,
  nodes: 600,
  macs: 11_174_215_680,
  weightReadBytes: 344_000_000,
  activationBytes: 3_000_000,
  graphDigest: 'sha256:0f1e2d3c',
};

/** Durations around `centerNs`: a fixed pattern with a slight spread and one slow run in forty. */
export function sampleDurations(count: number, centerNs: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const spread = (((i * 7919) % 101) - 50) / 10_000;
    return Math.round(centerNs * (1 + spread + (i % 40 === 39 ? 0.3 : 0)));
  });
}

export function sampleMeasurement(samplesNs: number[], changes: Partial<Measurement> = {}): Measurement {
  const samplingWallNs = samplesNs.reduce((sum, ns) => sum + ns, 0);
  return {
    samplesNs,
    itemsPerRun: 1,
    samplingWallNs,
    samplingCpuNs: Math.round(samplingWallNs * 7.6),
    stop: 'target-ci',
    warmupRuns: 12,
    warmupNs: 360_000_000,
    warmupFlat: true,
    firstRunNs: 61_000_000,
    graphBuildNs: 14_000_000,
    weightFillNs: 41_000_000,
    weightBytes: 437_928_960,
    sessionCreateNs: 380_000_000,
    peakRssBytes: 812_000_000,
    streams: 1,
    raw: null,
    parts: null,
    kernel: null,
    ...changes,
  };
}

const common = {
  runtime: RUNTIME,
  model: BERT,
  startedAt: '2026-01-02T03:04:05.678Z',
  environment: ENVIRONMENT,
  warnings: [],
};

/** A measured case, by default bert with 120 samples around 29 ms. */
export function measuredOutcome(
  changes: Partial<Case> = {},
  samplesNs = sampleDurations(120, 29e6),
  measurement: Partial<Measurement> = {},
): Outcome {
  return {
    ...common,
    state: 'measured',
    case: sampleCase(changes),
    measurement: sampleMeasurement(samplesNs, measurement),
  };
}

const RESNET: ModelFacts = {
  ...BERT,
  family: 'resnet',
  category: 'vision',
  parameters: 25_557_032,
  modelBytes: 102_441_160,
  nodes: 122,
  macs: 4_089_184_256,
  weightReadBytes: 102_441_160,
  activationBytes: 8_000_000,
  graphDigest: 'sha256:77aa',
};

const HOSTILE = '=cmd|\u001b[31m "x",\r\n<script>@all#1';

/** Every state once or more. */
export const OUTCOMES: readonly Outcome[] = [
  measuredOutcome(),
  measuredOutcome({ batch: 8 }, sampleDurations(40, 210e6), { itemsPerRun: 8, stop: 'max-time' }),
  {
    ...measuredOutcome({ model: 'resnet50', seq: null }, sampleDurations(700, 14.2e6)),
    model: RESNET,
    warnings: [
      { code: 'drift', message: 'Runs became 6 % slower while sampling', advice: 'Let the machine cool down.' },
    ],
  },
  measuredOutcome({ model: 'large', threads: 2 }, [4.1e9, 4.2e9], {
    stop: 'max-time',
    warmupFlat: false,
    peakRssBytes: null,
    samplingCpuNs: null,
  }),
  {
    ...common,
    state: 'failed',
    case: sampleCase({ model: 'llama', batch: 8 }),
    runtime: null,
    reason: { code: 'case-timeout', message: 'no answer for 120 s' },
    partial: sampleMeasurement([5e6, 6e6]),
  },
  {
    ...common,
    state: 'skipped',
    case: sampleCase({ model: 't5' }),
    runtime: null,
    model: null,
    reason: { code: 'out-of-memory', message: 'needs 12.0 GiB, 7.5 GiB are free' },
  },
  {
    ...common,
    state: 'unsupported',
    case: sampleCase({
      model: HOSTILE,
      source: { kind: 'file', path: HOSTILE },
      size: null,
      style: null,
      provider: 'cuda',
      providerOptions: { device_id: '1', arena: 'a,b' },
    }),
    model: null,
    reason: { code: 'provider', message: 'the library was built\nwithout CUDA' },
  },
];
