// hfbench check, matrix and merge as a user runs them: cells kept in a file, cut short, split and joined.

import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CheckReport } from '../../src/matrix/cell.js';
import { readCheckReport } from '../../src/matrix/read-check.js';
import { checkReport } from '../support/cells.js';
import { type Finished, folderWith, hfbench, start, until } from '../support/cli.js';
import { ROOT } from '../support/golden.js';

/** A folder with a few references of its own: each run is short. */
function folderOf(...references: string[]): string {
  const folder = folderWith();
  mkdirSync(join(folder, 'refs'));
  for (const name of references)
    copyFileSync(join(ROOT, 'test/fixtures/oracle', `${name}.json`), join(folder, 'refs', `${name}.json`));
  return folder;
}

const check = (folder: string, ...args: string[]): Promise<Finished> =>
  hfbench(['check', '--references', 'refs', ...args], folder);
const levels = ({ cells }: CheckReport) => cells.map(({ model, dtype, level }) => `${model} ${dtype} ${level}`);

test('cells go to a file; the second time all are taken from it', async () => {
  const folder = folderOf('gpt2', 'bert');
  const first = await check(folder, '--dtype', 'fp32,bf16', '--json', 'cells.json');
  assert.is(first.code, 0, first.stderr);
  assert.match(first.stderr, /4 of 4 cells: 2 full, 2 unsupported\n/);
  assert.match(first.stdout, /^full +bert +cpu fp32 +\d\.\de-\d+ +logits$/m);
  const path = join(folder, 'cells.json');
  const before = readFileSync(path, 'utf8');
  assert.equal(levels(readCheckReport(path)), [
    'bert fp32 full',
    'gpt2 fp32 full',
    'bert bf16 unsupported',
    'gpt2 bf16 unsupported',
  ]);
  const second = await check(folder, '--dtype', 'fp32,bf16', '--json', 'cells.json');
  assert.match(second.stderr, /4 of 4 cells: .*; 4 from the file/);
  assert.is(readFileSync(path, 'utf8'), before);

  // Stale: another hfbench, another ONNX Runtime, another graph, another limit.
  const report = JSON.parse(before) as CheckReport;
  report.cells[0]!.hfbench = '0.0.1';
  report.cells[1]!.graphDigest = 'another';
  report.cells[2]!.ortVersion = '1.29.0';
  writeFileSync(path, JSON.stringify(report));
  const third = await check(folder, '--dtype', 'fp32,bf16', '--json', 'cells.json');
  assert.match(third.stderr, /; 1 from the file/);
  const fourth = await check(folder, 'bert', '--json', 'cells.json', '--limit', '1e-12');
  assert.is(fourth.code, 3);
  assert.match(fourth.stdout, /^wrong +bert +cpu fp32 +\d\.\de-\d+ +output 'logits' is off by/m);
  assert.is(readCheckReport(path).cells.length, 4, 'cells of other models stay');
  assert.match((await check(folder, 'bert', '--json', 'cells.json', '--refresh')).stderr, /1 of 1 cells: 1 full\n/);
});

test('kill -9 loses one cell at most', async () => {
  const folder = folderOf('bert', 'gpt2', 'distilbert', 'roberta', 'camembert', 'electra');
  const path = join(folder, 'cells.json');
  const { child, finished } = start(['check', '--references', 'refs', '--json', 'cells.json'], folder);
  await until(() => existsSync(path), 'the first cell');
  child.kill('SIGKILL');
  await finished;
  const kept = readCheckReport(path).cells.length;
  assert.ok(kept >= 1);
  const again = await check(folder, '--json', 'cells.json');
  assert.is(again.code, 0, again.stderr);
  assert.match(again.stderr, new RegExp(`6 of 6 cells: 6 full${kept === 6 ? '' : `; ${kept} from the file`}`));
});

