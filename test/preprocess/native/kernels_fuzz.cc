// Runs the image, audio and cast kernels on random sizes at every instruction set level. Built with sanitizers by
// test/preprocess/kernels-fuzz.test.ts: every buffer has exactly the size that its reader was told, so that one byte
// too far is seen. All levels must agree bit for bit, and small transforms with a plain DFT.
//   kernels_fuzz <rounds> <seed>
// Prints one line of digests, the same on every processor.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

#include "binding/cpu/isa.h"
#include "binding/preprocess/audio.h"
#include "binding/preprocess/audio_resample.h"
#include "binding/preprocess/audio_spectrum.h"
#include "binding/preprocess/audio_wav.h"
#include "binding/preprocess/image.h"

namespace {

using namespace hfbench::preprocess;
namespace cpu = hfbench::cpu;

std::mt19937 random_source;
/// Not std::uniform_int_distribution: its results differ between standard libraries.
int Below(int limit) { return static_cast<int>(random_source() % static_cast<uint32_t>(limit)); }
int Between(int low, int high) { return low + Below(high - low + 1); }
/// Small numbers most of the time.
int Size(int high) { return Below(3) == 0 ? Between(1, 8) : Between(1, high); }

/// A heap block of exactly `count` elements: the sanitizer watches both ends.
template <class T>
class Block {
 public:
  explicit Block(size_t count) : data_(new T[count]()), count_(count) {}
  T* data() const { return data_.get(); }
  size_t size() const { return count_; }
  T& operator[](size_t i) const { return data_[i]; }
  bool SameBytes(const Block& other) const {
    return count_ == other.count_ && std::memcmp(data(), other.data(), count_ * sizeof(T)) == 0;
  }

 private:
  std::unique_ptr<T[]> data_;
  size_t count_;
};

void Check(bool ok, const std::string& what) {
  if (ok) return;
  std::fprintf(stderr, "kernels_fuzz: %s\n", what.c_str());
  std::exit(1);
}

/// FNV-1a over everything computed.
uint64_t Mix(uint64_t digest, const void* data, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) digest = (digest ^ static_cast<const uint8_t*>(data)[i]) * 1099511628211u;
  return digest;
}

/// Runs `compute` into fresh blocks at every level, checks that they agree and returns the first.
template <class T, class F>
Block<T> AtEveryLevel(size_t count, const std::string& what, F compute) {
  Block<T> first(count);
  for (cpu::Isa isa : cpu::SupportedIsas()) {
    cpu::ForceIsa(cpu::IsaName(isa));
    Block<T> out(count);
    compute(out);
    if (isa == cpu::SupportedIsas().front()) {
      std::memcpy(first.data(), out.data(), count * sizeof(T));
    } else {
      Check(out.SameBytes(first), what + ": " + cpu::IsaName(isa) + " differs from the baseline");
    }
  }
  cpu::ForceIsa("");
  return first;
}

void Split(int whole, int& begin, int& size) {
  size = Between(1, whole);
  begin = Below(whole - size + 1);
}

uint64_t FuzzImage(uint64_t digest) {
  ImagePlan plan;
  plan.filter = static_cast<Filter>(Below(6));
  plan.element = static_cast<Element>(Below(5));
  plan.layout = static_cast<Layout>(Below(2));
  plan.channels = Between(1, 4);
  plan.planes = Between(1, 4);
  plan.quant_scale = 0.03f;
  for (int k = 0; k < plan.planes; ++k) {
    plan.order[k] = static_cast<uint8_t>(Below(plan.channels));
    plan.steps[k] = {1.0f / 256, 0, 0, 0.4f, 0.25f, 0};
    const bool table = Below(4) == 0;
    for (int u = 0; u < 256; ++u) {
      plan.values[k][u] = table ? static_cast<float>(u * u) : (static_cast<float>(u) * (1.0f / 256) - 0.4f) / 0.25f;
    }
    plan.fill[k] = static_cast<float>(k);
  }
  plan.CheckSteps();
  ImageGeometry g{};
  g.width = Size(150), g.height = Size(150);
  if (Below(8) == 0) g.height = Between(1, 3) * 310;
  g.resized_width = Below(5) == 0 ? g.width : Size(120);
  g.resized_height = Below(5) == 0 ? g.height : Size(120);
  Split(g.resized_width, g.source_x, g.region_width);
  Split(g.resized_height, g.source_y, g.region_height);
  g.target_x = Below(3) * Below(9), g.target_y = Below(3) * Below(9);
  g.canvas_width = g.target_x + g.region_width + Below(3) * Below(9);
  g.canvas_height = g.target_y + g.region_height + Below(3) * Below(9);
  std::vector<Block<uint8_t>> pixels;
  std::vector<Image> images;
  for (int i = Between(1, 2); i > 0; --i) {
    pixels.emplace_back(static_cast<size_t>(g.width) * g.height * plan.channels);
    for (size_t at = 0; at < pixels.back().size(); ++at) pixels.back()[at] = static_cast<uint8_t>(random_source());
    images.push_back({pixels.back().data(), g});
  }
  const auto out = AtEveryLevel<uint8_t>(images.size() * OutputBytes(plan, g), "image",
                                         [&](Block<uint8_t>& to) { RunImages(plan, images, to.data(), 1); });
  return Mix(digest, out.data(), out.size());
}

