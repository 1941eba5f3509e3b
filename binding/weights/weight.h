// One weight of a model: where its values come from and how they are stored for ONNX Runtime.
//
// The deterministic rule of fill. Element i (flat, row-major, in the state dict's shape) of the stream NAME is made
// from
//   z = splitmix64(fnv1a64(NAME) + i * 0x9E3779B97F4A7C15)
// float:   x = center + scale * u with u = (z >> 40) * 2^-23 - 1: product, then sum, each rounded to float32
// integer: low + (z >> 33) % (high - low)
// FNV-1a: Fowler, Noll, Vo. SplitMix64: Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators".
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "binding/memory/mapping.h"

namespace hfbench::weights {

enum class DType { kFloat32, kFloat16, kBfloat16, kInt64, kInt32, kInt8, kUint8 };

size_t BytesOf(DType dtype);
bool IsFloat(DType dtype);

/// The state of element `first` of a stream: FNV-1a of its name, so many steps on.
uint64_t StreamState(std::string_view name, uint64_t first = 0);

struct FillRule {
  uint64_t state;
  float center, scale;
};

struct IntegerRule {
  uint64_t state;
  int64_t low, high;  // values in [low, high)
};

/// A slice of a mapped file, little-endian like every machine hfbench runs on.
struct FileSlice {
  std::shared_ptr<const memory::Mapping> file;
  size_t offset, bytes;
  DType dtype;
};

/// How a state-dict matrix W [out, in] is stored.
/// kTransposed     W^T [in, out]
/// kInt8*          for MatMulInteger, one scale per output channel: scale = max|row| / 127 (1 for a row of zeros);
///                 values int8 [in, out] = W / scale, scales [out], zeros int8 [out], all 0
/// kInt4*          for com.microsoft.MatMulNBits, blocks of 32 along `in`: scale = the entry of largest magnitude / -8
/// (1 for
///                 a block of zeros; a tie goes to the negative entry); values uint8 [out, ceil(in/32), 16], two
///                 entries W / scale + 8 a byte, low half first; scales [out * ceil(in/32)]; zeros uint8 [out *
///                 ceil(ceil(in/32)/2)], all 0x88. Entries beyond `in` are 0.
/// The quantised layouts also take a state-dict matrix that is W^T [in, out] (Weight::in_out); they store the same.
enum class Layout { kPlain, kTransposed, kInt8Values, kInt8Scales, kInt8Zeros, kInt4Values, kInt4Scales, kInt4Zeros };

struct Weight {
  std::string name;
  DType dtype;  // as stored
  std::vector<int64_t> shape;
  Layout layout;
  std::variant<FillRule, IntegerRule, FileSlice> values;
  bool in_out = false;  // `shape` is [in, out], as in a checkpoint of GPT-2
};

/// Throws std::invalid_argument, naming the weight, unless dtype, shape, layout and values go together and the file has
/// all the bytes.
void Check(const Weight& weight);

/// Shape of the stored tensor, in elements of `weight.dtype`.
std::vector<int64_t> StoredShape(const Weight& weight);
/// Output and input channels of a linear weight, whichever comes first in its shape.
struct Channels {
  int64_t out, in;
};
Channels ChannelsOf(const Weight& weight);
size_t StoredBytes(const Weight& weight);

/// The bytes of the file that can be used as they are; nullptr where values must be made or converted.
const uint8_t* InPlace(const Weight& weight);

}  // namespace hfbench::weights