test('shards, joined, are the whole', async () => {
  const folder = folderOf('bert', 'gpt2', 'opt');
  for (const part of [1, 2]) await check(folder, '--shard', `${part}/2`, '--json', `${part}.json`);
  const merged = await hfbench(['merge', '1.json', '2.json', '-o', 'all.json'], folder);
  assert.is(merged.code, 0, merged.stderr);
  assert.match(merged.stderr, /3 cells of 2 reports written to all\.json/);
  const models = readCheckReport(join(folder, 'all.json')).cells.map(({ model }) => model);
  assert.equal(models.sort(), ['bert', 'gpt2', 'opt']);
  const matrix = await hfbench(['matrix', '1.json', '2.json', '--category', 'decoder-only', '--format', 'csv'], folder);
  assert.match(matrix.stdout, /^gpt2,gpt2,decoder-only,cpu,fp32,standard,tiny,full,true,true,/m);
  assert.not.match(matrix.stdout, /^bert,/m);
});

test('bad input is one line and code 2, and no file is touched', async () => {
  const folder = folderOf('bert');
  writeFileSync(join(folder, 'report.json'), JSON.stringify({ schema: 'hfbench-report', version: 1 }));
  writeFileSync(join(folder, 'cells.json'), JSON.stringify(checkReport()));
  writeFileSync(join(folder, 'cut.json'), '{"schema": "hfbench-check", "cel');
  const cases: [string[], RegExp][] = [
    [['check', '--references', 'refs', 'bret'], /model 'bret': no reference of that name.*did you mean 'bert'/],
    [['check', '--references', 'nowhere'], /nowhere: no folder of references/],
    [['check', '--references', 'refs', '--ep', 'cpuu'], /--ep cpuu: no such provider \(did you mean 'cpu'\?\)/],
    [['check', '--references', 'refs', '--ep', 'webgpu:x=1'], /provider webgpu has no such option/],
    [['check', '--references', 'refs', '--dtype', 'fp23'], /--dtype fp23: expected one of .*did you mean 'fp32'/],
    [['check', '--references', 'refs', '--size', 'full'], /--size full: expected one of tiny/],
    [['check', '--references', 'refs', '--limit', '0'], /--limit 0: expected a number between 0 and 1/],
    [['check', '--references', 'refs', '--limit', 'x'], /--limit x: expected a number/],
    [['check', '--references', 'refs', '--case-timeout', '0'], /--case-timeout 0: every cell would fail/],
    [['check', '--references', 'refs', '--shard', '2/1'], /--shard 2\/1: expected i\/n/],
    [['check', '--references', 'refs', '--shard', '2/2'], /--shard 2\/2: nothing to do/],
    [['check', '--references', 'refs', '--json', 'cut.json'], /cut\.json: is no complete JSON/],
    [['check', '--references', 'refs', '--json', 'report.json'], /report\.json: is no check report/],
    [['check', '--references', 'refs', '--json', 'no/folder.json'], /--json: cannot write no\/folder\.json/],
    [['matrix', 'report.json'], /report\.json: is no check report/],
    [['matrix', 'nothing.json'], /nothing\.json: no such file/],
    [['matrix', 'cells.json', '--status', 'ful'], /--status ful: expected one of .*did you mean 'full'/],
    [['matrix', 'cells.json', '--ep', 'x'], /--ep x: no cell is of it; there are: cpu, cuda, webgpu/],
    [['merge', 'cells.json', 'report.json', '-o', 'all.json'], /report\.json: does not follow the report schema/],
    [['merge', 'cells.json', 'cut.json', '-o', 'all.json'], /cut\.json: is no complete JSON/],
    [['merge', 'cells.json'], /required option '-o, --output <file>' not specified/],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await hfbench(args, folder);
    assert.is(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.is(stdout, '', args.join(' '));
    assert.match(stderr, message);
    assert.is(stderr.split('\n').length, 2, stderr);
  }
  assert.not(existsSync(join(folder, 'all.json')));
  assert.is(readFileSync(join(folder, 'cut.json'), 'utf8'), '{"schema": "hfbench-check", "cel');
});

test.run();
