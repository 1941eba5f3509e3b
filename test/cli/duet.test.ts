// hfbench duet from the arguments to the bytes, with scripted durations.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { DuetReport } from '../../src/record/duet.js';
import { hfbench, start, until } from '../support/cli.js';
import { PLAYED, SCATTER, scriptedFolder } from '../support/duet.js';
import { assertGolden } from '../support/golden.js';

const folder = scriptedFolder({
  a: { ns: 2e6 },
  slow: { ns: 2.1e6, scatter: SCATTER },
  once: {
    ns: 2e6,
    scatter: SCATTER,
    fault: { kind: 'abort', at: 'sample', afterRuns: 60, message: 'scripted' },
    faultIn: [1],
  },
  hangs: { ns: 2e6, fault: { kind: 'hang', at: 'sample', afterRuns: 60 } },
});
const THREE = ['--sessions', '3', ...PLAYED];

test('two files: ratio, interval, noise, and the same order from the same seed', async () => {
  const { code, stdout, stderr } = await hfbench(['duet', 'a.onnx', 'slow.onnx', ...THREE, '--json', 'd.json'], folder);
  assert.is(stderr, '');
  assert.is(code, 0);
  assertGolden('gate/cli-duet.txt', stdout);
  await hfbench(['duet', 'a.onnx', 'slow.onnx', ...THREE, '--json', 'e.json'], folder);
  const [one, two] = ['d.json', 'e.json'].map(
    (name): DuetReport => JSON.parse(readFileSync(join(folder, name), 'utf8')),
  );
  const orders = (report: DuetReport) =>
    report.cells[0]!.sessions.map((session) => (session.state === 'measured' ? session.opened + session.order : ''));
  assert.is(one!.seed, 7);
  assert.equal(orders(one!), orders(two!));
  assert.is(new Set(orders(one!)).size, 3, 'sessions have orders of their own');
  assert.match(orders(one!).join(''), /a.*b|b.*a/);
});

test('a session that dies is played once more; both are in the report', async () => {
  const args = ['duet', 'a.onnx', 'once.onnx', ...THREE, '--json', 'f.json'];
  const { code, stdout } = await hfbench(args, folder);
  assert.is(code, 3, 'it dies in the repetition too');
  assert.match(
    stdout,
    /session 2 failed in B: the process crashed \(SIGABRT\) while playing a burst; it said: scripted/,
  );
  const { cells } = JSON.parse(readFileSync(join(folder, 'f.json'), 'utf8')) as DuetReport;
  assert.equal(
    cells[0]!.sessions.map(({ state, index }) => `${state} ${index}`),
    ['measured 0', 'failed 1', 'failed 1'],
  );
});

test('a session that hangs ends at --case-timeout', async () => {
  const { code, stdout } = await hfbench(['duet', 'a.onnx', 'hangs.onnx', ...THREE, '--case-timeout', '4s'], folder);
  assert.is(code, 3);
  assert.match(stdout, /no end of the session after 4 s \(--case-timeout\)/);
});

test('Ctrl-C keeps what was measured and says so by the exit code', async () => {
  const pidFile = join(folder, 'pid');
  const { child, finished } = start(['duet', 'a.onnx', 'hangs.onnx', ...THREE], folder, {
    HFBENCH_FAKE_PID_FILE: pidFile,
  });
  await until(() => {
    try {
      return readFileSync(pidFile, 'utf8') !== '';
    } catch {
      return false;
    }
  }, 'the hang');
  child.kill('SIGINT');
  const { code, stderr, stdout } = await finished;
  assert.is(code, 3);
  assert.match(stderr, /stopping/);
  assert.match(stdout, /session 1 failed in [AB]: interrupted/);
});

for (const [args, message] of [
  [['a.onnx', '--a-threads', '1,2'], /--a-threads 1,2: a side has one; lists are for both sides/],
  [['a.onnx', '--scenario', 'cold-start'], /--scenario cold-start: a duet plays latency, throughput or pipeline/],
  [['a.onnx', '--a-hfbench', '.', '--a-ref', 'main'], /--a-hfbench and --a-ref: give one or the other/],
  [
    ['a.onnx', '--b-hfbench', '.'],
    /hfbench in \.: there is no dist\/src\/run\/duet\/worker\.js: it is no folder of hfbench/,
  ],
  [['a.onnx', '--b-ref', 'HEAD'], /is in no git repository/],
  [['a.onnx', 'missing.onnx'], /missing\.onnx: there is no such file/],
  [['a.onnx', '--sessions', '0'], /--sessions 0: expected a whole number/],
  [['a.onnx', '--b-ep', 'nothing'], /nothing/],
  [[], /nothing to run/],
] as const)
  test(`refused in one line: duet ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await hfbench(['duet', ...args, ...PLAYED], folder, {
      GIT_CEILING_DIRECTORIES: '/',
    });
    assert.is(code, 2);
    assert.is(stdout, '');
    assert.match(stderr, message);
    assert.is(stderr.trimEnd().split('\n').length, 1);
  });

test.run();
