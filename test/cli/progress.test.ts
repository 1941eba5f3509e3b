import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ProgressState, progressLine } from '../../src/cli/progress.js';
import { wantsColor } from '../../src/cli/terminal.js';

const state = (changes: Partial<ProgressState> = {}): ProgressState => ({
  done: 1,
  total: 4,
  label: 'bert fp32 seq 128 cpu',
  phase: 'sample',
  fraction: 0.5,
  elapsedNs: 65e9,
  perCaseNs: 20e9,
  ...changes,
});

test('a bar, the case, the time that is left, the words', () => {
  assert.is(progressLine(state(), 100), '█████████░░░░░░░░░░░ 2/4 ETA 0:46  bert fp32 seq 128 cpu, sampling');
});

test('before the first case is measured it shows the time that has gone', () => {
  assert.match(
    progressLine(state({ done: 0, perCaseNs: 0, phase: 'open', fraction: 0 }), 100),
    /^░+ 1\/4 1:05 {2}bert/,
  );
});

test('hours', () => {
  assert.match(progressLine(state({ total: 1000, perCaseNs: 60e9 }), 100), /ETA 16:3\d:\d\d/);
});

test('never wider than the terminal, never more than full', () => {
  for (const width of [0, 1, 10, 40]) assert.ok([...progressLine(state(), width)].length <= width);
  assert.match(progressLine(state({ done: 4, phase: 'done', fraction: 1 }), 100), /^█{20,} 4\/4 ETA 0:00/);
});

test('a name with control characters cannot move the cursor', () => {
  assert.not(progressLine(state({ label: 'a\u001b[2Jb' }), 100).includes('\u001b'));
});

test('colour: for a terminal, unless NO_COLOR; FORCE_COLOR for pagers', () => {
  const tty = { isTTY: true } as NodeJS.WriteStream;
  const pipe = {} as NodeJS.WriteStream;
  assert.is(wantsColor(tty, {}), true);
  assert.is(wantsColor(pipe, {}), false);
  assert.is(wantsColor(tty, { NO_COLOR: '1' }), false);
  assert.is(wantsColor(tty, { NO_COLOR: '' }), true, 'an empty NO_COLOR says nothing');
  assert.is(wantsColor(pipe, { FORCE_COLOR: '1' }), true);
  assert.is(wantsColor(tty, { FORCE_COLOR: '0' }), false);
  assert.is(wantsColor(tty, { TERM: 'dumb' }), false);
});

test.run();
