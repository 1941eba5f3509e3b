#include "binding/weights/reader.h"

#include <algorithm>
#include <cstring>

namespace hfbench::weights {

Reader::Reader(const Weight& weight, const Kernels& kernels)
    : weight_(weight), kernels_(kernels), width_(weight.shape.size() == 2 ? static_cast<size_t>(weight.shape[1]) : 0) {}

void Reader::Row(size_t first, size_t count, float* target) const {
  if (const auto* rule = std::get_if<FillRule>(&weight_.values)) {
    kernels_.fill(target, count, rule->state + first * kGolden, kGolden, rule->center, rule->scale);
    return;
  }
  const FileSlice& slice = std::get<FileSlice>(weight_.values);
  const uint8_t* source = slice.file->data() + slice.offset + first * BytesOf(slice.dtype);
  if (slice.dtype == DType::kFloat32) {
    std::memcpy(target, source, count * sizeof(float));
    return;
  }
  // A safetensors header may have any length, so 16-bit values may lie at odd addresses: they pass through a buffer.
  constexpr size_t kPiece = 512;
  uint16_t piece[kPiece];
  const auto convert = slice.dtype == DType::kFloat16 ? kernels_.from_float16 : kernels_.from_bfloat16;
  for (size_t done = 0; done < count; done += kPiece) {
    const size_t part = std::min(kPiece, count - done);
    std::memcpy(piece, source + done * sizeof(uint16_t), part * sizeof(uint16_t));
    convert(target + done, piece, part);
  }
}

void Reader::Tile(size_t row, size_t rows, size_t column, size_t columns, float* target, size_t stride) const {
  if (const auto* rule = std::get_if<FillRule>(&weight_.values)) {
    // Elements of one column are a fixed number of steps apart, so the transpose is made in place, without reading it.
    for (size_t c = 0; c < columns; ++c) {
      const uint64_t first = row * width_ + column + c;
      kernels_.fill(target + c * stride, rows, rule->state + first * kGolden, width_ * kGolden, rule->center,
                    rule->scale);
    }
    return;
  }
  constexpr size_t kSide = 32;
  float square[kSide][kSide];
  for (size_t r0 = 0; r0 < rows; r0 += kSide) {
    const size_t height = std::min(kSide, rows - r0);
    for (size_t c0 = 0; c0 < columns; c0 += kSide) {
      const size_t width = std::min(kSide, columns - c0);
      for (size_t r = 0; r < height; ++r) Row((row + r0 + r) * width_ + column + c0, width, square[r]);
      for (size_t c = 0; c < width; ++c) {
        float* const line = target + (c0 + c) * stride + r0;
        for (size_t r = 0; r < height; ++r) line[r] = square[r][c];
      }
    }
  }
}

}  // namespace hfbench::weights
