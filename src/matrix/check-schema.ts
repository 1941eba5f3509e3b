// The JSON Schema (draft 2020-12) of a check report. Published as src/matrix/check.schema.json.

import { array, nullable, object, type Schema, text } from '../record/schema.js';
import { LEVELS } from './cell.js';

const count: Schema = { type: 'integer', minimum: 0 };

export function checkSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:hfbench:check:1',
    title: 'hfbench check report, version 1',
    ...object(
      {
        schema: { const: 'hfbench-check' },
        version: { const: 1 },
        createdAt: { ...text, description: 'ISO 8601, UTC.' },
        hfbench: { ...text, description: 'Version of hfbench that wrote the file.' },
        command: { ...array(text), description: 'Arguments of the command line.' },
        cells: array(cell()),
      },
      'What `hfbench check` found: one cell a model, provider, dtype and style. Null is unknown or not applicable.',
    ),
  };
}

function cell(): Schema {
  return object({
    model: { ...text, description: 'Name of the reference that the model was held against.' },
    family: text,
    category: text,
    provider: text,
    providerOptions: { type: 'object', additionalProperties: text },
    dtype: { enum: ['fp32', 'fp16', 'bf16', 'int8', 'int4'] },
    style: { enum: ['standard', 'fused'] },
    size: { const: 'tiny' },
    level: { enum: LEVELS.filter((level) => level !== 'not tried') },
    loads: nullable('boolean'),
    runs: nullable('boolean'),
    error: { ...nullable('number', 0), description: 'Largest relative L2 error of an output.' },
    output: { ...nullable('string'), description: 'The output of that error.' },
    limit: { type: 'number', minimum: 0, description: 'What the error must not exceed.' },
    placement: {
      ...object({ nodes: count, onProvider: count, elsewhere: array(object({ operator: text, count })) }),
      type: ['object', 'null'],
      description: 'Where the nodes of the optimised graph are.',
    },
    problem: { ...object({ code: text, message: text }), type: ['object', 'null'] },
    ortVersion: nullable('string'),
    hfbench: { ...text, description: 'Version of hfbench that tried the cell.' },
    graphDigest: { ...nullable('string'), description: 'A cell of another graph is stale.' },
    referenceDigest: { ...nullable('string'), description: 'A cell of another reference is stale.' },
    machine: { ...text, description: 'Operating system and CPU.' },
    date: { ...text, description: 'When it was tried, ISO 8601, UTC.' },
  });
}
