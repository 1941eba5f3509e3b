import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toReport } from '../../src/record/report.js';
import { reportSchema } from '../../src/record/report-schema.js';
import { firstViolation } from '../../src/record/schema.js';
import { ROOT } from '../support/golden.js';
import { OUTCOMES } from '../support/outcomes.js';
import { uniform } from '../support/random.js';

const ABOUT = { hfbench: '0.1.0', createdAt: '2026-01-02T03:05:00.000Z', command: ['run', 'bert'] };
const report = () => structuredClone(toReport(OUTCOMES, ABOUT)) as unknown as Json;
const schema = reportSchema();
const validate = new Ajv2020().compile(schema);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

test('the published file is the schema that the table of columns makes (UPDATE_GOLDEN=1 renews it)', () => {
  const path = join(ROOT, 'src/export/report.schema.json');
  const text = `${JSON.stringify(reportSchema(), null, 2)}\n`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(path, text);
  assert.is(readFileSync(path, 'utf8'), text);
});

test('ajv accepts what toReport makes', () => {
  assert.ok(validate(report()), JSON.stringify(validate.errors));
  assert.ok(validate(structuredClone(toReport([], ABOUT))));
});

test('no field of the sample outcomes is missing in the schema', () => {
  const unknown: string[] = [];
  walk(report(), reportSchema() as unknown as Json, '', unknown);
  assert.equal(unknown, []);
});

test('our checker and ajv agree on 1500 damaged reports', () => {
  const next = uniform(99);
  let refused = 0;
  for (let round = 0; round < 1500; round += 1) {
    const damaged = report();
    damage(damaged, next);
    const accepted = validate(damaged);
    assert.is(firstViolation(schema, damaged) === null, accepted, JSON.stringify(validate.errors?.[0]));
    if (!accepted) refused += 1;
  }
  assert.ok(refused > 500, `${refused}`);
});

/** Changes, removes or adds one value somewhere. */
function damage(value: Json, next: () => number): void {
  const values: Json[] = [null, true, -1, 0, 2.5, 'text', [], {}, [1], { a: 1 }];
  const any = () => values[Math.floor(next() * values.length)]!;
  let holder = value as Json[] | { [key: string]: Json };
  for (;;) {
    const keys = Object.keys(holder);
    const key = keys[Math.floor(next() * keys.length)] as never;
    const inner = holder[key] as Json;
    if (inner !== null && typeof inner === 'object' && Object.keys(inner).length > 0 && next() < 0.85) {
      holder = inner;
    } else {
      if (next() < 0.2 && !Array.isArray(holder)) delete holder[key];
      else holder[key] = any() as never;
      return;
    }
  }
}

/** Collects the paths of object keys for which the schema has no property. */
function walk(value: Json, schema: Json, path: string, unknown: string[]): void {
  const { items, properties } = schema as { items?: Json; properties?: Record<string, Json> };
  if (Array.isArray(value)) for (const item of value) walk(item, items!, path, unknown);
  else if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      const known = properties?.[key];
      if (known === undefined) unknown.push(`${path}.${key}`);
      else walk(inner, known, `${path}.${key}`, unknown);
    }
  }
}

test.run();
