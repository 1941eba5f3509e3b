// Readings of NVIDIA's GPUs, through the addon.

import { type GpuReading, loadAddon } from '../../binding/index.js';

export type { GpuReading } from '../../binding/index.js';

/**
 * The GPU of a CUDA device index; null without the driver, or where CUDA_VISIBLE_DEVICES leaves open which one that is. CUDA's own
 * order is that of speed unless CUDA_DEVICE_ORDER is PCI_BUS_ID, so with unequal GPUs nothing is guessed.
 */
export function readGpu(deviceId: number, env: NodeJS.ProcessEnv = process.env): GpuReading | null {
  const gpus = loadAddon().readNvidiaGpus()?.gpus ?? [];
  const visible = env.CUDA_VISIBLE_DEVICES?.split(',').map((part) => part.trim());
  const index =
    visible === undefined ? deviceId : /^\d+$/.test(visible[deviceId] ?? '') ? Number(visible[deviceId]) : -1;
  const ordered = env.CUDA_DEVICE_ORDER === 'PCI_BUS_ID' || new Set(gpus.map(({ name }) => name)).size <= 1;
  return ordered ? (gpus[index] ?? null) : null;
}
