#include <arm_neon.h>

#include "binding/weights/portable.h"

namespace hfbench::weights {
namespace {

/// NEON has no 64-bit multiplication, scalar code has one a cycle: states are mixed there, the rest is done four at a
/// time.
void FillNeon(float* target, size_t count, uint64_t state, uint64_t step, float center, float scale) {
  const float32x4_t unit = vdupq_n_f32(kUnit), center4 = vdupq_n_f32(center), scale4 = vdupq_n_f32(scale);
  const int32x4_t middle = vdupq_n_s32(kMiddle);
  size_t i = 0;
  uint64_t s = state;
  for (; i + 4 <= count; i += 4, s += 4 * step) {
    const int32_t k[4] = {High24(s), High24(s + step), High24(s + 2 * step), High24(s + 3 * step)};
    const float32x4_t u = vmulq_f32(vcvtq_f32_s32(vsubq_s32(vld1q_s32(k), middle)), unit);
    vst1q_f32(target + i, vaddq_f32(center4, vmulq_f32(scale4, u)));
  }
  Fill(target + i, count - i, s, step, center, scale);
}

void ToFloat16Neon(uint16_t* target, const float* source, size_t count) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    vst1_u16(target + i, vreinterpret_u16_f16(vcvt_f16_f32(vld1q_f32(source + i))));
  }
  ToFloat16(target + i, source + i, count - i);
}

void FromFloat16Neon(float* target, const uint16_t* source, size_t count) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    vst1q_f32(target + i, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(source + i))));
  }
  FromFloat16(target + i, source + i, count - i);
}

}  // namespace

const Kernels& NeonKernels() {
  static constexpr Kernels kKernels{FillNeon,     ToFloat16Neon, ToBfloat16, FromFloat16Neon,
                                    FromBfloat16, FindExtremes,  ToInt8,     ToInt4};
  return kKernels;
}

}  // namespace hfbench::weights
