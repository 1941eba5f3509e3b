// Reads the values of a floating-point weight as float32, wherever they come from.
#pragma once

#include <cstddef>

#include "binding/weights/kernels.h"
#include "binding/weights/weight.h"

namespace hfbench::weights {

class Reader {
 public:
  /// `weight` has passed Check and outlives the reader.
  Reader(const Weight& weight, const Kernels& kernels);

  /// target[i] = element first + i of the flat state-dict tensor.
  void Row(size_t first, size_t count, float* target) const;
  /// target[c * stride + r] = element [row + r, column + c] of the state-dict matrix, for r < rows and c < columns.
  void Tile(size_t row, size_t rows, size_t column, size_t columns, float* target, size_t stride) const;

 private:
  const Weight& weight_;
  const Kernels& kernels_;
  size_t width_;
};

}  // namespace hfbench::weights
