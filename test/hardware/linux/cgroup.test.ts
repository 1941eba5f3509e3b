import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cgroupLimits, parseCgroupMounts, parseMembership } from '../../../src/hardware/linux/cgroup.js';
import { linuxMemory } from '../../../src/hardware/linux/memory.js';
import { recordedProbe } from '../../support/probe.js';

const V2_MOUNT = '30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate';
const NO_LIMITS = { cpus: null, memoryBytes: null, memoryUsedBytes: null, throttledUs: null };

test('version 2 in a container that sees its own cgroup as the root', () => {
  const probe = recordedProbe({
    files: {
      '/proc/self/cgroup': '0::/\n',
      '/proc/self/mountinfo': `25 1 254:0 / / rw - ext4 /dev/vda rw\n${V2_MOUNT}\n`,
      '/sys/fs/cgroup/cpu.max': '150000 100000\n',
      '/sys/fs/cgroup/cpu.stat': 'usage_usec 100\nnr_periods 12\nnr_throttled 3\nthrottled_usec 45000\n',
      '/sys/fs/cgroup/memory.max': '2147483648\n',
      '/sys/fs/cgroup/memory.current': '1073741824\n',
      '/sys/fs/cgroup/memory.stat': 'anon 5\nfile 700\ninactive_file 268435456\n',
    },
  });
  assert.equal(cgroupLimits(probe), {
    cpus: 1.5,
    memoryBytes: 2 ** 31,
    memoryUsedBytes: 2 ** 30 - 2 ** 28,
    throttledUs: 45000,
  });
});

test('version 2 on a host: the tightest of the cgroups above counts, with its own use', () => {
  const slice = '/sys/fs/cgroup/user.slice';
  const probe = recordedProbe({
    files: {
      '/proc/self/cgroup': '0::/user.slice/user-1000.slice/run.scope\n',
      '/proc/self/mountinfo': V2_MOUNT,
      [`${slice}/user-1000.slice/run.scope/cpu.max`]: 'max 100000',
      [`${slice}/user-1000.slice/run.scope/memory.max`]: '8000',
      [`${slice}/user-1000.slice/run.scope/memory.current`]: '10',
      [`${slice}/user-1000.slice/cpu.max`]: '400000 100000',
      [`${slice}/user-1000.slice/memory.max`]: '5000',
      [`${slice}/user-1000.slice/memory.current`]: '4000',
      [`${slice}/memory.max`]: 'max',
    },
  });
  assert.equal(cgroupLimits(probe), { cpus: 4, memoryBytes: 5000, memoryUsedBytes: 4000, throttledUs: null });
});

test('version 1 as Docker mounts it: the path of the host, but only its own part is visible', () => {
  const id = '/docker/0123456789abcdef';
  const probe = recordedProbe({
    files: {
      '/proc/self/cgroup': `5:memory:${id}\n4:cpu,cpuacct:${id}\n1:name=systemd:${id}\n`,
      '/proc/self/mountinfo': [
        `40 39 0:30 ${id} /sys/fs/cgroup/cpu,cpuacct ro,nosuid master:12 - cgroup cgroup rw,cpu,cpuacct`,
        `41 39 0:31 ${id} /sys/fs/cgroup/memory ro,nosuid master:13 - cgroup cgroup rw,memory`,
      ].join('\n'),
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '50000',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.stat': 'nr_periods 9\nnr_throttled 2\nthrottled_time 7000000',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '1000000',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '900000',
      '/sys/fs/cgroup/memory/memory.stat': 'inactive_file 1\ntotal_inactive_file 300000\n',
    },
  });
  assert.equal(cgroupLimits(probe), { cpus: 0.5, memoryBytes: 1e6, memoryUsedBytes: 6e5, throttledUs: 7000 });
});

test('both versions at once, without limits: the words and numbers for none are no numbers', () => {
  const probe = recordedProbe({
    files: {
      '/proc/self/cgroup': '4:memory:/\n1:cpu:/\n0::/\n',
      '/proc/self/mountinfo': [
        '31 30 0:28 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu',
        '34 30 0:31 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
        '40 30 0:37 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
      ].join('\n'),
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '1234',
    },
  });
  assert.equal(cgroupLimits(probe), NO_LIMITS);
});

test('a cgroup outside of what is mounted is not guessed', () => {
  const files = { '/proc/self/mountinfo': V2_MOUNT, '/sys/fs/cgroup/cpu.max': 'max 100000' };
  assert.equal(cgroupLimits(recordedProbe({ files: { ...files, '/proc/self/cgroup': '0::/../other\n' } })), NO_LIMITS);
  assert.equal(cgroupLimits(recordedProbe({ files })), NO_LIMITS);
  assert.equal(cgroupLimits(recordedProbe({})), NO_LIMITS);
});

test('broken values are unknown', () => {
  for (const [cpu, memory] of [
    ['x y', 'z'],
    ['0 0', '0'],
    ['', ''],
    ['100000', '-5'],
  ]) {
    const probe = recordedProbe({
      files: {
        '/proc/self/cgroup': '0::/',
        '/proc/self/mountinfo': V2_MOUNT,
        '/sys/fs/cgroup/cpu.max': cpu!,
        '/sys/fs/cgroup/memory.max': memory!,
      },
    });
    assert.equal(cgroupLimits(probe), NO_LIMITS, `${cpu} ${memory}`);
  }
});

test('texts that are no cgroup tables', () => {
  assert.is(parseMembership('nonsense\n1:2\n').size, 0);
  assert.equal(parseCgroupMounts('nonsense\n\n1 2 3 - ext4 x y\n'), []);
});

test('free memory is the smaller of what the machine and the limit leave', () => {
  const files = {
    '/proc/meminfo': 'MemTotal:       1000 kB\nMemFree:  1 kB\nMemAvailable:    600 kB\n',
    '/proc/self/cgroup': '0::/',
    '/proc/self/mountinfo': V2_MOUNT,
    '/sys/fs/cgroup/memory.current': '100000',
  };
  const memory = (limit: string) =>
    linuxMemory(recordedProbe({ files: { ...files, '/sys/fs/cgroup/memory.max': limit } }));
  assert.equal(memory('max'), { totalBytes: 1_024_000, availableBytes: 614_400, limitBytes: null });
  assert.equal(memory('300000'), { totalBytes: 1_024_000, availableBytes: 200_000, limitBytes: 300_000 });
  assert.equal(memory('1000000'), { totalBytes: 1_024_000, availableBytes: 614_400, limitBytes: 1_000_000 });
  assert.equal(memory('90000'), { totalBytes: 1_024_000, availableBytes: 0, limitBytes: 90_000 });
  // A limit above the machine's memory limits nothing.
  assert.is(memory('99999999999').limitBytes, null);
});

test.run();
