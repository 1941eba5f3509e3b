import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Environment } from '../../src/hardware/environment.js';
import { fingerprint } from '../../src/hardware/fingerprint.js';
import { ENVIRONMENT } from '../support/outcomes.js';

const changed = (change: (environment: Environment) => void) => {
  const copy = structuredClone(ENVIRONMENT);
  change(copy);
  return fingerprint(copy);
};

test('readings, versions and peaks do not count', () => {
  const same = changed((environment) => {
    environment.state.load1 = 7;
    environment.state.cgroupThrottledUs = 99;
    environment.state.onBattery = true;
    environment.memory.availableBytes = 1;
    environment.memory.totalBytes += 40_000_000;
    environment.os.release = '6.1.1';
    environment.node = '22.0.0';
    environment.hfbench = '9.9.9';
    environment.gitCommit = null;
    environment.peaks = null;
    environment.warnings = [];
  });
  assert.is(same, fingerprint(ENVIRONMENT));
});

test('each stable fact counts', () => {
  const others = [
    changed((environment) => (environment.cpu.model = 'Another')),
    changed((environment) => environment.cpu.isa.pop()),
    changed((environment) => (environment.cpu.physicalCores = 4)),
    changed((environment) => (environment.cpu.l3Bytes = null)),
    changed((environment) => (environment.memory.totalBytes *= 2)),
    changed((environment) => (environment.memory.limitBytes = 2 ** 30)),
    changed((environment) => (environment.cpuLimit = 2)),
    changed((environment) => (environment.container = 'docker')),
    changed((environment) => (environment.virtualization = 'KVM')),
    changed((environment) => (environment.os.platform = 'win32')),
    changed((environment) => (environment.state.governor = 'performance')),
    changed((environment) => (environment.state.turbo = false)),
    changed((environment) => (environment.addon!.isa = 'avx2')),
  ];
  assert.is(new Set([fingerprint(ENVIRONMENT), ...others]).size, others.length + 1);
});

test.run();
