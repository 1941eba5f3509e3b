// Check reports travel and are edited by hand: the schema, and what it cannot say.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkSchema } from '../../src/matrix/check-schema.js';
import { parseCheckReport } from '../../src/matrix/read-check.js';
import { UsageError } from '../../src/util/error.js';
import { CELLS, checkReport } from '../support/cells.js';
import { ROOT } from '../support/golden.js';

test('the published file is the schema (UPDATE_GOLDEN=1 renews it)', () => {
  const path = join(ROOT, 'src/matrix/check.schema.json');
  const text = `${JSON.stringify(checkSchema(), null, 2)}\n`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(path, text);
  assert.is(readFileSync(path, 'utf8'), text);
});

test('ajv accepts cells of every level, and knows all their fields', () => {
  const validate = new Ajv2020().compile(checkSchema());
  assert.ok(validate(checkReport()), JSON.stringify(validate.errors));
  const known = Object.keys(checkSchema().properties!.cells!.items!.properties!).sort();
  assert.equal(Object.keys(CELLS[0]!).sort(), known);
});

test('a report is read back as it was written', () => {
  assert.equal(parseCheckReport(JSON.stringify(checkReport()), 'a.json'), checkReport());
});

type Loose = { version: unknown; schema: unknown; cells: Record<string, unknown>[] };

test('what is no sound report is refused by name', () => {
  const refused = (change: (report: Loose) => void, what: RegExp) => {
    const report = structuredClone(checkReport()) as unknown as Loose;
    change(report);
    try {
      parseCheckReport(JSON.stringify(report), 'a.json');
    } catch (error) {
      assert.instance(error, UsageError);
      assert.match((error as Error).message, what);
      return;
    }
    assert.unreachable(`accepted: ${what}`);
  };
  refused((report) => (report.schema = 'hfbench-report'), /^a\.json: is no check report/);
  refused((report) => (report.version = 2), /has check version 2, this hfbench reads version 1/);
  refused((report) => (report.cells[0]!.level = 'perfect'), /cells\[0\]\.level must be one of full/);
  refused((report) => (report.cells[0]!.level = 'failed'), /cells\[0\] says 'failed', its evidence says 'full'/);
  refused((report) => (report.cells[0]!.error = 0.5), /cells\[0\] says 'full', its evidence says 'wrong'/);
  refused((report) => delete report.cells[0]!.limit, /cells\[0\] lacks 'limit'/);
  refused((report) => (report.cells[0]!.date = 'yesterday'), /cells\[0\]\.date is no date/);
  refused((report) => report.cells.push(report.cells[0]!), /is a cell that the file holds already/);
  refused(
    (report) => (report.cells[1]!.placement = { nodes: 1, onProvider: 2, elsewhere: [] }),
    /more nodes on the provider than nodes/,
  );
  assert.throws(() => parseCheckReport('{"schema": "hfbench-check"', 'cut.json'), /cut\.json: is no complete JSON/);
  assert.throws(() => parseCheckReport('null', 'a.json'), /is no check report/);
});

test.run();
