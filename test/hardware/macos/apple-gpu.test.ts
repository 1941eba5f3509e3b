// Texts of ioreg and pmset in the forms that are published of real Macs; no Mac was asked for them here.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { appleGpuOf, appleHeldBack, heldBackOf, readAppleGpu } from '../../../src/hardware/macos/apple-gpu.js';
import { recordedProbe } from '../../support/probe.js';

const M3 = `+-o AGXAcceleratorG15X  <class AGXAcceleratorG15X, id 0x100000481, registered, matched, active, busy 0 (1 ms), retain 98>
    {
      "model" = "Apple M3 Pro"
      "gpu-core-count" = 18
      "PerformanceStatistics" = {"In use system memory (driver)"=0,"Alloc system memory"=16749051904,"Tiler Utilization %"=7,"Device Utilization %"=16,"In use system memory"=568164352}
    }
`;
const RADEON = `+-o AMDRadeonX6000_AMDNavi23GraphicsAccelerator  <class AMDRadeonX6000_AMDNavi23GraphicsAccelerator, id 0x1000004f1>
    {
      "PerformanceStatistics" = {"Total Time (Read)"=432,"Core Clock(MHz)"=2100,"Total Power(W)"=24,"GPU Activity(%)"=13,"Temperature(C)"=49,"inUseVidMemoryBytes"=734003200}
    }
`;

test("Apple's GPUs tell their name and memory, nothing else", () => {
  assert.equal(appleGpuOf(M3), {
    ...{ name: 'Apple M3 Pro', smClockMHz: null, temperatureC: null, powerMilliwatts: null, energyMillijoules: null },
    ...{ throttleReasons: null, memoryUsedBytes: 568164352, memoryTotalBytes: null },
  });
});

test("AMD's GPUs of Intel Macs tell clock, temperature and power too", () => {
  const gpu = appleGpuOf(RADEON)!;
  assert.is(gpu.name, 'AMDRadeonX6000_AMDNavi23GraphicsAccelerator');
  assert.equal(
    [gpu.smClockMHz, gpu.temperatureC, gpu.powerMilliwatts, gpu.memoryUsedBytes],
    [2100, 49, 24000, 734003200],
  );
});

test('several accelerators, none, and texts that are neither', () => {
  assert.is(appleGpuOf(M3 + RADEON), null);
  assert.is(appleGpuOf(''), null);
  assert.is(appleGpuOf('no accelerator'), null);
  const odd = appleGpuOf('+-o X\n "PerformanceStatistics" = {"In use system memory"=99999999999999999999}\n')!;
  assert.equal([odd.name, odd.memoryUsedBytes], ['X', null]);
});

test('whether the speed is limited', () => {
  const quiet =
    'Note: No thermal warning level has been recorded\nNote: No performance warning level has been recorded\n';
  const limits = (speed: number) =>
    `CPU Power notify\n\tCPU_Scheduler_Limit \t= 100\n\tCPU_Available_CPUs \t= 10\n\tCPU_Speed_Limit \t= ${speed}\n`;
  assert.equal([quiet, limits(100), limits(85), '', 'no such option'].map(heldBackOf), [
    false,
    false,
    true,
    null,
    null,
  ]);
  assert.is(heldBackOf(`${quiet}GPU_Speed_Limit = 50`), true);
});

test('asked on macOS alone, by their own programs', () => {
  const programs = {
    '/usr/sbin/ioreg -r -d 1 -w 0 -c IOAccelerator': M3,
    '/usr/bin/pmset -g therm': 'CPU_Speed_Limit = 70',
  };
  const mac = recordedProbe({ platform: 'darwin', programs });
  assert.is(readAppleGpu(mac)?.name, 'Apple M3 Pro');
  assert.is(appleHeldBack(mac), true);
  assert.is(readAppleGpu(recordedProbe({ platform: 'darwin' })), null);
  assert.is(appleHeldBack(recordedProbe({ platform: 'darwin' })), null);
  assert.equal([readAppleGpu(recordedProbe({ programs })), appleHeldBack(recordedProbe({ programs }))], [null, null]);
});

test.run();
