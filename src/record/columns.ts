// THE table of columns: every export, the store, compare and the dashboard know a record by it. Order is part of the interface;
// a new metric is added in src/measure/metric and comes by itself.

import { METRICS, type Unit } from '../measure/metric/index.js';
import type { Outcome } from '../run/outcome.js';
import { UsageError } from '../util/error.js';
import type { Cell, Row } from './record.js';

export interface Column {
  name: string;
  sqlType: 'VARCHAR' | 'DOUBLE' | 'BIGINT' | 'BOOLEAN' | 'TIMESTAMP';
  unit: Unit | null;
  better: 'lower' | 'higher' | null;
  description: string;
  /** identity: what was to be measured; status: what became of it; metric: numbers; environment: where; version: with what. */
  group: 'identity' | 'status' | 'metric' | 'environment' | 'version';
  from: (outcome: Outcome) => Cell;
}

type Facts = readonly [
  name: string,
  sqlType: Column['sqlType'],
  unit: Unit | null,
  description: string,
  from: Column['from'],
];

const identity: Facts[] = [
  [
    'model',
    'VARCHAR',
    null,
    'Model as named by the user: a zoo name, or the name of the file or folder.',
    (o) => o.case.model,
  ],
  ['category', 'VARCHAR', null, 'Category of the model.', (o) => o.model?.category ?? null],
  ['family', 'VARCHAR', null, 'Architecture family.', (o) => o.model?.family ?? null],
  ['size', 'VARCHAR', null, 'tiny or full; absent for files.', (o) => o.case.size],
  ['dtype', 'VARCHAR', null, 'Element type of the weights.', (o) => o.case.dtype],
  ['style', 'VARCHAR', null, 'standard (ONNX operators) or fused (contrib operators).', (o) => o.case.style],
  ['batch', 'BIGINT', 'count', 'Batch size.', (o) => o.case.batch],
  ['seq', 'BIGINT', 'count', 'Sequence length; absent where the model has none.', (o) => o.case.seq],
  ['prompt', 'BIGINT', 'count', 'Scenario generate: tokens of the prompt.', (o) => o.case.generation?.prompt ?? null],
  [
    'generate',
    'BIGINT',
    'count',
    'Scenario generate: runs of one token each after the prompt.',
    (o) => o.case.generation?.generate ?? null,
  ],
  ['provider', 'VARCHAR', null, 'Execution provider asked for.', (o) => o.case.provider],
  ['provider_options', 'VARCHAR', null, 'Its options, key=value, sorted by key.', (o) => pairs(o.case.providerOptions)],
  ['runtime', 'VARCHAR', null, 'native (this addon) or node (onnxruntime-node in JavaScript).', (o) => o.case.runtime],
  ['scenario', 'VARCHAR', null, 'How the runs were issued.', (o) => o.case.scenario],
  [
    'threads',
    'BIGINT',
    'count',
    'Intra-op threads asked for; absent: ONNX Runtime chose.',
    (o) => o.case.threads || null,
  ],
];

const status: Facts[] = [
  ['status', 'VARCHAR', null, 'measured, failed, skipped or unsupported.', (o) => o.state],
  ['reason', 'VARCHAR', null, 'Code of the reason where not measured.', (o) => reason(o)?.code ?? null],
  ['reason_text', 'VARCHAR', null, 'The reason in words.', (o) => reason(o)?.message ?? null],
  ['stop', 'VARCHAR', null, 'Which bound ended sampling.', (o) => (o.state === 'measured' ? o.measurement.stop : null)],
  [
    'warmup_flat',
    'BOOLEAN',
    null,
    'Whether warm-up ended because the trend was flat.',
    (o) => (o.state === 'measured' ? o.measurement.warmupFlat : null),
  ],
  [
    'verification',
    'VARCHAR',
    null,
    "Outputs against the CPU provider's: reference, agrees, differs, off or unavailable.",
    (o) => o.evidence?.verification.state ?? null,
  ],
  ['fallback_ops', 'VARCHAR', null, 'Operators that ran on another provider, with their nodes.', fallbackOps],
  [
    'device_memory',
    'VARCHAR',
    null,
    'Memory of the device that outputs stayed in; absent: host memory.',
    (o) => o.evidence?.deviceMemory ?? null,
  ],
  ['warnings', 'VARCHAR', null, 'Codes of the warnings about the case and the machine.', warningCodes],
];

