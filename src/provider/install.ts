// How a provider's files get onto this machine: by the install script of the onnxruntime-node package, or not by us.

import { UsageError } from '../util/error.js';

export interface InstallStep {
  /** Null: there is nothing to run, the words say why. */
  script: string | null;
  env: Record<string, string>;
  words: string;
}

/** The package's own table: which sets of files it can fetch for a system (script/install-metadata.js). */
export type Requirements = Record<string, readonly string[] | undefined>;

/**
 * @param requirements by 'platform/arch', e.g. { 'linux/x64': ['cuda12'] }
 * @throws UsageError for a provider that has no files to fetch on this system
 */
export function installStep(
  name: string,
  { platform, arch }: { platform: NodeJS.Platform; arch: string },
  requirements: Requirements,
): InstallStep {
  const nothing = (words: string): InstallStep => ({ script: null, env: {}, words });
  switch (name) {
    case 'cuda':
    case 'tensorrt': {
      const set = requirements[`${platform}/${arch}`]?.find((one) => one.startsWith('cuda'));
      if (set === undefined) {
        throw new UsageError(
          `ep install ${name}: onnxruntime-node has no CUDA files for ${platform}/${arch}; point --ort-lib at the library of an onnxruntime-gpu wheel`,
        );
      }
      return {
        script: 'script/install.js',
        env: { ONNXRUNTIME_NODE_INSTALL: set },
        words: `fetching the ${set} files of onnxruntime-node (the CUDA and TensorRT providers)`,
      };
    }
    case 'coreml':
      return nothing('Core ML comes with onnxruntime-node on macOS, and exists nowhere else: nothing to install');
    case 'directml':
      return nothing('DirectML comes with onnxruntime-node on Windows, and exists nowhere else: nothing to install');
    case 'webgpu':
      return nothing(
        'WebGPU comes with onnxruntime-node; it needs a driver of the GPU (on Linux Vulkan: libvulkan1 and mesa-vulkan-drivers)',
      );
    case 'cpu':
      return nothing('the CPU provider is part of every ONNX Runtime: nothing to install');
    case 'migraphx':
    case 'rocm':
      return nothing(
        "AMD's providers come with AMD's own wheels: pip install onnxruntime-migraphx (ROCm 7: --ep migraphx) or onnxruntime-rocm up to 1.22 (--ep rocm), then --ort-lib SITE-PACKAGES/onnxruntime/capi/libonnxruntime.so.1.*",
      );
    default:
      throw new UsageError(
        `ep install ${name}: nothing that hfbench can fetch; 'hfbench devices' says where to get it`,
      );
  }
}
