// Inner loops of filling and packing weights, one set per instruction set level. All levels give the same bits.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hfbench::weights {

/// Steps of the random stream: element i of a tensor is made from state + i * kGolden (see weight.h).
constexpr uint64_t kGolden = 0x9E3779B97F4A7C15;
/// Multipliers of splitmix64.
constexpr uint64_t kMix1 = 0xBF58476D1CE4E5B9, kMix2 = 0x94D049BB133111EB;

/// Elements of a block of int4-block32.
constexpr size_t kInt4Block = 32;

struct Extremes {
  float low;   // smallest value, or -0 if none is negative
  float high;  // largest value, or 0 if none is positive
};

struct Kernels {
  /// target[i] = center + scale * u(state + i * step), both operations rounded to float32.
  void (*fill)(float* target, size_t count, uint64_t state, uint64_t step, float center, float scale);
  /// Round to nearest even; NaNs stay NaNs.
  void (*to_float16)(uint16_t* target, const float* source, size_t count);
  void (*to_bfloat16)(uint16_t* target, const float* source, size_t count);
  void (*from_float16)(float* target, const uint16_t* source, size_t count);
  void (*from_bfloat16)(float* target, const uint16_t* source, size_t count);
  /// A NaN or an infinity in the source shows as one in the result.
  Extremes (*extremes)(const float* source, size_t count);
  /// target[i] = source[i] / scales[i], rounded to nearest even, within [-127, 127].
  void (*to_int8)(int8_t* target, const float* source, const float* scales, size_t count);
  /// One block: target[i] holds elements 2i (low half) and 2i + 1: source / scale + 8, rounded to nearest even, within
  /// [0, 15].
  void (*to_int4)(uint8_t* target, const float* source, float scale);
};

/// The set of the active instruction set level.
const Kernels& ActiveKernels();

const Kernels& BaseKernels();
const Kernels& Avx2Kernels();
const Kernels& Avx512Kernels();
const Kernels& NeonKernels();

}  // namespace hfbench::weights
