import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkWritable, writeFileAtomic, writeProblem } from '../../src/util/atomic-file.js';

const folder = mkdtempSync(join(tmpdir(), 'hfbench-atomic-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

test('writes whole files and leaves nothing else', () => {
  const path = join(folder, 'a.txt');
  writeFileAtomic(path, 'one');
  writeFileAtomic(path, 'two');
  assert.is(readFileSync(path, 'utf8'), 'two');
  assert.equal(readdirSync(folder), ['a.txt']);
});

test('a failure leaves the older file and no temporary one', () => {
  const path = join(folder, 'a.txt');
  assert.throws(() => writeFileAtomic(path, { toString: null } as never));
  assert.is(readFileSync(path, 'utf8'), 'two');
  assert.equal(readdirSync(folder), ['a.txt']);
});

test('looking whether a file can be written makes none', () => {
  checkWritable(join(folder, 'new.txt'), '--x');
  assert.equal(readdirSync(folder), ['a.txt']);
  checkWritable(join(folder, 'a.txt'), '--x');
  assert.is(readFileSync(join(folder, 'a.txt'), 'utf8'), 'two');
});

test('what cannot be written is refused in words', () => {
  assert.throws(() => checkWritable(folder, '--x'), /--x .*: it is a folder; name a file/);
  assert.throws(() => checkWritable(join(folder, 'none', 'x'), '--x'), /its folder does not exist/);
  assert.throws(() => checkWritable(join(folder, 'a.txt', 'x'), '--x'), /a part of its path is a file/);
  assert.throws(() => checkWritable(join(folder, 'n'.repeat(300)), '--x'), /the name is too long/);
  assert.throws(() => checkWritable('', '--x'), /empty/);
  assert.throws(() => checkWritable('a\0b', '--x'), /NUL/);
});

(existsSync('/dev/null') ? test : test.skip)('a device is written in place', () => {
  writeFileAtomic('/dev/null', 'x');
  assert.is(readFileSync('/dev/null', 'utf8'), '');
});

(existsSync('/dev/full') ? test : test.skip)('a full device is named as such', () => {
  try {
    writeFileAtomic('/dev/full', 'x');
    assert.unreachable();
  } catch (error) {
    assert.is(writeProblem('/dev/full', error), 'cannot write /dev/full: the disk is full');
  }
  writeFileSync(join(folder, 'a.txt'), 'two');
});

test.run();
