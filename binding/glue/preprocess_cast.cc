// Conversions between element types (the cast functions of binding/preprocess/kernels.h).
#include "binding/glue/arguments.h"
#include "binding/preprocess/kernels.h"

namespace hfbench::glue {
namespace {

/// Input and output of one conversion: `in` and `out` bytes an element, equally many elements, aligned.
struct Pair {
  const void* in;
  void* out;
  size_t count;
};

Pair Read(const Napi::CallbackInfo& info, const char* function, size_t in_bytes, size_t out_bytes, size_t out_index) {
  const Argument in = At(info, 0, function, "in");
  const Argument out = At(info, out_index, function, "out");
  const Bytes source = in.View(), target = out.View();
  in.Require(source.size % in_bytes == 0 && reinterpret_cast<uintptr_t>(source.data) % in_bytes == 0,
             "whole, aligned elements of " + std::to_string(in_bytes) + " bytes");
  const size_t count = source.size / in_bytes;
  out.Require(target.size == count * out_bytes && reinterpret_cast<uintptr_t>(target.data) % out_bytes == 0,
              std::to_string(count * out_bytes) + " bytes long and aligned");
  return {source.data, target.data, count};
}

}  // namespace

Napi::Value castFromFloat32(const Napi::CallbackInfo& info) {
  const Pair pair = Read(info, "castFromFloat32", 4, 2, 2);
  const bool brain = At(info, 1, "castFromFloat32", "brain").Flag();
  const auto& kernels = preprocess::ActiveKernels();
  (brain ? kernels.f32_to_bf16 : kernels.f32_to_f16)(static_cast<const float*>(pair.in), pair.count,
                                                     static_cast<uint16_t*>(pair.out));
  return info.Env().Undefined();
}

Napi::Value castToFloat32(const Napi::CallbackInfo& info) {
  const Pair pair = Read(info, "castToFloat32", 2, 4, 2);
  const bool brain = At(info, 1, "castToFloat32", "brain").Flag();
  const auto& kernels = preprocess::ActiveKernels();
  (brain ? kernels.bf16_to_f32 : kernels.f16_to_f32)(static_cast<const uint16_t*>(pair.in), pair.count,
                                                     static_cast<float*>(pair.out));
  return info.Env().Undefined();
}

Napi::Value quantizeFloat32(const Napi::CallbackInfo& info) {
  const Pair pair = Read(info, "quantizeFloat32", 4, 1, 4);
  const Argument scale = At(info, 1, "quantizeFloat32", "scale");
  const auto step = static_cast<float>(scale.Number());
  scale.Require(step > 0, "above zero");
  const bool is_signed = At(info, 3, "quantizeFloat32", "signed").Flag();
  const int low = is_signed ? -128 : 0, high = low + 255;
  const int zero = static_cast<int>(At(info, 2, "quantizeFloat32", "zeroPoint").Signed(low, high));
  preprocess::ActiveKernels().quantize(static_cast<const float*>(pair.in), pair.count, step, zero, low, high,
                                       static_cast<uint8_t*>(pair.out));
  return info.Env().Undefined();
}

}  // namespace hfbench::glue
