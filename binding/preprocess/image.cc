#include "binding/preprocess/image.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "binding/cpu/isa.h"
#include "binding/cpu/parallel_for.h"

namespace hfbench::preprocess {
namespace {

/// Below this many bytes of pixels and output, starting threads costs more than it saves (about a millisecond of work).
constexpr size_t kThreadedBytes = size_t{8} << 20;

size_t RoundUp(size_t n, size_t step) { return (n + step - 1) / step * step; }

/// Buffers of a thread, kept between images: fresh pages cost more than the kernels.
enum Slot { kRowsSlot, kScratchSlot, kBytesSlot, kFloatsSlot, kConvertedSlot, kSlots };

uint8_t* Buffer(Slot slot, size_t bytes) {
  thread_local std::vector<uint8_t> buffers[kSlots];
  std::vector<uint8_t>& buffer = buffers[slot];
  if (buffer.size() < bytes + 64) buffer.resize(bytes + 64);
  auto address = reinterpret_cast<uintptr_t>(buffer.data());
  return buffer.data() + (RoundUp(address, 64) - address);
}

/// Planar rows: row r holds plane k at r * stride + k * plane_stride. One vector of slack follows the last row.
struct PlanarRows {
  uint8_t* data;
  size_t plane_stride;
  size_t stride;
  int first_row;
};

class ImageRun {
 public:
  ImageRun(const ImagePlan& plan, const ImageGeometry& g, const uint8_t* pixels, uint8_t* out)
      : plan_(plan), g_(g), pixels_(pixels), out_(out), kernels_(ActiveKernels()) {
    const bool nearest = plan.filter == Filter::kNearest;
    if (g.resized_width != g.width) {
      if (nearest) {
        columns_ = NearestIndices(g.width, g.resized_width, g.source_x, g.region_width);
      } else {
        horizontal_ = FindTaps(g.width, g.resized_width, plan.filter, g.source_x, g.region_width);
      }
    }
    if (g.resized_height != g.height) {
      if (nearest) {
        rows_ = NearestIndices(g.height, g.resized_height, g.source_y, g.region_height);
      } else {
        vertical_ = FindTaps(g.height, g.resized_height, plan.filter, g.source_y, g.region_height);
      }
    }
    plane_stride_ = RoundUp(g.region_width, 16);
    stride_ = RoundUp(plane_stride_ * plan.planes, kernels_.rows_at_once);
  }

  void Run(size_t threads) {
    FillAround();
    if (!vertical_) {
      cpu::ParallelFor(g_.region_height, kernels_.rows_at_once, threads, [&](size_t begin, size_t end) {
        PlanarRows rows = MakeRows(end - begin, static_cast<int>(begin));
        LoadRows(rows, static_cast<int>(begin), static_cast<int>(end));
        for (size_t y = begin; y < end; ++y) Emit(rows.data + (y - begin) * stride_, static_cast<int>(y));
      });
      return;
    }
    const int begin = vertical_->input_begin, end = vertical_->input_end;
    const PlanarRows rows = MakeRows(end - begin, begin);
    cpu::ParallelFor(end - begin, kernels_.rows_at_once, threads, [&](size_t from, size_t to) {
      LoadRows(rows, begin + static_cast<int>(from), begin + static_cast<int>(to));
    });
    cpu::ParallelFor(g_.region_height, kernels_.rows_at_once, threads, [&](size_t from, size_t to) {
      uint8_t* const row = Buffer(kBytesSlot, stride_);
      for (size_t y = from; y < to; ++y) {
        kernels_.resize_column(Row(rows, vertical_->first[y]), stride_, plane_stride_ * plan_.planes, vertical_->View(),
                               static_cast<int>(y), row);
        Emit(row, static_cast<int>(y));
      }
    });
  }

 private:
  PlanarRows MakeRows(size_t count, int first_row) const {
    return {Buffer(kRowsSlot, RoundUp(count, kernels_.rows_at_once) * stride_ + 64), plane_stride_, stride_, first_row};
  }

  const uint8_t* SourceRow(int y) const {
    if (!rows_.empty()) {
      y = rows_[y];
    } else if (!vertical_) {
      y += g_.source_y;
    }
    return pixels_ + static_cast<size_t>(y) * g_.width * plan_.channels;
  }

