// The CPU provider: ONNX Runtime's own kernels (MLAS). Part of every build, and where nodes go that no other provider takes.

import { inLibrary, type Provider } from './provider.js';

const ortName = 'CPUExecutionProvider';

export const provider: Provider = {
  ortName,
  title: 'CPU',
  options: {},
  availability(context) {
    if (inLibrary(ortName, context)) return { state: 'available' };
    return {
      state: 'unavailable',
      reason: 'this ONNX Runtime lists no CPU provider',
      advice: this.installHint(context),
    };
  },
  installHint: () => 'it is part of every official build of ONNX Runtime: leave --ort-lib out',
};
