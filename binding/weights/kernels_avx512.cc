#include <immintrin.h>

#include "binding/weights/portable.h"

namespace hfbench::weights {
namespace {

/// High24 of eight states as eight 32-bit numbers.
inline __m256i High24x8(__m512i s) {
  const __m512i mix1 = _mm512_set1_epi64(static_cast<int64_t>(kMix1));
  const __m512i mix2 = _mm512_set1_epi64(static_cast<int64_t>(kMix2));
  s = _mm512_mullo_epi64(_mm512_xor_si512(s, _mm512_srli_epi64(s, 30)), mix1);
  s = _mm512_mullo_epi64(_mm512_xor_si512(s, _mm512_srli_epi64(s, 27)), mix2);
  return _mm512_cvtepi64_epi32(_mm512_srli_epi64(s, 40));
}

void FillAvx512(float* target, size_t count, uint64_t state, uint64_t step, float center, float scale) {
  const __m512i lanes =
      _mm512_mullo_epi64(_mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7), _mm512_set1_epi64(static_cast<int64_t>(step)));
  const __m512i step8 = _mm512_set1_epi64(static_cast<int64_t>(8 * step));
  const __m512i middle = _mm512_set1_epi32(kMiddle);
  const __m512 unit = _mm512_set1_ps(kUnit), center16 = _mm512_set1_ps(center), scale16 = _mm512_set1_ps(scale);
  __m512i s = _mm512_add_epi64(_mm512_set1_epi64(static_cast<int64_t>(state)), lanes);
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m256i low = High24x8(s);
    s = _mm512_add_epi64(s, step8);
    const __m256i high = High24x8(s);
    s = _mm512_add_epi64(s, step8);
    const __m512i k = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
    const __m512 u = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_sub_epi32(k, middle)), unit);
    _mm512_storeu_ps(target + i, _mm512_add_ps(center16, _mm512_mul_ps(scale16, u)));
  }
  Fill(target + i, count - i, state + i * step, step, center, scale);
}

void ToFloat16Avx512(uint16_t* target, const float* source, size_t count) {
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m256i half = _mm512_cvtps_ph(_mm512_loadu_ps(source + i), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(target + i), half);
  }
  ToFloat16(target + i, source + i, count - i);
}

void FromFloat16Avx512(float* target, const uint16_t* source, size_t count) {
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m256i half = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(source + i));
    _mm512_storeu_ps(target + i, _mm512_cvtph_ps(half));
  }
  FromFloat16(target + i, source + i, count - i);
}

}  // namespace

const Kernels& Avx512Kernels() {
  static constexpr Kernels kKernels{FillAvx512,   ToFloat16Avx512, ToBfloat16, FromFloat16Avx512,
                                    FromBfloat16, FindExtremes,    ToInt8,     ToInt4};
  return kKernels;
}

}  // namespace hfbench::weights
