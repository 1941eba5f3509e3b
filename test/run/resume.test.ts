// kill -9 takes the running case and nothing else; --resume goes on from there; Ctrl-C keeps what was measured.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readJournal } from '../../src/run/journal.js';
import { folderWith, hfbench, isAlive, SCRIPTED, start, until } from '../support/cli.js';

const POSIX = process.platform !== 'win32';

function journals(folder: string): string[] {
  return readdirSync(join(folder, 'state')).map((name) => join(folder, 'state', name));
}

/** Starts a run, and waits until its case that hangs has begun to; all before it are on record then. */
async function startHanging(folder: string, args: string[]) {
  const pidFile = join(folder, 'pid');
  const started = start(args, folder, { HFBENCH_FAKE_PID_FILE: pidFile });
  process.on('exit', () => started.child.kill('SIGKILL'));
  await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '', 'the case to hang');
  return { ...started, worker: Number(readFileSync(pidFile, 'utf8')) };
}

const WORK = ['run', 'add.onnx', 'mul.onnx', 'hang.onnx', ...SCRIPTED];

if (POSIX) {
  test('kill -9 of the parent: the worker ends too, the journal keeps the rest, --resume measures what is missing', async () => {
    const folder = folderWith('add.onnx', 'mul.onnx', 'hang.onnx');
    const { child, finished, worker } = await startHanging(folder, WORK);
    assert.ok(isAlive(worker));
    child.kill('SIGKILL');
    await finished;
    await until(() => !isAlive(worker), 'the worker to end');

    // A write that the kill cut short.
    const [journal] = journals(folder);
    writeFileSync(journal!, `${readFileSync(journal!, 'utf8')}{"identity":"abc","outc`);
    // The hanging model plays well from now on; what was measured before would show the change.
    const args = [...WORK, '--resume', '--case-timeout', '2s', '--format', 'jsonl'];
    const { code, stdout, stderr } = await hfbench(args, folder);
    assert.is(code, 3);
    assert.match(stderr, /going on with .*journal\.jsonl/);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(
      rows.map(({ model, status, reason }) => [model, status, reason]),
      [
        ['add.onnx', 'measured', null],
        ['mul.onnx', 'measured', null],
        ['hang.onnx', 'failed', 'case-timeout'],
      ],
    );
    assert.equal(journals(folder), [], 'the journal goes when the run has ended');
  });

  test('records of the journal are used, not measured again', async () => {
    const folder = folderWith('add.onnx', 'mul.onnx', 'hang.onnx');
    const { child, finished } = await startHanging(folder, WORK);
    child.kill('SIGKILL');
    await finished;
    const [journal] = journals(folder);
    writeFileSync(journal!, readFileSync(journal!, 'utf8').replace('"firstRunNs":3000000', '"firstRunNs":3000007'));
    const { stdout } = await hfbench([...WORK, '--resume', '--case-timeout', '1s', '--format', 'jsonl'], folder);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.is(rows[0].first_run_ns, 3_000_007);
  });

  test('other settings, other case: nothing of the journal counts', async () => {
    const folder = folderWith('add.onnx', 'mul.onnx', 'hang.onnx');
    const { child, finished } = await startHanging(folder, WORK);
    child.kill('SIGKILL');
    await finished;
    const [journal] = journals(folder);
    writeFileSync(journal!, readFileSync(journal!, 'utf8').replace('"firstRunNs":3000000', '"firstRunNs":3000007'));
    const args = ['run', 'add.onnx', ...SCRIPTED, '--max-samples', '100', '--resume', '--format', 'jsonl'];
    const { stdout } = await hfbench(args, folder);
    assert.is(JSON.parse(stdout).first_run_ns, 3_000_000);
  });

  test('Ctrl-C: what was measured is written, the rest is skipped, the journal stays', async () => {
    const folder = folderWith('add.onnx', 'mul.onnx', 'hang.onnx');
    const args = ['run', 'add.onnx', 'hang.onnx', 'mul.onnx', ...SCRIPTED, '--csv', 'out.csv'];
    const { child, finished } = await startHanging(folder, args);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await finished;
    assert.is(code, 3);
    assert.match(stderr, /stopping after the block in progress/);
    assert.match(stderr, /the records are in .*; the same command with --resume goes on from there/);
    assert.match(stdout, /add\.onnx +measured/);
    assert.match(stdout, /skipped hang\.onnx: interrupted while/);
    assert.match(stdout, /skipped mul\.onnx: interrupted before its turn/);
    assert.is(readFileSync(join(folder, 'out.csv'), 'utf8').trim().split('\r\n').length, 4);
    assert.is(journals(folder).length, 1);
  });

  test('a second Ctrl-C ends at once', async () => {
    const folder = folderWith('add.onnx', 'hang.onnx');
    // A case that is cancelled while it samples is waited for: this one never ends its block.
    const script = JSON.parse(readFileSync(join(folder, 'script.json'), 'utf8'));
    const { durationsNs } = script.models['add.onnx'];
    const fault = { kind: 'hang', at: 'sample', afterRuns: 400 };
    script.models['hang.onnx'] = { durationsNs, firstRunNs: 3_000_000, sessionCreateNs: 1, fault };
    writeFileSync(join(folder, 'script.json'), JSON.stringify(script));
    const args = ['run', 'add.onnx', 'hang.onnx', ...SCRIPTED, '--min-time', '9s'];
    const { child, finished, worker } = await startHanging(folder, args);
    let said = '';
    child.stderr!.on('data', (chunk) => {
      said += chunk;
    });
    child.kill('SIGINT');
    await until(() => said.includes('stopping'), 'the first Ctrl-C to be heard');
    child.kill('SIGINT');
    const { code } = await finished;
    assert.is(code, 130);
    await until(() => !isAlive(worker), 'the worker to end');
  });
}

test('--resume without a journal starts from the beginning, and says so', async () => {
  const folder = folderWith('add.onnx');
  const { code, stderr } = await hfbench(['run', 'add.onnx', ...SCRIPTED, '--resume'], folder);
  assert.is(code, 0);
  assert.match(stderr, /no journal to go on with: starting from the beginning/);
});

test('a journal by name is kept, and not overwritten by mistake', async () => {
  const folder = folderWith('add.onnx');
  const args = ['run', 'add.onnx', ...SCRIPTED, '--journal', 'j.jsonl'];
  assert.is((await hfbench(args, folder)).code, 0);
  assert.is(readJournal(join(folder, 'j.jsonl'))!.entries.length, 1);
  const again = await hfbench(args, folder);
  assert.is(again.code, 2);
  assert.match(again.stderr, /cannot write the journal .*j\.jsonl: .*exists/);
  const resumed = await hfbench([...args, '--resume'], folder);
  assert.is(resumed.code, 0);
  assert.is(readJournal(join(folder, 'j.jsonl'))!.entries.length, 1);
});

test.run();
