#include "binding/weights/weight.h"

#include <cmath>
#include <stdexcept>

#include "binding/weights/kernels.h"

namespace hfbench::weights {
namespace {

constexpr size_t kBlock = 32;

size_t Count(const std::vector<int64_t>& shape) {
  size_t count = 1;
  for (int64_t size : shape) count *= static_cast<size_t>(size);
  return count;
}

bool Is(const Weight& weight, std::initializer_list<Layout> layouts) {
  for (Layout layout : layouts) {
    if (weight.layout == layout) return true;
  }
  return false;
}

}  // namespace

size_t BytesOf(DType dtype) {
  switch (dtype) {
    case DType::kInt64:
      return 8;
    case DType::kFloat32:
    case DType::kInt32:
      return 4;
    case DType::kFloat16:
    case DType::kBfloat16:
      return 2;
    case DType::kInt8:
    case DType::kUint8:
      break;
  }
  return 1;
}

bool IsFloat(DType dtype) { return dtype == DType::kFloat32 || dtype == DType::kFloat16 || dtype == DType::kBfloat16; }

uint64_t StreamState(std::string_view name, uint64_t first) {
  uint64_t hash = 0xCBF29CE484222325;
  for (const char byte : name) hash = (hash ^ static_cast<uint8_t>(byte)) * 0x100000001B3;
  return hash + first * kGolden;
}

void Check(const Weight& weight) {
  const auto require = [&](bool ok, const std::string& reason) {
    if (!ok) throw std::invalid_argument("weight '" + weight.name + "': " + reason);
  };
  require(weight.layout == Layout::kPlain || weight.shape.size() == 2,
          "transposed and quantised storage is for matrices only");
  require(!weight.in_out || (weight.layout != Layout::kPlain && weight.layout != Layout::kTransposed),
          "[in, out] is for quantised storage; stored plain it is what ONNX Runtime reads");
  if (Is(weight, {Layout::kInt8Values, Layout::kInt8Zeros})) {
    require(weight.dtype == DType::kInt8, "this part of int8-column is stored as int8");
  } else if (Is(weight, {Layout::kInt4Values, Layout::kInt4Zeros})) {
    require(weight.dtype == DType::kUint8, "this part of int4-block32 is stored as uint8");
  } else if (std::holds_alternative<IntegerRule>(weight.values)) {
    require(!IsFloat(weight.dtype), "a stream of integers cannot be stored as floating point");
  } else {
    require(IsFloat(weight.dtype), "floating-point values cannot be stored as plain integers");
  }
  if (const auto* rule = std::get_if<FillRule>(&weight.values)) {
    require(std::isfinite(rule->center) && std::isfinite(rule->scale), "center and scale must be finite");
  } else if (const auto* integers = std::get_if<IntegerRule>(&weight.values)) {
    require(weight.layout == Layout::kPlain, "integers are stored plain only");
    require(integers->low < integers->high, "low must be below high");
    const int bits = static_cast<int>(8 * BytesOf(weight.dtype));
    const bool is_signed = weight.dtype != DType::kUint8;
    const int64_t least = is_signed ? -(int64_t{1} << (bits - 2)) * 2 : 0;
    const int64_t most = is_signed ? ((int64_t{1} << (bits - 2)) - 1) * 2 + 1 : 255;
    require(integers->low >= least && integers->high - 1 <= most, "values from low to high do not fit its type");
  } else {
    const FileSlice& slice = std::get<FileSlice>(weight.values);
    require(IsFloat(slice.dtype), "values in a file must be float32, float16 or bfloat16");
    require(slice.offset <= slice.file->size() && slice.bytes <= slice.file->size() - slice.offset,
            "its bytes " + std::to_string(slice.offset) + " to " + std::to_string(slice.offset + slice.bytes) +
                " end beyond the file of " + std::to_string(slice.file->size()) + " bytes");
    require(slice.bytes == Count(weight.shape) * BytesOf(slice.dtype),
            "its shape needs " + std::to_string(Count(weight.shape) * BytesOf(slice.dtype)) + " bytes, the file has " +
                std::to_string(slice.bytes));
  }
}

Channels ChannelsOf(const Weight& weight) {
  const auto& shape = weight.shape;
  return weight.in_out ? Channels{shape[1], shape[0]} : Channels{shape[0], shape[1]};
}

std::vector<int64_t> StoredShape(const Weight& weight) {
  const std::vector<int64_t>& shape = weight.shape;
  if (weight.layout == Layout::kPlain) return shape;
  const auto [out, in] = ChannelsOf(weight);
  const int64_t blocks = in / kBlock + (in % kBlock != 0);
  switch (weight.layout) {
    case Layout::kInt8Scales:
    case Layout::kInt8Zeros:
      return {out};
    case Layout::kInt4Values:
      return {out, blocks, kBlock / 2};
    case Layout::kInt4Scales:
      return {out * blocks};
    case Layout::kInt4Zeros:
      return {out * (blocks / 2 + blocks % 2)};
    default:
      return {in, out};
  }
}

size_t StoredBytes(const Weight& weight) { return Count(StoredShape(weight)) * BytesOf(weight.dtype); }

const uint8_t* InPlace(const Weight& weight) {
  const auto* slice = std::get_if<FileSlice>(&weight.values);
  if (slice == nullptr || weight.layout != Layout::kPlain || weight.dtype != slice->dtype) return nullptr;
  const uint8_t* data = slice->file->data() + slice->offset;
  return reinterpret_cast<uintptr_t>(data) % BytesOf(weight.dtype) == 0 ? data : nullptr;
}

}  // namespace hfbench::weights
