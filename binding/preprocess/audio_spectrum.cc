#include "binding/preprocess/audio_spectrum.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "binding/cpu/parallel_for.h"

namespace hfbench::preprocess {
namespace {

constexpr double kPi = 3.14159265358979323846;
/// Frames of one range of work, a multiple of every level's lanes.
constexpr size_t kGrain = 192;
/// Below this many FFT points in all, starting threads costs more than it saves (about a millisecond of work).
constexpr size_t kThreadedPoints = size_t{1} << 19;

double HertzToMel(double hz, MelScale scale) {
  if (scale == MelScale::kHtk) return 2595.0 * std::log10(1.0 + hz / 700.0);
  if (scale == MelScale::kKaldi) return 1127.0 * std::log(1.0 + hz / 700.0);
  return hz < 1000.0 ? 3.0 * hz / 200.0 : 15.0 + std::log(hz / 1000.0) * (27.0 / std::log(6.4));
}

double MelToHertz(double mel, MelScale scale) {
  if (scale == MelScale::kHtk) return 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0);
  if (scale == MelScale::kKaldi) return 700.0 * (std::exp(mel / 1127.0) - 1.0);
  return mel < 15.0 ? 200.0 * mel / 3.0 : 1000.0 * std::exp(std::log(6.4) / 27.0 * (mel - 15.0));
}

std::vector<double> MakeWindow(Window kind, int length) {
  const int period = kind == Window::kHann ? length : length - 1;
  std::vector<double> window(length, 1.0);
  for (int i = 0; i < length && period > 0; ++i) {
    const double hann = 0.5 - 0.5 * std::cos(2.0 * kPi * i / period);
    window[i] = kind == Window::kPovey ? std::pow(hann, 0.85) : hann;
  }
  return window;
}

std::vector<float> ToFloats(const std::vector<double>& values) { return {values.begin(), values.end()}; }

void Require(bool ok, const char* what) {
  if (!ok) throw std::invalid_argument(std::string("spectrum: ") + what);
}

/// The signal with its padding, in a buffer that the thread keeps.
const float* Padded(const float* samples, size_t count, size_t length, size_t margin) {
  thread_local std::vector<float> buffer;
  buffer.resize(std::max(buffer.size(), length + 2 * margin));
  float* const signal = buffer.data() + margin;
  std::copy(samples, samples + count, signal);
  std::fill(signal + count, signal + length, 0.0f);
  for (size_t i = 1; i <= margin; ++i) {
    signal[-static_cast<ptrdiff_t>(i)] = signal[i];
    signal[length - 1 + i] = signal[length - 1 - i];
  }
  return buffer.data();
}

}  // namespace

SpectrumPlan::SpectrumPlan(const SpectrumSpec& spec) : spec_(spec) {
  constexpr int kMost = 1 << 16;
  Require(spec.frame_length > 0 && spec.hop > 0 && spec.hop <= kMost, "frame and hop must be 1 to 65536 samples");
  Require(spec.fft_length >= spec.frame_length && spec.fft_length <= kMost && spec.fft_length % 2 == 0,
          "the FFT length must be even, at least the frame's and at most 65536");
  Require(spec.mels > 0 && spec.mels <= 4096, "mel bins must be 1 to 4096");
  Require(spec.sample_rate > 0 && spec.min_hz >= 0 && spec.min_hz < spec.max_hz,
          "frequencies must satisfy 0 <= min < max");
  Require(std::isfinite(spec.max_hz) && std::isfinite(spec.gain) && std::isfinite(spec.preemphasis) &&
              std::isnormal(spec.floor) && spec.floor > 0,
          "gain, preemphasis and floor must be finite, the floor above zero");
  window_ = MakeWindow(spec.window, spec.frame_length);
  PlanTransform();
  PlanMels();
  window32_ = ToFloats(window_);
  twiddles32_ = ToFloats(twiddles_);
  join32_ = ToFloats(join_);
  weights32_ = ToFloats(weights_);
}

void SpectrumPlan::PlanTransform() {
  int rest = spec_.fft_length / 2;
  for (int radix : {4, 5, 3, 2}) {
    for (; rest % radix == 0; rest /= radix) radices_.push_back(radix);
  }
  Require(rest == 1, "half the FFT length must be a product of 2, 3 and 5");
  int n = spec_.fft_length / 2;
  for (int radix : radices_) {
    for (int p = 0; p < n / radix; ++p) {
      for (int j = 1; j < radix; ++j) {
        const double angle = 2.0 * kPi * p * j / n;
        twiddles_.push_back(std::cos(angle));
        twiddles_.push_back(std::sin(angle));
      }
    }
    n /= radix;
  }
  for (int k = 0; k <= spec_.fft_length / 4; ++k) {
    const double angle = 2.0 * kPi * k / spec_.fft_length;
    join_.push_back(std::cos(angle));
    join_.push_back(std::sin(angle));
  }
}