Block<float> Noise(size_t count) {
  Block<float> samples(count);
  for (size_t i = 0; i < count; ++i) samples[i] = static_cast<float>(static_cast<int16_t>(random_source())) / 32768;
  return samples;
}

/// Power of bin k of the windowless frame, by the definition.
double PlainPower(const float* frame, int length, int fft_length, int bin) {
  constexpr double kPi = 3.14159265358979323846;
  double re = 0, im = 0;
  for (int n = 0; n < length; ++n) {
    const double angle = 2 * kPi * bin * n / fft_length;
    const double hann = 0.5 - 0.5 * std::cos(2 * kPi * n / length);
    re += frame[n] * hann * std::cos(angle);
    im -= frame[n] * hann * std::sin(angle);
  }
  return re * re + im * im;
}

void FuzzSpectrum() {
  static const int kLengths[] = {2,  4,  6,  8,  10, 12,  16,  18,  20,  24,  30,  32, 48,
                                 50, 60, 64, 90, 96, 100, 128, 150, 200, 240, 400, 512};
  SpectrumSpec spec;
  spec.fft_length = kLengths[Below(static_cast<int>(std::size(kLengths)))];
  spec.frame_length = Between(1, spec.fft_length);
  spec.hop = Between(1, spec.fft_length);
  spec.mels = Between(1, 40);
  spec.scale = static_cast<MelScale>(Below(3));
  spec.window = static_cast<Window>(Below(3));
  spec.triangles_in_mel = Below(2) == 0;
  spec.center = Below(2) == 0;
  spec.remove_mean = Below(2) == 0;
  spec.preemphasis = Below(2) * 0.97;
  spec.log = static_cast<LogKind>(Below(4));
  const SpectrumPlan plan(spec);
  const size_t count = static_cast<size_t>(Size(4000)), length = count + Below(3) * Size(300);
  const Block<float> samples = Noise(count);
  size_t frames = plan.FrameCount(length);
  if (frames == 0) return;
  frames = static_cast<size_t>(Between(1, static_cast<int>(std::min<size_t>(frames, 70))));
  const bool mel_major = Below(2) == 0;
  for (Precision precision : {Precision::kDouble, Precision::kFloat}) {
    AtEveryLevel<float>(frames * spec.mels, "spectrum", [&](Block<float>& out) {
      plan.Run(samples.data(), count, length, frames, out.data(), mel_major ? 1 : spec.mels, mel_major ? frames : 1,
               precision, 1);
    });
  }
}

/// One triangle over each bin in turn, against the plain DFT.
void CheckTransform(int fft_length) {
  SpectrumSpec spec;
  spec.fft_length = spec.frame_length = fft_length;
  spec.hop = 1;
  spec.log = LogKind::kNone;
  const SpectrumPlan plan(spec);
  SpectrumView view = plan.View();
  const int bins = fft_length / 2 + 1;
  Block<MelBand> bands(bins);
  Block<double> ones(1);
  ones[0] = 1;
  for (int k = 0; k < bins; ++k) bands[k] = {k, 1, 0};
  view.mels = bins;
  view.bands = bands.data();
  view.weights64 = ones.data();
  view.floor = 1e-300;
  const Block<float> samples = Noise(fft_length + 2);
  const auto power = AtEveryLevel<float>(3 * bins, "transform", [&](Block<float>& out) {
    const Kernels& kernels = ActiveKernels();
    void* const scratch = std::aligned_alloc(64, (kernels.spectrum_scratch(view) + 63) / 64 * 64);
    kernels.spectrum64(view, samples.data(), 0, 3, out.data(), bins, 1, scratch);
    std::free(scratch);
  });
  for (int frame = 0; frame < 3; ++frame) {
    for (int k = 0; k < bins; ++k) {
      const double expected = PlainPower(samples.data() + frame, fft_length, fft_length, k);
      Check(std::abs(power[frame * bins + k] - expected) <= 1e-6 * (1 + expected),
            "transform of " + std::to_string(fft_length) + ": bin " + std::to_string(k));
    }
  }
}

