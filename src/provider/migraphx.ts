// AMD GPUs by MIGraphX, which compiles subgraphs. By string options from ONNX Runtime 1.23 on.
// Options: onnxruntime/core/providers/migraphx/migraphx_execution_provider_info.h.

import { arenaStrategy, onOff, text, whole } from './option.js';
import { defineProvider } from './provider.js';

export const provider = defineProvider({
  ortName: 'MIGraphXExecutionProvider',
  title: 'MIGraphX',
  platforms: ['linux', 'win32'],
  options: {
    device_id: whole('Index of the GPU.'),
    migraphx_fp16_enable: onOff('Lets MIGraphX compute float32 graphs in float16.'),
    migraphx_bf16_enable: onOff('The same in bfloat16.'),
    migraphx_fp8_enable: onOff('The same in 8-bit floats.'),
    migraphx_int8_enable: onOff('The same in int8; needs calibration.'),
    migraphx_int8_calibration_table_name: text('File of the calibration.'),
    migraphx_int8_use_native_calibration_table: onOff('That file is one of MIGraphX.'),
    migraphx_exhaustive_tune: onOff('Tunes all kernels while compiling.'),
    migraphx_model_cache_dir: text('Folder in which compiled models are kept.'),
    migraphx_mem_limit: whole('Most bytes that the arena takes.'),
    migraphx_arena_extend_strategy: arenaStrategy,
    migraphx_max_dynamic_batch: whole('Largest batch that is compiled for.'),
    migraphx_max_compiled_models: whole('How many batch sizes are compiled for.'),
  },
  installHint: () =>
    'install ROCm and the onnxruntime-migraphx wheel of AMD, and point --ort-lib at its capi/libonnxruntime.so.1.*',
});
