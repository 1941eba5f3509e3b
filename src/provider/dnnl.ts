// oneDNN (once MKL-DNN): Intel's CPU kernels.
// Options: include/onnxruntime/core/providers/dnnl/dnnl_provider_options.h.

import { onOff } from './option.js';
import { defineProvider } from './provider.js';

export const provider = defineProvider({
  ortName: 'DnnlExecutionProvider',
  title: 'oneDNN',
  platforms: ['linux', 'win32', 'darwin'],
  options: { use_arena: onOff('Memory from an arena.') },
  installHint: () => 'point --ort-lib at an ONNX Runtime that was built with --use_dnnl',
});
