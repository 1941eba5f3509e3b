// The kernels in plain C++, compiled anew by each kernels_<level>.cc with that level's flags (hence the unnamed
// namespace: see cpu/isa.h). A level replaces the loops that compilers do not vectorise well.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "binding/weights/kernels.h"

namespace hfbench::weights {
namespace {

constexpr float kUnit = 1.0f / 8388608.0f;  // 2^-23
constexpr int32_t kMiddle = 1 << 23;

inline uint32_t BitsOf(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline float FloatOf(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// Bits 40 to 63 of splitmix64: its last step, s ^= s >> 31, cannot reach them, so it is left out.
inline int32_t High24(uint64_t s) {
  s = (s ^ (s >> 30)) * kMix1;
  s = (s ^ (s >> 27)) * kMix2;
  return static_cast<int32_t>(s >> 40);
}

/// The value of one element. (k - 2^23) * 2^-23 equals k * 2^-23 - 1: both are exact.
inline float Element(uint64_t s, float center, float scale) {
  const float u = static_cast<float>(High24(s) - kMiddle) * kUnit;
  const float product = scale * u;
  return center + product;
}

[[maybe_unused]] void Fill(float* target, size_t count, uint64_t state, uint64_t step, float center, float scale) {
  for (size_t i = 0; i < count; ++i, state += step) target[i] = Element(state, center, scale);
}

inline uint16_t Float16(float value) {
  const uint32_t bits = BitsOf(value), sign = bits >> 16 & 0x8000;
  uint32_t magnitude = bits & 0x7FFFFFFF;
  if (magnitude >= 0x47800000) {  // 65536 and above, infinities, NaNs
    const uint32_t nan = magnitude > 0x7F800000 ? 0x200 | (magnitude >> 13 & 0x3FF) : 0;
    return static_cast<uint16_t>(sign | 0x7C00 | nan);
  }
  if (magnitude < 0x38800000) {  // below 2^-14: adding 0.5 rounds to multiples of 2^-24, the subnormal step
    return static_cast<uint16_t>(sign | (BitsOf(FloatOf(magnitude) + 0.5f) - 0x3F000000));
  }
  magnitude += 0xFFF + (magnitude >> 13 & 1);
  return static_cast<uint16_t>(sign | ((magnitude - 0x38000000) >> 13));
}

[[maybe_unused]] void ToFloat16(uint16_t* target, const float* source, size_t count) {
  for (size_t i = 0; i < count; ++i) target[i] = Float16(source[i]);
}

[[maybe_unused]] void ToBfloat16(uint16_t* target, const float* source, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const uint32_t bits = BitsOf(source[i]);
    const uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
    const uint32_t quiet = bits >> 16 | 0x40;
    target[i] = static_cast<uint16_t>((bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded);
  }
}

inline float FromHalf(uint16_t half) {
  const uint32_t sign = (half & 0x8000u) << 16, magnitude = half & 0x7FFFu;
  if (magnitude < 0x400) {  // subnormal: 2^-14 + m * 2^-24, less 2^-14
    const float value = FloatOf(0x38800000 | magnitude << 13) - FloatOf(0x38800000);
    return FloatOf(sign | BitsOf(value));
  }
  if (magnitude > 0x7C00) return FloatOf(sign | 0x7FC00000 | magnitude << 13);
  return FloatOf(sign | ((magnitude << 13) + (magnitude == 0x7C00 ? 0x70000000 : 0x38000000)));
}

[[maybe_unused]] void FromFloat16(float* target, const uint16_t* source, size_t count) {
  for (size_t i = 0; i < count; ++i) target[i] = FromHalf(source[i]);
}

[[maybe_unused]] void FromBfloat16(float* target, const uint16_t* source, size_t count) {
  for (size_t i = 0; i < count; ++i) target[i] = FloatOf(static_cast<uint32_t>(source[i]) << 16);
}

/// Compares as integers, which orders floats of one sign by magnitude, NaNs last, and which compilers vectorise.
[[maybe_unused]] Extremes FindExtremes(const float* source, size_t count) {
  int32_t high = 0, low = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t bits = BitsOf(source[i]);
    const auto positive = static_cast<int32_t>(bits), negative = static_cast<int32_t>(bits ^ 0x80000000);
    high = positive > high ? positive : high;
    low = negative > low ? negative : low;
  }
  return {FloatOf(static_cast<uint32_t>(low) | 0x80000000), FloatOf(static_cast<uint32_t>(high))};
}

/// Nearest whole number, ties to even, of a value within +-2^22: the addition pushes the fraction out.
inline float Nearest(float value) {
  constexpr float kPush = 12582912.0f;  // 1.5 * 2^23
  const float pushed = value + kPush;
  return pushed - kPush;
}

/// Bounded as integers: compilers do not vectorise choices between floats, which might trap. |value| / scale is below
/// 2^8 by the choice of the scale.
inline int32_t Step(float value, float scale, int32_t low, int32_t high) {
  const auto step = static_cast<int32_t>(Nearest(value / scale));
  return step < low ? low : step > high ? high : step;
}

[[maybe_unused]] void ToInt8(int8_t* target, const float* source, const float* scales, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    target[i] = static_cast<int8_t>(Step(source[i], scales[i], -127, 127));
  }
}

[[maybe_unused]] void ToInt4(uint8_t* target, const float* source, float scale) {
  uint8_t steps[kInt4Block];  // in two loops, because compilers vectorise each but not both at once
  for (size_t i = 0; i < kInt4Block; ++i) {
    steps[i] = static_cast<uint8_t>(Step(source[i], scale, -8, 7) + 8);
  }
  for (size_t i = 0; i < kInt4Block / 2; ++i) {
    target[i] = static_cast<uint8_t>(steps[2 * i] | steps[2 * i + 1] << 4);
  }
}

}  // namespace
}  // namespace hfbench::weights
