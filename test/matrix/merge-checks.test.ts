import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mergeChecks } from '../../src/matrix/merge-checks.js';
import { cell, checkReport } from '../support/cells.js';

const crash = { loads: false, runs: null, error: null, problem: { code: 'crash', message: 'gone' } };

test('the newer cell wins, wherever it stands, and a disagreement is named', () => {
  const old = cell({}, { ...crash, date: '2026-01-01T00:00:00.000Z' });
  const now = cell({}, { date: '2026-01-05T00:00:00.000Z' });
  const other = cell({ model: 'gpt2' });
  for (const files of [
    [[old, other], [now]],
    [[now], [old, other]],
  ]) {
    const reports = files.map((cells, index) => ({ name: `${index}.json`, report: checkReport(cells) }));
    const { cells, conflicts } = mergeChecks(reports);
    assert.equal(cells.length, 2);
    assert.equal(
      cells.find(({ model }) => model === 'bert'),
      now,
    );
    assert.is(conflicts.length, 1);
    assert.match(conflicts[0]!, /^bert cpu fp32: 'full' of \d\.json \(2026-01-05.*\) replaces 'failed' of \d\.json/);
  }
});

test('cells that agree are no conflict; other options are another cell', () => {
  const again = cell({}, { date: '2026-02-01T00:00:00.000Z' });
  const options = cell({ providerOptions: { a: '1' } });
  const { cells, conflicts } = mergeChecks([
    { name: 'a', report: checkReport([cell({})]) },
    { name: 'b', report: checkReport([again, options]) },
  ]);
  assert.equal(cells, [again, options]);
  assert.equal(conflicts, []);
});

test.run();
