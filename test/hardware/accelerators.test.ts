import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { accelerators } from '../../src/hardware/accelerators.js';
import { systemProbe } from '../../src/hardware/probe.js';

/** A Linux that has these files alone. */
function probeOf(files: Record<string, string>) {
  const below = (folder: string) =>
    Object.keys(files).flatMap((path) =>
      path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split('/')[0]!] : [],
    );
  return {
    ...systemProbe(),
    platform: 'linux',
    read: (path: string) => files[path] ?? null,
    list: (path: string) => [...new Set(below(path))],
  };
}

test('an NVIDIA GPU is told once, with its driver', () => {
  const gpus = accelerators(
    probeOf({
      '/proc/driver/nvidia/version':
        'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\nGCC version: 12',
      '/proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: \t\t NVIDIA H100 80GB HBM3\nIRQ: 42',
      '/sys/class/drm/card0/device/vendor': '0x10de',
    }),
  );
  assert.equal(gpus, [{ kind: 'gpu', vendor: 'NVIDIA', name: 'NVIDIA H100 80GB HBM3', driver: 'nvidia 535.183.01' }]);
});

test('other GPUs by their PCI ids', () => {
  const gpus = accelerators(
    probeOf({
      '/sys/class/drm/card0/device/vendor': '0x1002',
      '/sys/class/drm/card0/device/device': '0x744c',
      '/sys/class/drm/card0/device/uevent': 'DRIVER=amdgpu\nPCI_CLASS=30000',
      '/sys/class/drm/card0-HDMI-A-1/status': 'connected',
    }),
  );
  assert.equal(gpus, [{ kind: 'gpu', vendor: 'AMD', name: 'PCI 1002:744c', driver: 'amdgpu' }]);
});

test('none is no error', () => {
  assert.equal(accelerators(probeOf({})), []);
  assert.equal(accelerators({ ...probeOf({}), platform: 'darwin' }), []);
});

test.run();
