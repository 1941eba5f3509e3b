// Weights: what a WeightSpec is stored as, and its bytes.
#include "binding/glue/weights.h"

#include <map>
#include <optional>

#include "binding/weights/store.h"

namespace hfbench::glue {
namespace {

using weights::DType;
using weights::Layout;

constexpr std::pair<const char*, DType> kDTypes[] = {
    {"float32", DType::kFloat32}, {"float16", DType::kFloat16}, {"bfloat16", DType::kBfloat16},
    {"int64", DType::kInt64},     {"int32", DType::kInt32},     {"int8", DType::kInt8},
    {"uint8", DType::kUint8},
};

DType ToDType(const Argument& argument) {
  const std::string text = argument.Text();
  std::string known;
  for (const auto& [name, dtype] : kDTypes) {
    if (text == name) return dtype;
    known += known.empty() ? name : std::string(", ") + name;
  }
  argument.Require(false, "one of " + known);
  return DType::kFloat32;
}

const char* ToText(DType wanted) {
  for (const auto& [name, dtype] : kDTypes) {
    if (dtype == wanted) return name;
  }
  return "";
}

Layout ToLayout(const Argument& spec) {
  const Argument pack = spec.Field("pack");
  const bool transposed = spec.Field("transposed").Flag();
  if (pack.IsAbsent()) return transposed ? Layout::kTransposed : Layout::kPlain;
  const std::string scheme = pack.Field("scheme").Text(), part = pack.Field("part").Text();
  const bool int4 = scheme == "int4-block32";
  pack.Field("scheme").Require(int4 || scheme == "int8-column", "int8-column or int4-block32");
  if (part == "values") return int4 ? Layout::kInt4Values : Layout::kInt8Values;
  if (part == "scales") return int4 ? Layout::kInt4Scales : Layout::kInt8Scales;
  pack.Field("part").Require(part == "zeros", "values, scales or zeros");
  return int4 ? Layout::kInt4Zeros : Layout::kInt8Zeros;
}

using Files = std::map<std::string, std::shared_ptr<const memory::Mapping>>;

weights::Weight ToWeight(const Argument& spec, Files& files) {
  weights::Weight weight{spec.Field("name").Text(), ToDType(spec.Field("dtype")), spec.Field("shape").Shape(),
                         ToLayout(spec), weights::FillRule{}};
  const Argument pack = spec.Field("pack");
  weight.in_out = !pack.IsAbsent() && !pack.Field("inOut").IsAbsent() && pack.Field("inOut").Flag();
  const Argument values = spec.Field("values");
  const std::string kind = values.Field("kind").Text();
  if (kind == "fill") {
    const Argument start = values.Field("start");
    const uint64_t first = start.IsAbsent() ? 0 : start.Whole();
    weight.values = weights::FillRule{weights::StreamState(values.Field("stream").Text(), first),
                                      static_cast<float>(values.Field("center").Number()),
                                      static_cast<float>(values.Field("scale").Number())};
  } else if (kind == "integers") {
    constexpr auto kMost = static_cast<int64_t>(kMaxSafeInteger);
    weight.values =
        weights::IntegerRule{weights::StreamState(values.Field("stream").Text()),
                             values.Field("low").Signed(-kMost, kMost), values.Field("high").Signed(-kMost, kMost)};
  } else {
    values.Field("kind").Require(kind == "file", "fill, integers or file");
    const std::string path = values.Field("path").Text();
    auto& file = files[path];
    if (!file) file = std::make_shared<const memory::Mapping>(memory::Mapping::File(path));
    weight.values = weights::FileSlice{file, values.Field("offset").Whole(), values.Field("byteLength").Whole(),
                                       ToDType(values.Field("dtype"))};
  }
  weights::Check(weight);
  return weight;
}

}  // namespace

std::vector<weights::Weight> ToWeights(const std::vector<Argument>& specs) {
  Files files;
  std::vector<weights::Weight> list;
  list.reserve(specs.size());
  for (const Argument& spec : specs) list.push_back(ToWeight(spec, files));
  return list;
}

Napi::Value storedWeight(const Napi::CallbackInfo& info) {
  const weights::Weight weight = ToWeights({At(info, 0, "storedWeight", "spec")})[0];
  const std::vector<int64_t> sizes = weights::StoredShape(weight);
  const Napi::Array shape = Napi::Array::New(info.Env(), sizes.size());
  for (uint32_t i = 0; i < sizes.size(); ++i) shape.Set(i, static_cast<double>(sizes[i]));
  const Napi::Object result = Napi::Object::New(info.Env());
  result.Set("dtype", ToText(weight.dtype));
  result.Set("shape", shape);
  result.Set("byteLength", static_cast<double>(weights::StoredBytes(weight)));
  return result;
}

Napi::Value storeWeight(const Napi::CallbackInfo& info) {
  const weights::Weight weight = ToWeights({At(info, 0, "storeWeight", "spec")})[0];
  const Argument threads = At(info, 2, "storeWeight", "threads");
  const uint64_t count = threads.IsAbsent() ? 0 : threads.Whole(0, 1024);
  const Argument target = At(info, 1, "storeWeight", "target");
  const Bytes bytes = target.View();  // last, so that no JavaScript runs between this and the writing
  target.Require(bytes.size == weights::StoredBytes(weight),
                 std::to_string(weights::StoredBytes(weight)) + " bytes long");
  target.Require(reinterpret_cast<uintptr_t>(bytes.data) % weights::BytesOf(weight.dtype) == 0,
                 "aligned to the size of its elements");
  weights::Store({{&weight, bytes.data}}, count);
  return info.Env().Undefined();
}

}  // namespace hfbench::glue
