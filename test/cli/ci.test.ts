// Pipelines, badges and exports through the command line.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { CI_SYSTEMS, pipelineFiles } from '../../src/ci/index.js';
import { quoted } from '../../src/ci/script.js';
import { coverageBadge, metricBadge, statusBadge } from '../../src/export/badge/badge.js';
import { BADGE_FORMATS } from '../../src/export/badge/format.js';
import { folderWith, hfbench } from '../support/cli.js';
import { assertGolden, ROOT } from '../support/golden.js';
import { jsonReport } from '../support/report.js';

const OPTIONS = { models: ['models/a.onnx', 'b.onnx'], hfbench: 'https://example.org/hfbench.git', shards: 3 };
const POSIX = process.platform !== 'win32';

for (const system of CI_SYSTEMS)
  test(`${system}: the pipeline to the byte, of this repository and of another`, () => {
    for (const [kind, options] of [
      ['own', { models: ['bert', 'vit*'], hfbench: null, shards: 2 }],
      ['other', OPTIONS],
    ] as const) {
      const [pipeline, script] = pipelineFiles(system, options);
      assertGolden(`ci/${system}-${kind}.txt`, pipeline!.text);
      assertGolden(`ci/script-${kind}.sh`, script!.text);
    }
  });

const words = (value: unknown): string => JSON.stringify(value);

test("YAML says what is meant: the gate's jobs, the shards, and strings that stay strings", () => {
  const [own] = pipelineFiles('github', OPTIONS);
  const { jobs, permissions } = parse(own!.text);
  assert.equal(Object.keys(jobs), ['gate', 'measure', 'report']);
  assert.equal(permissions, { contents: 'read', 'pull-requests': 'write' });
  assert.equal(jobs.measure.strategy.matrix.shard, ['1/3', '2/3', '3/3']);
  assert.is(jobs.report.needs, 'measure');
  for (const job of Object.values(jobs) as { steps: { uses?: string; run?: string }[] }[])
    for (const step of job.steps) assert.is((step.uses === undefined) !== (step.run === undefined), true, words(step));

  const [gitlab] = pipelineFiles('gitlab', OPTIONS);
  const { 'hfbench:gate': gate, 'hfbench:measure': measure, 'hfbench:report': report } = parse(gitlab!.text);
  assert.is(measure.parallel, 3);
  assert.equal(report.needs, ['hfbench:measure']);
  assert.equal(gate.artifacts.reports, {
    junit: 'hfbench-reports/gate*.xml',
    codequality: 'hfbench-reports/gate*.code-quality.json',
  });
  for (const job of [gate, measure, report]) {
    assert.is(job.extends, '.hfbench');
    for (const line of job.script) assert.type(line, 'string');
  }
});

test("this repository's own action and workflow are YAML, and every input of the action is used", () => {
  const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
  assert.ok(Object.keys(parse(read('.github/workflows/ci.yml')).jobs).length > 0);
  const { inputs, runs } = parse(read('action.yml'));
  assert.is(runs.using, 'composite');
  for (const name of Object.keys(inputs)) assert.match(words(runs.steps), `inputs.${name} `, name);
});

test('ci init writes once, refuses to replace, and the script gates with the worst code', async () => {
  const folder = folderWith('b.onnx');
  const args = ['ci', 'init', 'github', 'b.onnx', 'new.onnx', '--hfbench', OPTIONS.hfbench];
  const first = await hfbench(args, folder);
  assert.is(first.code, 0, first.stderr);
  const again = await hfbench(args, folder);
  assert.is(again.code, 2);
  assert.match(again.stderr, /\.github\/workflows\/hfbench\.yml is there already: --force/);
  assert.is((await hfbench([...args, '--force'], folder)).code, 0);
  if (!POSIX) return;
  const script = join(folder, 'ci/hfbench.sh');
  assert.ok(statSync(script).mode & 0o100, 'executable');
  // A stand-in for hfbench: the script is tried, not the gate.
  mkdirSync(join(folder, '.hfbench/tool/.git'), { recursive: true });
  mkdirSync(join(folder, '.hfbench/tool/dist/src/cli'), { recursive: true });
  writeFileSync(join(folder, '.hfbench/tool/package.json'), '{"name":"stand-in","scripts":{"setup":"node -e 0"}}');
  writeFileSync(
    join(folder, '.hfbench/tool/dist/src/cli/main.js'),
    'console.log(process.argv.slice(2).join(" ")); process.exit(Number(process.env.CODE));',
  );
  const git = (...words: string[]) =>
    spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...words], { cwd: folder });
  git('init', '-q');
  git('add', 'b.onnx');
  git('commit', '-qm', 'base');
  const gate = (code: number) =>
    spawnSync(script, ['gate', 'HEAD'], { cwd: folder, env: { ...process.env, CODE: String(code) }, encoding: 'utf8' });
  for (const code of [0, 4, 5, 2]) assert.is(gate(code).status, code);
  const { stdout, stderr } = gate(0);
  assert.match(
    stdout,
    /^gate \.hfbench\/baseline\/b\.onnx b\.onnx --looks 6,12,24,48 --json hfbench-reports\/gate-b\.onnx\.json/m,
  );
  assert.match(stderr, /new\.onnx is new/);
  assert.is(
    spawnSync(script, ['run', '1/2'], {
      cwd: folder,
      env: { ...process.env, CODE: '0' },
      encoding: 'utf8',
    }).stdout.trim(),
    'run b.onnx new.onnx --shard 1/2 --json hfbench-reports/shard-1-2.json',
  );
});

