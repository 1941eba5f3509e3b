// Makes the stored bytes of weights, on all cores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "binding/weights/weight.h"

namespace hfbench::weights {

struct Target {
  const Weight* weight;  // has passed Check
  uint8_t* bytes;        // StoredBytes(*weight) of them, aligned for its type
};

/// Writes every target. `threads` 0 means all cores. Throws std::runtime_error if values to be quantised are not
/// finite.
void Store(const std::vector<Target>& targets, size_t threads = 0);

/// The weights of one model in one block of memory; values of a file that need no change stay in the file.
class Block {
 public:
  explicit Block(std::vector<Weight> weights, size_t threads = 0);

  const std::vector<Weight>& weights() const { return weights_; }
  /// First byte of weight `index`.
  uint8_t* data(size_t index) const { return places_[index]; }
  /// Bytes of all weights, in the block or in files.
  size_t bytes() const { return bytes_; }

 private:
  std::vector<Weight> weights_;
  std::vector<uint8_t*> places_;
  memory::Mapping memory_;
  size_t bytes_ = 0;
};

}  // namespace hfbench::weights
