import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAmdGpu } from '../../../src/hardware/linux/amdgpu.js';
import { type Probe, systemProbe } from '../../../src/hardware/probe.js';

const root = mkdtempSync(join(tmpdir(), 'hfbench-amdgpu-'));
test.after(() => rmSync(root, { recursive: true, force: true }));
test.before.each(() => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
});

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** A card as the driver lays it out; `files` are beside its own. */
function card(
  index: number,
  address: string,
  files: Record<string, string>,
  { id = '0x744c', driver = 'amdgpu' } = {},
) {
  const folder = `sys/class/drm/card${index}/device`;
  const own = {
    uevent: `DRIVER=${driver}\nPCI_CLASS=30000\nPCI_SLOT_NAME=${address}\n`,
    vendor: '0x1002\n',
    device: `${id}\n`,
    [`drm/renderD${128 + index}/dev`]: '226:128\n',
  };
  write(Object.fromEntries(Object.entries({ ...own, ...files }).map(([name, text]) => [`${folder}/${name}`, text])));
  write({ [`dev/dri/renderD${128 + index}`]: '' });
}

/** The system's probe below `root`: real folders and files, of any contents. */
function rooted(): Probe {
  const { exists, read, list, ...rest } = systemProbe();
  const below =
    <T>(ask: (path: string) => T) =>
    (path: string) =>
      ask(`${root}${path}`);
  return { ...rest, exists: below(exists), read: below(read), list: below(list) };
}

const read = (deviceId = 0, env: NodeJS.ProcessEnv = {}) => readAmdGpu(rooted(), deviceId, env);

test('a GPU tells what it knows, in the units of a reading', () => {
  card(0, '0000:03:00.0', {
    product_name: 'AMD Radeon RX 7900 XTX\n',
    mem_info_vram_used: '1073741824\n',
    mem_info_vram_total: '25753026560\n',
    'hwmon/hwmon3/name': 'amdgpu\n',
    'hwmon/hwmon3/freq1_input': '2394000000\n',
    'hwmon/hwmon3/temp1_input': '61000\n',
    'hwmon/hwmon3/power1_average': '250000000\n',
    'hwmon/hwmon3/energy1_input': '5000000\n',
  });
  assert.equal(read(), {
    name: 'AMD Radeon RX 7900 XTX',
    smClockMHz: 2394,
    temperatureC: 61,
    powerMilliwatts: 250_000,
    energyMillijoules: 5000,
    throttleReasons: null,
    memoryUsedBytes: 2 ** 30,
    memoryTotalBytes: 25_753_026_560,
  });
  assert.is(read(1), null);
  assert.is(read(-1), null);
  assert.is(read(Number.NaN), null);
});

test('what stands in for a file that a GPU lacks', () => {
  card(0, '0000:03:00.0', {
    pp_dpm_sclk: '0: 500Mhz\n1: 1500Mhz *\n2: 2100Mhz\n',
    'hwmon/hwmon0/name': 'amdgpu\n',
    'hwmon/hwmon0/temp2_input': '-5500\n',
    'hwmon/hwmon0/power1_input': '90000000\n',
  });
  const { name, smClockMHz, temperatureC, powerMilliwatts, memoryUsedBytes } = read()!;
  assert.equal(
    [name, smClockMHz, temperatureC, powerMilliwatts, memoryUsedBytes],
    ['PCI 1002:744c', 1500, -5.5, 90_000, null],
  );
});

for (const [what, text] of Object.entries({
  garbage: 'N/A\n',
  nothing: '',
  'a number beyond 2^53': '18446744073709551615\n',
  'a fraction': '1.5\n',
  hexadecimal: '0x10\n',
  megabytes: '9'.repeat(1 << 22),
  'bytes that are no text': '\u0000\uffff\u0001',
})) {
  test(`${what} is no reading`, () => {
    const files = ['freq1_input', 'temp1_input', 'temp2_input', 'power1_average', 'power1_input', 'energy1_input'];
    card(0, '0000:03:00.0', {
      mem_info_vram_used: text,
      mem_info_vram_total: text,
      pp_dpm_sclk: text,
      'hwmon/hwmon0/name': 'amdgpu',
      ...Object.fromEntries(files.map((file) => [`hwmon/hwmon0/${file}`, text])),
    });
    const { name, ...values } = read()!;
    assert.equal(Object.values(values), Array(7).fill(null));
  });
}

test('a name is one line', () => {
  card(0, '0000:03:00.0', { product_name: `AMD\n\u001b[31mred${' long'.repeat(1000)}` });
  assert.match(read()!.name, /^AMD red long.{1,70}$/);
});

test('counters and memory are not negative', () => {
  card(0, '0000:03:00.0', {
    mem_info_vram_used: '-1',
    'hwmon/hwmon0/name': 'amdgpu',
    'hwmon/hwmon0/energy1_input': '-1',
    'hwmon/hwmon0/power1_average': '-1',
  });
  const { memoryUsedBytes, energyMillijoules, powerMilliwatts } = read()!;
  assert.equal([memoryUsedBytes, energyMillijoules, powerMilliwatts], [null, null, null]);
});

test('folders where files should be, and the reverse, are no readings', () => {
  card(0, '0000:03:00.0', { hwmon: 'a file', 'mem_info_vram_used/x': 'in a folder' });
  assert.is(read()!.memoryUsedBytes, null);
  assert.is(read()!.temperatureC, null);
});

test('another monitor of the device is not its own', () => {
  card(0, '0000:03:00.0', { 'hwmon/hwmon0/name': 'nvme', 'hwmon/hwmon0/temp1_input': '40000' });
  assert.is(read()!.temperatureC, null);
});

test('equal GPUs are counted along the PCI bus, not by card', () => {
  card(0, '0000:83:00.0', { product_name: 'behind' });
  card(1, '0000:03:00.0', { product_name: 'first' });
  card(2, '0000:01:00.0', { product_name: 'other maker' }, { driver: 'i915' });
  assert.equal(
    [0, 1, 2].map((index) => read(index)?.name ?? null),
    ['first', 'behind', null],
  );
});

test('which of several GPUs an index is, is not guessed', () => {
  card(0, '0000:03:00.0', {});
  card(1, '0000:83:00.0', {});
  assert.is.not(read(1), null);
  assert.is(read(0, { HIP_VISIBLE_DEVICES: '1' }), null);
  assert.is(read(0, { ROCR_VISIBLE_DEVICES: '1,0' }), null);
  card(2, '0000:a3:00.0', {}, { id: '0x164e' });
  assert.is(read(0), null, 'unequal');
});

test('of the GPUs of the machine a container has those whose device file it has', () => {
  card(0, '0000:03:00.0', { product_name: "another's" });
  card(1, '0000:83:00.0', { product_name: 'ours' });
  rmSync(join(root, 'dev/dri/renderD128'));
  assert.is(read(0)!.name, 'ours');
  assert.is(read(1), null);
});

test('no driver, no reading', () => {
  assert.is(read(), null);
});

test.run();
