// Change of sample rate by a rational factor: polyphase windowed sinc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hfbench::preprocess {

/// The rates are up / down = to / from in lowest terms. The low-pass filter at the upsampled rate is a sinc of cutoff
/// 0.95 / max(up, down) times a Kaiser window with beta 9 over 24 zero crossings a side, scaled to sum 1: that of
/// scipy.signal.firwin(48 * max(up, down) + 1, 0.95 / max(up, down), window=('kaiser', 9.0)), and the whole equals
/// scipy.signal.resample_poly(x, up, down, window=that). Stop band below -90 dB.
class Resampler {
 public:
  /// Throws std::invalid_argument for rates of 0 and for pairs whose filter would need more than 2^24 weights.
  Resampler(uint32_t from, uint32_t to);
  /// ceil(count * up / down)
  size_t OutputLength(size_t count) const;
  void Run(const float* samples, size_t count, float* out, size_t threads) const;

 private:
  uint64_t up_, down_;
  /// Weights per phase, a multiple of 16, and samples of the past that the newest weight sits on.
  size_t taps_ = 0;
  uint64_t half_ = 0;
  std::vector<double> phases_;
};

}  // namespace hfbench::preprocess
