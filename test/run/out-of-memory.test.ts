// A case that takes memory until the kernel stops it, in a control group of 256 MiB: its record says so, and the rest goes on.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { folderWith, MAIN, SCRIPTED } from '../support/cli.js';

const LIMIT = String(256 * 2 ** 20);

/** A control group of this test's own, of either version; null without the right to make one. */
function makeGroup(): { folder: string; members: string } | null {
  const name = `hfbench-test-${process.pid}`;
  for (const [root, files, members] of [
    ['/sys/fs/cgroup/memory', { 'memory.limit_in_bytes': LIMIT }, 'tasks'],
    ['/sys/fs/cgroup', { 'memory.max': LIMIT, 'memory.swap.max': '0' }, 'cgroup.procs'],
  ] as const) {
    const folder = join(root, name);
    try {
      if (!existsSync(root)) continue;
      mkdirSync(folder);
      for (const [file, value] of Object.entries(files)) writeFileSync(join(folder, file), value, { flag: 'r+' });
      return { folder, members: join(folder, members) };
    } catch {
      if (existsSync(folder)) rmdirSync(folder);
    }
  }
  return null;
}

const group = makeGroup();
if (group === null) console.log('skipped: no right to make a control group with a memory limit');
process.on('exit', () => group && existsSync(group.folder) && rmdirSync(group.folder));

(group === null ? test.skip : test)('the kernel kills the case, not the run', async () => {
  const folder = folderWith('hog.onnx', 'add.onnx');
  const args = ['run', 'hog.onnx', 'add.onnx', ...SCRIPTED, '--format', 'jsonl'];
  const command = 'echo $$ > "$1"; shift; exec "$@"';
  const child = spawn('sh', ['-c', command, 'sh', group!.members, process.execPath, MAIN, ...args], {
    cwd: folder,
    env: { ...process.env, HFBENCH_STATE_DIR: join(folder, 'state') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout!.on('data', (chunk) => {
    stdout += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(
    rows.map(({ model, status, reason }) => [model, status, reason]),
    [
      ['hog.onnx', 'failed', 'out-of-memory'],
      ['add.onnx', 'measured', null],
    ],
  );
  assert.is(code, 3);
});

test.run();