const environment: Facts[] = [
  ['fingerprint', 'VARCHAR', null, 'Digest of the stable facts of the machine.', (o) => o.environment.fingerprint],
  ['cpu_model', 'VARCHAR', null, 'CPU model.', (o) => o.environment.cpu.model],
  ['cpu_architecture', 'VARCHAR', null, 'CPU architecture.', (o) => o.environment.cpu.architecture],
  ['cpu_isa', 'VARCHAR', null, 'Instruction-set extensions.', (o) => o.environment.cpu.isa.join(' ') || null],
  ['physical_cores', 'BIGINT', 'count', 'Physical cores.', (o) => o.environment.cpu.physicalCores],
  ['logical_cores', 'BIGINT', 'count', 'Logical cores.', (o) => o.environment.cpu.logicalCores],
  ['l3_bytes', 'BIGINT', 'bytes', 'Size of one last-level cache.', (o) => o.environment.cpu.l3Bytes],
  ['cpu_limit', 'DOUBLE', 'count', 'CPUs that the container allows.', (o) => o.environment.cpuLimit],
  ['memory_bytes', 'BIGINT', 'bytes', 'Memory of the machine.', (o) => o.environment.memory.totalBytes],
  [
    'memory_limit_bytes',
    'BIGINT',
    'bytes',
    'Memory that the container allows.',
    (o) => o.environment.memory.limitBytes,
  ],
  [
    'os',
    'VARCHAR',
    null,
    'Operating system and release.',
    (o) => `${o.environment.os.platform} ${o.environment.os.release}`,
  ],
  ['distribution', 'VARCHAR', null, 'Distribution or edition.', (o) => o.environment.os.distribution],
  ['container', 'VARCHAR', null, 'Kind of container.', (o) => o.environment.container],
  ['virtualization', 'VARCHAR', null, 'Hypervisor.', (o) => o.environment.virtualization],
  ['governor', 'VARCHAR', null, 'Frequency governor or power plan.', (o) => o.environment.state.governor],
  ['turbo', 'BOOLEAN', null, 'Whether the CPU may boost its clock.', (o) => o.environment.state.turbo],
  ['load1', 'DOUBLE', null, 'Load average over one minute before the run.', (o) => o.environment.state.load1],
  [
    'peak_gflops',
    'DOUBLE',
    'GFLOP/s',
    'Measured fp32 matrix-product rate.',
    (o) => o.environment.peaks?.gemmGflops ?? null,
  ],
  [
    'peak_memory_bytes_per_s',
    'DOUBLE',
    'bytes/s',
    'Measured memory read rate.',
    (o) => o.environment.peaks?.memoryBytesPerSecond ?? null,
  ],
];

const version: Facts[] = [
  ['hfbench_version', 'VARCHAR', null, 'Version of hfbench.', (o) => o.environment.hfbench],
  ['addon_version', 'VARCHAR', null, 'Version of the native addon.', (o) => o.environment.addon?.version ?? null],
  ['addon_isa', 'VARCHAR', null, 'Instruction-set level that the addon uses.', (o) => o.environment.addon?.isa ?? null],
  ['ort_version', 'VARCHAR', null, 'Version of ONNX Runtime.', (o) => o.runtime?.ortVersion ?? null],
  ['ort_api', 'BIGINT', null, 'C API version agreed on.', (o) => o.runtime?.apiVersion ?? null],
  ['ort_build', 'VARCHAR', null, 'Build information of the library.', (o) => o.runtime?.buildInfo ?? null],
  ['input', 'VARCHAR', null, 'Raw input that was prepared; absent: inputs made by rule.', (o) => raw(o)?.input ?? null],
  ['preprocessor', 'VARCHAR', null, 'What was done to it, and who says so.', (o) => raw(o)?.preprocessor ?? null],
  ['tokenizer', 'VARCHAR', null, 'Where the tokenizer comes from.', (o) => raw(o)?.tokenizer ?? null],
  [
    'input_placement',
    'VARCHAR',
    null,
    "The model's inputs: written in place, copied, or made by rule beside a raw input.",
    (o) => raw(o)?.placement ?? null,
  ],
  ['clock', 'VARCHAR', null, 'Clock that timed the samples.', (o) => o.runtime?.clock.source ?? null],
  ['clock_read_ns', 'DOUBLE', 'ns', 'Cost of reading it.', (o) => o.runtime?.clock.readNs ?? null],
  ['clock_resolution_ns', 'DOUBLE', 'ns', 'Its smallest step.', (o) => o.runtime?.clock.resolutionNs ?? null],
  ['node_version', 'VARCHAR', null, 'Version of Node.js.', (o) => o.environment.node],
  ['git_commit', 'VARCHAR', null, 'Commit of the working directory.', (o) => o.environment.gitCommit],
  ['graph_digest', 'VARCHAR', null, 'Digest of graph and weight rule.', (o) => o.model?.graphDigest ?? null],
  ['started_at', 'TIMESTAMP', null, 'Start of the case, ISO 8601, UTC.', (o) => o.startedAt],
];

const metrics = METRICS.map(
  ({ column, unit, better, description, from }): Column => ({
    name: column,
    sqlType: unit === 'count' || unit === 'bytes' ? 'BIGINT' : 'DOUBLE',
    unit,
    better,
    description,
    group: 'metric',
    from,
  }),
);

export const COLUMNS: readonly Column[] = [
  ...columns('identity', identity),
  ...columns('status', status),
  ...metrics,
  ...columns('environment', environment),
  ...columns('version', version),
];

/** @throws UsageError when there is no such column */
export function columnNamed(name: string): Column {
  const column = COLUMNS.find((candidate) => candidate.name === name);
  if (!column)
    throw new UsageError(`column '${name}' is unknown: \`--format csv\` names every column in its first line`);
  return column;
}

/** The flat row of an outcome: every column, in order. */
export function toRow(outcome: Outcome): Row {
  return Object.fromEntries(COLUMNS.map(({ name, from }) => [name, from(outcome)]));
}

function columns(group: Column['group'], facts: Facts[]): Column[] {
  return facts.map(([name, sqlType, unit, description, from]) => ({
    name,
    sqlType,
    unit,
    better: null,
    description,
    group,
    from,
  }));
}

function raw(outcome: Outcome) {
  return outcome.state === 'measured' ? outcome.measurement.raw : null;
}

function reason(outcome: Outcome) {
  return outcome.state === 'measured' ? null : outcome.reason;
}

function pairs(options: Record<string, string>): string | null {
  const entries = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, value]) => `${key}=${value}`).join(',') || null;
}

function fallbackOps({ evidence }: Outcome): string | null {
  return (
    evidence?.placement?.fallback.map(({ op, nodes }) => (nodes === 1 ? op : `${op} x${nodes}`)).join(', ') || null
  );
}

function warningCodes(outcome: Outcome): string | null {
  const codes = [...outcome.warnings, ...outcome.environment.warnings].map(({ code }) => code);
  return [...new Set(codes)].join(' ') || null;
}
