#include "binding/preprocess/image_output.h"

#include <algorithm>
#include <cstring>

namespace hfbench::preprocess {

uint8_t* Buffer(Slot slot, size_t bytes) {
  constexpr size_t kSlots = 5, kAlignment = 64;
  thread_local std::vector<uint8_t> buffers[kSlots];
  std::vector<uint8_t>& buffer = buffers[static_cast<size_t>(slot)];
  if (buffer.size() < bytes + kAlignment) buffer.resize(bytes + kAlignment);
  const size_t beyond = reinterpret_cast<uintptr_t>(buffer.data()) % kAlignment;
  return buffer.data() + (beyond == 0 ? 0 : kAlignment - beyond);
}

/// Values of `count` bytes of plane k.
void ImageOutput::ToFloats(const uint8_t* bytes, size_t count, int k, float* out) const {
  if (plan_.affine) return kernels_.affine(bytes, count, plan_.steps[k], out);
  for (size_t i = 0; i < count; ++i) out[i] = plan_.values[k][bytes[i]];
}

void ImageOutput::Convert(const float* in, size_t count, uint8_t* out) const {
  switch (plan_.element) {
    case Element::kF32:
      std::memcpy(out, in, count * 4);
      break;
    case Element::kF16:
      kernels_.f32_to_f16(in, count, reinterpret_cast<uint16_t*>(out));
      break;
    case Element::kBf16:
      kernels_.f32_to_bf16(in, count, reinterpret_cast<uint16_t*>(out));
      break;
    case Element::kInt8:
      kernels_.quantize(in, count, plan_.quant_scale, plan_.quant_zero, -128, 127, out);
      break;
    case Element::kUint8:
      kernels_.quantize(in, count, plan_.quant_scale, plan_.quant_zero, 0, 255, out);
      break;
  }
}

/// Plane k of region row y as output elements at `out`.
void ImageOutput::WritePlane(const uint8_t* bytes, int k, uint8_t* out) const {
  const size_t count = g_.region_width;
  if (plan_.element == Element::kUint8 && plan_.identity) {
    std::memcpy(out, bytes, count);
  } else if (plan_.element == Element::kF32) {
    ToFloats(bytes, count, k, reinterpret_cast<float*>(out));
  } else {
    auto* const floats = reinterpret_cast<float*>(Buffer(Slot::kFloats, count * 4));
    ToFloats(bytes, count, k, floats);
    Convert(floats, count, out);
  }
}

template <class T>
void ImageOutput::Interleave(const uint8_t* planes, uint8_t* target) const {
  T* const out = reinterpret_cast<T*>(target);
  for (int k = 0; k < plan_.planes; ++k) {
    const T* const plane = reinterpret_cast<const T*>(planes) + static_cast<size_t>(k) * g_.region_width;
    for (int x = 0; x < g_.region_width; ++x) out[static_cast<size_t>(x) * plan_.planes + k] = plane[x];
  }
}

void ImageOutput::WriteRow(const uint8_t* row, size_t plane_stride, int y) const {
  const size_t size = ElementBytes(plan_.element);
  const size_t line = static_cast<size_t>(g_.target_y + y) * g_.canvas_width + g_.target_x;
  if (plan_.layout == Layout::kChannelsFirst) {
    const size_t plane = static_cast<size_t>(g_.canvas_width) * g_.canvas_height;
    for (int k = 0; k < plan_.planes; ++k) WritePlane(row + k * plane_stride, k, out_ + (k * plane + line) * size);
    return;
  }
  uint8_t* const planes = Buffer(Slot::kConverted, g_.region_width * size * plan_.planes);
  for (int k = 0; k < plan_.planes; ++k) {
    WritePlane(row + k * plane_stride, k, planes + k * g_.region_width * size);
  }
  uint8_t* const out = out_ + line * plan_.planes * size;
  if (size == 4) return Interleave<uint32_t>(planes, out);
  if (size == 2) return Interleave<uint16_t>(planes, out);
  Interleave<uint8_t>(planes, out);
}

template <class T>
void ImageOutput::FillBorder() const {
  T pixel[kMaxChannels];
  for (int k = 0; k < plan_.planes; ++k) {
    uint8_t bytes[4] = {};
    Convert(&plan_.fill[k], 1, bytes);
    std::memcpy(&pixel[k], bytes, sizeof(T));
  }
  const size_t width = g_.canvas_width, planes = plan_.planes, area = width * g_.canvas_height;
  T* const out = reinterpret_cast<T*>(out_);
  const auto fill = [&](size_t begin, size_t end) {
    for (size_t k = 0; k < planes; ++k) {
      if (plan_.layout == Layout::kChannelsFirst) {
        std::fill(out + k * area + begin, out + k * area + end, pixel[k]);
      } else {
        for (size_t at = begin; at < end; ++at) out[at * planes + k] = pixel[k];
      }
    }
  };
  fill(0, g_.target_y * width);
  for (size_t y = g_.target_y; y < static_cast<size_t>(g_.target_y) + g_.region_height; ++y) {
    fill(y * width, y * width + g_.target_x);
    fill(y * width + g_.target_x + g_.region_width, (y + 1) * width);
  }
  fill((g_.target_y + g_.region_height) * width, area);
}

void ImageOutput::FillAround() const {
  if (g_.region_width == g_.canvas_width && g_.region_height == g_.canvas_height) return;
  const size_t size = ElementBytes(plan_.element);
  if (size == 4) return FillBorder<uint32_t>();
  if (size == 2) return FillBorder<uint16_t>();
  FillBorder<uint8_t>();
}

size_t ElementBytes(Element element) {
  switch (element) {
    case Element::kF32:
      return 4;
    case Element::kF16:
    case Element::kBf16:
      return 2;
    default:
      return 1;
  }
}

size_t OutputBytes(const ImagePlan& plan, const ImageGeometry& g) {
  return static_cast<size_t>(g.canvas_width) * g.canvas_height * plan.planes * ElementBytes(plan.element);
}

}  // namespace hfbench::preprocess
