// NVIDIA GPUs by CUDA and cuDNN. The npm package lists it on Linux x64, but its files are fetched by `hfbench ep install cuda`.
// Options: onnxruntime/core/providers/cuda/cuda_execution_provider_info.cc.

import { arenaStrategy, oneOf, onOff, whole } from './option.js';
import { defineProvider } from './provider.js';

export const provider = defineProvider({
  ortName: 'CUDAExecutionProvider',
  title: 'CUDA',
  platforms: ['linux', 'win32'],
  options: {
    device_id: whole('Index of the GPU, as nvidia-smi counts within CUDA_VISIBLE_DEVICES.'),
    gpu_mem_limit: whole('Most bytes that the arena takes.'),
    arena_extend_strategy: arenaStrategy,
    cudnn_conv_algo_search: oneOf(
      'How cuDNN chooses the algorithm of a convolution.',
      'EXHAUSTIVE',
      'HEURISTIC',
      'DEFAULT',
    ),
    cudnn_conv_use_max_workspace: onOff('Whether the search may use all the workspace that an algorithm wants.'),
    cudnn_conv1d_pad_to_nc1d: onOff('Pads one-dimensional convolutions to [N, C, 1, D] instead of [N, C, D, 1].'),
    do_copy_in_default_stream: onOff('Copies in the stream that computes.'),
    enable_cuda_graph: onOff('Captures the run as a CUDA graph and replays it: fixed shapes, all nodes on CUDA.'),
    use_tf32: onOff('TensorFloat-32 in float32 products: 10 bits of mantissa.'),
    prefer_nhwc: onOff('Convolutions in NHWC.'),
    fuse_conv_bias: onOff('Fuses bias and activation into convolutions.'),
    use_ep_level_unified_stream: onOff('One stream for all runs.'),
    sdpa_kernel: whole('Bit set of the attention kernels that may be chosen.'),
    enable_skip_layer_norm_strict_mode: onOff('SkipLayerNormalization with float32 sums.'),
    tunable_op_enable: onOff('Operators that can be tuned.'),
    tunable_op_tuning_enable: onOff('Tunes them at the first run of each shape.'),
    tunable_op_max_tuning_duration_ms: whole('Longest tuning of one operator.'),
    enable_cudnn: onOff('Uses cuDNN at all (newer versions).'),
  },
  // On from Ampere on by default (use_tf32 = 1): a float32 case would be measured with TF32 products and be off by 1e-3.
  // Say use_tf32=1 to measure that.
  preset: { use_tf32: '0' },
  installHint: ({ platform, arch }) =>
    platform === 'linux' && arch === 'x64'
      ? 'run: hfbench ep install cuda'
      : 'point --ort-lib at the library of an onnxruntime-gpu wheel or build for this system',
});
