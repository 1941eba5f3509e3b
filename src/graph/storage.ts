// How a dtype is stored: activations and weights, and the weights of linear layers where they differ.

import type { CaseDType } from '../run/case.js';
import type { GraphOptions } from './graph.js';

export const STORAGE: Record<CaseDType, Pick<GraphOptions, 'dtype' | 'linearWeights'>> = {
  fp32: { dtype: 'float32', linearWeights: 'plain' },
  fp16: { dtype: 'float16', linearWeights: 'plain' },
  bf16: { dtype: 'bfloat16', linearWeights: 'plain' },
  int8: { dtype: 'float32', linearWeights: 'int8' },
  int4: { dtype: 'float32', linearWeights: 'int4' },
};