void SpectrumPlan::PlanMels() {
  const int bins = spec_.fft_length / 2 + 1;
  const double low = HertzToMel(spec_.min_hz, spec_.scale), high = HertzToMel(spec_.max_hz, spec_.scale);
  std::vector<double> edges(spec_.mels + 2);
  for (int i = 0; i < spec_.mels + 2; ++i) {
    edges[i] = i == spec_.mels + 1 ? high : low + i * ((high - low) / (spec_.mels + 1));
    if (!spec_.triangles_in_mel) edges[i] = MelToHertz(edges[i], spec_.scale);
  }
  std::vector<double> places(bins);
  for (int k = 0; k < bins; ++k) {
    // Kaldi's bins lie at k * rate / fft; the others stretch to rate / 2 rounded down.
    const double hz = spec_.triangles_in_mel ? static_cast<double>(spec_.sample_rate) / spec_.fft_length * k
                                             : static_cast<double>(spec_.sample_rate / 2) / (bins - 1) * k;
    places[k] = spec_.triangles_in_mel ? HertzToMel(hz, spec_.scale) : hz;
  }
  for (int m = 0; m < spec_.mels; ++m) {
    MelBand band{0, 0, static_cast<int32_t>(weights_.size())};
    const double norm = spec_.slaney_norm ? 2.0 / (edges[m + 2] - edges[m]) : 1.0;
    for (int k = 0; k < bins; ++k) {
      const double rise = (places[k] - edges[m]) / (edges[m + 1] - edges[m]);
      const double fall = (edges[m + 2] - places[k]) / (edges[m + 2] - edges[m + 1]);
      const double weight = std::min(rise, fall);
      if (!(weight > 0)) continue;
      if (band.count == 0) band.first = k;
      ++band.count;
      weights_.push_back(weight * norm);
    }
    bands_.push_back(band);
  }
}

SpectrumView SpectrumPlan::View() const {
  return {spec_.frame_length, spec_.hop,
          spec_.fft_length,   spec_.fft_length / 2 + 1,
          spec_.mels,         spec_.remove_mean,
          spec_.preemphasis,  spec_.gain,
          spec_.floor,        spec_.log,
          window_.data(),     window32_.data(),
          radices_.data(),    static_cast<int>(radices_.size()),
          twiddles_.data(),   twiddles32_.data(),
          join_.data(),       join32_.data(),
          bands_.data(),      weights_.data(),
          weights32_.data()};
}

size_t SpectrumPlan::FrameCount(size_t length) const {
  const size_t margin = spec_.center ? spec_.frame_length / 2 : 0;
  if (length <= margin) return 0;
  const size_t padded = length + 2 * margin;
  return padded < static_cast<size_t>(spec_.frame_length) ? 0 : 1 + (padded - spec_.frame_length) / spec_.hop;
}

void SpectrumPlan::Run(const float* samples, size_t count, size_t length, size_t frames, float* out,
                       size_t frame_stride, size_t mel_stride, Precision precision, size_t threads) const {
  Require(count <= length, "the padded length must be at least the signal's");
  Require(frames > 0 && frames <= FrameCount(length), "the signal is too short for that many frames");
  const size_t margin = spec_.center ? spec_.frame_length / 2 : 0;
  const float* const signal = margin == 0 && count == length ? samples : Padded(samples, count, length, margin);
  const Kernels& kernels = ActiveKernels();
  const SpectrumView view = View();
  const auto spectrum = precision == Precision::kDouble ? kernels.spectrum64 : kernels.spectrum32;
  if (frames * spec_.fft_length < kThreadedPoints) threads = 1;
  cpu::ParallelFor(frames, threads == 1 ? frames : kGrain, threads, [&](size_t begin, size_t end) {
    thread_local std::vector<unsigned char> buffer;
    buffer.resize(std::max(buffer.size(), kernels.spectrum_scratch(view) + 64));
    const auto address = reinterpret_cast<uintptr_t>(buffer.data());
    void* const scratch = buffer.data() + ((address + 63) / 64 * 64 - address);
    spectrum(view, signal, begin, end - begin, out + begin * frame_stride, frame_stride, mel_stride, scratch);
  });
}

}  // namespace hfbench::preprocess
