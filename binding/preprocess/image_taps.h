// Weights of Pillow's resize (libImaging/Resample.c), kept for the next image of the same size.
#pragma once

#include <memory>
#include <vector>

#include "binding/preprocess/kernels.h"

namespace hfbench::preprocess {

enum class Filter { kNearest, kBox, kBilinear, kHamming, kBicubic, kLanczos };

struct Taps {
  std::vector<int32_t> first, count, low, high;
  int pairs = 0;
  int tile_outputs = 0;
  int tile_inputs = 0;
  /// Inputs that any output reads: [input_begin, input_end).
  int input_begin = 0;
  int input_end = 0;

  TapsView View() const;
};

/// Outputs [begin, begin + outputs) of a resize from `in` to `out` samples with an antialiasing filter (not kNearest).
/// The weights are those of the whole resize, so a crop costs only what it keeps. Thread-safe; at most 64 are kept.
std::shared_ptr<const Taps> FindTaps(int in, int out, Filter filter, int begin, int outputs);

/// Source index of every output of Pillow's nearest resize (affine transform in Geometry.c).
std::vector<int32_t> NearestIndices(int in, int out, int begin, int outputs);

}  // namespace hfbench::preprocess
