// What becomes of a cell whose process aborts, hangs or dies: a finding, and the next cell is tried in a new process.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Checker } from '../../src/check/checker.js';
import type { Found } from '../../src/check/protocol.js';
import { levelOf } from '../../src/matrix/cell.js';
import { cell } from '../support/cells.js';

const checkers = suite('checker');
const cancel = new AbortController();
const checker = new Checker({
  folder: '',
  ortLibrary: null,
  providerLibraries: [],
  timeoutMs: 5000,
  cancel: cancel.signal,
  worker: new URL('../support/check-worker.js', import.meta.url),
});
checkers.after(() => checker.close());

async function found(model: string, provider = 'cpu'): Promise<Found> {
  const answer = await checker.check(cell({ model, provider }), 1, null);
  if (!answer || !('found' in answer)) throw new Error('expected an answer');
  return answer.found;
}

checkers('a process serves many cells of one provider', async () => {
  assert.is((await found('fine')).error, 0.01);
  assert.is((await found('fine')).error, 0.02);
  assert.is((await found('fine', 'webgpu')).error, 0.01);
});

checkers('an abort while loading is a failed cell with what was known before', async () => {
  const evidence = await found('aborts');
  assert.equal([evidence.loads, evidence.graphDigest, evidence.problem?.code], [false, 'abc', 'crash']);
  assert.match(evidence.problem!.message, /the process crashed \(SIGABRT\) while loading it/);
  assert.is((await found('fine')).error, 0.01);
});

checkers('a process that ends while running has loaded; its last words are kept in one line', async () => {
  const evidence = await found('dies-running');
  assert.equal([evidence.loads, evidence.runs, evidence.problem?.code], [true, false, 'crash']);
  assert.is(evidence.problem!.message, 'the process ended with code 7 while running it; it said: out of device memory');
  assert.is(levelOf({ ...cell({}), ...evidence }), 'failed');
});

checkers('what a process said of an earlier cell is not said of this one', async () => {
  assert.is((await found('warns')).problem, null);
  await new Promise((resolve) => setTimeout(resolve, 100)); // the pipe is not the channel that answers
  const { problem } = await found('dies-running');
  assert.match(problem!.message, /; it said: out of device memory$/);
});

checkers('a process that does not answer is killed', async () => {
  const evidence = await found('hangs');
  assert.equal([evidence.loads, evidence.problem?.code], [false, 'timeout']);
  assert.match(evidence.problem!.message, /no answer within 5 s, it was loading it/);
  assert.is((await found('fine')).error, 0.01);
});

checkers('a process that died between two cells is replaced', async () => {
  await found('dies-later');
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.is((await found('fine')).error, 0.01);
});

checkers('what is known may still hold', async () => {
  assert.equal(await checker.check(cell({ model: 'fine' }), 1, await found('fine')), { fresh: true });
});

checkers('cancelled: no answer, and no cell after it', async () => {
  const pending = checker.check(cell({ model: 'hangs' }), 1, null);
  setTimeout(() => cancel.abort(), 100);
  assert.is(await pending, null);
  assert.is(await checker.check(cell({ model: 'fine' }), 1, null), null);
});

checkers.run();
