// Apple's Core ML: CPU, GPU and Neural Engine of Macs. Options: include/onnxruntime/core/providers/coreml/coreml_provider_factory.h.

import { oneOf, onOff, text } from './option.js';
import { defineProvider } from './provider.js';

export const provider = defineProvider({
  ortName: 'CoreMLExecutionProvider',
  title: 'Core ML',
  platforms: ['darwin'],
  options: {
    ModelFormat: oneOf('Format of the compiled subgraphs.', 'MLProgram', 'NeuralNetwork'),
    MLComputeUnits: oneOf('Where Core ML may run.', 'ALL', 'CPUOnly', 'CPUAndGPU', 'CPUAndNeuralEngine'),
    RequireStaticInputShapes: onOff('Takes nodes of fixed shapes only.'),
    EnableOnSubgraphs: onOff('Takes nodes within Loop, If and Scan.'),
    SpecializationStrategy: oneOf('What compiling aims at.', 'Default', 'FastPrediction'),
    ProfileComputePlan: onOff('Logs which unit runs which operation.'),
    AllowLowPrecisionAccumulationOnGPU: onOff('float16 sums on the GPU.'),
    ModelCacheDirectory: text('Folder in which compiled models are kept.'),
  },
  // The default is NeuralNetwork, the older format with far fewer operators (ONNX Runtime's page of Core ML): most of a
  // transformer would stay on the CPU.
  preset: { ModelFormat: 'MLProgram' },
  installHint: () => 'on macOS it comes with onnxruntime-node: leave --ort-lib out',
});
