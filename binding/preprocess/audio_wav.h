// RIFF/WAVE reader: integer PCM of 8 to 32 bits and IEEE float, plain or WAVE_FORMAT_EXTENSIBLE.
// Format: Microsoft "Multiple channel audio data and WAVE files", RFC 2361.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hfbench::preprocess {

struct Wav {
  uint32_t sample_rate = 0;
  int channels = 0;
  int bits = 0;
  bool is_float = false;
  /// Mean of the channels, full scale = 1.
  std::vector<float> samples;
};

/// Throws std::invalid_argument with one line for anything that is not a whole, sound WAVE file: every length is
/// checked against the bytes that are there.
Wav ReadWav(const uint8_t* bytes, size_t size);

}  // namespace hfbench::preprocess
