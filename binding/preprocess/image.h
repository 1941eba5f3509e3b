// Pixels to model input: resize as Pillow does it, crop or pad, rescale, normalise, lay out, convert.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "binding/preprocess/image_taps.h"

namespace hfbench::preprocess {

constexpr int kMaxChannels = 4;

enum class Element { kF32, kF16, kBf16, kInt8, kUint8 };
enum class Layout { kChannelsFirst, kChannelsLast };

/// What is the same for every image. Output plane k is made from source channel order[k].
struct ImagePlan {
  Filter filter = Filter::kBilinear;
  Element element = Element::kF32;
  Layout layout = Layout::kChannelsFirst;
  int channels = 3;
  int planes = 3;
  std::array<uint8_t, kMaxChannels> order{0, 1, 2, 3};
  /// values[k][u]: the float that byte u of plane k becomes. `steps` computes the same bits faster if `affine`.
  std::array<std::array<float, 256>, kMaxChannels> values{};
  std::array<AffineStep, kMaxChannels> steps{};
  bool affine = false;
  /// Every byte becomes itself: 8-bit output is copied.
  bool identity = false;
  /// Value of plane k where the output lies outside the image.
  std::array<float, kMaxChannels> fill{};
  /// kInt8, kUint8: round_half_even(value / quant_scale) + quant_zero.
  float quant_scale = 1;
  int quant_zero = 0;

  /// Sets `affine` and `identity` by trying all 256 bytes at every level of the machine.
  void CheckSteps();
};

/// All sizes in pixels. The image is resized as a whole; of the result, the region at (source_x, source_y) goes to
/// (target_x, target_y) of the canvas, which is filled elsewhere.
struct ImageGeometry {
  int width, height;
  int resized_width, resized_height;
  int source_x, source_y, region_width, region_height;
  int target_x, target_y;
  int canvas_width, canvas_height;
};

size_t ElementBytes(Element element);
/// Bytes of one output image.
size_t OutputBytes(const ImagePlan& plan, const ImageGeometry& geometry);

/// Throws std::invalid_argument unless the regions lie inside their images and no size is zero or beyond 2^30 pixels.
void CheckGeometry(const ImageGeometry& geometry);

struct Image {
  /// geometry.height x geometry.width x plan.channels bytes, tightly packed.
  const uint8_t* pixels;
  ImageGeometry geometry;
};

/// Processes images of equal canvas sizes; results follow each other in `out`. `threads` 0: all cores; one is used for
/// less than about a millisecond of work.
void RunImages(const ImagePlan& plan, const std::vector<Image>& images, uint8_t* out, size_t threads);

}  // namespace hfbench::preprocess