test('what could be a command is refused, and quotes hold', async () => {
  const folder = folderWith('b.onnx');
  for (const [args, message] of [
    [['init', 'github', '$(id).onnx', '--hfbench', OPTIONS.hfbench], /a pipeline takes names and relative paths/],
    [['init', 'github', '../x.onnx', '--hfbench', OPTIONS.hfbench], /a pipeline takes names/],
    [['init', 'github', 'b.onnx', '--hfbench', "x'; id"], /is no git URL/],
    [['init', 'github'], /say where the pipeline gets it from/],
    [['init', 'circle'], /expected one of github, gitlab, jenkins/],
    [['init', 'github', 'bert', '--hfbench', OPTIONS.hfbench], /name the ONNX files/],
  ] as const) {
    const { code, stderr } = await hfbench(['ci', ...args], folder);
    assert.is(code, 2, args.join(' '));
    assert.match(stderr, message);
  }
  assert.not.ok(existsSync(join(folder, '.github')));
  assert.is(quoted("a'b"), "'a'\\''b'");
});

const report = jsonReport();

test('badges: two words and a colour, to the byte', () => {
  for (const [name, badge] of [
    ['status', statusBadge(report)],
    ['coverage', coverageBadge(report)],
    ['metric', metricBadge(report, 'latency_median_ns', 'resnet50')],
    ['hostile', { label: '<script>&"', message: "it's\u0000", color: 'red' as const }],
  ] as const) {
    assertGolden(`badge/${name}.svg`, BADGE_FORMATS.svg(badge));
    assertGolden(`badge/${name}.json`, BADGE_FORMATS.endpoint(badge));
  }
  assert.throws(() => metricBadge(report, 'latency_median_ns', null), /fits 4 measured cases, one is needed/);
  assert.throws(() => metricBadge(report, 'model', null), /is no metric/);
  assert.is(coverageBadge({ records: [] }).color, 'lightgrey');
});

test('export and badge of a file', async () => {
  const folder = folderWith();
  writeFileSync(join(folder, 'r.json'), JSON.stringify(report));
  const exported = await hfbench(['export', 'r.json', '--to', 'bmf', '-o', 'r.bmf.json'], folder);
  assert.is(exported.code, 0, exported.stderr);
  assert.ok(Object.keys(JSON.parse(readFileSync(join(folder, 'r.bmf.json'), 'utf8'))).length > 0);
  const badge = await hfbench(['badge', 'r.json', '--kind', 'coverage', '-o', 'b.svg'], folder);
  assert.is(badge.code, 0, badge.stderr);
  assert.match(readFileSync(join(folder, 'b.svg'), 'utf8'), /^<svg /);
  for (const [args, message] of [
    [['export', 'r.json', '--to', 'xml'], /--to xml: expected one of/],
    [['export', 'none.json', '--to', 'bmf'], /no such file/],
    [['badge', 'r.json', '--metric', 'x'], /--metric: of --kind metric/],
    [['badge', 'none.json'], /no such file/],
  ] as const) {
    const { code, stderr } = await hfbench([...args], folder);
    assert.is(code, 2);
    assert.match(stderr, message);
  }
});

test.run();