uint64_t FuzzLoops(uint64_t digest) {
  const size_t count = static_cast<size_t>(Below(90));
  Block<float> floats(count);
  Block<uint16_t> halves(count);
  Block<uint8_t> bytes(count);
  for (size_t i = 0; i < count; ++i) {
    const uint32_t bits = static_cast<uint32_t>(random_source());
    std::memcpy(&floats[i], &bits, 4);
    halves[i] = static_cast<uint16_t>(random_source());
    bytes[i] = static_cast<uint8_t>(random_source());
  }
  const auto add = [&](const auto& block) { digest = Mix(digest, block.data(), block.size() * sizeof(block[0])); };
  using Halves = Block<uint16_t>;
  using Floats = Block<float>;
  add(AtEveryLevel<uint16_t>(count, "f16",
                             [&](Halves& o) { ActiveKernels().f32_to_f16(floats.data(), count, o.data()); }));
  add(AtEveryLevel<uint16_t>(count, "bf16",
                             [&](Halves& o) { ActiveKernels().f32_to_bf16(floats.data(), count, o.data()); }));
  add(AtEveryLevel<float>(count, "f32",
                          [&](Floats& o) { ActiveKernels().f16_to_f32(halves.data(), count, o.data()); }));
  add(AtEveryLevel<float>(count, "f32b",
                          [&](Floats& o) { ActiveKernels().bf16_to_f32(halves.data(), count, o.data()); }));
  add(AtEveryLevel<uint8_t>(count, "int8", [&](Block<uint8_t>& o) {
    ActiveKernels().quantize(floats.data(), count, 0.37f, 3, -128, 127, o.data());
  }));
  add(AtEveryLevel<float>(count, "affine", [&](Floats& o) {
    ActiveKernels().affine(bytes.data(), count, {1.0f / 256, 1e-6f, 0.5f, 0.4f, 0.25f, 4.0f}, o.data());
  }));
  if (count == 0) return digest;
  const Block<float> samples = Noise(count);
  add(AtEveryLevel<double>(
      2, "moments", [&](Block<double>& o) { ActiveKernels().moments(samples.data(), count, o.data(), o.data() + 1); }));
  add(AtEveryLevel<float>(1, "maximum", [&](Floats& o) { o[0] = ActiveKernels().maximum(samples.data(), count); }));
  add(AtEveryLevel<float>(count, "whisper", [&](Floats& o) {
    std::memcpy(o.data(), samples.data(), count * 4);
    ScaleWhisper(o.data(), count);
  }));
  const int channels = Between(1, 4), planes = Between(1, 4);
  const size_t pixels = count / channels;
  const uint8_t order[4] = {static_cast<uint8_t>(Below(channels)), static_cast<uint8_t>(Below(channels)),
                            static_cast<uint8_t>(Below(channels)), static_cast<uint8_t>(Below(channels))};
  add(AtEveryLevel<uint8_t>(pixels * 4, "split", [&](Block<uint8_t>& o) {
    const Block<uint8_t> exact(pixels * channels);
    std::memcpy(exact.data(), bytes.data(), exact.size());
    std::vector<Block<uint8_t>> rows;
    uint8_t* to[4];
    for (int k = 0; k < planes; ++k) rows.emplace_back(pixels), to[k] = rows.back().data();
    ActiveKernels().split_channels(exact.data(), pixels, channels, order, planes, to);
    for (int k = 0; k < planes; ++k) std::memcpy(o.data() + k * pixels, to[k], pixels);
  }));
  return digest;
}

void FuzzResample() {
  static const uint32_t kRates[] = {8000, 11025, 16000, 22050, 24000, 44100, 48000, 1000, 7919};
  const Resampler resampler(kRates[Below(9)], kRates[Below(9)]);
  const size_t count = static_cast<size_t>(Size(400));
  const Block<float> samples = Noise(count);
  AtEveryLevel<float>(resampler.OutputLength(count), "resample",
                      [&](Block<float>& out) { resampler.Run(samples.data(), count, out.data(), 1); });
}

void FuzzWav() {
  std::string file("RIFF\0\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0data\x08\0\0\0abcdefgh", 52);
  for (int i = Below(6); i > 0; --i) file[Below(52)] = static_cast<char>(random_source());
  file.resize(static_cast<size_t>(Between(0, 52)));
  const Block<uint8_t> exact(file.size());
  std::memcpy(exact.data(), file.data(), file.size());
  try {
    ReadWav(exact.data(), exact.size());
  } catch (const std::invalid_argument&) {
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "kernels_fuzz <rounds> <seed>\n"), 2;
  random_source.seed(static_cast<uint32_t>(std::atoi(argv[2])));
  uint64_t image = 14695981039346656037u, loops = image;
  for (int round = std::atoi(argv[1]); round > 0; --round) {
    image = FuzzImage(image);
    loops = FuzzLoops(loops);
    FuzzSpectrum();
    FuzzResample();
    FuzzWav();
  }
  for (int fft_length : {2, 4, 6, 10, 12, 16, 18, 20, 30, 50, 64, 90, 120, 200, 400}) CheckTransform(fft_length);
  std::printf("image %016llx loops %016llx\n", static_cast<unsigned long long>(image),
              static_cast<unsigned long long>(loops));
}
