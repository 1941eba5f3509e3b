// What feature extractors do around the spectrum: normalisation of waveforms and of features.
#pragma once

#include <cstddef>

namespace hfbench::preprocess {

/// (x - mean) / sqrt(variance + epsilon) over `count` samples, wav2vec2's normalisation (population variance). False,
/// and nothing done, if a sample is not finite.
bool NormalizeWaveform(const float* samples, size_t count, double epsilon, float* out);

/// Whisper's last step over one clip: clamp to the maximum - 8, then (x + 4) / 4.
void ScaleWhisper(float* values, size_t count);

struct ColumnNormalization {
  bool subtract_mean = true;
  bool divide_deviation = true;
  /// 1: sample variance, 0: population variance.
  int ddof = 0;
  double epsilon = 0;
};

/// (x - mean) / sqrt(variance + epsilon) for every column of values[rows][columns], in place; rows > ddof.
void NormalizeColumns(float* values, size_t rows, size_t columns, const ColumnNormalization& how);

}  // namespace hfbench::preprocess