  /// Rows [begin, end) after the horizontal pass. They count source rows if a vertical pass follows, else region rows.
  void LoadRows(const PlanarRows& rows, int begin, int end) const {
    if (horizontal_) return ResizeRows(rows, begin, end);
    for (int y = begin; y < end; ++y) {
      uint8_t* planes[kMaxChannels];
      for (int k = 0; k < plan_.planes; ++k) planes[k] = Row(rows, y) + k * plane_stride_;
      const uint8_t* const source = SourceRow(y);
      if (columns_.empty()) {
        kernels_.split_channels(source + static_cast<size_t>(g_.source_x) * plan_.channels, g_.region_width,
                                plan_.channels, plan_.order.data(), plan_.planes, planes);
        continue;
      }
      for (int k = 0; k < plan_.planes; ++k) {
        for (int x = 0; x < g_.region_width; ++x) {
          planes[k][x] = source[static_cast<size_t>(columns_[x]) * plan_.channels + plan_.order[k]];
        }
      }
    }
  }

  void ResizeRows(const PlanarRows& rows, int begin, int end) const {
    const TapsView taps = horizontal_->View();
    const int at_once = kernels_.rows_at_once;
    uint8_t* const scratch = Buffer(kScratchSlot, kernels_.resize_rows_scratch(plan_.channels, plan_.planes, taps));
    const uint8_t* in[64];
    uint8_t* out[64];
    for (int y = begin; y < end; y += at_once) {
      for (int r = 0; r < at_once; ++r) {
        // The last block repeats its last row in both lists: the same bytes are written several times.
        const int row = std::min(y + r, end - 1);
        in[r] = SourceRow(row);
        out[r] = Row(rows, row);
      }
      kernels_.resize_rows(in, static_cast<size_t>(g_.width) * plan_.channels, plan_.channels, plan_.order.data(),
                           plan_.planes, taps, scratch, out, plane_stride_);
    }
  }

  uint8_t* Row(const PlanarRows& rows, int y) const { return rows.data + (y - rows.first_row) * stride_; }

  /// Values of `count` bytes of plane k.
  void ToFloats(const uint8_t* bytes, size_t count, int k, float* out) const {
    if (plan_.affine) return kernels_.affine(bytes, count, plan_.steps[k], out);
    for (size_t i = 0; i < count; ++i) out[i] = plan_.values[k][bytes[i]];
  }

