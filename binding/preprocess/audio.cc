#include "binding/preprocess/audio.h"

#include <cmath>
#include <vector>

#include "binding/preprocess/kernels.h"

namespace hfbench::preprocess {
namespace {

/// Column sums of f(value), added row by row.
template <class F>
std::vector<float> ColumnSums(const float* values, size_t rows, size_t columns, F f) {
  std::vector<float> sums(columns, 0.0f);
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < columns; ++c) sums[c] += f(values[r * columns + c], c);
  }
  return sums;
}

std::vector<float> ColumnMeans(const float* values, size_t rows, size_t columns) {
  std::vector<float> means = ColumnSums(values, rows, columns, [](float x, size_t) { return x; });
  for (float& mean : means) mean /= static_cast<float>(rows);
  return means;
}

}  // namespace

void NormalizeWaveform(const float* samples, size_t count, double epsilon, float* out) {
  if (count == 0) return;
  const Kernels& kernels = ActiveKernels();
  double mean = 0, variance = 0;
  kernels.moments(samples, count, &mean, &variance);
  kernels.standardize(samples, count, static_cast<float>(mean), static_cast<float>(std::sqrt(variance + epsilon)), out);
}

void ScaleWhisper(float* values, size_t count) {
  if (count == 0) return;
  const Kernels& kernels = ActiveKernels();
  kernels.whisper_scale(values, count, kernels.maximum(values, count) - 8.0f);
}

void NormalizeColumns(float* values, size_t rows, size_t columns, const ColumnNormalization& how) {
  const std::vector<float> means = ColumnMeans(values, rows, columns);
  std::vector<float> scales(columns, 1.0f);
  if (how.divide_deviation) {
    std::vector<float> centers = means;
    if (how.recenter && how.subtract_mean) {
      centers = ColumnSums(values, rows, columns, [&](float x, size_t c) { return x - means[c]; });
      for (size_t c = 0; c < columns; ++c) centers[c] = centers[c] / static_cast<float>(rows);
    }
    const bool twice = how.recenter && how.subtract_mean;
    scales = ColumnSums(values, rows, columns, [&](float x, size_t c) {
      const float d = twice ? (x - means[c]) - centers[c] : x - centers[c];
      return d * d;
    });
    for (float& scale : scales) {
      const float variance = scale / static_cast<float>(rows - how.ddof);
      scale = std::sqrt(variance + static_cast<float>(how.epsilon));
    }
  }
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < columns; ++c) {
      float& x = values[r * columns + c];
      x = ((how.subtract_mean ? x - means[c] : x)) / scales[c];
    }
  }
}

}  // namespace hfbench::preprocess
