// Log-mel spectra: filter banks, windows and FFT plans of the Hugging Face feature extractors.
// Semantics: transformers, audio_utils.py (mel_filter_bank, window_function, spectrogram).
#pragma once

#include <cstddef>
#include <vector>

#include "binding/preprocess/kernels.h"

namespace hfbench::preprocess {

enum class MelScale { kHtk, kKaldi, kSlaney };
enum class Window { kHann, kHannSymmetric, kPovey };
enum class Precision { kDouble, kFloat };

struct SpectrumSpec {
  int sample_rate = 16000;
  int frame_length = 400;
  int hop = 160;
  /// Even, and a product of 2, 3 and 5; at least frame_length.
  int fft_length = 400;
  int mels = 80;
  double min_hz = 0;
  double max_hz = 8000;
  MelScale scale = MelScale::kSlaney;
  /// Divides each triangle by its width.
  bool slaney_norm = false;
  /// Triangles straight in mel instead of hertz, as Kaldi has them.
  bool triangles_in_mel = false;
  Window window = Window::kHann;
  /// Frame t is centred at sample t * hop: half a frame of mirrored samples is put before and behind.
  bool center = false;
  bool remove_mean = false;
  double preemphasis = 0;
  double gain = 1;
  double floor = 1e-10;
  LogKind log = LogKind::kDecimal;
};

/// Tables of a spec, shared by all calls.
class SpectrumPlan {
 public:
  /// Throws std::invalid_argument for a spec that no spectrum can have.
  explicit SpectrumPlan(const SpectrumSpec& spec);

  const SpectrumSpec& spec() const { return spec_; }
  SpectrumView View() const;
  /// Frames of `length` samples: 1 + (length - frame_length) / hop, after padding if frames are centred; 0 if too
  /// short.
  size_t FrameCount(size_t length) const;

  /// The first `frames` frames of the signal samples[0..count) followed by zeros up to `length` ->
  /// out[frame * frame_stride + mel * mel_stride]. Throws std::invalid_argument if there are fewer frames than that.
  /// `threads` 0: all cores; one is used for less than about a millisecond of work.
  void Run(const float* samples, size_t count, size_t length, size_t frames, float* out, size_t frame_stride,
           size_t mel_stride, Precision precision, size_t threads) const;

 private:
  void PlanTransform();
  void PlanMels();

  SpectrumSpec spec_;
  std::vector<double> window_, twiddles_, join_, weights_;
  std::vector<float> window32_, twiddles32_, join32_, weights32_;
  std::vector<int32_t> radices_;
  std::vector<MelBand> bands_;
};

}  // namespace hfbench::preprocess
