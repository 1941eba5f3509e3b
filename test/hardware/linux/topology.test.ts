import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { caches, countCpus, numaNodes, parseSize, topology } from '../../../src/hardware/linux/topology.js';
import { recordedProbe } from '../../support/probe.js';

const CPU = '/sys/devices/system/cpu';

test('cores and sockets from the siblings', () => {
  const files: Record<string, string> = { [`${CPU}/cpufreq/policy0/scaling_governor`]: 'performance' };
  for (let cpu = 0; cpu < 8; cpu += 1) {
    files[`${CPU}/cpu${cpu}/topology/thread_siblings_list`] = `${cpu % 4},${(cpu % 4) + 4}`;
    files[`${CPU}/cpu${cpu}/topology/physical_package_id`] = `${cpu % 2}`;
  }
  assert.equal(topology(recordedProbe({ files })), { physicalCores: 4, sockets: 2 });
  assert.equal(topology(recordedProbe({})), { physicalCores: null, sockets: null });
});

test('caches of the first CPU, the one for instructions left out', () => {
  const index = (n: number, level: string, type: string, size: string) => ({
    [`${CPU}/cpu0/cache/index${n}/level`]: level,
    [`${CPU}/cpu0/cache/index${n}/type`]: type,
    [`${CPU}/cpu0/cache/index${n}/size`]: size,
  });
  const files = {
    ...index(0, '1', 'Data', '48K'),
    ...index(1, '1', 'Instruction', '32K'),
    ...index(2, '2', 'Unified', '2048K'),
    ...index(3, '3', 'Unified', '105M'),
  };
  assert.equal(caches(recordedProbe({ files })), { l1dBytes: 49152, l2Bytes: 2097152, l3Bytes: 105 * 2 ** 20 });
  assert.equal(caches(recordedProbe({})), { l1dBytes: null, l2Bytes: null, l3Bytes: null });
});

test('memory nodes', () => {
  const node = '/sys/devices/system/node';
  const files = { [`${node}/node0/cpulist`]: '0', [`${node}/node1/cpulist`]: '1', [`${node}/online`]: '0-1' };
  assert.is(numaNodes(recordedProbe({ files })), 2);
  assert.is(numaNodes(recordedProbe({})), null);
});

test('sizes and lists as the kernel writes them', () => {
  assert.equal(['48K', '32M', '1G', '64', '', 'K', '1T', '-1K'].map(parseSize), [
    ...[49152, 2 ** 25, 2 ** 30, 64],
    ...[null, null, null, null],
  ]);
  assert.equal(['0', '0-3', '0-3,8,10-11', '', 'a'].map(countCpus), [1, 4, 7, null, null]);
});

test.run();
