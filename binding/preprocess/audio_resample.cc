#include "binding/preprocess/audio_resample.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "binding/cpu/parallel_for.h"
#include "binding/preprocess/kernels.h"

namespace hfbench::preprocess {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr uint64_t kZeroCrossings = 24;
constexpr double kRolloff = 0.95, kBeta = 9.0;
constexpr uint64_t kMostWeights = uint64_t{1} << 24;
constexpr size_t kGrain = 4096;
/// Multiply-adds that take about a millisecond.
constexpr size_t kThreadedProducts = size_t{1} << 22;

/// Modified Bessel function of the first kind, order 0, by its power series.
double BesselI0(double x) {
  double sum = 1, term = 1;
  for (int k = 1; term > sum * 1e-17; ++k) {
    term *= (x / 2 / k) * (x / 2 / k);
    sum += term;
  }
  return sum;
}

}  // namespace

Resampler::Resampler(uint32_t from, uint32_t to) {
  if (from == 0 || to == 0) throw std::invalid_argument("resample: a sample rate of 0");
  const uint64_t common = std::gcd(from, to);
  up_ = to / common;
  down_ = from / common;
  if (up_ == down_) return;
  const uint64_t longest = std::max(up_, down_);
  half_ = kZeroCrossings * longest;
  taps_ = (2 * half_ / up_ + 1 + 15) / 16 * 16;
  if (up_ * taps_ > kMostWeights) {
    throw std::invalid_argument("resample: " + std::to_string(from) + " to " + std::to_string(to) +
                                " Hz needs too long a filter; go by way of a rate that shares a factor with both");
  }
  std::vector<double> filter(2 * half_ + 1);
  const double cutoff = kRolloff / static_cast<double>(longest);
  double sum = 0;
  for (size_t n = 0; n < filter.size(); ++n) {
    const double t = static_cast<double>(n) - static_cast<double>(half_);
    const double x = kPi * cutoff * t;
    const double edge = t / static_cast<double>(half_);
    const double kaiser = BesselI0(kBeta * std::sqrt(std::max(0.0, 1 - edge * edge))) / BesselI0(kBeta);
    filter[n] = (t == 0 ? 1 : std::sin(x) / x) * cutoff * kaiser;
    sum += filter[n];
  }
  // Phase p holds the weights p, p + up, p + 2 up, ... backwards, so that samples are read forwards.
  phases_.assign(up_ * taps_, 0.0);
  for (size_t n = 0; n < filter.size(); ++n) {
    phases_[(n % up_) * taps_ + taps_ - 1 - n / up_] = filter[n] / sum * static_cast<double>(up_);
  }
}

size_t Resampler::OutputLength(size_t count) const { return (count * up_ + down_ - 1) / down_; }

void Resampler::Run(const float* samples, size_t count, float* out, size_t threads) const {
  if (up_ == down_) {
    std::copy(samples, samples + count, out);
    return;
  }
  const size_t outputs = OutputLength(count);
  const size_t behind = half_ / up_ + 1;
  std::vector<float> padded(taps_ + count + behind, 0.0f);
  std::copy(samples, samples + count, padded.begin() + static_cast<ptrdiff_t>(taps_));
  const Kernels& kernels = ActiveKernels();
  if (outputs * taps_ < kThreadedProducts) threads = 1;
  cpu::ParallelFor(outputs, kGrain, threads, [&](size_t begin, size_t end) {
    for (size_t m = begin; m < end; ++m) {
      const uint64_t at = m * down_ + half_;
      // The newest sample under the filter is at / up; the window of `taps_` samples ends with it.
      const float* const window = padded.data() + at / up_ + 1;
      out[m] = static_cast<float>(kernels.dot(window, phases_.data() + (at % up_) * taps_, taps_));
    }
  });
}

}  // namespace hfbench::preprocess
