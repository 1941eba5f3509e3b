// WebGPU by Dawn: Vulkan, Direct3D 12 or Metal, so GPUs of every maker; part of the npm package.
// Options: onnxruntime/core/providers/webgpu/webgpu_provider_options.h.
//
// Trap: runs return when their work is queued, and SynchronizeBoundOutputs does not wait: see binding/ort/fence.h.

import { oneOf, onOff, text, whole } from './option.js';
import { defineProvider } from './provider.js';

const cache = (buffers: string) =>
  oneOf(`How ${buffers} are kept for reuse.`, 'disabled', 'lazyRelease', 'simple', 'bucket');

export const provider = defineProvider({
  ortName: 'WebGpuExecutionProvider',
  title: 'WebGPU',
  platforms: ['linux', 'win32', 'darwin'],
  options: {
    preferredLayout: oneOf('Layout of convolutions.', 'NCHW', 'NHWC'),
    enableGraphCapture: onOff('Records the commands of a run and replays them: fixed shapes, all nodes on WebGPU.'),
    enableInt64: onOff('Kernels for int64.'),
    enableMatmulFp32Accumulation: onOff('float32 sums in MatMulNBits.'),
    weightLoadAcceleration: oneOf('Direct upload of weights.', 'off', 'preferred', 'required'),
    dawnBackendType: oneOf('What Dawn uses.', 'Vulkan', 'D3D12'),
    powerPreference: oneOf('Which adapter to prefer.', 'high-performance', 'low-power'),
    deviceId: whole('Number of the device context.'),
    adapterIndex: whole('Index of the adapter.'),
    storageBufferCacheMode: cache('storage buffers'),
    uniformBufferCacheMode: cache('uniform buffers'),
    queryResolveBufferCacheMode: cache('buffers of queries'),
    defaultBufferCacheMode: cache('other buffers'),
    validationMode: oneOf('How much is checked.', 'disabled', 'wgpuOnly', 'basic', 'full'),
    enableRobustness: onOff('Bounds checks in shaders.'),
    forceCpuNodeNames: text('Nodes that stay on the CPU, one a line.'),
    maxStorageBufferBindingSize: whole('Most bytes of one binding.'),
    maxNumPendingDispatches: whole('Dispatches before a submission, 1 to 4096.'),
    preserveDevice: onOff('Keeps the device when the last session ends.'),
  },
  installHint: ({ platform }) =>
    platform === 'linux'
      ? 'install a Vulkan loader and the driver of the GPU (Debian: apt-get install libvulkan1 mesa-vulkan-drivers)'
      : 'install the current driver of the GPU',
});
