import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCpuInfo } from '../../../src/hardware/linux/cpu-info.js';
import { readFixture } from '../../support/fixture-text.js';

test('a virtual machine on AMD', () => {
  assert.equal(parseCpuInfo(readFixture('hardware/cpuinfo-epyc-vm.txt')), {
    model: 'AMD EPYC',
    isa: [
      ...['sse4_2', 'avx', 'f16c', 'fma', 'avx2', 'avx_vnni', 'avx512f', 'avx512bw', 'avx512vl', 'avx512_vnni'],
      'avx512_bf16',
    ],
    physicalCores: 2,
    sockets: 1,
    hypervisor: true,
  });
});

test('two sockets with two cores of two threads: threads are no cores', () => {
  const processors = [0, 1, 2, 3, 4, 5, 6, 7].map((n) =>
    [
      `processor\t: ${n}`,
      'model name\t: Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz',
      `physical id\t: ${n % 2}`,
      `core id\t\t: ${Math.floor(n / 2) % 2}`,
      'flags\t\t: fpu sse4_2 avx2 fma amx_tile',
    ].join('\n'),
  );
  const { model, physicalCores, sockets, isa, hypervisor } = parseCpuInfo(`${processors.join('\n\n')}\n`);
  assert.is(model, 'Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz');
  assert.equal([physicalCores, sockets, hypervisor], [4, 2, false]);
  assert.equal(isa, ['sse4_2', 'fma', 'avx2', 'amx_tile']);
});

test('ARM names its core by number and does not tell cores or hypervisor', () => {
  assert.equal(parseCpuInfo(readFixture('hardware/cpuinfo-graviton3.txt')), {
    model: 'Arm Neoverse-V1',
    isa: ['asimd', 'asimdhp', 'asimddp', 'i8mm', 'bf16', 'sve'],
    physicalCores: null,
    sockets: null,
    hypervisor: null,
  });
  const unknown = parseCpuInfo('processor : 0\nCPU implementer : 0x99\nCPU part : 0x123\n');
  assert.is(unknown.model, 'CPU implementer 0x99, part 0x123');
});

test('nothing is made of nothing', () => {
  for (const text of ['', 'garbage', '\n\n:\n\n']) {
    assert.equal(parseCpuInfo(text), { model: null, isa: [], physicalCores: null, sockets: null, hypervisor: null });
  }
});

test.run();
