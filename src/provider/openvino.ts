// Intel's OpenVINO: CPUs, GPUs and NPUs. Options: ONNX Runtime's page of the OpenVINO provider.
//
// On GPU and NPU OpenVINO computes float32 graphs in float16 unless `precision` says otherwise; the comparison with the CPU
// shows it.

import { oneOf, onOff, text, whole } from './option.js';
import { defineProvider } from './provider.js';

export const provider = defineProvider({
  ortName: 'OpenVINOExecutionProvider',
  title: 'OpenVINO',
  platforms: ['linux', 'win32'],
  options: {
    device_type: text('CPU, GPU, GPU.1, NPU, AUTO:..., HETERO:..., MULTI:...'),
    device_id: text('Which device of the type.'),
    precision: oneOf('Precision of the computation.', 'FP32', 'FP16', 'ACCURACY'),
    num_of_threads: whole('Threads of the CPU device.'),
    num_streams: whole('Streams that run at the same time.'),
    cache_dir: text('Folder in which compiled models are kept.'),
    load_config: text('JSON file of OpenVINO properties.'),
    context: text('Address of an OpenCL context.'),
    enable_opencl_throttling: onOff('Less CPU load while the GPU works.'),
    enable_qdq_optimizer: onOff('Removes QuantizeLinear and DequantizeLinear for NPUs.'),
    disable_dynamic_shapes: onOff('Fixes shapes when the model runs.'),
    model_priority: oneOf('Priority on the device.', 'LOW', 'MEDIUM', 'HIGH', 'DEFAULT'),
    reshape_input: text('name[dims],... of fixed inputs.'),
    layout: text('name[layout],... of inputs and outputs.'),
  },
  installHint: () =>
    'point --ort-lib at capi/libonnxruntime.so.1.* of the onnxruntime-openvino wheel, with OpenVINO beside it',
});
