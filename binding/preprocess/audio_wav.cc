#include "binding/preprocess/audio_wav.h"

#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string>

namespace hfbench::preprocess {
namespace {

constexpr int kPcm = 1, kFloat = 3, kExtensible = 0xfffe;
constexpr int kMostChannels = 64;
/// Last 14 bytes of the sub-format GUID of every format that has an old format number (the first 2 bytes).
constexpr uint8_t kGuidTail[14] = {0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71};

[[noreturn]] void Fail(const std::string& what) { throw std::invalid_argument("WAV: " + what); }

uint32_t Read(const uint8_t* at, int bytes) {
  uint32_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= static_cast<uint32_t>(at[i]) << (8 * i);
  return value;
}

struct Format {
  int tag = 0, channels = 0, bits = 0, block = 0;
  uint32_t rate = 0;
};

Format ReadFormat(const uint8_t* at, size_t size) {
  if (size < 16) Fail("its 'fmt ' chunk has " + std::to_string(size) + " bytes, 16 are needed");
  Format f;
  f.tag = static_cast<int>(Read(at, 2));
  f.channels = static_cast<int>(Read(at + 2, 2));
  f.rate = Read(at + 4, 4);
  f.block = static_cast<int>(Read(at + 12, 2));
  f.bits = static_cast<int>(Read(at + 14, 2));
  if (f.tag == kExtensible) {
    if (size < 40) Fail("its extensible 'fmt ' chunk has " + std::to_string(size) + " bytes, 40 are needed");
    if (std::memcmp(at + 26, kGuidTail, sizeof kGuidTail) != 0) Fail("its sub-format is not PCM or float");
    f.tag = static_cast<int>(Read(at + 24, 2));
  }
  const bool pcm = f.tag == kPcm && (f.bits == 8 || f.bits == 16 || f.bits == 24 || f.bits == 32);
  const bool real = f.tag == kFloat && (f.bits == 32 || f.bits == 64);
  if (!pcm && !real) {
    Fail("format " + std::to_string(f.tag) + " with " + std::to_string(f.bits) +
         " bits; PCM of 8, 16, 24, 32 bits or float of 32, 64 bits can be read");
  }
  if (f.channels < 1 || f.channels > kMostChannels) Fail(std::to_string(f.channels) + " channels; 1 to 64 can be read");
  if (f.rate == 0) Fail("a sample rate of 0");
  if (f.block != f.channels * f.bits / 8) Fail("its block size does not match channels and bits");
  return f;
}

double Sample(const uint8_t* at, const Format& f) {
  if (f.tag == kFloat) {
    if (f.bits == 64) {
      const uint64_t bits = Read(at, 4) | static_cast<uint64_t>(Read(at + 4, 4)) << 32;
      double value;
      std::memcpy(&value, &bits, 8);
      return value;
    }
    const uint32_t bits = Read(at, 4);
    float value;
    std::memcpy(&value, &bits, 4);
    return value;
  }
  if (f.bits == 8) return (static_cast<int>(*at) - 128) / 128.0;
  // The sample's bytes go to the top of 32 bits, so one scale serves every width.
  return static_cast<int32_t>(Read(at, f.bits / 8) << (32 - f.bits)) / 2147483648.0;
}

}  // namespace

Wav ReadWav(const uint8_t* bytes, size_t size) {
  if (size < 12 || std::memcmp(bytes, "RIFF", 4) != 0 || std::memcmp(bytes + 8, "WAVE", 4) != 0) {
    Fail("the file does not begin with RIFF....WAVE");
  }
  Format format;
  size_t at = 12;
  while (size - at >= 8) {
    const uint8_t* const chunk = bytes + at;
    const size_t length = Read(chunk + 4, 4);
    at += 8;
    const std::string name(reinterpret_cast<const char*>(chunk), 4);
    const bool wanted = name == "fmt " || name == "data";
    if (length > size - at) {
      if (!wanted)
        Fail("a chunk claims " + std::to_string(length) + " bytes, " + std::to_string(size - at) + " are left");
      Fail("its '" + name + "' chunk claims " + std::to_string(length) + " bytes, " + std::to_string(size - at) +
           " are left");
    }
    if (name == "fmt ") format = ReadFormat(bytes + at, length);
    if (name == "data") {
      if (format.tag == 0) Fail("its 'data' chunk comes before 'fmt '");
      if (length % format.block != 0) Fail("its 'data' chunk ends within a sample");
      Wav wav{format.rate, format.channels, format.bits, format.tag == kFloat, {}};
      wav.samples.resize(length / format.block);
      const uint8_t* sample = bytes + at;
      for (float& out : wav.samples) {
        double sum = 0;
        for (int c = 0; c < format.channels; ++c, sample += format.bits / 8) sum += Sample(sample, format);
        out = static_cast<float>(sum / format.channels);
        if (!std::isfinite(out)) {
          Fail("sample " + std::to_string(&out - wav.samples.data()) + " is not a finite number");
        }
      }
      return wav;
    }
    at += length;
    if (length % 2 == 1 && at < size) ++at;  // chunks begin at even offsets
  }
  Fail("it has no 'data' chunk");
}

}  // namespace hfbench::preprocess
