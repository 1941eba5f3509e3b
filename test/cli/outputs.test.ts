// What is written is whole or not there; a full disk loses no record.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readJournal } from '../../src/run/journal.js';
import { folderWith, hfbench, SCRIPTED } from '../support/cli.js';

const run = ['run', 'add.onnx', ...SCRIPTED];

/** A file system of a few blocks. */
function tinyDisk(path: string): void {
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', path], { stdio: 'ignore' });
}

function mayMount(): boolean {
  const disk = join(folderWith(), 'disk');
  try {
    tinyDisk(disk);
  } catch {
    return false;
  }
  execFileSync('umount', [disk]);
  return true;
}

const onTinyDisk = mayMount() ? test : test.skip;
const onUnix = process.platform === 'win32' ? test.skip : test;

onTinyDisk('a full disk at the end: one line, the older file is untouched, the journal holds the records', async () => {
  const folder = folderWith('add.onnx');
  const disk = join(folder, 'disk');
  tinyDisk(disk);
  try {
    writeFileSync(join(disk, 'out.json'), 'older');
    const { code, stdout, stderr } = await hfbench([...run, '--json', 'disk/out.json', '--csv', 'out.csv'], folder);
    assert.is(code, 2);
    assert.match(stderr, /cannot write disk\/out\.json: the disk is full/);
    const [, journal] = /the records are in (\S+); /.exec(stderr)!;
    assert.is(readJournal(journal!)!.entries.length, 1);
    assert.is(readFileSync(join(disk, 'out.json'), 'utf8'), 'older');
    assert.equal(readdirSync(disk), ['out.json'], 'nothing half written is left');
    assert.ok(existsSync(join(folder, 'out.csv')), 'the other file is written all the same');
    assert.match(stdout, /add\.onnx/);

    // With room again, nothing is measured twice.
    const again = await hfbench([...run, '--json', 'out.json', '--resume'], folder);
    assert.is(again.code, 0);
    assert.ok(existsSync(join(folder, 'out.json')));
  } finally {
    execFileSync('umount', [disk]);
  }
});

onTinyDisk('a full disk under the journal: said once, and the run goes on', async () => {
  const folder = folderWith('add.onnx', 'mul.onnx');
  const disk = join(folder, 'disk');
  tinyDisk(disk);
  try {
    const args = ['run', 'add.onnx', 'mul.onnx', ...SCRIPTED, '--journal', 'disk/j'];
    const { code, stderr, stdout } = await hfbench(args, folder);
    assert.is(code, 0);
    assert.is(stderr.split('cannot be written').length, 2, stderr);
    assert.match(stdout, /mul\.onnx/);
  } finally {
    execFileSync('umount', [disk]);
  }
});

(existsSync('/dev/full') ? test : test.skip)('standard output on a full device', async () => {
  const folder = folderWith('add.onnx');
  const { spawnSync } = await import('node:child_process');
  const { MAIN } = await import('../support/cli.js');
  const { openSync } = await import('node:fs');
  const child = spawnSync(process.execPath, [MAIN, ...run], {
    cwd: folder,
    env: { ...process.env, HFBENCH_STATE_DIR: join(folder, 'state') },
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
  });
  assert.is(child.status, 2, String(child.stderr));
  assert.match(String(child.stderr), /cannot write standard output: .*ENOSPC/);
});

onUnix('a reader that goes away early is no error', async () => {
  const folder = folderWith('add.onnx');
  const { MAIN } = await import('../support/cli.js');
  const command = `"${process.execPath}" "${MAIN}" models | head -n 1`;
  const text = execFileSync('bash', ['-o', 'pipefail', '-c', command], { cwd: folder, encoding: 'utf8' });
  assert.match(text, /^model +state +category/);
});

onUnix('an output through a link, to a device, over an older file', async () => {
  const folder = folderWith('add.onnx');
  writeFileSync(join(folder, 'old.csv'), 'older');
  symlinkSync('/dev/null', join(folder, 'nowhere.json'));
  const { code, stderr } = await hfbench([...run, '--csv', 'old.csv', '--json', 'nowhere.json'], folder);
  assert.is(code, 0, stderr);
  assert.match(readFileSync(join(folder, 'old.csv'), 'utf8'), /^model,/);
  assert.ok(statSync('/dev/null').isCharacterDevice(), 'the device is still one');
});

test('a state folder that cannot be used costs the journal, not the run', async () => {
  const folder = folderWith('add.onnx');
  const { code, stderr } = await hfbench(run, folder, { HFBENCH_STATE_DIR: join(folder, 'add.onnx') });
  assert.is(code, 0);
  assert.match(stderr, /no journal, so this run cannot be resumed/);
});

test('--quiet says nothing on standard error', async () => {
  const folder = folderWith('add.onnx');
  const { stderr } = await hfbench([...run, '--resume', '--quiet'], folder);
  assert.is(stderr, '');
});

test.run();
