import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { container, virtualization } from '../../../src/hardware/linux/isolation.js';
import { parseOsRelease } from '../../../src/hardware/linux/os-release.js';
import { governor, onBattery, turbo } from '../../../src/hardware/linux/state.js';
import { recordedProbe } from '../../support/probe.js';

const CPU = '/sys/devices/system/cpu';
const on = (files: Record<string, string>, release = '6.1.0') => recordedProbe({ files, release });

test('governor: one name, or all that are in use', () => {
  const policy = (n: number) => `${CPU}/cpufreq/policy${n}/scaling_governor`;
  assert.is(governor(on({ [policy(0)]: 'performance', [policy(1)]: 'performance' })), 'performance');
  assert.is(governor(on({ [policy(0)]: 'schedutil', [policy(4)]: 'performance' })), 'performance+schedutil');
  assert.is(governor(on({})), null);
});

test('turbo: two switches with opposite meanings', () => {
  assert.is(turbo(on({ [`${CPU}/intel_pstate/no_turbo`]: '0' })), true);
  assert.is(turbo(on({ [`${CPU}/intel_pstate/no_turbo`]: '1' })), false);
  assert.is(turbo(on({ [`${CPU}/cpufreq/boost`]: '1' })), true);
  assert.is(turbo(on({})), null);
});

test('battery: that of a mouse does not count', () => {
  const supply = (name: string, fields: Record<string, string>) =>
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [`/sys/class/power_supply/${name}/${key}`, value]));
  assert.is(onBattery(on(supply('BAT0', { type: 'Battery', status: 'Discharging' }))), true);
  assert.is(onBattery(on(supply('BAT0', { type: 'Battery', status: 'Full' }))), false);
  assert.is(onBattery(on(supply('hid', { type: 'Battery', scope: 'Device', status: 'Discharging' }))), null);
  assert.is(onBattery(on(supply('AC', { type: 'Mains', online: '1' }))), null);
});

test('containers by their marks', () => {
  assert.is(container(on({ '/.dockerenv': '' })), 'docker');
  assert.is(container(on({ '/run/.containerenv': '' })), 'podman');
  assert.is(
    container(on({ '/.dockerenv': '', '/var/run/secrets/kubernetes.io/serviceaccount/token': 'x' })),
    'kubernetes',
  );
  assert.is(container(on({ '/run/systemd/container': 'lxc\n' })), 'lxc');
  assert.is(container(on({ '/proc/1/cgroup': '4:cpu:/kubepods/burstable/pod1\n' })), 'kubernetes');
  assert.is(container(on({ '/proc/1/cgroup': '0::/init.scope\n' })), null);
});

test('hypervisors: the CPU says whether, the firmware says which', () => {
  const dmi = (vendor: string, product: string) =>
    on({ '/sys/class/dmi/id/sys_vendor': vendor, '/sys/class/dmi/id/product_name': product });
  assert.is(virtualization(dmi('Amazon EC2', 'c7i.large'), true), 'Amazon EC2');
  assert.is(virtualization(dmi('Amazon EC2', 'c7i.metal-24xl'), false), 'none');
  assert.is(virtualization(dmi('QEMU', 'Standard PC (Q35)'), true), 'KVM');
  assert.is(virtualization(dmi('Microsoft Corporation', 'Virtual Machine'), true), 'Hyper-V');
  assert.is(virtualization(dmi('Dell Inc.', 'PowerEdge'), null), null);
  assert.is(virtualization(on({}), true), 'unnamed');
  assert.is(virtualization(on({}, '5.15.153.1-microsoft-standard-WSL2'), true), 'WSL');
});

test('name of the distribution, quoted or not', () => {
  assert.is(
    parseOsRelease('NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'),
    'Debian GNU/Linux 12 (bookworm)',
  );
  assert.is(parseOsRelease("PRETTY_NAME='Alpine Linux v3.20'"), 'Alpine Linux v3.20');
  assert.is(parseOsRelease('PRETTY_NAME=Void\n'), 'Void');
  assert.is(parseOsRelease('ID=x\nPRETTY_NAME=""'), null);
});

test.run();
