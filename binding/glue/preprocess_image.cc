// Image preprocessing: plans and runs (binding/preprocess/image.h).
#include "binding/glue/preprocess_handle.h"
#include "binding/preprocess/image.h"

namespace hfbench::glue {
namespace {

using preprocess::ImagePlan;
constexpr const char* kFilters[] = {"nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"};
constexpr const char* kElements[] = {"float32", "float16", "bfloat16", "int8", "uint8"};
constexpr const char* kLayouts[] = {"channels-first", "channels-last"};
constexpr size_t kGeometryFields = sizeof(preprocess::ImageGeometry) / sizeof(int);
constexpr size_t kStepFields = 5;

/// A Float32Array field of exactly `count` elements.
const float* Floats(const Argument& argument, size_t count) {
  const Bytes bytes = argument.View(napi_float32_array, "Float32Array");
  argument.Require(bytes.size == count * sizeof(float), "a Float32Array of " + std::to_string(count) + " elements");
  return reinterpret_cast<const float*>(bytes.data);
}

}  // namespace

Napi::Value createImagePlan(const Napi::CallbackInfo& info) {
  const Argument spec = At(info, 0, "createImagePlan", "spec");
  ImagePlan plan;
  plan.filter = static_cast<preprocess::Filter>(Choice(spec.Field("filter"), kFilters));
  plan.element = static_cast<preprocess::Element>(Choice(spec.Field("element"), kElements));
  plan.layout = static_cast<preprocess::Layout>(Choice(spec.Field("layout"), kLayouts));
  plan.channels = static_cast<int>(spec.Field("channels").Whole(1, preprocess::kMaxChannels));
  const auto order = spec.Field("order").Elements();
  spec.Field("order").Require(!order.empty() && order.size() <= preprocess::kMaxChannels, "1 to 4 channels");
  plan.planes = static_cast<int>(order.size());
  const float* const values = Floats(spec.Field("values"), order.size() * 256);
  const float* const steps = Floats(spec.Field("steps"), order.size() * kStepFields);
  const float* const fill = Floats(spec.Field("fill"), order.size());
  for (size_t k = 0; k < order.size(); ++k) {
    plan.order[k] = static_cast<uint8_t>(order[k].Whole(0, plan.channels - 1));
    std::copy(values + k * 256, values + (k + 1) * 256, plan.values[k].begin());
    const float* const s = steps + k * kStepFields;
    plan.steps[k] = {s[0], s[1], s[2], s[3], s[4], 0};
    plan.fill[k] = fill[k];
  }
  plan.quant_scale = static_cast<float>(spec.Field("quantScale").Number());
  spec.Field("quantScale").Require(plan.quant_scale > 0, "above zero");
  plan.quant_zero = static_cast<int>(spec.Field("quantZero").Signed(-128, 255));
  plan.CheckSteps();
  return Hold(info.Env(), plan);
}

Napi::Value runImages(const Napi::CallbackInfo& info) {
  const auto& plan = Given<ImagePlan>(At(info, 0, "runImages", "plan"), "made by createImagePlan");
  const Argument geometry = At(info, 2, "runImages", "geometry");
  const Bytes sizes = geometry.View(napi_int32_array, "Int32Array");
  const auto pixels = At(info, 1, "runImages", "pixels").Elements();
  geometry.Require(!pixels.empty() && sizes.size == pixels.size() * kGeometryFields * sizeof(int32_t),
                   "an Int32Array of 12 elements an image, with at least one image");
  std::vector<preprocess::Image> images(pixels.size());
  for (size_t i = 0; i < images.size(); ++i) {
    preprocess::ImageGeometry& g = images[i].geometry;
    std::copy_n(sizes.data + i * sizeof g, sizeof g, reinterpret_cast<uint8_t*>(&g));
    preprocess::CheckGeometry(g);
    const Bytes view = pixels[i].View(napi_uint8_array, "Uint8Array");
    const size_t expected = static_cast<size_t>(g.width) * g.height * plan.channels;
    pixels[i].Require(view.size == expected, std::to_string(expected) + " bytes long");
    images[i].pixels = view.data;
    geometry.Require(
        g.canvas_width == images[0].geometry.canvas_width && g.canvas_height == images[0].geometry.canvas_height,
        "of one canvas size");
  }
  const Argument out = At(info, 3, "runImages", "out");
  const Bytes target = out.View(napi_uint8_array, "Uint8Array");
  const size_t expected = images.size() * preprocess::OutputBytes(plan, images[0].geometry);
  out.Require(target.size == expected && reinterpret_cast<uintptr_t>(target.data) % 4 == 0,
              std::to_string(expected) + " bytes long and begin at a multiple of 4");
  preprocess::RunImages(plan, images, target.data, At(info, 4, "runImages", "threads").Whole(0, 1024));
  return info.Env().Undefined();
}

}  // namespace hfbench::glue
