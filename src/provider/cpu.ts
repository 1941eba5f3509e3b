// The CPU provider: ONNX Runtime's own kernels (MLAS). Part of every build, and where nodes go that no other provider takes.

import { defineProvider } from './provider.js';

export const provider = defineProvider({
  ortName: 'CPUExecutionProvider',
  title: 'the CPU provider',
  platforms: ['linux', 'win32', 'darwin'],
  options: {},
  installHint: () => 'it is part of every official build of ONNX Runtime: leave --ort-lib out',
});
