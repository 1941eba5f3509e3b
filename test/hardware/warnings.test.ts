import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Environment } from '../../src/hardware/environment.js';
import { clockDriftWarning, machineWarnings } from '../../src/hardware/warnings.js';

const GOOD: Environment['state'] = {
  governor: 'performance',
  turbo: true,
  load1: 0.2,
  cgroupThrottledUs: 0,
  onBattery: false,
};
const codes = (state: Partial<Environment['state']>, rest: Partial<Parameters<typeof machineWarnings>[0]> = {}) =>
  machineWarnings({ state: { ...GOOD, ...state }, cpu: { logicalCores: 8 }, cpuLimit: null, addon: null, ...rest }).map(
    ({ code }) => code,
  );

test('a quiet machine has none, and neither has an unknown one', () => {
  assert.equal(codes({}), []);
  assert.equal(codes({ governor: null, turbo: null, load1: null, cgroupThrottledUs: null, onBattery: null }), []);
});

test('each fault has its own', () => {
  assert.equal(codes({ load1: 2.1 }), ['high-load']);
  assert.equal(codes({ governor: 'performance+schedutil' }), ['cpu-governor']);
  assert.equal(codes({ governor: 'balanced' }), ['cpu-governor']);
  assert.equal(codes({ cgroupThrottledUs: 10 }), ['cgroup-throttling']);
  assert.equal(codes({ onBattery: true }), ['on-battery']);
  assert.equal(codes({}, { addon: { version: '0', isa: 'avx2', debug: true } }), ['debug-build']);
});

test('load counts against the CPUs that may be used', () => {
  assert.equal(codes({ load1: 1 }), []);
  assert.equal(codes({ load1: 1 }, { cpuLimit: 2 }), ['high-load']);
  assert.equal(codes({ load1: 0.4 }, { cpuLimit: 1 }), []);
});

test('every warning says what and what to do', () => {
  const all = machineWarnings({
    state: { governor: 'powersave', turbo: null, load1: 9, cgroupThrottledUs: 5e6, onBattery: true },
    cpu: { logicalCores: 4 },
    cpuLimit: 2,
    addon: { version: '0', isa: 'avx2', debug: true },
  });
  assert.is(all.length, 5);
  for (const { message, advice } of all) {
    assert.match(message, /[^.]$/);
    assert.match(advice, /\.$/);
  }
  assert.match(all[2]!.message, /limit of 2 CPUs has paused it for 5\.00 s/);
});

test('clocks that disagree', () => {
  assert.is(clockDriftWarning(1.0005e9, 1e9), null);
  assert.is(clockDriftWarning(2e8, 1e8), null);
  assert.match(clockDriftWarning(0.98e9, 1e9)!.message, /differ by 2\.00 %/);
});

test.run();
