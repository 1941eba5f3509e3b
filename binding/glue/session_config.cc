#include "binding/glue/session_config.h"

#include <climits>

#include "binding/glue/weights.h"
#include "binding/ort/element_type.h"

namespace hfbench::glue {
namespace {

constexpr uint64_t kMostThreads = 4096, kMostRuns = 1'000'000;

ort::ProviderRoute ToRoute(const Argument& argument) {
  const std::string route = argument.Text();
  if (route == "generic") return ort::ProviderRoute::kGeneric;
  if (route == "cuda") return ort::ProviderRoute::kCuda;
  if (route == "tensorrt") return ort::ProviderRoute::kTensorRt;
  argument.Require(route == "devices", "generic, cuda, tensorrt or devices");
  return ort::ProviderRoute::kDevices;
}

int ToLevel(const Argument& argument) {
  const std::string level = argument.Text();
  if (level == "disabled") return 0;
  if (level == "basic") return 1;
  if (level == "extended") return 2;
  argument.Require(level == "all", "disabled, basic, extended or all");
  return 99;
}

const ort::ElementType& ToFixedSize(const Argument& dtype) {
  const ort::ElementType* const type = ort::FindElementType(dtype.Text());
  dtype.Require(type != nullptr && type->bytes > 0, "the name of a type of fixed size");
  return *type;
}

}  // namespace

ort::SessionConfig ToSessionConfig(const Argument& config) {
  ort::SessionConfig result;
  for (const Argument& provider : config.Field("providers").Elements()) {
    result.providers.push_back(
        {ToRoute(provider.Field("route")), provider.Field("name").Text(), provider.Field("options").TextFields()});
  }
  result.intra_op_threads = static_cast<int>(config.Field("intraOpThreads").Whole(0, kMostThreads));
  result.inter_op_threads = static_cast<int>(config.Field("interOpThreads").Whole(0, kMostThreads));
  result.optimization_level = ToLevel(config.Field("optimization"));
  result.spinning = config.Field("spinning").Flag();
  result.memory_pattern = config.Field("memoryPattern").Flag();
  result.cpu_arena = config.Field("cpuArena").Flag();
  result.denormals_as_zero = config.Field("denormalsAsZero").Flag();
  if (const Argument memory = config.Field("outputMemory"); !memory.IsAbsent()) {
    result.output_memory = memory.Field("name").Text();
    result.output_device = static_cast<int>(memory.Field("device").Whole(0, INT_MAX));
  }
  if (const Argument prefix = config.Field("profilePrefix"); !prefix.IsAbsent()) result.profile_prefix = prefix.Text();
  if (const Argument events = config.Field("deviceEvents"); !events.IsAbsent()) result.device_events = events.Flag();
  result.entries = config.Field("config").TextFields();
  const Argument dimensions = config.Field("freeDimensions");
  const Napi::Array names = dimensions.Object().GetPropertyNames();
  for (uint32_t i = 0; i < names.Length(); ++i) {
    const std::string name = names.Get(i).As<Napi::String>().Utf8Value();
    result.free_dimensions.emplace_back(name, static_cast<int64_t>(dimensions.Field(name.c_str()).Whole()));
  }
  return result;
}

ort::Model ToModel(const Argument& config) {
  ort::Model model;
  const Argument path = config.Field("modelPath"), bytes = config.Field("modelBytes");
  path.Require(path.IsAbsent() != bytes.IsAbsent(), "given, or modelBytes, but not both");
  model.weights = ToWeights(config.Field("weights").Elements());
  if (!path.IsAbsent()) {
    model.path = path.Text();
    path.Require(!model.path.empty(), "the path of a model");
  } else {
    const Bytes view = bytes.View();
    bytes.Require(view.size > 0, "the bytes of a model");
    model.bytes.assign(view.data, view.data + view.size);
  }
  return model;
}

std::vector<ort::Feed> ToFeeds(const Argument& feeds) {
  std::vector<ort::Feed> list;
  for (const Argument& item : feeds.Elements()) {
    const ort::ElementType& type = ToFixedSize(item.Field("dtype"));
    ort::Feed feed{item.Field("name").Text(), type.code, item.Field("shape").Shape(), {}, nullptr, 0};
    uint64_t count = 1;
    for (const int64_t size : feed.shape) count *= static_cast<uint64_t>(size);
    const Argument data = item.Field("data");
    const Bytes view = data.View();
    data.Require(view.size % type.bytes == 0 && view.size / type.bytes == count,
                 std::to_string(count) + " elements of " + std::to_string(type.bytes) + " bytes, as its shape says");
    const Argument shared = item.Field("shared");
    if (!shared.IsAbsent() && shared.Flag() && view.size > 0) {
      feed.shared = view.data;
      feed.shared_bytes = view.size;
    } else {
      feed.data.assign(view.data, view.data + view.size);
    }
    list.push_back(std::move(feed));
  }
  return list;
}

std::vector<ort::Link> ToLinks(const Argument& links) {
  std::vector<ort::Link> list;
  for (const Argument& link : links.Elements())
    list.push_back({link.Field("output").Text(), link.Field("input").Text()});
  return list;
}

ort::GenerationPlan ToGenerationPlan(const Argument& plan) {
  ort::GenerationPlan result;
  result.runs = plan.Field("runs").Whole(1, kMostRuns);
  result.states = ToLinks(plan.Field("states"));
  for (const Argument& item : plan.Field("steps").Elements()) {
    ort::StepInput step;
    step.name = item.Field("name").Text();
    step.type = ToFixedSize(item.Field("dtype")).code;
    step.shape = item.Field("shape").Shape();
    if (const Argument grows = item.Field("grows"); !grows.IsAbsent())
      step.grows = static_cast<int>(grows.Whole(0, 64));
    step.stride = item.Field("stride").Whole();
    const Bytes view = item.Field("data").View();
    step.data.assign(view.data, view.data + view.size);
    result.steps.push_back(std::move(step));
  }
  return result;
}

}  // namespace hfbench::glue
