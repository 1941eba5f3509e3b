// XNNPACK: Google's CPU kernels for Arm and x86. Has a thread pool of its own, so ONNX Runtime's gets one thread that does not
// spin (ONNX Runtime's page of the provider); hfbench passes --threads on to it.

import { whole } from './option.js';
import { defineProvider } from './provider.js';

export const provider = defineProvider({
  ortName: 'XnnpackExecutionProvider',
  title: 'XNNPACK',
  platforms: ['linux', 'win32', 'darwin', 'android'],
  options: { intra_op_num_threads: whole('Threads of its pool; hfbench sets it to --threads.') },
  threadsOption: 'intra_op_num_threads',
  installHint: () => 'point --ort-lib at an ONNX Runtime that was built with --use_xnnpack',
});
