// Qualcomm's NPUs and GPUs by the AI Engine Direct SDK. Options: ONNX Runtime's page of the QNN provider.
// The NPU computes float32 graphs in float16 (enable_htp_fp16_precision, on by default): it has no float32.

import { oneOf, onOff, text, whole } from './option.js';
import { defineProvider } from './provider.js';

export const provider = defineProvider({
  ortName: 'QNNExecutionProvider',
  title: 'QNN',
  platforms: ['win32', 'linux', 'android'],
  options: {
    backend_type: oneOf('Which backend.', 'cpu', 'gpu', 'htp', 'saver', 'ir'),
    backend_path: text("Library of the backend, e.g. 'QnnHtp.dll'."),
    htp_performance_mode: oneOf(
      'Clocks of the NPU.',
      ...['burst', 'balanced', 'default', 'high_performance', 'high_power_saver', 'low_balanced', 'low_power_saver'],
      ...['extreme_power_saver', 'power_saver', 'sustained_high_performance'],
    ),
    htp_graph_finalization_optimization_mode: whole('0 to 3: how long to compile.'),
    htp_arch: whole('Architecture of the NPU.'),
    soc_model: whole('Number of the chip.'),
    device_id: whole('Index of the device.'),
    vtcm_mb: whole('Size of the tightly coupled memory, MB.'),
    rpc_control_latency: whole('Microseconds.'),
    qnn_context_priority: oneOf('Priority on the device.', 'low', 'normal', 'normal_high', 'high'),
    enable_htp_fp16_precision: onOff('float32 graphs in float16.'),
    offload_graph_io_quantization: onOff('Quantises inputs and outputs on the CPU.'),
    profiling_level: oneOf("QNN's own profile.", 'off', 'basic', 'detailed', 'optrace'),
    profiling_file_path: text('File of that profile.'),
  },
  // 'default' leaves the NPU at clocks that save power: short runs would show the governor.
  preset: { htp_performance_mode: 'burst' },
  installHint: () =>
    'point --ort-lib at an ONNX Runtime with QNN (wheel onnxruntime-qnn, NuGet Microsoft.ML.OnnxRuntime.QNN)',
});
