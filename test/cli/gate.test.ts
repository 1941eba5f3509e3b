// hfbench gate from the arguments to the exit code, with scripted durations.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { GateReport } from '../../src/record/gate.js';
import type { FakeScript } from '../../src/runtime/fake.js';
import { hfbench } from '../support/cli.js';
import { PLAYED, SCATTER, scriptedFolder } from '../support/duet.js';
import { assertGolden } from '../support/golden.js';

const folder = scriptedFolder({
  a: { ns: 2e6, scatter: SCATTER.map((x) => x / 2) },
  same: { ns: 2e6, scatter: SCATTER },
  slow: { ns: 2.1e6, scatter: SCATTER },
  noisy: { ns: 2.03e6, scatter: SCATTER.map((x) => x * 20) },
  wrong: { ns: 1.5e6, scatter: SCATTER, outputValue: 3 },
  dies: { ns: 2e6, fault: { kind: 'kill', at: 'sample', afterRuns: 60 } },
  broken: { ns: 2e6, fault: { kind: 'ort-error', at: 'open' } },
});
const TWO = ['--metric', 'latency,accuracy'];
const gate = (...args: string[]) => hfbench(['gate', ...args, ...PLAYED], folder);

for (const [candidate, expected] of [
  ['same', 0],
  ['slow', 4],
  ['noisy', 5],
  ['wrong', 4],
  ['dies', 5],
  ['broken', 4],
] as const)
  test(`${candidate}: exit code ${expected}`, async () => {
    const { code, stdout, stderr } = await gate('a.onnx', `${candidate}.onnx`, ...TWO);
    assert.is(stderr, '');
    assert.is(code, expected);
    assertGolden(`gate/cli-${candidate}.txt`, stdout);
  });

test('a baseline that does not run leaves nothing to compare: code 2', async () => {
  const { code, stdout } = await gate('broken.onnx', 'a.onnx', ...TWO);
  assert.is(code, 2);
  assert.match(stdout, /the baseline does not run: FAIL: scripted failure/);
});

test('a metric that the runtime does not know is inconclusive, not passed', async () => {
  const { code, stdout } = await gate('a.onnx', 'same.onnx');
  assert.is(code, 5);
  assert.match(stdout, /memory: this metric is unknown here/);
});

test('a pipeline is gated on all of it and on its preprocessing', async () => {
  const script = JSON.parse(readFileSync(join(folder, 'script.json'), 'utf8')) as FakeScript;
  script.models.vit = { ...script.models['a.onnx']!, preprocessNs: 5e5, outputNs: 1e5 };
  writeFileSync(join(folder, 'pipeline.json'), JSON.stringify(script));
  const args = ['vit', '--size', 'tiny', '--scenario', 'pipeline', ...PLAYED, '--fake-script', 'pipeline.json'];
  const { code, stderr } = await hfbench(['gate', ...args, '--json', 'p.json'], folder);
  assert.is(stderr, '');
  assert.is(code, 5, 'a scripted runtime knows no memory');
  const { rows, duet } = JSON.parse(readFileSync(join(folder, 'p.json'), 'utf8')) as GateReport;
  assert.equal(
    rows.map(({ metric, verdict, a }) => [metric, verdict, a]),
    [
      ['latency', 'pass', 2.6e6],
      ['preprocess', 'pass', 5e5],
      ['memory', 'inconclusive', null],
      ['accuracy', 'pass', null],
    ],
  );
  const [session] = duet!.cells[0]!.sessions;
  assert.is(session!.state === 'measured' && session.a.burstPreprocessNs!.length, 6);
});

test('a shard plays its cells, and its failures must be surer', async () => {
  const shard = (part: string) =>
    gate('a.onnx', 'a.onnx', '--threads', '1,2,3', ...TWO, '--shard', part, '--json', 's.json');
  const report = () => JSON.parse(readFileSync(join(folder, 's.json'), 'utf8')) as GateReport;
  assert.is((await shard('1/2')).code, 0);
  assert.equal([...new Set(report().rows.map(({ cell }) => cell))].length, 2);
  assert.is(report().rule.familyAlpha, 0.025);
  assert.is((await shard('2/2')).code, 0);
  assert.is([...new Set(report().rows.map(({ cell }) => cell))].length, 1);
  const none = await shard('4/4');
  assert.is(none.code, 2);
  assert.match(none.stderr, /--shard 4\/4: nothing to do, the whole has 3 parts/);
  const calibration = await gate('--calibrate', 'a.onnx', '--shard', '1/2');
  assert.is(calibration.code, 2);
  assert.match(calibration.stderr, /--calibrate and --shard/);
});

