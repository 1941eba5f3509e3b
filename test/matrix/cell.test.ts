import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CRITERIA, cellKey, type Evidence, LEVELS, providerLabel } from '../../src/matrix/cell.js';
import { cellText, sharePercent } from '../../src/matrix/view.js';
import { cell } from '../support/cells.js';

const level = (evidence: Partial<Evidence>) => cell({}, evidence).level;

test('each level from its evidence', () => {
  assert.is(level({}), 'full');
  assert.is(level({ placement: { nodes: 9, onProvider: 8, elsewhere: [{ operator: 'Cast', count: 1 }] } }), 'partial');
  assert.is(level({ placement: null }), 'partial');
  assert.is(level({ error: 1.1e-4 }), 'wrong');
  assert.is(level({ error: 1e-4 }), 'full');
  assert.is(level({ error: null, problem: { code: 'wrong-output', message: 'not finite' } }), 'wrong');
  assert.is(level({ placement: { nodes: 9, onProvider: 0, elsewhere: [] } }), 'failed');
  assert.is(level({ loads: false, runs: null, error: null }), 'failed');
  assert.is(level({ runs: false, error: null }), 'failed');
  for (const code of ['crash', 'timeout', 'ort-error', 'no-device'])
    assert.is(level({ problem: { code, message: 'x' } }), 'failed', code);
  for (const code of ['provider', 'dtype', 'operator'])
    assert.is(level({ problem: { code, message: 'x' } }), 'unsupported', code);
});

test('every level has its criterion', () => {
  assert.equal(Object.keys(CRITERIA), [...LEVELS]);
});

test('options name a provider in any order', () => {
  const one = cell({ provider: 'cuda', providerOptions: { b: '1', a: '2' } });
  const other = cell({ provider: 'cuda', providerOptions: { a: '2', b: '1' } });
  assert.is(providerLabel(one), 'cuda:a=2,b=1');
  assert.is(cellKey(one), cellKey(other));
  assert.is.not(cellKey(one), cellKey(cell({ provider: 'cuda' })));
});

test('a share is never rounded to all or nothing', () => {
  const percent = (onProvider: number, nodes: number) => sharePercent({ onProvider, nodes });
  assert.equal([percent(0, 9), percent(1, 900), percent(899, 900), percent(900, 900)], [0, 1, 99, 100]);
  assert.is(cellText(cell({}, { placement: null })), 'partial, share unknown');
  assert.is(cellText(null), 'not tried');
});

test.run();
