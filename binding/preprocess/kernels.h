// The vector code of image, audio and cast kernels: one table of functions per instruction set level. The same source
// (kernels.inc) is compiled once per level, with lanes of that level's width; every level gives the same bits.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace hfbench::cpu {
enum class Isa;  // binding/cpu/isa.h has standard headers, which the units with vector code must not see
}

namespace hfbench::preprocess {

/// Weighted sums of one resize direction, as plain arrays (see image_taps.h, which owns them).
struct TapsView {
  int outputs;
  /// Distance between the weights of two outputs, in pairs.
  int pairs;
  /// Per output: first input and number of inputs.
  const int32_t* first;
  const int32_t* count;
  /// 22-bit fixed-point weights w = high * 2^15 + low, two 16-bit values (of neighbouring inputs) in each word.
  const int32_t* low;
  const int32_t* high;
  /// Outputs computed from one transposed tile (a multiple of 16) and the most inputs that a tile spans.
  int tile_outputs;
  int tile_inputs;
};

/// y = (u * high + u * low - offset - mean) / std for a byte u; high has 16 significant bits, so u * high is exact.
struct AffineStep {
  float high;
  float low;
  float offset;
  float mean;
  float std;
  /// 1 / std, rounded: some levels divide by multiplying and correcting.
  float inverse;
};

/// Triangle k of a mel filter bank: sum over `count` bins from `first` on, weights at `weights + at`.
struct MelBand {
  int32_t first;
  int32_t count;
  int32_t at;
};

enum class LogKind { kNone, kNatural, kDecimal, kDecibel };

/// A short-time mel spectrum. Arrays exist in both precisions; `bins` = fft_length / 2 + 1.
struct SpectrumView {
  int frame_length;
  int hop;
  int fft_length;
  int bins;
  int mels;
  /// Kaldi's steps before the window: subtract the frame's mean, then x[i] -= preemphasis * x[i - 1].
  bool remove_mean;
  double preemphasis;
  /// Samples are multiplied by this first (2^15 where a model wants 16-bit numbers).
  double gain;
  double floor;
  LogKind log;
  const double* window64;
  const float* window32;
  /// Radices (2, 3, 4, 5) of the complex FFT of fft_length / 2 points and its twiddles in the order of use (cos, sin).
  const int32_t* radices;
  int radix_count;
  const double* twiddles64;
  const float* twiddles32;
  /// cos, sin of 2 pi k / fft_length, k = 0..fft_length / 4: joins the half-size transform to the real one.
  const double* join64;
  const float* join32;
  const MelBand* bands;
  const double* weights64;
  const float* weights32;
};

struct Kernels {
  /// Rows that ResizeRows handles together, also the alignment in bytes of every planar row.
  int rows_at_once;

  /// Horizontal pass over `rows_at_once` rows of interleaved pixels: rows[r] (each row_bytes long; pointers may repeat)
  /// -> out[r], planar: plane k, from source channel order[k], begins at k * plane_stride (a multiple of 16).
  /// scratch: ResizeRowsScratch() bytes.
  void (*resize_rows)(const uint8_t* const* rows, size_t row_bytes, int channels, const uint8_t* order, int planes,
                      const TapsView& taps, uint8_t* scratch, uint8_t* const* out, size_t plane_stride);
  size_t (*resize_rows_scratch)(int channels, int planes, const TapsView& taps);

  /// Vertical pass for output `y`: `bytes` (rounded up to rows_at_once) of its weighted rows, of which the first is at
  /// `src`, `row_stride` apart -> out.
  void (*resize_column)(const uint8_t* src, size_t row_stride, size_t bytes, const TapsView& taps, int y, uint8_t* out);

  /// Interleaved pixels -> planes, plane k from channel order[k].
  void (*split_channels)(const uint8_t* pixels, size_t count, int channels, const uint8_t* order, int planes,
                         uint8_t* const* out);
  void (*affine)(const uint8_t* bytes, size_t count, const AffineStep& step, float* out);

  /// Round to nearest, ties to even; NaN stays a quiet NaN with its sign, overflow becomes infinity.
  void (*f32_to_f16)(const float* in, size_t count, uint16_t* out);
  void (*f16_to_f32)(const uint16_t* in, size_t count, float* out);
  void (*f32_to_bf16)(const float* in, size_t count, uint16_t* out);
  void (*bf16_to_f32)(const uint16_t* in, size_t count, float* out);
  /// round_half_even(x / scale) + zero_point, saturated to [low, high], as one byte; NaN gives zero_point.
  void (*quantize)(const float* in, size_t count, float scale, int zero_point, int low, int high, uint8_t* out);

  bool (*all_finite)(const float* in, size_t count);
  /// Mean and population variance, summed in double in sixteen fixed partial sums. Not finite if any sample is not.
  void (*moments)(const float* in, size_t count, double* mean, double* variance);
  /// (x - shift) / scale.
  void (*standardize)(const float* in, size_t count, float shift, float scale, float* out);
  float (*maximum)(const float* in, size_t count);
  /// (max(x, floor) + 4) / 4: the last step of Whisper's log-mel.
  void (*whisper_scale)(float* values, size_t count, float floor);

  /// Frames [first, first + frames) of `samples` (frame f begins at f * hop; all their samples must exist) ->
  /// out[frame * frame_stride + mel * mel_stride]. scratch: spectrum_scratch() bytes, aligned to 64.
  void (*spectrum64)(const SpectrumView& view, const float* samples, size_t first, size_t frames, float* out,
                     size_t frame_stride, size_t mel_stride, void* scratch);
  void (*spectrum32)(const SpectrumView& view, const float* samples, size_t first, size_t frames, float* out,
                     size_t frame_stride, size_t mel_stride, void* scratch);
  size_t (*spectrum_scratch)(const SpectrumView& view);

  /// Sum of x[i] * taps[i] in double, in sixteen fixed partial sums; count is a multiple of 16.
  double (*dot)(const float* x, const double* taps, size_t count);
};

/// The table of a level that this machine supports.
const Kernels& KernelsOf(cpu::Isa isa);
/// The table of the active level (see binding/cpu/isa.h). Throws std::invalid_argument if HFBENCH_ISA is wrong.
const Kernels& ActiveKernels();

extern const Kernels kKernelsBase;
extern const Kernels kKernelsAvx2;
extern const Kernels kKernelsAvx512;
extern const Kernels kKernelsNeon;

}  // namespace hfbench::preprocess