  void Convert(const float* in, size_t count, uint8_t* out) const {
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
  void EmitPlane(const uint8_t* bytes, int k, uint8_t* out) const {
    const size_t count = g_.region_width;
    if (plan_.element == Element::kUint8 && plan_.identity) {
      std::memcpy(out, bytes, count);
    } else if (plan_.element == Element::kF32) {
      ToFloats(bytes, count, k, reinterpret_cast<float*>(out));
    } else {
      auto* const floats = reinterpret_cast<float*>(Buffer(kFloatsSlot, count * 4));
      ToFloats(bytes, count, k, floats);
      Convert(floats, count, out);
    }
  }

  void Emit(const uint8_t* row, int y) const {
    const size_t size = ElementBytes(plan_.element);
    const size_t line = static_cast<size_t>(g_.target_y + y) * g_.canvas_width + g_.target_x;
    if (plan_.layout == Layout::kChannelsFirst) {
      const size_t plane = static_cast<size_t>(g_.canvas_width) * g_.canvas_height;
      for (int k = 0; k < plan_.planes; ++k) EmitPlane(row + k * plane_stride_, k, out_ + (k * plane + line) * size);
      return;
    }
    uint8_t* const planes = Buffer(kConvertedSlot, g_.region_width * size * plan_.planes);
    for (int k = 0; k < plan_.planes; ++k) {
      EmitPlane(row + k * plane_stride_, k, planes + k * g_.region_width * size);
    }
    uint8_t* const out = out_ + line * plan_.planes * size;
    if (size == 4) return Interleave(reinterpret_cast<const uint32_t*>(planes), reinterpret_cast<uint32_t*>(out));
    if (size == 2) return Interleave(reinterpret_cast<const uint16_t*>(planes), reinterpret_cast<uint16_t*>(out));
    Interleave(planes, out);
  }

  template <class T>
  void Interleave(const T* planes, T* out) const {
    for (int k = 0; k < plan_.planes; ++k) {
      const T* const plane = planes + static_cast<size_t>(k) * g_.region_width;
      for (int x = 0; x < g_.region_width; ++x) out[static_cast<size_t>(x) * plan_.planes + k] = plane[x];
    }
  }

  /// Fills the canvas where it is larger than the region.
  template <class T>
  void FillBorder() const {
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

  void FillAround() const {
    if (g_.region_width == g_.canvas_width && g_.region_height == g_.canvas_height) return;
    const size_t size = ElementBytes(plan_.element);
    if (size == 4) return FillBorder<uint32_t>();
    if (size == 2) return FillBorder<uint16_t>();
    FillBorder<uint8_t>();
  }

  const ImagePlan& plan_;
  const ImageGeometry& g_;
  const uint8_t* const pixels_;
  uint8_t* const out_;
  const Kernels& kernels_;
  std::shared_ptr<const Taps> horizontal_, vertical_;
  std::vector<int32_t> columns_, rows_;
  size_t plane_stride_ = 0;
  size_t stride_ = 0;
};

void Process(const ImagePlan& plan, const ImageGeometry& geometry, const uint8_t* pixels, uint8_t* out,
             size_t threads) {
  // Pillow's Image.resize shrinks the height of images more than a hundred times as tall as wide first, which rounds
  // differently.
  const bool tall =
      geometry.height > 100 * static_cast<int64_t>(geometry.width) && geometry.resized_height < geometry.height;
  if (!tall || geometry.resized_width == geometry.width) return ImageRun(plan, geometry, pixels, out).Run(threads);
  ImagePlan shrink;
  shrink.filter = plan.filter;
  shrink.element = Element::kUint8;
  shrink.layout = Layout::kChannelsLast;
  shrink.channels = shrink.planes = plan.channels;
  shrink.identity = true;
  ImageGeometry first = geometry;
  first.resized_width = first.region_width = first.canvas_width = geometry.width;
  first.region_height = first.canvas_height = geometry.resized_height;
  first.source_x = first.source_y = first.target_x = first.target_y = 0;
  std::vector<uint8_t> shrunk(OutputBytes(shrink, first));
  ImageRun(shrink, first, pixels, shrunk.data()).Run(threads);
  ImageGeometry second = geometry;
  second.height = geometry.resized_height;
  ImageRun(plan, second, shrunk.data(), out).Run(threads);
}

bool Spans(int begin, int size, int whole) { return begin >= 0 && size > 0 && begin <= whole - size; }

}  // namespace

void ImagePlan::CheckSteps() {
  uint8_t bytes[256];
  float computed[256];
  for (int u = 0; u < 256; ++u) bytes[u] = static_cast<uint8_t>(u);
  affine = identity = true;
  for (int k = 0; k < planes; ++k) {
    steps[k].inverse = 1.0f / steps[k].std;
    for (cpu::Isa isa : cpu::SupportedIsas()) {
      KernelsOf(isa).affine(bytes, 256, steps[k], computed);
      affine = affine && std::memcmp(computed, values[k].data(), sizeof computed) == 0;
    }
    for (int u = 0; u < 256; ++u) identity = identity && values[k][u] == static_cast<float>(u);
  }
  identity = identity && quant_scale == 1 && quant_zero == 0;
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

void CheckGeometry(const ImageGeometry& g) {
  constexpr int64_t kMostPixels = int64_t{1} << 30;
  const auto area = [](int width, int height) { return static_cast<int64_t>(width) * height; };
  const bool sizes = g.width > 0 && g.height > 0 && g.resized_width > 0 && g.resized_height > 0 && g.canvas_width > 0 &&
                     g.canvas_height > 0 && area(g.width, g.height) <= kMostPixels &&
                     area(g.resized_width, g.resized_height) <= kMostPixels &&
                     area(g.canvas_width, g.canvas_height) <= kMostPixels;
  if (!sizes || !Spans(g.source_x, g.region_width, g.resized_width) ||
      !Spans(g.source_y, g.region_height, g.resized_height) || !Spans(g.target_x, g.region_width, g.canvas_width) ||
      !Spans(g.target_y, g.region_height, g.canvas_height)) {
    throw std::invalid_argument("image geometry: sizes must be 1 to 2^30 pixels and regions inside their images");
  }
}

void RunImages(const ImagePlan& plan, const std::vector<Image>& images, uint8_t* out, size_t threads) {
  size_t work = 0;
  for (const Image& image : images) {
    const ImageGeometry& g = image.geometry;
    CheckGeometry(g);
    work += static_cast<size_t>(g.width) * g.height * plan.channels + OutputBytes(plan, g);
  }
  if (work < kThreadedBytes) threads = 1;
  if (images.size() == 1) return Process(plan, images[0].geometry, images[0].pixels, out, threads);
  cpu::ParallelFor(images.size(), 1, threads, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      const Image& image = images[i];
      Process(plan, image.geometry, image.pixels, out + i * OutputBytes(plan, image.geometry), 1);
    }
  });
}

}  // namespace hfbench::preprocess
