import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toRecord, toReport } from '../../src/record/report.js';
import { ENVIRONMENT, measuredOutcome, OUTCOMES } from '../support/outcomes.js';

const ABOUT = { hfbench: '0.1.0', createdAt: '2026-01-02T03:05:00.000Z', command: ['run', 'bert'] };

test('each environment and runtime is held once', () => {
  const elsewhere = { ...measuredOutcome(), environment: { ...ENVIRONMENT, fingerprint: 'other' } };
  const report = toReport([...OUTCOMES, elsewhere], ABOUT);
  assert.is(report.environments.length, 2);
  assert.is(report.runtimes.length, 1);
  assert.equal(
    report.records.map(({ environment, runtime }) => [environment, runtime]),
    [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
      [0, null],
      [0, null],
      [0, 0],
      [1, 0],
    ],
  );
});

test('samples of a case that failed later are kept, and no number is made of them', () => {
  const record = toRecord(OUTCOMES[4]!);
  assert.equal(record.samplesNs, [5e6, 6e6]);
  assert.is(record.row.latency_median_ns, null);
  assert.is(record.row.samples, null);
});

test('outliers are marked in the samples', () => {
  const samples = Array.from({ length: 50 }, (_, i) => 100 + (i % 5));
  samples[17] = 1000;
  const record = toRecord(measuredOutcome({}, samples));
  assert.equal(record.outliers, [17]);
  assert.equal(record.samplesNs, samples);
});

test('no outcomes are a report too', () => {
  assert.equal(toReport([], ABOUT).records, []);
});

test('samples taken while the GPU held back its clock are marked', () => {
  const sensors = { energySource: null, energyJoules: null, windowNs: 1e9, gpu: null };
  const marked = toRecord(measuredOutcome({}, [1e6, 2e6, 3e6], { sensors: { ...sensors, throttled: [[1, 3]] } }));
  assert.equal(marked.throttled, [[1, 3]]);
  for (const throttled of [[], null]) {
    assert.not('throttled' in toRecord(measuredOutcome({}, [1e6], { sensors: { ...sensors, throttled } })));
  }
});

test.run();
