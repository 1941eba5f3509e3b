#include <immintrin.h>

#include "binding/weights/portable.h"

namespace hfbench::weights {
namespace {

/// Low 64 bits of a * factor: AVX2 multiplies 32 bits at a time.
inline __m256i Multiply(__m256i a, uint64_t factor) {
  const __m256i low = _mm256_set1_epi64x(static_cast<int64_t>(factor & 0xFFFFFFFF));
  const __m256i high = _mm256_set1_epi64x(static_cast<int64_t>(factor >> 32));
  const __m256i cross = _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(a, 32), low), _mm256_mul_epu32(a, high));
  return _mm256_add_epi64(_mm256_mul_epu32(a, low), _mm256_slli_epi64(cross, 32));
}

/// High24 of four states, each in the low half of its 64-bit lane.
inline __m256i High24x4(__m256i s) {
  s = Multiply(_mm256_xor_si256(s, _mm256_srli_epi64(s, 30)), kMix1);
  s = Multiply(_mm256_xor_si256(s, _mm256_srli_epi64(s, 27)), kMix2);
  return _mm256_srli_epi64(s, 40);
}

void FillAvx2(float* target, size_t count, uint64_t state, uint64_t step, float center, float scale) {
  // Lanes of `even` are elements 0, 2, 4, 6 and of `odd` 1, 3, 5, 7: one shift and one OR put them in order.
  const auto at = [&](uint64_t i) { return static_cast<int64_t>(state + i * step); };
  __m256i even = _mm256_setr_epi64x(at(0), at(2), at(4), at(6));
  __m256i odd = _mm256_setr_epi64x(at(1), at(3), at(5), at(7));
  const __m256i step8 = _mm256_set1_epi64x(static_cast<int64_t>(8 * step));
  const __m256i middle = _mm256_set1_epi32(kMiddle);
  const __m256 unit = _mm256_set1_ps(kUnit), center8 = _mm256_set1_ps(center), scale8 = _mm256_set1_ps(scale);
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m256i k = _mm256_or_si256(High24x4(even), _mm256_slli_epi64(High24x4(odd), 32));
    even = _mm256_add_epi64(even, step8);
    odd = _mm256_add_epi64(odd, step8);
    const __m256 u = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_sub_epi32(k, middle)), unit);
    _mm256_storeu_ps(target + i, _mm256_add_ps(center8, _mm256_mul_ps(scale8, u)));
  }
  Fill(target + i, count - i, state + i * step, step, center, scale);
}

void ToFloat16Avx2(uint16_t* target, const float* source, size_t count) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m128i half = _mm256_cvtps_ph(_mm256_loadu_ps(source + i), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(target + i), half);
  }
  ToFloat16(target + i, source + i, count - i);
}

void FromFloat16Avx2(float* target, const uint16_t* source, size_t count) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(source + i));
    _mm256_storeu_ps(target + i, _mm256_cvtph_ps(half));
  }
  FromFloat16(target + i, source + i, count - i);
}

}  // namespace

const Kernels& Avx2Kernels() {
  static constexpr Kernels kKernels{FillAvx2,     ToFloat16Avx2, ToBfloat16, FromFloat16Avx2,
                                    FromBfloat16, FindExtremes,  ToInt8,     ToInt4};
  return kKernels;
}

}  // namespace hfbench::weights
