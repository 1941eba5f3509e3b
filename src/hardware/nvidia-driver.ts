import { readFileSync } from 'node:fs';

/** Version of NVIDIA's kernel module, e.g. '535.183.01'; null where it is not loaded (or not Linux). */
export function nvidiaDriverVersion(path = '/proc/driver/nvidia/version'): string | null {
  try {
    return /Kernel Module\D+?(\d+\.[\d.]+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}
