// Shards of a run, joined, are the run.

import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readReport } from '../../src/record/read-report.js';
import { checkReport } from '../support/cells.js';
import { folderWith, hfbench, SCRIPTED } from '../support/cli.js';

test('run --shard: disjoint parts in the order of the plan; merge joins them', async () => {
  const folder = folderWith('add.onnx', 'long.onnx');
  const run = ['run', 'add.onnx', 'long.onnx', '--batch', '1,2,4', ...SCRIPTED, '--quiet'];
  await hfbench([...run, '--json', 'whole.json'], folder);
  for (const part of [1, 2, 3, 4]) await hfbench([...run, '--shard', `${part}/4`, '--json', `${part}.json`], folder);
  const cases = (name: string) =>
    readReport(join(folder, name)).records.map(({ row, samplesNs }) => `${row.model} ${row.batch} ${samplesNs.length}`);
  const whole = cases('whole.json');
  assert.is(whole.length, 6);
  assert.equal(cases('1.json'), [whole[0], whole[4]]);
  const merged = await hfbench(['merge', '1.json', '2.json', '3.json', '4.json', '-o', 'all.json'], folder);
  assert.is(merged.code, 0, merged.stderr);
  assert.match(merged.stderr, /6 records of 4 reports written to all\.json/);
  assert.equal(cases('all.json').sort(), whole.sort());
  const { environments, runtimes } = readReport(join(folder, 'all.json'));
  assert.equal([environments.length, runtimes.length], [1, 1]);

  copyFileSync(join(folder, 'all.json'), join(folder, 'again.json'));
  const twice = await hfbench(['merge', 'all.json', 'again.json', '-o', 'twice.json'], folder);
  assert.is(twice.stderr, 'hfbench: 6 records of 2 reports written to twice.json\n');
  assert.equal(cases('twice.json').sort(), whole.sort());

  writeFileSync(join(folder, 'cells.json'), JSON.stringify(checkReport()));
  const mixed = await hfbench(['merge', 'all.json', 'cells.json', '-o', 'mixed.json'], folder);
  assert.is(mixed.code, 2);
  assert.match(mixed.stderr, /cells\.json is a check report and all\.json a run report: merge one kind at a time/);
});

test('run refuses what is no shard, and one that gets nothing', async () => {
  const folder = folderWith('add.onnx');
  for (const [shard, message] of [
    ['3/2', /--shard 3\/2: expected i\/n with i from 1 to n/],
    ['2/2', /--shard 2\/2: nothing to do, the whole has 1 part/],
  ] as const) {
    const { code, stderr } = await hfbench(['run', 'add.onnx', ...SCRIPTED, '--shard', shard], folder);
    assert.is(code, 2);
    assert.match(stderr, message);
  }
});

test.run();
