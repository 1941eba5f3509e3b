import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { caseIdentity } from '../../src/run/identity.js';
import { DEFAULT_SETTINGS as SETTINGS } from '../../src/run/settings.js';
import { sampleCase } from '../support/outcomes.js';

const folder = mkdtempSync(join(tmpdir(), 'hfbench-identity-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const base = caseIdentity(sampleCase(), SETTINGS, 'machine');

test('the same for the same, whatever the order of the keys', () => {
  const reversed = Object.fromEntries(Object.entries(sampleCase()).reverse()) as never;
  assert.is(caseIdentity(reversed, SETTINGS, 'machine'), base);
});

test('other for any other choice, setting or machine', () => {
  const sampling = { ...SETTINGS.sampling, targetHalfWidth: 0.02 };
  const others = [
    caseIdentity(sampleCase({ batch: 2 }), SETTINGS, 'machine'),
    caseIdentity(sampleCase({ dtype: 'fp16' }), SETTINGS, 'machine'),
    caseIdentity(sampleCase({ providerOptions: { a: '1' } }), SETTINGS, 'machine'),
    caseIdentity(sampleCase(), { ...SETTINGS, sampling }, 'machine'),
    caseIdentity(sampleCase(), { ...SETTINGS, ortLibrary: '/other.so' }, 'machine'),
    caseIdentity(sampleCase(), SETTINGS, 'other machine'),
  ];
  assert.is(new Set([base, ...others]).size, others.length + 1);
});

test('how long a case may take does not change what it is', () => {
  assert.is(caseIdentity(sampleCase(), { ...SETTINGS, caseTimeoutMs: 1 }, 'machine'), base);
});

test('a file is its bytes', () => {
  const path = join(folder, 'x.onnx');
  const work = sampleCase({ source: { kind: 'file', path } });
  writeFileSync(path, 'one');
  const one = caseIdentity(work, SETTINGS, 'machine');
  assert.is(caseIdentity(work, SETTINGS, 'machine'), one);
  writeFileSync(path, 'two');
  assert.is.not(caseIdentity(work, SETTINGS, 'machine'), one);
});

test.run();
