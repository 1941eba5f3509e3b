// The JSON Schemas (draft 2020-12) of a gate's and a duet's report. Published in src/export.

import { array, nullable, object, type Schema, text } from './schema.js';

const count: Schema = { type: 'integer', minimum: 0 };
const amount: Schema = { type: 'number', minimum: 0 };
const flag: Schema = { type: 'boolean' };
const maybe = nullable('number');
const maybeText = nullable('string');
const verdict: Schema = { enum: ['pass', 'fail', 'inconclusive', 'not-compared'] };
const orNull = (schema: Schema): Schema => ({ ...schema, type: ['object', 'null'] });

const head = (schema: string) => ({
  schema: { const: schema },
  version: { const: 1 },
  createdAt: { ...text, description: 'ISO 8601, UTC.' },
  hfbench: text,
  command: array(text),
});

function row(): Schema {
  return object({
    cell: text,
    metric: text,
    verdict,
    reason: maybeText,
    a: maybe,
    b: maybe,
    ratio: { ...maybe, description: 'Candidate over baseline of the cost: above 1 is worse.' },
    lower: maybe,
    upper: maybe,
    sessions: count,
    pValue: maybe,
    adjustedP: maybe,
    detectable: maybe,
    margin: amount,
    budget: amount,
  });
}

function calibration(): Schema {
  return object({
    schema: { const: 'hfbench-calibration' },
    version: { const: 1 },
    fingerprint: text,
    createdAt: text,
    cell: text,
    sessions: count,
    deviation: amount,
    sideDeviation: amount,
    detectable: amount,
    verdicts: object({ pass: count, fail: count, inconclusive: count }),
    falseAlarmBound: amount,
    resampledFalseAlarms: amount,
  });
}

export function gateSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:hfbench:gate:1',
    title: "hfbench gate's report, version 1",
    ...object({
      ...head('hfbench-gate'),
      mode: { enum: ['live', 'recorded'] },
      advisory: flag,
      verdict,
      exitCode: count,
      rule: object({ looks: array(count), alpha: amount, familyAlpha: amount, passConfidence: amount }),
      rows: array(row()),
      calibration: orNull(calibration()),
      notes: array(text),
      duet: orNull(duet()),
    }),
  };
}

function side(): Schema {
  return object({
    case: { type: 'object', description: 'As in hfbench run.' },
    label: text,
    hfbench: maybeText,
    commit: maybeText,
    ortLibrary: maybeText,
    runtime: { type: ['object', 'null'], description: 'As runtimes[] of report.schema.json.' },
    hfbenchVersion: maybeText,
  });
}

function process(): Schema {
  const always = {
    sessionCreateNs: amount,
    firstRunNs: amount,
    peakRssBytes: nullable('number', 0),
    burstMedianNs: { ...array(amount), description: 'Median of the timed runs of every burst.' },
    burstRunNs: { ...array(amount), description: 'Wall time of a run in every burst.' },
  };
  const description = 'Preprocessing of a run in every burst; scenario pipeline alone.';
  return object(always, undefined, { burstPreprocessNs: { ...array(amount), description } });
}

/** Measured and failed sessions in one: `state` says which of the fields are there. */
function session(): Schema {
  const always = { state: { enum: ['measured', 'failed'] }, index: count };
  return object(always, undefined, {
    opened: { enum: ['a', 'b'] },
    cpus: { type: ['array', 'null'], items: count, description: 'CPUs that both processes were bound to.' },
    order: { ...text, description: 'Who went first in each round.' },
    runs: count,
    rewarmRuns: count,
    startNs: amount,
    wallNs: amount,
    a: process(),
    b: process(),
    outputs: object({ relativeL2: nullable('number', 0), output: maybeText, problem: maybeText, wrong: flag }),
    side: { enum: ['a', 'b'] },
    kind: { enum: ['refused', 'ended', 'interrupted'] },
    reason: object({ code: text, message: text }),
  });
}

function duet(): Schema {
  return object({
    ...head('hfbench-duet'),
    seed: count,
    environment: { type: 'object', description: 'As environments[] of report.schema.json.' },
    cells: array(object({ label: text, a: side(), b: side(), sessions: array(session()) })),
  });
}

export function duetSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:hfbench:duet:1',
    title: "hfbench duet's report, version 1",
    ...duet(),
  };
}
