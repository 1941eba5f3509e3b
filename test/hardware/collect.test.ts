import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { availableMemoryBytes } from '../../src/hardware/available-memory.js';
import { collectEnvironment } from '../../src/hardware/collect.js';
import { reportSchema } from '../../src/record/report-schema.js';
import { firstViolation } from '../../src/record/schema.js';
import { readFixture } from '../support/fixture-text.js';
import { assertGolden } from '../support/golden.js';
import { type Recording, recordedProbe } from '../support/probe.js';

const CALLER = { node: '20.17.0', hfbench: '0.1.0', addon: null, peaks: null };
const HASH = '0123456789abcdef0123456789abcdef01234567';

const MACHINES: Record<string, Recording> = {
  'linux-container': {
    logicalCores: 2,
    load1: 0.1,
    files: {
      '/.dockerenv': '',
      '/proc/cpuinfo': readFixture('hardware/cpuinfo-epyc-vm.txt'),
      '/proc/meminfo': 'MemTotal:       24683620 kB\nMemFree:        23893012 kB\nMemAvailable:   24211376 kB\n',
      '/proc/self/cgroup': '0::/\n',
      '/proc/self/mountinfo': '30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw',
      '/proc/self/status': 'Name:\tnode\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n',
      '/sys/fs/cgroup/cpu.max': '150000 100000',
      '/sys/fs/cgroup/cpu.stat': 'throttled_usec 2500000',
      '/sys/fs/cgroup/memory.max': '4294967296',
      '/sys/fs/cgroup/memory.current': '1073741824',
      '/sys/class/dmi/id/sys_vendor': 'QEMU',
      '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor': 'powersave',
      '/sys/devices/system/cpu/cpufreq/boost': '1',
      '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
    },
    programs: { 'git -c core.fsmonitor=false describe': `${HASH}-dirty\n` },
  },
  'linux-arm': {
    architecture: 'arm64',
    cpuModel: 'unknown',
    files: {
      '/proc/cpuinfo': readFixture('hardware/cpuinfo-graviton3.txt'),
      '/sys/devices/system/cpu/cpu0/topology/thread_siblings_list': '0',
      '/sys/devices/system/cpu/cpu1/topology/thread_siblings_list': '1',
      '/proc/self/status': 'Cpus_allowed_list:\t1\n',
    },
  },
  'macos-m1': {
    platform: 'darwin',
    architecture: 'arm64',
    release: '24.1.0',
    logicalCores: 10,
    load1: 6.4,
    programs: {
      '/usr/sbin/sysctl hw machdep.cpu': readFixture('hardware/sysctl-m1-pro.txt'),
      '/usr/sbin/sysctl -n kern.hv_vmm_present': '0\n',
      '/usr/bin/vm_stat': readFixture('hardware/vm-stat.txt'),
      '/usr/bin/pmset -g batt': "Now drawing from 'Battery Power'\n",
      '/usr/bin/sw_vers': '15.1\n',
      'git ': `${HASH}\n`,
    },
  },
  'macos-intel': {
    platform: 'darwin',
    release: '22.6.0',
    logicalCores: 12,
    programs: { '/usr/sbin/sysctl hw machdep.cpu': readFixture('hardware/sysctl-i7.txt') },
  },
  windows: {
    platform: 'win32',
    release: '10.0.22631',
    logicalCores: 24,
    totalBytes: 32 * 2 ** 30,
    programs: {
      'powershell.exe -NoProfile': readFixture('hardware/cim-ryzen.json'),
      'powercfg.exe': 'Power Scheme GUID: 381b4222-f694-41f0-9685-ff5bb260df2e  (Balanced)\r\n',
    },
  },
  'nothing-known': { platform: 'linux' },
  'other-system': { platform: 'freebsd', cpuModel: 'Some CPU' },
};

for (const [name, recording] of Object.entries(MACHINES)) {
  test(`${name}: from recorded texts to the environment`, async () => {
    const environment = await collectEnvironment(CALLER, '.', recordedProbe(recording));
    assertGolden(`hardware/${name}.json`, `${JSON.stringify(environment, null, 2)}\n`);
    const schema = reportSchema().properties!.environments!.items!;
    assert.is(firstViolation(schema, environment), null);
  });
}

test('memory for a new process is asked anew, limits counted', async () => {
  const bytes = (name: string) => availableMemoryBytes(recordedProbe(MACHINES[name]!));
  assert.is(await bytes('linux-container'), 3 * 2 ** 30);
  assert.is(await bytes('macos-m1'), (11887 + 102040 + 1044 + 264584) * 16384);
  assert.is(await bytes('windows'), 2 ** 30);
  assert.is(await bytes('nothing-known'), null);
});

test('this very machine can be described', async () => {
  const environment = await collectEnvironment(CALLER, '.');
  assert.is(firstViolation(reportSchema().properties!.environments!.items!, environment), null);
  assert.ok(environment.memory.totalBytes > 0);
  const again = await collectEnvironment(CALLER, '.');
  assert.is(again.fingerprint, environment.fingerprint);
});

test.run();
