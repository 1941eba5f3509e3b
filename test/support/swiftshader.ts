// SwiftShader, a Vulkan on the CPU: with it ONNX Runtime's WebGPU provider runs without a GPU. Debian's chromium brings it.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const DRIVERS = ['/usr/lib/chromium/vk_swiftshader_icd.json', '/usr/lib64/chromium-browser/vk_swiftshader_icd.json'];

/** What a process needs in its environment; null where SwiftShader is not installed. */
export function swiftShaderEnv(): Record<string, string> | null {
  const driver = DRIVERS.find((path) => existsSync(join(dirname(path), 'libvk_swiftshader.so')) && existsSync(path));
  if (driver === undefined) return null;
  return {
    VK_DRIVER_FILES: driver,
    VK_ICD_FILENAMES: driver, // its name before Vulkan loader 1.3.207
    // chromium brings a Vulkan loader too, for systems without libvulkan1.
    LD_LIBRARY_PATH: [dirname(driver), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
  };
}
