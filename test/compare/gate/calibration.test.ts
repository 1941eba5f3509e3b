import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  calibrationOf,
  chanceBound,
  keepCalibration,
  readCalibrations,
  resampledFailures,
} from '../../../src/compare/gate/calibration.js';
import { DEFAULT_RULE } from '../../../src/compare/sequential.js';
import { around, sessionOf } from '../../support/sessions.js';

test('the bound of a chance is that of Clopper and Pearson', () => {
  // Without a hit there is a closed form, 1 - 0.05^(1/n); 1 of 20 from tables (0.2161).
  for (const trials of [1, 20, 600]) {
    assert.ok(Math.abs(chanceBound(0, trials) - (1 - 0.05 ** (1 / trials))) < 1e-9, `0 of ${trials}`);
  }
  assert.ok(Math.abs(chanceBound(1, 20) - 0.21611) < 1e-5);
  assert.is(chanceBound(0, 0), 1);
  assert.is(chanceBound(3, 3), 1);
});

const sessions = around(1, 0.004, 24).map((ratio, i) => sessionOf(i, ratio));
const ABOUT = {
  fingerprint: 'abc123',
  createdAt: '2026-01-02T03:04:05.000Z',
  cell: 'bert',
  verdicts: { pass: 3, fail: 0, inconclusive: 1 },
};

test('noise, detectable effect and false alarms', () => {
  const found = calibrationOf(ABOUT, sessions, DEFAULT_RULE, 1);
  assert.ok(Math.abs(found.deviation - 0.004 * Math.sqrt(24 / 23)) < 1e-9);
  assert.is(found.sideDeviation, 0);
  assert.ok(found.detectable > 0.01 && found.detectable < 0.03);
  assert.is(found.resampledFalseAlarms, 0);
  assert.ok(Math.abs(found.falseAlarmBound - (1 - 0.05 ** 0.25)) < 1e-9);
});

test('drawing again finds the failures of a rule that is too loose', () => {
  const loose = { ...DEFAULT_RULE, alpha: 0.9, margin: 0 };
  assert.ok(resampledFailures(around(1, 0.01, 12).map(Math.log), loose, 1) > 0.1);
});

test('kept by fingerprint, oldest first; what is broken is left out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hfbench-calibration-'));
  try {
    const one = calibrationOf(ABOUT, sessions, DEFAULT_RULE, 1);
    assert.equal(readCalibrations(folder, 'abc123'), []);
    keepCalibration(folder, one);
    const path = keepCalibration(folder, { ...one, createdAt: '2026-02-02T03:04:05.000Z' });
    assert.equal(
      readCalibrations(folder, 'abc123').map(({ createdAt }) => createdAt.slice(0, 7)),
      ['2026-01', '2026-02'],
    );
    assert.equal(readCalibrations(folder, 'other'), []);
    const kept = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify([{ ...kept[0], sideDeviation: 'small' }, 7, null, kept[1]]));
    assert.is(readCalibrations(folder, 'abc123').length, 1);
    writeFileSync(path, '[{"schema":');
    assert.equal(readCalibrations(folder, 'abc123'), []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
