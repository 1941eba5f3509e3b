#include "binding/ort/session_options.h"

#include <filesystem>

namespace hfbench::ort {
namespace {

/// Keys and values as C arrays.
struct PairArrays {
  explicit PairArrays(const TextPairs& pairs) {
    for (const auto& [key, value] : pairs) {
      keys.push_back(key.c_str());
      values.push_back(value.c_str());
    }
  }
  std::vector<const char*> keys, values;
};

void AppendDevices(Library& library, OrtSessionOptions* options, const ProviderChoice& provider) {
  const Api& api = library.api();
  const auto append =
      library.Need(api.SessionOptionsAppendExecutionProvider_V2, "choosing a provider by its devices", 22);
  std::vector<const OrtEpDevice*> devices;
  for (const OrtEpDevice* device : library.RawEpDevices()) {
    if (provider.name == api.EpDevice_EpName(device)) devices.push_back(device);
  }
  if (devices.empty()) throw LibraryError("provider " + provider.name + ": no device of this machine offers it");
  const PairArrays pairs(provider.options);
  Check(api, append(options, library.Env(), devices.data(), devices.size(), pairs.keys.data(), pairs.values.data(),
                    pairs.keys.size()));
}

void Append(Library& library, OrtSessionOptions* options, const ProviderChoice& provider) {
  const Api& api = library.api();
  const PairArrays pairs(provider.options);
  const size_t count = pairs.keys.size();
  switch (provider.route) {
    case ProviderRoute::kGeneric:
      return Check(api, api.SessionOptionsAppendExecutionProvider(options, provider.name.c_str(), pairs.keys.data(),
                                                                  pairs.values.data(), count));
    case ProviderRoute::kDevices:
      return AppendDevices(library, options, provider);
    case ProviderRoute::kCuda: {
      Handle<OrtCUDAProviderOptionsV2> cuda(api.ReleaseCUDAProviderOptions);
      Check(api, api.CreateCUDAProviderOptions(cuda.out()));
      if (count > 0)
        Check(api, api.UpdateCUDAProviderOptions(cuda.get(), pairs.keys.data(), pairs.values.data(), count));
      return Check(api, api.SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda.get()));
    }
    case ProviderRoute::kTensorRt: {
      Handle<OrtTensorRTProviderOptionsV2> tensorrt(api.ReleaseTensorRTProviderOptions);
      Check(api, api.CreateTensorRTProviderOptions(tensorrt.out()));
      if (count > 0) {
        Check(api, api.UpdateTensorRTProviderOptions(tensorrt.get(), pairs.keys.data(), pairs.values.data(), count));
      }
      return Check(api, api.SessionOptionsAppendExecutionProvider_TensorRT_V2(options, tensorrt.get()));
    }
  }
}

}  // namespace

Handle<OrtSessionOptions> MakeSessionOptions(Library& library, const SessionConfig& config) {
  const Api& api = library.api();
  Handle<OrtSessionOptions> handle(api.ReleaseSessionOptions);
  Check(api, api.CreateSessionOptions(handle.out()));
  OrtSessionOptions* const options = handle.get();
  const auto entry = [&](const char* key, const char* value) {
    Check(api, api.AddSessionConfigEntry(options, key, value));
  };
  Check(api, api.SetIntraOpNumThreads(options, config.intra_op_threads));
  Check(api, api.SetInterOpNumThreads(options, config.inter_op_threads));
  Check(api, api.SetSessionExecutionMode(options, config.inter_op_threads > 1 ? kParallel : kSequential));
  Check(api, api.SetSessionGraphOptimizationLevel(options, config.optimization_level));
  Check(api, config.memory_pattern ? api.EnableMemPattern(options) : api.DisableMemPattern(options));
  Check(api, config.cpu_arena ? api.EnableCpuMemArena(options) : api.DisableCpuMemArena(options));
  entry("session.intra_op.allow_spinning", config.spinning ? "1" : "0");
  entry("session.inter_op.allow_spinning", config.spinning ? "1" : "0");
  if (config.denormals_as_zero) entry("session.set_denormal_as_zero", "1");
  if (config.profile_prefix) {
    const std::filesystem::path prefix(reinterpret_cast<const char8_t*>(config.profile_prefix->c_str()));
    Check(api, api.EnableProfiling(options, prefix.c_str()));
  }
  for (const auto& [name, size] : config.free_dimensions) {
    Check(api, api.AddFreeDimensionOverrideByName(options, name.c_str(), size));
  }
  for (const auto& [key, value] : config.entries) entry(key.c_str(), value.c_str());
  for (const ProviderChoice& provider : config.providers) Append(library, options, provider);
  return handle;
}

}  // namespace hfbench::ort
