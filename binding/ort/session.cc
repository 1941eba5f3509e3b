#include "binding/ort/session.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "binding/ort/device_run.h"
#include "binding/ort/element_type.h"
#include "binding/ort/fence.h"
#include "binding/sampler/clock.h"

namespace hfbench::ort {
namespace {

int ElementCode(weights::DType dtype) {
  switch (dtype) {
    case weights::DType::kFloat32:
      return 1;
    case weights::DType::kFloat16:
      return 10;
    case weights::DType::kBfloat16:
      return 16;
    case weights::DType::kInt64:
      return 7;
    case weights::DType::kInt32:
      return 6;
    case weights::DType::kInt8:
      return 3;
    case weights::DType::kUint8:
      break;
  }
  return 2;
}

/// Names in the options that stand for memory which the session then reads in place.
void AddWeights(const Api& api, const weights::Block& block, const OrtMemoryInfo* cpu, OrtSessionOptions* options) {
  static uint64_t nothing = 0;  // tensors without elements still need an address
  std::vector<Handle<OrtValue>> values;
  std::vector<const OrtValue*> pointers;
  std::vector<const char*> names;
  for (size_t i = 0; i < block.weights().size(); ++i) {
    const weights::Weight& weight = block.weights()[i];
    const std::vector<int64_t> shape = weights::StoredShape(weight);
    const size_t bytes = weights::StoredBytes(weight);
    Handle<OrtValue> value(api.ReleaseValue);
    void* const data = bytes > 0 ? static_cast<void*>(block.data(i)) : &nothing;
    Check(api, api.CreateTensorWithDataAsOrtValue(cpu, data, bytes, shape.data(), shape.size(),
                                                  ElementCode(weight.dtype), value.out()));
    names.push_back(weight.name.c_str());
    pointers.push_back(value.get());
    values.push_back(std::move(value));
  }
  Check(api, api.AddExternalInitializers(options, names.data(), pointers.data(), pointers.size()));
}

/// A stream on the device of the CUDA provider, which the providers of `config` are then told to use; null where there
/// is none.
std::unique_ptr<system::CudaStream> TakeStream(SessionConfig& config) {
  std::unique_ptr<system::CudaStream> stream;
  for (ProviderChoice& provider : config.providers) {
    if (provider.route != ProviderRoute::kCuda && provider.route != ProviderRoute::kTensorRt) continue;
    const auto id = std::find_if(provider.options.begin(), provider.options.end(),
                                 [](const auto& option) { return option.first == "device_id"; });
    if (!stream) stream = system::CudaStream::Open(id == provider.options.end() ? 0 : std::atoi(id->second.c_str()));
    if (!stream) return nullptr;
    provider.options.emplace_back("has_user_compute_stream", "1");
    provider.options.emplace_back("user_compute_stream", std::to_string(reinterpret_cast<uintptr_t>(stream->handle())));
  }
  return stream;
}

}  // namespace

Session::Session(Library& library, SessionConfig config, Model model)
    : library_(library),
      api_(library.api()),
      session_(api_.ReleaseSession),
      cpu_(api_.ReleaseMemoryInfo),
      chosen_place_(api_.ReleaseMemoryInfo),
      providers_(config.providers),
      profiling_(config.profile_prefix.has_value()) {
  Check(api_, api_.GetAllocatorWithDefaultOptions(&host_));
  Check(api_, api_.CreateCpuMemoryInfo(kDeviceAllocator, kDefaultMemory, cpu_.out()));
  if (!model.weights.empty()) {
    const int64_t begin = sampler::NowNs();
    weights_ = std::make_unique<weights::Block>(std::move(model.weights));
    weight_fill_ns_ = sampler::NowNs() - begin;
  }
  OrtEnv* const env = library.Env();
  const int64_t begin = sampler::NowNs();
  if (config.device_events) stream_ = TakeStream(config);
  Handle<OrtSessionOptions> options = MakeSessionOptions(library, config);
  if (weights_) AddWeights(api_, *weights_, cpu_.get(), options.get());
  if (model.bytes.empty()) {
    const std::filesystem::path path(reinterpret_cast<const char8_t*>(model.path.c_str()));
    Check(api_, api_.CreateSession(env, path.c_str(), options.get(), session_.out()));
  } else {
    Check(api_,
          api_.CreateSessionFromArray(env, model.bytes.data(), model.bytes.size(), options.get(), session_.out()));
  }
  create_ns_ = sampler::NowNs() - begin;
  inputs_ = ReadValues(true);
  outputs_ = ReadValues(false);
  PlaceOutputs(config);
  for (const OrtMemoryInfo* place : output_places_) {
    DeviceType device = kCpuDevice;
    api_.MemoryInfoGetDeviceType(place, &device);
    const char* name = "";
    if (device != kCpuDevice) Check(api_, api_.MemoryInfoGetName(place, &name));
    if (device_memory_.empty()) device_memory_ = name;
  }
}

std::vector<ValueInfo> Session::ReadValues(bool inputs) const {
  size_t count = 0;
  Check(api_, (inputs ? api_.SessionGetInputCount : api_.SessionGetOutputCount)(session_.get(), &count));
  std::vector<ValueInfo> values(count);
  for (size_t i = 0; i < count; ++i) {
    char* name = nullptr;
    Check(api_, (inputs ? api_.SessionGetInputName : api_.SessionGetOutputName)(session_.get(), i, host_, &name));
    values[i].name = TakeString(api_, host_, name);
    Handle<OrtTypeInfo> info(api_.ReleaseTypeInfo);
    Check(api_, (inputs ? api_.SessionGetInputTypeInfo : api_.SessionGetOutputTypeInfo)(session_.get(), i, info.out()));
    ValueType kind = {};
    Check(api_, api_.GetOnnxTypeFromTypeInfo(info.get(), &kind));
    if (kind != kTensorType) continue;
    const OrtTensorTypeAndShapeInfo* tensor = nullptr;  // part of `info`
    Check(api_, api_.CastTypeInfoToTensorInfo(info.get(), &tensor));
    Check(api_, api_.GetTensorElementType(tensor, &values[i].type));
    size_t rank = 0;
    Check(api_, api_.GetDimensionsCount(tensor, &rank));
    values[i].shape.resize(rank);
    std::vector<const char*> symbols(rank);
    Check(api_, api_.GetDimensions(tensor, values[i].shape.data(), rank));
    Check(api_, api_.GetSymbolicDimensions(tensor, symbols.data(), rank));
    for (const char* symbol : symbols) values[i].symbols.emplace_back(symbol != nullptr ? symbol : "");
  }
  return values;
}

/// Before API 23 the library cannot tell where outputs are made: without a choice they then come back to the host.
void Session::PlaceOutputs(const SessionConfig& config) {
  output_places_.assign(outputs_.size(), cpu_.get());
  if (!config.output_memory.empty()) {
    Check(api_, api_.CreateMemoryInfo(config.output_memory.c_str(), kDeviceAllocator, config.output_device,
                                      kDefaultMemory, chosen_place_.out()));
    output_places_.assign(outputs_.size(), chosen_place_.get());
    return;
  }
  if (api_.SessionGetMemoryInfoForOutputs == nullptr || outputs_.empty()) return;
  std::vector<const OrtMemoryInfo*> places(outputs_.size());
  Check(api_, api_.SessionGetMemoryInfoForOutputs(session_.get(), places.data(), places.size()));
  for (size_t i = 0; i < places.size(); ++i) {
    if (places[i] != nullptr) output_places_[i] = places[i];
  }
}

void Session::Bind(const std::vector<Feed>& feeds, std::vector<BoundInput> given) {
  size_t given_bytes = 0;
  for (const BoundInput& input : given) given_bytes += FactsOf(api_, input.value.get()).bytes;
  std::vector<BoundInput> inputs = std::move(given);
  for (const Feed& feed : feeds) {
    Handle<OrtValue> value(api_.ReleaseValue);
    if (feed.shared != nullptr) {
      Check(api_, api_.CreateTensorWithDataAsOrtValue(cpu_.get(), feed.shared, feed.shared_bytes, feed.shape.data(),
                                                      feed.shape.size(), feed.type, value.out()));
    } else {
      Check(api_, api_.CreateTensorAsOrtValue(host_, feed.shape.data(), feed.shape.size(), feed.type, value.out()));
      void* data = nullptr;
      Check(api_, api_.GetTensorMutableData(value.get(), &data));
      if (!feed.data.empty()) std::memcpy(data, feed.data.data(), feed.data.size());
    }
    inputs.push_back({feed.name, std::move(value)});
  }
  generation_.reset();
  streams_.clear();
  step_.reset();
  from_host_.reset();
  bound_inputs_ = std::move(inputs);
  given_bytes_ = given_bytes;
  bound_ = true;
  Streams(1);
}

std::vector<std::string> Session::OutputNames() const {
  std::vector<std::string> names;
  for (const ValueInfo& output : outputs_) names.push_back(output.name);
  return names;
}

std::unique_ptr<IoBinding> Session::NewBinding() {
  auto binding = std::make_unique<IoBinding>(api_, session_.get(), bound_inputs_, OutputNames(), output_places_);
  const bool queues = device_memory_.starts_with("WebGPU");
  if (!device_memory_.empty()) {
    binding->AwaitDevice(queues ? std::make_unique<Fence>(library_, providers_, cpu_.get()) : nullptr);
  }
  return binding;
}

std::vector<IoBinding*> Session::Streams(size_t count) {
  stepped_ = false;
  if (!bound_) throw std::logic_error("bind the inputs of the session first");
  generation_.reset();
  while (streams_.size() < count) streams_.push_back(NewBinding());
  std::vector<IoBinding*> bindings;
  for (size_t i = 0; i < count; ++i) bindings.push_back(streams_[i].get());
  return bindings;
}

HostRun& Session::FromHost() {
  stepped_ = false;
  if (!bound_) throw std::logic_error("bind the inputs of the session first");
  if (!from_host_) from_host_ = std::make_unique<HostRun>(api_, session_.get(), bound_inputs_, OutputNames());
  return *from_host_;
}

std::optional<sampler::Block> Session::SampleOnDevice(size_t count, const std::atomic<bool>& cancel) {
  IoBinding& binding = *Streams(1)[0];
  if (!stream_) return std::nullopt;
  return RunTimedByDevice(binding, *stream_, count, cancel);
}

void Session::ProfileRun(const std::string& prefix) {
  const auto enable = library_.Need(api_.RunOptionsEnableProfiling, "a profile of one run", 25);
  Handle<OrtRunOptions> options(api_.ReleaseRunOptions);
  Check(api_, api_.CreateRunOptions(options.out()));
  const std::filesystem::path path(reinterpret_cast<const char8_t*>(prefix.c_str()));
  Check(api_, enable(options.get(), path.c_str()));
  // The replay of a captured graph shows no nodes.
  Check(api_, api_.AddRunConfigEntry(options.get(), "gpu_graph_id", "-1"));
  Check(api_, api_.RunWithBinding(session_.get(), options.get(), Streams(1)[0]->raw()));
}

IoBinding& Session::LastRun() {
  IoBinding* const last = generation_ ? &generation_->binding() : streams_.empty() ? nullptr : streams_[0].get();
  if (last == nullptr || !last->has_run()) throw std::logic_error("run the session before reading its outputs");
  return *last;
}

std::vector<Output> Session::ReadOutputs() {
  if (stepped_) return step_outputs_;
  IoBinding& last = LastRun();
  std::vector<Output> outputs;
  if (last.ReadOutputs(host_, &outputs)) return outputs;
  // Outputs in device memory: the same run once more, with outputs on the host, works for every provider and version.
  outputs.clear();
  const auto read = [&](IoBinding& binding) {
    const sampler::Work work = binding.AsWork();
    if (!work.run(work.context)) binding.ThrowFailure();
    if (!binding.ReadOutputs(host_, &outputs)) throw std::runtime_error("the outputs cannot be brought to the host");
  };
  if (generation_) {
    for (size_t i = 0; i < outputs_.size(); ++i) last.RenewOutput(i, cpu_.get());
    read(last);
  } else {
    IoBinding copy(api_, session_.get(), bound_inputs_, OutputNames(),
                   std::vector<const OrtMemoryInfo*>(outputs_.size(), cpu_.get()));
    copy.AvoidGraphCapture();
    read(copy);
  }
  return outputs;
}

Session::Step Session::RunAndRead() {
  if (!bound_) throw std::logic_error("bind the inputs of the session first");
  if (!step_) {
    std::vector<std::string> names;
    for (const ValueInfo& output : outputs_) names.push_back(output.name);
    const std::vector<const OrtMemoryInfo*> places(names.size(), cpu_.get());
    step_ = std::make_unique<IoBinding>(api_, session_.get(), bound_inputs_, names, places);
  }
  Step step{};
  step.begin_ns = sampler::NowNs();
  step_->Refresh(bound_inputs_);
  const sampler::Work work = step_->AsWork();
  if (!work.run(work.context)) step_->ThrowFailure();
  step.ran_ns = sampler::NowNs();
  if (!step_->ReadOutputs(host_, &step_outputs_)) throw std::runtime_error("the outputs cannot be brought to the host");
  step.end_ns = sampler::NowNs();
  stepped_ = true;
  return step;
}

std::string Session::EndProfiling() {
  if (!profiling_) return "";
  profiling_ = false;
  char* path = nullptr;
  Check(api_, api_.SessionEndProfiling(session_.get(), host_, &path));
  return TakeString(api_, host_, path);
}

std::vector<Assignment> Session::Assignments() const {
  const auto get = library_.Need(api_.Session_GetEpGraphAssignmentInfo, "telling which provider has which node", 24);
  const OrtEpAssignedSubgraph* const* subgraphs = nullptr;
  size_t count = 0;
  Check(api_, get(session_.get(), &subgraphs, &count));
  std::vector<Assignment> assignments;
  for (size_t i = 0; i < count; ++i) {
    const char* provider = nullptr;
    Check(api_, api_.EpAssignedSubgraph_GetEpName(subgraphs[i], &provider));
    const OrtEpAssignedNode* const* nodes = nullptr;
    size_t node_count = 0;
    Check(api_, api_.EpAssignedSubgraph_GetNodes(subgraphs[i], &nodes, &node_count));
    Assignment assignment{provider, {}};
    for (size_t n = 0; n < node_count; ++n) {
      const char *name = nullptr, *domain = nullptr, *op = nullptr;
      Check(api_, api_.EpAssignedNode_GetName(nodes[n], &name));
      Check(api_, api_.EpAssignedNode_GetDomain(nodes[n], &domain));
      Check(api_, api_.EpAssignedNode_GetOperatorType(nodes[n], &op));
      assignment.nodes.push_back({name, domain, op});
    }
    assignments.push_back(std::move(assignment));
  }
  return assignments;
}

TextPairs Session::AllocatorStats() const {
  const auto get = library_.Need(api_.AllocatorGetStats, "statistics of allocators", 23);
  Handle<OrtAllocator> allocator(api_.ReleaseAllocator);
  const OrtMemoryInfo* const place = output_places_.empty() ? cpu_.get() : output_places_[0];
  Check(api_, api_.CreateAllocator(session_.get(), place, allocator.out()));
  if (allocator.get() == nullptr) throw std::runtime_error("the session has no allocator of its own for its outputs");
  Handle<OrtKeyValuePairs> pairs(api_.ReleaseKeyValuePairs);
  Check(api_, get(allocator.get(), pairs.out()));
  const char *const *keys = nullptr, *const *values = nullptr;
  size_t count = 0;
  api_.GetKeyValuePairs(pairs.get(), &keys, &values, &count);
  TextPairs stats;
  for (size_t i = 0; i < count; ++i) stats.emplace_back(keys[i], values[i]);
  return stats;
}

}  // namespace hfbench::ort
