// How far a model may be off at each dtype: one table for the tests and for the compatibility matrix.

import type { CaseDType } from '../run/case.js';

/**
 * Relative L2 error of an output, at most. float32 errs by 4e-7 in the median, so 1e-4 is far from rounding and near to any
 * mistake. Rounding to fp16 is off by up to 2^-11 = 4.9e-4, some 1e-3 behind the few layers of a
 * fixture. int8 rounds weights to 127 steps per output channel and activations to 255 per tensor: for even values an rms of
 * 0.5 % of each product's factors, which 10 to 20 products in a row bring to 2 %. int4 has steps of 1/8 of a block's largest
 * entry: sqrt(1/12) / 8 against an rms of sqrt(1/3), so 6 % of the weights, some 15 % behind the layers. The limits are
 * 2.5 to 5 times what most fixtures show, and far below sqrt(2), the error of an unrelated output. bf16 has steps eight times
 * those of fp16; its limit is derived from that alone, no provider with bf16 has been run.
 */
export const LIMITS: Record<CaseDType, number> = { fp32: 1e-4, fp16: 3e-3, bf16: 2.4e-2, int8: 8e-2, int4: 0.45 };

/** References that need more room, and why. */
const EXCEPTIONS: Record<string, Partial<Record<CaseDType, number>>> = {
  // The layers that all share their weights err in the same direction.
  albert: { int4: 0.9 },
  // Its inner layers read padding on the left, whose rows see no key: what they hold depends on rounding.
  canine_model: { fp16: 0.3 },
  // So do its texts with padding on the left: fp16 tells scores apart that vanish beside float32's mask.
  clip_left_padded: { fp16: 0.5 },
  // Errors of any kind grow some six times as much as elsewhere, fp32's own rounding (1.7e-6) among them.
  jamba: { fp16: 1.5e-2, int8: 0.4, int4: 1 },
  longt5: { fp16: 1.5e-2, int8: 0.25, int4: 1 },
  // A token near the border between two experts goes to the other one.
  deepseek_r1: { int8: 0.25 },
  jetmoe: { fp16: 0.1 },
  phimoe: { fp16: 0.2 },
  // Chooses the blocks that it looks at by size, which rounding changes where they are close.
  mra_priors: { fp16: 2e-2 },
  // Its activations are rounded to 8 bits: one that lies near a border takes the next step.
  qdqbert: { fp16: 0.1 },
  // A token near the border between two hash buckets goes to the other one.
  reformer_masked_lm: { int8: 0.25 },
  reformer_two_lengths: { int8: 0.25 },
  // Recurrences hand errors on from token to token.
  mamba_biases: { int8: 0.2 },
  recurrent_gemma_untied: { int4: 1 },
};

/** Other providers sum in another order and have their own approximations of exp and erf. */
const OTHER_PROVIDERS_FP32 = 1e-3;

/** @param reference name of the reference */
export function limitOf(reference: string, dtype: CaseDType, provider = 'cpu'): number {
  const limit = EXCEPTIONS[reference]?.[dtype] ?? LIMITS[dtype];
  return provider !== 'cpu' && dtype === 'fp32' ? Math.max(limit, OTHER_PROVIDERS_FP32) : limit;
}
