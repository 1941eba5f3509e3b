import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exporter as json } from '../../src/export/json.js';
import { parseReport, readReport } from '../../src/record/read-report.js';
import { toReport } from '../../src/record/report.js';
import { UsageError } from '../../src/util/error.js';
import { OUTCOMES } from '../support/outcomes.js';
import { uniform } from '../support/random.js';

const report = toReport(OUTCOMES, { hfbench: '0.1.0', createdAt: '2026-01-02T03:05:00.000Z', command: ['run'] });
const text = json.render(report, {});

/** The message of the UsageError; fails when there is none, or it is more than a line. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.instance(error, UsageError);
    const { message } = error as Error;
    assert.not.match(message, /\p{Cc}/u);
    return message;
  }
  throw new Error('was accepted');
}

test('what is written can be read back', () => {
  assert.equal(parseReport(text, 'a.json'), report);
});

test('every truncation is refused in one line', () => {
  const next = uniform(12);
  for (let round = 0; round < 400; round += 1) {
    const length = Math.floor(next() * (text.length - 2));
    assert.match(
      refusal(() => parseReport(text.slice(0, length), 'a.json')),
      /^a\.json: is no complete JSON/,
    );
  }
});

test('no flipped byte gets past as anything but a report or a refusal', () => {
  const next = uniform(13);
  let refused = 0;
  for (let round = 0; round < 400; round += 1) {
    const at = Math.floor(next() * text.length);
    const changed = text.slice(0, at) + String.fromCharCode(32 + next() * 90) + text.slice(at + 1);
    try {
      parseReport(changed, 'a.json');
    } catch (error) {
      assert.instance(error, UsageError);
      refused += 1;
    }
  }
  assert.ok(refused > 100, `${refused}`);
});

test('other files are named for what they are', () => {
  const message = (value: unknown) => refusal(() => parseReport(JSON.stringify(value), 'a.json'));
  for (const value of [null, 7, [], {}, { schema: 'other' }]) assert.match(message(value), /is no hfbench report/);
  assert.match(message({ ...report, version: 2 }), /version 2, this hfbench reads version 1/);
  assert.match(message({ ...report, version: '1' }), /version "1"/);
  assert.match(message({ ...report, records: {} }), /records must be array/);
});

test('damage is named with its place', () => {
  const message = (change: (copy: typeof report) => void) => {
    const copy = structuredClone(report);
    change(copy);
    return refusal(() => parseReport(JSON.stringify(copy), 'a.json'));
  };
  assert.match(
    message((copy) => Object.assign(copy.records[1]!.row, { batch: 'x\u001b[31m' })),
    /records\[1\]\.row\.batch must be integer or null, is "x/,
  );
  assert.match(
    message((copy) => Object.assign(copy.records[0]!, { environment: 5 })),
    /records\[0\] names an environment \(5\) that the report does not hold/,
  );
  assert.match(
    message((copy) => copy.records[0]!.outliers.push(10_000)),
    /records\[0\] names a sample \(10000\)/,
  );
  assert.match(
    message((copy) => copy.records[0]!.samplesNs.push(-1)),
    /samplesNs\[120\] must be 0 or more/,
  );
});

test('columns of another hfbench: unknown ones go, missing ones are unknown', () => {
  const copy = structuredClone(report);
  for (const { row } of copy.records) {
    delete row.latency_mad_ns;
    row.later_metric = 3;
  }
  const read = parseReport(JSON.stringify(copy), 'a.json');
  assert.equal(Object.keys(read.records[0]!.row), Object.keys(report.records[0]!.row));
  assert.is(read.records[0]!.row.latency_mad_ns, null);
});

test('names that mean something to JavaScript do no harm', () => {
  const hostile = text.replace('"model":"bert"', '"__proto__":null,"constructor":"x","model":"bert"');
  assert.is(parseReport(hostile, 'a.json').records[0]!.row.model, 'bert');
});

test('paths that hold no report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hfbench-read-report-'));
  try {
    assert.match(
      refusal(() => readReport(join(folder, 'none.json'))),
      /none\.json: no such file$/,
    );
    assert.match(
      refusal(() => readReport(folder)),
      /is no file/,
    );
    const path = join(folder, 'empty.json');
    writeFileSync(path, '');
    assert.match(
      refusal(() => readReport(path)),
      /is no complete JSON/,
    );
    writeFileSync(path, text);
    assert.is(readReport(path).records.length, OUTCOMES.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
