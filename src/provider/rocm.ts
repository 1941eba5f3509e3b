// AMD GPUs by ROCm, up to ONNX Runtime 1.22: removed in 1.23 (microsoft/onnxruntime#25181); MIGraphX took its place.
// Options: onnxruntime/core/providers/rocm/rocm_execution_provider_info.cc of rel-1.22.

import { arenaStrategy, onOff, whole } from './option.js';
import { defineProvider } from './provider.js';

export const provider = defineProvider({
  ortName: 'ROCMExecutionProvider',
  title: 'ROCm',
  platforms: ['linux'],
  options: {
    device_id: whole('Index of the GPU.'),
    gpu_mem_limit: whole('Most bytes that the arena takes.'),
    arena_extend_strategy: arenaStrategy,
    miopen_conv_exhaustive_search: onOff('Searches all algorithms of a convolution.'),
    miopen_conv_use_max_workspace: onOff('Whether the search may use all the workspace that an algorithm wants.'),
    do_copy_in_default_stream: onOff('Copies in the stream that computes.'),
    enable_hip_graph: onOff('Captures the run as a HIP graph and replays it.'),
    tunable_op_enable: onOff('Operators that can be tuned.'),
    tunable_op_tuning_enable: onOff('Tunes them at the first run of each shape.'),
    tunable_op_max_tuning_duration_ms: whole('Longest tuning of one operator.'),
  },
  installHint: () =>
    'ONNX Runtime 1.23 and newer have no ROCm: use --ep migraphx, or --ort-lib libonnxruntime.so of an onnxruntime-rocm wheel up to 1.22',
});
