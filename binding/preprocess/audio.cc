#include "binding/preprocess/audio.h"

#include <cmath>
#include <vector>

#include "binding/preprocess/kernels.h"

namespace hfbench::preprocess {
namespace {

/// Column means of f(value), in double.
template <class F>
std::vector<double> ColumnMeans(const float* values, size_t rows, size_t columns, size_t divisor, F f) {
  std::vector<double> sums(columns, 0.0);
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < columns; ++c) sums[c] += f(values[r * columns + c], c);
  }
  for (double& sum : sums) sum /= static_cast<double>(divisor);
  return sums;
}

}  // namespace

bool NormalizeWaveform(const float* samples, size_t count, double epsilon, float* out) {
  if (count == 0) return true;
  const Kernels& kernels = ActiveKernels();
  double mean = 0, variance = 0;
  kernels.moments(samples, count, &mean, &variance);
  if (!std::isfinite(mean + variance)) return false;
  kernels.standardize(samples, count, static_cast<float>(mean), static_cast<float>(std::sqrt(variance + epsilon)), out);
  return true;
}

void ScaleWhisper(float* values, size_t count) {
  if (count == 0) return;
  const Kernels& kernels = ActiveKernels();
  kernels.whisper_scale(values, count, kernels.maximum(values, count) - 8.0f);
}

void NormalizeColumns(float* values, size_t rows, size_t columns, const ColumnNormalization& how) {
  const auto means = ColumnMeans(values, rows, columns, rows, [](float x, size_t) { return static_cast<double>(x); });
  const auto variances = ColumnMeans(values, rows, columns, rows - how.ddof, [&](float x, size_t c) {
    const double d = x - means[c];
    return d * d;
  });
  std::vector<float> shifts(columns, 0.0f), scales(columns, 1.0f);
  for (size_t c = 0; c < columns; ++c) {
    if (how.subtract_mean) shifts[c] = static_cast<float>(means[c]);
    if (how.divide_deviation) scales[c] = static_cast<float>(std::sqrt(variances[c] + how.epsilon));
  }
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < columns; ++c) {
      float& x = values[r * columns + c];
      x = (x - shifts[c]) / scales[c];
    }
  }
}

}  // namespace hfbench::preprocess
