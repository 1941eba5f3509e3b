// The JSON Schema (draft 2020-12) of a report, made from the table of columns. Published as src/export/report.schema.json.

import { COLUMNS, type Column } from './columns.js';
import { array, nullable, object, type Schema, text } from './schema.js';

export function reportSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:hfbench:report:1',
    title: 'hfbench report, version 1',
    ...object(
      {
        schema: { const: 'hfbench-report' },
        version: { const: 1 },
        createdAt: { ...text, description: 'ISO 8601, UTC.' },
        hfbench: { ...text, description: 'Version of hfbench that wrote the report.' },
        command: { ...array(text), description: 'Arguments of the command line.' },
        environments: array(environment()),
        runtimes: array(runtime()),
        records: array(record()),
      },
      'What `hfbench run` measured. Null is unknown or not applicable, never 0.',
    ),
  };
}

const count: Schema = { type: 'integer', minimum: 0 };
const amount: Schema = { type: 'number', minimum: 0 };

function record(): Schema {
  const always = {
    row: {
      type: 'object',
      description: 'The case as a flat row. A later hfbench may know more columns.',
      properties: Object.fromEntries(COLUMNS.map((column) => [column.name, cell(column)])),
      required: COLUMNS.filter(({ group, name }) => group === 'identity' || name === 'status').map(({ name }) => name),
      additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
    },
    samplesNs: { ...array(amount), description: 'Raw samples in order of measurement, nanoseconds.' },
    outliers: { ...array(count), description: 'Indices of the samples marked as outliers; they count all the same.' },
    warnings: array(warning()),
    environment: { ...count, description: 'Index into environments.' },
    runtime: { type: ['integer', 'null'], minimum: 0, description: 'Index into runtimes.' },
  } satisfies Record<string, Schema>;
  const firstTokenNs = {
    ...array(amount),
    description:
      'Scenario generate: time to the first token of every generation, nanoseconds; samplesNs are of the others.',
  };
  const throttled = {
    ...array(array(count)),
    description: 'Samples taken while the GPU held back its clock, as [first, behind the last] of samplesNs.',
  };
  return object(always, undefined, { firstTokenNs, throttled });
}

const JSON_TYPES = {
  VARCHAR: 'string',
  TIMESTAMP: 'string',
  BOOLEAN: 'boolean',
  BIGINT: 'integer',
  DOUBLE: 'number',
} as const;

function cell({ name, sqlType, unit, better, description }: Column): Schema {
  const notes = [description, unit && unit !== 'count' ? `Unit: ${unit}.` : '', better ? `Better: ${better}.` : ''];
  const annotated = { description: notes.filter((note) => note !== '').join(' ') };
  if (name === 'status') return { ...annotated, enum: ['measured', 'failed', 'skipped', 'unsupported'] };
  if (name === 'model') return { ...annotated, type: 'string' };
  return { ...annotated, type: [JSON_TYPES[sqlType], 'null'] };
}

function warning(): Schema {
  return object({ code: text, message: text, advice: text });
}

function environment(): Schema {
  const maybeCount = nullable('integer', 0);
  const maybeAmount = nullable('number', 0);
  const maybeText = nullable('string');
  const maybeFlag = nullable('boolean');
  return object({
    fingerprint: { ...text, description: 'Digest of the stable facts: equal on the same machine after a reboot.' },
    cpu: object({
      model: maybeText,
      architecture: text,
      isa: array(text),
      physicalCores: maybeCount,
      efficiencyCores: maybeCount,
      logicalCores: count,
      sockets: maybeCount,
      numaNodes: maybeCount,
      l1dBytes: maybeCount,
      l2Bytes: maybeCount,
      l3Bytes: maybeCount,
    }),
    memory: object({ totalBytes: count, availableBytes: maybeAmount, limitBytes: maybeAmount }),
    cpuLimit: maybeAmount,
    container: maybeText,
    virtualization: maybeText,
    os: object({ platform: text, release: text, distribution: maybeText }),
    state: object({
      governor: maybeText,
      turbo: maybeFlag,
      load1: maybeAmount,
      cgroupThrottledUs: maybeAmount,
      onBattery: maybeFlag,
    }),
    node: text,
    hfbench: text,
    addon: orNull(object({ version: text, debug: { type: 'boolean' }, isa: text })),
    gitCommit: maybeText,
    peaks: orNull(object({ gemmGflops: maybeAmount, memoryBytesPerSecond: maybeAmount })),
    warnings: array(warning()),
  });
}

function runtime(): Schema {
  return object({
    name: text,
    ortVersion: text,
    apiVersion: nullable('integer', 0),
    libraryPath: nullable('string'),
    buildInfo: nullable('string'),
    providers: array(text),
    clock: object({ source: text, readNs: amount, resolutionNs: amount }),
  });
}

function orNull(schema: Schema): Schema {
  return { ...schema, type: ['object', 'null'] };
}
