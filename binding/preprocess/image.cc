#include "binding/preprocess/image.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "binding/cpu/isa.h"
#include "binding/cpu/parallel_for.h"
#include "binding/preprocess/image_output.h"

namespace hfbench::preprocess {
namespace {

/// Below this many bytes of pixels and output, starting threads costs more than it saves (about a millisecond of work).
constexpr size_t kThreadedBytes = size_t{8} << 20;

size_t RoundUp(size_t n, size_t step) { return (n + step - 1) / step * step; }

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
      : plan_(plan), g_(g), pixels_(pixels), output_(plan, g, out), kernels_(ActiveKernels()) {
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
    output_.FillAround();
    if (!vertical_) {
      cpu::ParallelFor(g_.region_height, kernels_.rows_at_once, threads, [&](size_t begin, size_t end) {
        PlanarRows rows = MakeRows(end - begin, static_cast<int>(begin));
        LoadRows(rows, static_cast<int>(begin), static_cast<int>(end));
        for (size_t y = begin; y < end; ++y)
          output_.WriteRow(rows.data + (y - begin) * stride_, plane_stride_, static_cast<int>(y));
      });
      return;
    }
    const int begin = vertical_->input_begin, end = vertical_->input_end;
    const PlanarRows rows = MakeRows(end - begin, begin);
    cpu::ParallelFor(end - begin, kernels_.rows_at_once, threads, [&](size_t from, size_t to) {
      LoadRows(rows, begin + static_cast<int>(from), begin + static_cast<int>(to));
    });
    cpu::ParallelFor(g_.region_height, kernels_.rows_at_once, threads, [&](size_t from, size_t to) {
      uint8_t* const row = Buffer(Slot::kBytes, stride_);
      for (size_t y = from; y < to; ++y) {
        kernels_.resize_column(Row(rows, vertical_->first[y]), stride_, plane_stride_ * plan_.planes, vertical_->View(),
                               static_cast<int>(y), row);
        output_.WriteRow(row, plane_stride_, static_cast<int>(y));
      }
    });
  }

 private:
  PlanarRows MakeRows(size_t count, int first_row) const {
    return {Buffer(Slot::kRows, RoundUp(count, kernels_.rows_at_once) * stride_ + 64), plane_stride_, stride_,
            first_row};
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
    uint8_t* const scratch = Buffer(Slot::kScratch, kernels_.resize_rows_scratch(plan_.channels, plan_.planes, taps));
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

  const ImagePlan& plan_;
  const ImageGeometry& g_;
  const uint8_t* const pixels_;
  const ImageOutput output_;
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
