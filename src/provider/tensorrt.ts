// NVIDIA GPUs by TensorRT, which compiles subgraphs into engines; CUDA, on the same
// device, takes what it does not. Building an engine can last
// minutes and is part of session creation or the first run, never of the samples.
// Options: onnxruntime/core/providers/tensorrt/tensorrt_execution_provider_info.cc.

import { onOff, text, whole } from './option.js';
import { defineProvider } from './provider.js';

export const provider = defineProvider({
  ortName: 'TensorrtExecutionProvider',
  title: 'TensorRT',
  platforms: ['linux', 'win32'],
  options: {
    device_id: whole('Index of the GPU.'),
    trt_fp16_enable: onOff('Lets TensorRT choose float16 kernels for float32 graphs.'),
    trt_bf16_enable: onOff('The same with bfloat16.'),
    trt_int8_enable: onOff('The same with int8; needs calibration or a quantised graph.'),
    trt_int8_calibration_table_name: text('File of the calibration.'),
    trt_max_workspace_size: whole('Most bytes of workspace; 0: all there is.'),
    trt_min_subgraph_size: whole('Fewest nodes of a subgraph that is worth an engine.'),
    trt_max_partition_iterations: whole('How often partitioning may start again.'),
    trt_engine_cache_enable: onOff('Keeps built engines on disk: session creation is then no build the second time.'),
    trt_engine_cache_path: text('Where it keeps them.'),
    trt_engine_cache_prefix: text('How their names begin.'),
    trt_engine_hw_compatible: onOff('Engines that other GPUs of the family can run.'),
    trt_timing_cache_enable: onOff('Keeps the timings of kernels on disk, which makes builds quicker and alike.'),
    trt_timing_cache_path: text('Where it keeps them.'),
    trt_force_timing_cache_match: onOff('Uses timings of another GPU of the same architecture.'),
    trt_force_sequential_engine_build: onOff('Builds engines one after the other.'),
    trt_builder_optimization_level: whole('0 to 5: how long to search.'),
    trt_auxiliary_streams: whole('Streams within one engine.'),
    trt_context_memory_sharing_enable: onOff('Shares workspace between engines.'),
    trt_layer_norm_fp32_fallback: onOff('Layer normalisation in float32 within float16 engines.'),
    trt_build_heuristics_enable: onOff('Builds by heuristics instead of timing.'),
    trt_sparsity_enable: onOff('Kernels for sparse weights.'),
    trt_dla_enable: onOff('Uses the deep-learning accelerator of Jetson boards.'),
    trt_dla_core: whole('Which of them.'),
    trt_cuda_graph_enable: onOff('Captures the engine as a CUDA graph.'),
    trt_profile_min_shapes: text('name:dims,... of the smallest inputs.'),
    trt_profile_opt_shapes: text('name:dims,... of the usual inputs.'),
    trt_profile_max_shapes: text('name:dims,... of the largest inputs.'),
    trt_op_types_to_exclude: text('Operators that stay out of engines.'),
    'cuda.use_tf32': onOff('TensorFloat-32 in float32 products of what CUDA takes.'),
  },
  // As on the page of CUDA. Engines themselves use TF32 unless NVIDIA_TF32_OVERRIDE=0 is set: TensorRT has no option of it.
  preset: { 'cuda.use_tf32': '0' },
  installHint: ({ platform, arch }) =>
    platform === 'linux' && arch === 'x64'
      ? 'run: hfbench ep install cuda (it brings the provider), and install the TensorRT libraries (libnvinfer) of NVIDIA'
      : 'point --ort-lib at an ONNX Runtime that was built with TensorRT',
});
