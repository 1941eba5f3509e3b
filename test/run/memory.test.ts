import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryShortage, neededBytes } from '../../src/run/memory.js';
import { oomKilledSince, oomKills } from '../../src/run/oom.js';
import { BERT } from '../support/outcomes.js';

const GIB = 2 ** 30;

test('a model needs its weights twice, its activations, and a process around them', () => {
  const more = { ...BERT, activationBytes: BERT.activationBytes! + GIB };
  assert.is(neededBytes(more)! - neededBytes(BERT)!, GIB);
  assert.ok(neededBytes({ ...BERT, modelBytes: GIB })! > 2 * GIB);
  assert.ok(neededBytes({ ...BERT, modelBytes: 0 })! > 0);
  assert.is(neededBytes({ ...BERT, modelBytes: null }), null);
});

test('what does not fit is told with both numbers', () => {
  const shortage = memoryShortage({ ...BERT, modelBytes: 8 * GIB, activationBytes: GIB }, 4 * GIB);
  assert.is(shortage!.code, 'memory');
  assert.match(
    shortage!.message,
    /^needs about 17\.2 GiB \(twice its 8\.00 GiB of weights and 1\.00 GiB of activations\), 4\.00 GiB are free$/,
  );
});

test('what fits, or is unknown, is tried', () => {
  assert.is(memoryShortage({ ...BERT, modelBytes: GIB }, 8 * GIB), null);
  assert.is(memoryShortage({ ...BERT, modelBytes: null }, 1), null);
  assert.is(memoryShortage({ ...BERT, modelBytes: 100 * GIB }, null), null);
});

test('a counter of out-of-memory kills that has risen since means one', () => {
  const now = oomKills();
  assert.is(oomKilledSince(now), false);
  assert.is(oomKilledSince(new Map()), false);
  if (process.platform !== 'linux') return;
  assert.ok(now.size > 0, 'Linux tells at least of the whole system');
  const [path, count] = [...now][0]!;
  assert.is(oomKilledSince(new Map([[path, count - 1]])), true);
  assert.is(oomKilledSince(new Map([['/nowhere', 0]])), false);
});

test.run();
