import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COLUMNS, columnNamed, toRow } from '../../src/record/columns.js';
import { UsageError } from '../../src/util/error.js';
import { assertGolden } from '../support/golden.js';
import { measuredOutcome, OUTCOMES, sampleCase } from '../support/outcomes.js';

test('names, order, types and units are part of the interface', () => {
  const lines = COLUMNS.map(({ name, sqlType, unit, better, group }) =>
    [name, sqlType, unit ?? '-', better ?? '-', group].join(' '),
  );
  assertGolden('record/columns.txt', `${lines.join('\n')}\n`);
});

test('names are unique and every column is described', () => {
  assert.is(new Set(COLUMNS.map(({ name }) => name)).size, COLUMNS.length);
  for (const { name, description } of COLUMNS) assert.match(description, /^\S.*\.$/, name);
});

test('every row has every column in order, with values of the right type', () => {
  for (const outcome of OUTCOMES) {
    const row = toRow(outcome);
    assert.equal(
      Object.keys(row),
      COLUMNS.map(({ name }) => name),
    );
    for (const { name, sqlType } of COLUMNS) {
      const value = row[name];
      if (value === null) continue;
      const right = { VARCHAR: 'string', TIMESTAMP: 'string', BOOLEAN: 'boolean', BIGINT: 'number', DOUBLE: 'number' };
      assert.is(typeof value, right[sqlType], name);
      if (sqlType === 'BIGINT') assert.ok(Number.isSafeInteger(value), `${name}: ${value}`);
    }
  }
});

test('provider options are sorted, warnings of case and machine are joined once each', () => {
  const row = toRow({
    ...measuredOutcome({ providerOptions: { b: '2', a: '1' } }),
    warnings: [
      { code: 'drift', message: 'm', advice: 'a' },
      { code: 'cpu-governor', message: 'm', advice: 'a' },
    ],
  });
  assert.is(row.provider_options, 'a=1,b=2');
  assert.is(row.warnings, 'drift cpu-governor');
});

test('threads that ONNX Runtime chose are unknown, not 0', () => {
  assert.is(toRow(measuredOutcome({ threads: 0 })).threads, null);
  assert.is(toRow(measuredOutcome({ threads: 2 })).threads, 2);
});

test('a reason stands only where nothing was measured', () => {
  assert.equal(
    OUTCOMES.map((outcome) => [outcome.state, toRow(outcome).reason]),
    [
      ...[1, 2, 3, 4].map(() => ['measured', null]),
      ['failed', 'case-timeout'],
      ['skipped', 'out-of-memory'],
      ['unsupported', 'provider'],
    ],
  );
});

test('unknown columns are refused', () => {
  assert.is(columnNamed('model').from(measuredOutcome(sampleCase())), 'bert');
  assert.throws(
    () => columnNamed('latency'),
    (error: unknown) => error instanceof UsageError,
  );
});

test.run();
