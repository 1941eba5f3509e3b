// What the amdgpu driver tells of its GPUs in sysfs, without any vendor's library.
// https://docs.kernel.org/gpu/amdgpu/thermal.html and driver-misc.html; units as in https://docs.kernel.org/hwmon/sysfs-interface.html

import type { GpuReading } from '../../../binding/index.js';
import { oneLine } from '../../util/one-line.js';
import type { Probe } from '../probe.js';

/** Any of them may leave out GPUs or give them another order. */
const VISIBLE = ['ROCR_VISIBLE_DEVICES', 'HIP_VISIBLE_DEVICES', 'CUDA_VISIBLE_DEVICES', 'GPU_DEVICE_ORDINAL'];

/** Folders of the devices that this process may open, in the order of the PCI bus. */
function devices(probe: Probe): { folder: string; address: string; id: string }[] {
  return probe
    .list('/sys/class/drm')
    .filter((name) => /^card\d+$/.test(name))
    .flatMap((card) => {
      const folder = `/sys/class/drm/${card}/device`;
      const uevent = probe.read(`${folder}/uevent`) ?? '';
      const address = /^PCI_SLOT_NAME=(\S+)$/m.exec(uevent)?.[1];
      if (!/^DRIVER=amdgpu$/m.test(uevent) || address === undefined) return [];
      // A container sees the sysfs of all GPUs, and the device files of its own.
      const render = probe.list(`${folder}/drm`).find((name) => /^renderD\d+$/.test(name));
      if (render === undefined || !probe.exists(`/dev/dri/${render}`)) return [];
      return [{ folder, address, id: probe.read(`${folder}/device`) ?? '' }];
    })
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** A whole number of at most 2^53; null for anything else that a file may hold. */
function whole(text: string | null): number | null {
  if (text === null || !/^-?\d{1,16}$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

const scaled = (value: number | null, factor: number): number | null => (value === null ? null : value / factor);
const unsigned = (value: number | null): number | null => (value !== null && value >= 0 ? value : null);

function readDevice(probe: Probe, folder: string): GpuReading {
  const monitor = probe
    .list(`${folder}/hwmon`)
    .map((name) => `${folder}/hwmon/${name}`)
    .find((path) => probe.read(`${path}/name`) === 'amdgpu');
  const sensor = (file: string) => (monitor === undefined ? null : whole(probe.read(`${monitor}/${file}`)));
  const memory = (file: string) => unsigned(whole(probe.read(`${folder}/mem_info_vram_${file}`)));
  // The level that is marked, e.g. '1: 2394Mhz *', where there is no measured clock.
  const level = /^\d+:\s*(\d{1,6})Mhz \*$/im.exec(probe.read(`${folder}/pp_dpm_sclk`)?.slice(0, 4096) ?? '')?.[1];
  const identity = `${(probe.read(`${folder}/vendor`) ?? '').slice(2)}:${(probe.read(`${folder}/device`) ?? '').slice(2)}`;
  return {
    name: oneLine(probe.read(`${folder}/product_name`) || `PCI ${identity}`, 80),
    smClockMHz: scaled(unsigned(sensor('freq1_input')), 1e6) ?? (level === undefined ? null : Number(level)),
    // The edge of the chip; data-centre GPUs have the junction alone, which is the second.
    temperatureC: scaled(sensor('temp1_input') ?? sensor('temp2_input'), 1000),
    // Newer GPUs have the momentary power instead of the average.
    powerMilliwatts: scaled(unsigned(sensor('power1_average') ?? sensor('power1_input')), 1000),
    energyMillijoules: scaled(unsigned(sensor('energy1_input')), 1000),
    throttleReasons: null,
    memoryUsedBytes: memory('used'),
    memoryTotalBytes: memory('total'),
  };
}

/**
 * The GPU of a HIP device index; null without the driver, or where that index is open: ROCm may leave out GPUs that it does not
 * support, so among unequal ones, or ones that the environment chooses from, nothing is guessed.
 */
export function readAmdGpu(probe: Probe, deviceId: number, env: NodeJS.ProcessEnv = process.env): GpuReading | null {
  const all = devices(probe);
  const sure = all.every(({ id }) => id === all[0]!.id) && (all.length <= 1 || VISIBLE.every((name) => !env[name]));
  const device = sure ? all[deviceId] : undefined;
  return device === undefined ? null : readDevice(probe, device.folder);
}
