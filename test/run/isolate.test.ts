// Whatever happens to the process of a case becomes a record, and nothing of it lives on.

import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Case } from '../../src/run/case.js';
import { runIsolated } from '../../src/run/isolate.js';
import type { CaseResult, Phase } from '../../src/run/protocol.js';
import { DEFAULT_SETTINGS } from '../../src/run/settings.js';
import { folderWith, isAlive, until } from '../support/cli.js';
import { sampleCase } from '../support/outcomes.js';

const NAMES = ['add', 'abort', 'exit', 'kill', 'hang', 'spin', 'grandchild', 'ort-error', 'strings'];
const folder = folderWith(...NAMES.map((name) => `${name}.onnx`));

function scripted(name: string): Case {
  const model = `${name}.onnx`;
  return sampleCase({
    model,
    source: { kind: 'file', path: join(folder, model) },
    runtime: 'fake',
    size: null,
    seq: null,
  });
}

interface Watched {
  result: CaseResult;
  phases: Phase[];
}

async function isolated(name: string, caseTimeoutMs = 60_000): Promise<Watched> {
  const phases: Phase[] = [];
  const settings = { ...DEFAULT_SETTINGS, caseTimeoutMs, fakeScript: join(folder, 'script.json') };
  const result = await runIsolated(scripted(name), settings, {
    cancel: new AbortController().signal,
    onProgress: (phase) => phases.push(phase),
  });
  return { result, phases };
}

function reason(result: CaseResult): string {
  return result.state === 'measured' ? '' : `${result.state} ${result.reason.code}: ${result.reason.message}`;
}

test('a case that goes well, in the order of its phases', async () => {
  const { result, phases } = await isolated('add');
  assert.is(result.state, 'measured');
  assert.equal([...new Set(phases)], ['build', 'open', 'first-run', 'warm-up', 'sample', 'done']);
});

test('an abort, with its last words', async () => {
  const { result } = await isolated('abort');
  assert.match(
    reason(result),
    /^failed crash: the process crashed \(SIGABRT\) while warming up; it said: provider: assertion failed: stream != nullptr$/,
  );
});

test('an exit', async () => {
  const { result } = await isolated('exit');
  assert.is(
    reason(result),
    'failed crash: the process ended with code 7 while opening the session; it said: fake: leaving',
  );
});

test('a kill from outside', async () => {
  const { result } = await isolated('kill');
  assert.is(reason(result), 'failed killed: the process was killed (SIGKILL) while in its first run, not by hfbench');
});

test('an error that ONNX Runtime reports', async () => {
  const { result } = await isolated('ort-error');
  assert.match(
    reason(result),
    /^failed ort-error: FAIL: Non-zero status code returned while running Add node\. Name:'n'/,
  );
});

test('inputs that cannot be made', async () => {
  const { result } = await isolated('strings');
  assert.is(reason(result), "unsupported input-type: input 'text' takes strings, which hfbench cannot make");
});

for (const name of ['hang', 'spin']) {
  test(`a case that never ends: ${name}`, async () => {
    const { result } = await isolated(name, 1500);
    assert.match(
      reason(result),
      /^failed case-timeout: no result after 1\.5 s \(--case-timeout\), it was (warming up|opening the session)$/,
    );
  });
}

test('what a hung case had started is killed with it', async () => {
  let pid = 0;
  const settings = { ...DEFAULT_SETTINGS, caseTimeoutMs: 2500, fakeScript: join(folder, 'script.json') };
  const path = join(folder, 'grandchild.pid');
  process.env.HFBENCH_FAKE_PID_FILE = path;
  await runIsolated(scripted('grandchild'), settings, { cancel: new AbortController().signal, onProgress: () => {} });
  const { readFileSync } = await import('node:fs');
  pid = Number(readFileSync(path, 'utf8'));
  assert.ok(pid > 1);
  await until(() => !isAlive(pid), `grandchild ${pid} to end`);
});

test('a cancel before the first sample ends a case that cannot listen', async () => {
  const controller = new AbortController();
  const settings = { ...DEFAULT_SETTINGS, fakeScript: join(folder, 'script.json') };
  const result = await runIsolated(scripted('spin'), settings, {
    cancel: controller.signal,
    onProgress: () => controller.abort(),
  });
  assert.match(reason(result), /^skipped interrupted: interrupted while /);
});

test('a cancel while sampling keeps what was measured', async () => {
  const controller = new AbortController();
  const sampling = { ...DEFAULT_SETTINGS.sampling, minTimeNs: 1e15, maxTimeNs: 1e15, maxSamples: 1e7 };
  const settings = { ...DEFAULT_SETTINGS, sampling, fakeScript: join(folder, 'script.json') };
  const result = await runIsolated(scripted('add'), settings, {
    cancel: controller.signal,
    onProgress: (phase) => phase === 'sample' && controller.abort(),
  });
  assert.is(result.state, 'measured');
  if (result.state !== 'measured') return;
  assert.is(result.measurement.stop, 'interrupted');
  assert.ok(result.measurement.samplesNs.length > 0);
});

test.run();