test('all outputs of one gate', async () => {
  const files = [
    '--json',
    'g.json',
    '--markdown',
    'g.md',
    '--junit',
    'g.xml',
    '--code-quality',
    'g.cq.json',
    '--annotate',
  ];
  const { code, stdout } = await gate('a.onnx', 'slow.onnx', ...TWO, ...files);
  assert.is(code, 4);
  assert.match(stdout, /^::error title=hfbench gate%3A FAIL::a\.onnx \| slow\.onnx cpu fake, latency: \+/m);
  const report = JSON.parse(readFileSync(join(folder, 'g.json'), 'utf8')) as GateReport;
  assert.is(report.verdict, 'fail');
  assert.is(report.duet!.seed, 7);
  assert.match(readFileSync(join(folder, 'g.md'), 'utf8'), /^### ❌ hfbench gate: FAIL/);
  assert.match(readFileSync(join(folder, 'g.xml'), 'utf8'), /failures="1" errors="0"/);
  assert.is(JSON.parse(readFileSync(join(folder, 'g.cq.json'), 'utf8')).length, 1);
  const badge = await hfbench(['badge', 'g.json', '--format', 'endpoint'], folder);
  assert.equal(JSON.parse(badge.stdout), {
    schemaVersion: 1,
    label: 'performance',
    message: 'regression',
    color: 'red',
  });
});

test('margins: of flags, of the budget file that lies there, unknown keys by name', async () => {
  const wide = await gate('a.onnx', 'slow.onnx', ...TWO, '--margin', '10%', '--budget', '20%');
  assert.is(wide.code, 0);
  const place = join(folder, 'project');
  mkdirSync(place);
  for (const name of ['a.onnx', 'slow.onnx', 'script.json'])
    writeFileSync(join(place, name), readFileSync(join(folder, name)));
  const budget = join(place, 'hfbench.gate.json');
  writeFileSync(
    budget,
    JSON.stringify({ version: 1, models: { 'slow*': { latency: { margin: '10%', budget: '20%' } } } }),
  );
  const args = ['gate', 'a.onnx', 'slow.onnx', ...TWO, ...PLAYED];
  assert.is((await hfbench(args, place, { HFBENCH_STATE_DIR: join(folder, 'state') })).code, 0);
  writeFileSync(budget, JSON.stringify({ version: 1, budgets: {} }));
  const refused = await hfbench(args, place);
  assert.is(refused.code, 2);
  assert.match(refused.stderr, /hfbench\.gate\.json: unknown key "budgets"/);
});

test('--calibrate plays a model against itself, keeps what it found, and later verdicts print it', async () => {
  const first = await gate('--calibrate', 'same.onnx', '--verdicts', '2');
  assert.is(first.code, 0, first.stderr);
  assert.match(first.stdout, /0 false failures in 2 verdicts \(at most 78 %\)/);
  assert.is(readdirSync(join(folder, 'state/calibration')).length, 1);
  const later = await gate('a.onnx', 'same.onnx', ...TWO);
  assert.match(later.stdout, /this host against itself on 2026-01-02 \(same\.onnx cpu fake, 12 sessions\)/);
});

const recorded = ['--runtime', 'fake', '--fake-script', 'script.json', '--max-samples', '30', '--quiet'];

test('a recorded baseline decides on a host that holds still, and only advises elsewhere', async () => {
  const run = await hfbench(['run', 'a.onnx', ...recorded, '--json', 'base.json'], folder);
  assert.is(run.code, 0);
  const known = await gate('a.onnx', '--baseline', 'base.json', '--metric', 'latency');
  assert.is(known.code, 0, known.stdout + known.stderr);
  const elsewhere = join(folder, 'uncalibrated');
  mkdirSync(elsewhere);
  const args = ['gate', 'a.onnx', '--baseline', 'base.json', '--metric', 'latency', ...PLAYED];
  const unknown = await hfbench(args, folder, { HFBENCH_STATE_DIR: elsewhere });
  assert.is(unknown.code, 5);
  assert.match(unknown.stdout, /advisory: the noise of this host is unknown/);
  assert.match(unknown.stdout, /verdict: pass, advisory only/);
  assert.not.ok(existsSync(join(elsewhere, 'calibration')));
});

test('a recording of another machine, another case or another format is refused', async () => {
  const report = JSON.parse(readFileSync(join(folder, 'base.json'), 'utf8'));
  const write = (name: string, change: (value: typeof report) => void) => {
    const copy = structuredClone(report);
    change(copy);
    writeFileSync(join(folder, name), JSON.stringify(copy));
  };
  write('machine.json', (value) => {
    value.environments[0].fingerprint = 'other';
    value.environments[0].cpu.model = 'Another CPU';
  });
  write('version.json', (value) => {
    value.version = 9;
  });
  writeFileSync(join(folder, 'cut.json'), JSON.stringify(report).slice(0, 900));
  for (const [file, message] of [
    ['machine.json', /another machine \(model: Another CPU there, Example CPU 9000 here\)/],
    ['version.json', /has report version 9/],
    ['cut.json', /no complete JSON/],
    ['g.json', /is no hfbench report/],
    ['missing.json', /no such file/],
  ] as const) {
    const { code, stderr } = await gate('a.onnx', '--baseline', file);
    assert.is(code, 2, file);
    assert.match(stderr, message);
  }
  const other = await gate('slow.onnx', '--baseline', 'base.json', '--metric', 'latency');
  assert.is(other.code, 2);
  assert.match(other.stdout, /the baseline has no such case/);
});

for (const [args, message] of [
  [['a.onnx', '--looks', '12,6'], /--looks 12,6: expected ascending/],
  [['a.onnx', '--metric', 'speed'], /--metric speed: expected one of latency/],
  [['a.onnx', '--margin', '5%'], /the budget \(0\.03\) must be above the margin \(0\.05\)/],
  [['a.onnx', '--verdicts', '3'], /--verdicts: of --calibrate/],
  [['--calibrate', 'a.onnx', '--b-threads', '2'], /both sides are the same/],
  [['a.onnx', '--baseline', 'base.json', '--a-threads', '2'], /the baseline is recorded, so A has no flags/],
  [['a.onnx', '--json', 'x', '--markdown', 'x'], /another flag writes the same file/],
  [['a.onnx', '--budget-file', 'missing.json'], /there is no such file/],
] as const)
  test(`refused in one line: gate ${args.join(' ')}`, async () => {
    const { code, stderr } = await gate(...args);
    assert.is(code, 2);
    assert.match(stderr, message);
    assert.is(stderr.trimEnd().split('\n').length, 1);
  });

test.run();
