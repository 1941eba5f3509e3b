// Sensors by a scripted management library; the process of the test loads it once.

import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addonPath, loadAddon } from '../../binding/index.js';
import { joulesBetween, packageEnergies } from '../../src/hardware/linux/rapl.js';
import { systemProbe } from '../../src/hardware/probe.js';
import { SensorWatch } from '../../src/run/sensor-watch.js';
import { readGpu } from '../../src/runtime/native.js';
import type { Session } from '../../src/runtime/session.js';
import { sampleCase } from '../support/outcomes.js';
import { recordedProbe } from '../support/probe.js';

process.env.HFBENCH_NVML = join(dirname(addonPath()), 'fake_nvml.library');
delete process.env.CUDA_VISIBLE_DEVICES;

const session = {
  sample: async (count: number) => ({ durationsNs: new Float64Array(count), wallNs: 1, cpuNs: 1 }),
} as unknown as Session;

test('a GPU tells what it knows; one that is lost keeps its place', () => {
  const { driver, gpus } = loadAddon().readNvidiaGpus()!;
  assert.is(driver, '550.54.15');
  assert.equal(
    gpus.map(({ name, smClockMHz, temperatureC, powerMilliwatts, memoryUsedBytes }) => [
      ...[name, smClockMHz, temperatureC, powerMilliwatts, memoryUsedBytes],
    ]),
    [
      ['Fake GPU', 1410, 61, 250_000, null],
      ['', null, null, null, null],
    ],
  );
});

test('which GPU a device index is, is not guessed', () => {
  const byBus = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' };
  assert.is(readGpu(0, byBus)?.name, 'Fake GPU');
  assert.is(readGpu(5, byBus), null);
  assert.is(readGpu(1, { ...byBus, CUDA_VISIBLE_DEVICES: '1,0' })?.name, 'Fake GPU');
  assert.is(readGpu(0, { ...byBus, CUDA_VISIBLE_DEVICES: 'GPU-5ebe9f43' }), null);
  assert.is(readGpu(0, {}), null, 'unequal GPUs in an order of their own');
});

test('blocks taken while the clock was held back are marked, those of the warm-up are not', async () => {
  process.env.CUDA_DEVICE_ORDER = 'PCI_BUS_ID';
  const watch = new SensorWatch(sampleCase({ provider: 'cuda' }));
  const watched = watch.watched(session);
  process.env.HFBENCH_FAKE_NVML = '0x20';
  await watched.sample(9);
  watch.start();
  process.env.HFBENCH_FAKE_NVML = '0x3'; // idle, clocks set by the user
  await watched.sample(3);
  process.env.HFBENCH_FAKE_NVML = '0x44';
  await watched.sample(4);
  const sensors = watch.stop()!;
  assert.equal(sensors.throttled, [[3, 7]]);
  assert.is(sensors.energySource, 'nvml');
  assert.is(sensors.energyJoules, null, 'the window is far below 10 s');
});

test('nothing is read before sampling, and no GPU for the CPU', async () => {
  assert.is(new SensorWatch(sampleCase()).stop(), null);
  const watch = new SensorWatch(sampleCase());
  watch.start();
  assert.is(watch.stop()!.gpu, null);
});

/** An AMD GPU whose energy counter stands at so many microjoules. */
const amdFiles = (microjoules: number): Record<string, string> => ({
  '/sys/class/drm/card0/device/uevent': 'DRIVER=amdgpu\nPCI_SLOT_NAME=0000:03:00.0',
  '/sys/class/drm/card0/device/drm/renderD128/dev': '226:128',
  '/dev/dri/renderD128': '',
  '/sys/class/drm/card0/device/hwmon/hwmon0/name': 'amdgpu',
  '/sys/class/drm/card0/device/hwmon/hwmon0/temp1_input': '61000',
  '/sys/class/drm/card0/device/hwmon/hwmon0/energy1_input': String(microjoules),
});

for (const provider of ['rocm', 'migraphx']) {
  test(`${provider} reads AMD's GPU by its device_id, before and after`, async () => {
    const files = amdFiles(1e6);
    const watch = new SensorWatch(sampleCase({ provider }), recordedProbe({ files }));
    const absent = new SensorWatch(
      sampleCase({ provider, providerOptions: { device_id: '1' } }),
      recordedProbe({ files }),
    );
    watch.start();
    absent.start();
    await watch.watched(session).sample(3);
    Object.assign(files, amdFiles(3e6));
    const sensors = watch.stop()!;
    assert.equal(
      [sensors.energySource, sensors.gpu?.temperatureC, sensors.gpu?.energyMillijoules, sensors.throttled],
      ['amdgpu', 61, 3000, null],
    );
    assert.equal([absent.stop()!.gpu, absent.stop()!.energySource], [null, null]);
  });
}

test('a Mac is asked once a second at most; what it says holds for the samples since it was asked', async () => {
  const programs: Record<string, string> = {
    '/usr/sbin/ioreg': '+-o AGX\n "PerformanceStatistics" = {"In use system memory"=568164352}\n',
    '/usr/bin/pmset -g therm': 'CPU_Speed_Limit = 100',
  };
  const watch = new SensorWatch(sampleCase({ provider: 'coreml' }), recordedProbe({ platform: 'darwin', programs }));
  const watched = watch.watched(session);
  const now = performance.now;
  let ms = 5000;
  performance.now = () => ms;
  try {
    watch.start();
    programs['/usr/bin/pmset -g therm'] = 'CPU_Speed_Limit = 80';
    ms += 600;
    await watched.sample(3);
    ms += 600;
    await watched.sample(4);
    programs['/usr/bin/pmset -g therm'] = 'CPU_Speed_Limit = 100';
    ms += 1100;
    await watched.sample(5);
  } finally {
    performance.now = now;
  }
  const sensors = watch.stop()!;
  assert.equal(sensors.throttled, [[0, 7]]);
  assert.is(sensors.gpu?.memoryUsedBytes, 568164352);
});

test('a counter that fell counts nothing', () => {
  const files = amdFiles(3e6);
  const watch = new SensorWatch(sampleCase({ provider: 'rocm' }), recordedProbe({ files }));
  watch.start();
  Object.assign(files, amdFiles(1e6));
  assert.is(watch.stop()!.energySource, null);
});

test('RAPL: packages only, once around the counter', () => {
  const files = (joule: number): Record<string, string> => ({
    '/sys/class/powercap/intel-rapl:0/energy_uj': String(joule * 1e6),
    '/sys/class/powercap/intel-rapl:0/max_energy_range_uj': '1000000000',
  });
  const probe = (joule: number, names = ['intel-rapl', 'intel-rapl:0', 'intel-rapl:0:0']) => ({
    ...systemProbe(),
    list: () => names,
    read: (path: string) => files(joule)[path] ?? null,
  });
  assert.is(joulesBetween(packageEnergies(probe(10)), packageEnergies(probe(25))), 15);
  assert.is(joulesBetween(packageEnergies(probe(990)), packageEnergies(probe(5))), 15);
  assert.is(joulesBetween([], []), null);
  assert.equal(packageEnergies(probe(1, ['intel-rapl:1'])), []);
});

test.run();
