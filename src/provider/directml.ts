// DirectML: GPUs and NPUs of every maker on Windows, by Direct3D 12; part of the npm package.
// Options: onnxruntime/core/providers/dml/dml_provider_factory.cc.

import { oneOf, onOff, whole } from './option.js';
import { defineProvider } from './provider.js';

export const provider = defineProvider({
  ortName: 'DmlExecutionProvider',
  title: 'DirectML',
  platforms: ['win32'],
  options: {
    device_id: whole('Index of the adapter.'),
    performance_preference: oneOf('Which adapter to prefer.', 'default', 'high_performance', 'minimum_power'),
    device_filter: oneOf('Kinds of devices.', 'gpu', 'npu', 'any'),
    disable_metacommands: onOff("Leaves out the drivers' own kernels."),
    enable_graph_capture: onOff('Records the commands of a run and replays them.'),
    enable_graph_serialization: onOff('Writes the compiled graph to a file.'),
  },
  installHint: () => 'on Windows it comes with onnxruntime-node: leave --ort-lib out',
});
