// An ONNX Runtime of our own for tests: a library that answers as environment variables tell it, read when it is
// opened.
//   HFBENCH_FAKE_ORT_VERSION  what GetVersionString says (default 1.17.0)
//   HFBENCH_FAKE_ORT_MODE     no-base, no-api: the first steps fail; providers, env, run: that call fails
//   HFBENCH_FAKE_ORT_PROVIDERS  one more provider that it lists, e.g. CUDAExecutionProvider
//   HFBENCH_FAKE_ORT_FAULT    `POINT KIND TEXT`: what sessions with another provider than the CPU's do at POINT
//                             (append, create, run; profile: when a session shall profile). KIND: abort, hang, wrong
//                             (outputs off by 1), or a code, with TEXT as the error
//   HFBENCH_FAKE_ORT_RAN      the provider that its profiles say ran the node (default: the one of PROVIDERS)
// Its models add 1: one input x and one output y, both float32 [n, 2]; model bytes that start with '!' are refused.
// Entries that its version does not have, and entries without a fake, end the process when called. GetBuildInfoString
// tells how many objects are alive, and what was asked of it since.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "binding/ort/c_abi.h"
#include "test/support/exported.h"

namespace hfbench::ort {

int live = 0;
std::string journal;

struct Counted {
  Counted() { ++live; }
  Counted(const Counted&) : Counted() {}
  ~Counted() { --live; }
};

struct OrtStatus : Counted {
  int code;
  std::string message;
};
struct OrtEnv {};
struct OrtAllocator {};
struct OrtSessionOptions : Counted {
  std::string profile;
  bool other_provider = false;
};
struct OrtSession : Counted {
  std::string profile;
  bool other_provider = false;
};
struct OrtRunOptions : Counted {
  std::string profile;
};
struct OrtMemoryInfo : Counted {
  std::string name;
};
struct OrtTensorTypeAndShapeInfo : Counted {
  std::vector<int64_t> shape;
};
struct OrtTypeInfo : Counted {
  OrtTensorTypeAndShapeInfo tensor;
};
struct OrtValue : Counted {
  std::vector<int64_t> shape;
  std::vector<float> own;
  void* data = nullptr;
  const OrtMemoryInfo* place = nullptr;
};
struct OrtIoBinding : Counted {
  std::unique_ptr<OrtValue> input;  // a copy, as ONNX Runtime makes one: the caller may release its own
  const OrtMemoryInfo* output_place = nullptr;
  OrtValue output;
};
struct OrtCUDAProviderOptionsV2 : Counted {};
struct OrtTensorRTProviderOptionsV2 : Counted {};

namespace {

std::string Setting(const char* name, const char* otherwise) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : otherwise;
}
bool Mode(const char* mode) { return Setting("HFBENCH_FAKE_ORT_MODE", "") == mode; }

OrtAllocator allocator;
OrtEnv environment;
OrtMemoryInfo host;

OrtStatus* Fail(int code, const char* message) {
  auto* const status = new OrtStatus;
  status->code = code;
  status->message = message;
  return status;
}

/// Does what HFBENCH_FAKE_ORT_FAULT says of `point`. True for a fault of kind `wrong`.
bool Misbehave(const char* point, OrtStatus** status) {
  std::istringstream fault(Setting("HFBENCH_FAKE_ORT_FAULT", ""));
  std::string where, kind, text;
  fault >> where >> kind;
  std::getline(fault >> std::ws, text);
  if (where != point) return false;
  if (kind == "wrong") return true;
  if (kind == "abort") {
    std::fprintf(stderr, "fake provider: lost the device\n");
    std::abort();
  }
  if (kind == "hang") std::this_thread::sleep_for(std::chrono::hours(24));
  *status = Fail(std::atoi(kind.c_str()), text.c_str());
  return false;
}

std::string OtherProvider() { return Setting("HFBENCH_FAKE_ORT_PROVIDERS", "CPUExecutionProvider"); }

/// A profile of one run of one node.
void WriteProfile(const std::string& path, bool other_provider) {
  const std::string ran =
      other_provider ? Setting("HFBENCH_FAKE_ORT_RAN", OtherProvider().c_str()) : "CPUExecutionProvider";
  std::ofstream(path)
      << R"([{"cat":"Session","name":"model_run","ts":10,"dur":100,"args":{}},)"
      << R"({"cat":"Node","name":"add_kernel_time","ts":20,"dur":50,"args":{"op_name":"Add","provider":")" << ran
      << R"("}}])";
}

char* NewText(const std::string& text) {
  ++live;
  return static_cast<char*>(std::memcpy(std::malloc(text.size() + 1), text.c_str(), text.size() + 1));
}

template <class T>
OrtStatus* Create(T** out) {
  *out = new T;
  return nullptr;
}

std::string Pairs(const char* const* keys, const char* const* values, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += std::string(" ") + keys[i] + "=" + values[i];
  return text;
}

OrtStatus* Note(const std::string& text) {
  journal += "; " + text;
  return nullptr;
}

using Options = OrtSessionOptions;
int GetErrorCode(const OrtStatus* status) { return status->code; }
const char* GetErrorMessage(const OrtStatus* status) { return status->message.c_str(); }
OrtStatus* CreateEnvWithCustomLogger(Logger, void*, int, const char*, OrtEnv** out) {
  *out = &environment;
  return Mode("env") ? Fail(1, "no environment today") : nullptr;
}
OrtStatus* CreateSession(const OrtEnv*, const PathChar*, const Options* options, OrtSession** out) {
  OrtStatus* status = nullptr;
  if (options->other_provider) Misbehave("create", &status);
  if (status != nullptr) return status;
  *out = new OrtSession;
  (*out)->profile = options->profile;
  (*out)->other_provider = options->other_provider;
  return nullptr;
}
OrtStatus* CreateSessionFromArray(const OrtEnv* env, const void* model, size_t, const Options* options,
                                  OrtSession** out) {
  if (*static_cast<const char*>(model) == '!') return Fail(99, "refused\nin two lines");
  return CreateSession(env, nullptr, options, out);
}
OrtStatus* CreateSessionOptions(Options** out) { return Create(out); }
OrtStatus* SetSessionExecutionMode(Options*, ExecutionMode mode) { return Note("mode " + std::to_string(mode)); }
OrtStatus* EnableProfiling(Options* options, const PathChar* prefix) {
  OrtStatus* status = nullptr;
  Misbehave("profile", &status);
  if (status != nullptr) return status;
  const std::filesystem::path path(prefix);
  return options->profile = path.string() + ".json", nullptr;
}
OrtStatus* SessionEndProfiling(OrtSession* session, OrtAllocator*, char** out) {
  WriteProfile(session->profile, session->other_provider);
  return *out = NewText(session->profile), nullptr;
}
OrtStatus* RunOptionsEnableProfiling(OrtRunOptions* options, const PathChar* prefix) {
  const std::filesystem::path path(prefix);
  return options->profile = path.string() + ".json", nullptr;
}
OrtStatus* EnableMemPattern(Options*) { return Note("pattern"); }
OrtStatus* DisableMemPattern(Options*) { return Note("no pattern"); }
OrtStatus* EnableCpuMemArena(Options*) { return Note("arena"); }
OrtStatus* DisableCpuMemArena(Options*) { return Note("no arena"); }
OrtStatus* SetSessionGraphOptimizationLevel(Options*, int level) { return Note("level " + std::to_string(level)); }
OrtStatus* SetIntraOpNumThreads(Options*, int threads) { return Note("intra " + std::to_string(threads)); }
OrtStatus* SetInterOpNumThreads(Options*, int threads) { return Note("inter " + std::to_string(threads)); }
OrtStatus* SessionGetInputCount(const OrtSession*, size_t* out) { return *out = 1, nullptr; }
OrtStatus* SessionGetOutputCount(const OrtSession*, size_t* out) { return *out = 1, nullptr; }
OrtStatus* SessionGetInputTypeInfo(const OrtSession*, size_t, OrtTypeInfo** out) {
  *out = new OrtTypeInfo;
  (*out)->tensor.shape = {-1, 2};
  return nullptr;
}
OrtStatus* SessionGetOutputTypeInfo(const OrtSession* session, size_t index, OrtTypeInfo** out) {
  return SessionGetInputTypeInfo(session, index, out);
}
OrtStatus* SessionGetInputName(const OrtSession*, size_t, OrtAllocator*, char** out) {
  return *out = NewText("x"), nullptr;
}
OrtStatus* SessionGetOutputName(const OrtSession*, size_t, OrtAllocator*, char** out) {
  return *out = NewText("y"), nullptr;
}
OrtStatus* CreateRunOptions(OrtRunOptions** out) { return Create(out); }
OrtStatus* CreateTensorAsOrtValue(OrtAllocator*, const int64_t* shape, size_t rank, int, OrtValue** out) {
  *out = new OrtValue;
  (*out)->shape.assign(shape, shape + rank);
  size_t count = 1;
  for (const int64_t size : (*out)->shape) count *= static_cast<size_t>(size);
  (*out)->own.resize(count);
  (*out)->data = (*out)->own.data();
  (*out)->place = &host;
  return nullptr;
}
OrtStatus* CreateTensorWithDataAsOrtValue(const OrtMemoryInfo*, void* data, size_t, const int64_t* shape, size_t rank,
                                          int, OrtValue** out) {
  *out = new OrtValue;
  (*out)->shape.assign(shape, shape + rank);
  (*out)->data = data;
  return nullptr;
}
OrtStatus* IsTensor(const OrtValue*, int* out) { return *out = 1, nullptr; }
OrtStatus* GetTensorMutableData(OrtValue* value, void** out) { return *out = value->data, nullptr; }
OrtStatus* CastTypeInfoToTensorInfo(const OrtTypeInfo* info, const OrtTensorTypeAndShapeInfo** out) {
  return *out = &info->tensor, nullptr;
}
OrtStatus* GetOnnxTypeFromTypeInfo(const OrtTypeInfo*, ValueType* out) { return *out = kTensorType, nullptr; }
OrtStatus* GetTensorElementType(const OrtTensorTypeAndShapeInfo*, int* out) { return *out = 1, nullptr; }
OrtStatus* GetDimensionsCount(const OrtTensorTypeAndShapeInfo* info, size_t* out) {
  return *out = info->shape.size(), nullptr;
}
OrtStatus* GetDimensions(const OrtTensorTypeAndShapeInfo* info, int64_t* out, size_t rank) {
  std::memcpy(out, info->shape.data(), rank * sizeof *out);
  return nullptr;
}
OrtStatus* GetSymbolicDimensions(const OrtTensorTypeAndShapeInfo*, const char** out, size_t rank) {
  for (size_t i = 0; i < rank; ++i) out[i] = i == 0 ? "n" : "";
  return nullptr;
}
OrtStatus* GetTensorTypeAndShape(const OrtValue* value, OrtTensorTypeAndShapeInfo** out) {
  *out = new OrtTensorTypeAndShapeInfo;
  (*out)->shape = value->shape;
  return nullptr;
}
OrtStatus* CreateMemoryInfo(const char* name, AllocatorType, int id, MemoryType, OrtMemoryInfo** out) {
  *out = new OrtMemoryInfo;
  (*out)->name = name;
  return Note("memory " + std::string(name) + " " + std::to_string(id));
}
OrtStatus* CreateCpuMemoryInfo(AllocatorType, MemoryType, OrtMemoryInfo** out) { return Create(out); }
OrtStatus* AllocatorFree(OrtAllocator*, void* pointer) {
  std::free(pointer);
  --live;
  return nullptr;
}
OrtStatus* GetAllocatorWithDefaultOptions(OrtAllocator** out) { return *out = &allocator, nullptr; }
template <class T>
void Release(T* object) {
  delete object;
}
OrtStatus* AddFreeDimensionOverrideByName(Options*, const char* name, int64_t size) {
  return Note(std::string("dimension ") + name + "=" + std::to_string(size));
}
OrtStatus* GetAvailableProviders(char*** out, int* count) {
  if (Mode("providers")) return Fail(1, "providers are out");
  static std::string other, cpu = "CPUExecutionProvider";
  static char* names[2];
  other = OtherProvider();
  names[0] = other.data();
  names[1] = cpu.data();
  ++live;
  *out = other == cpu ? names + 1 : names;
  *count = other == cpu ? 1 : 2;
  return nullptr;
}
OrtStatus* ReleaseAvailableProviders(char**, int) { return --live, nullptr; }
OrtStatus* AddSessionConfigEntry(Options*, const char* key, const char* value) { return Note(Pairs(&key, &value, 1)); }
/// The values of x, each plus 1.
std::vector<float> Added(const OrtSession* session, const OrtValue* x, OrtStatus** status) {
  if (Mode("run")) *status = Fail(11, "the device fell off");
  const bool wrong = session->other_provider && *status == nullptr && Misbehave("run", status);
  std::vector<float> sums = x->own;
  for (float& value : sums) value += wrong ? 2 : 1;
  return sums;
}
OrtStatus* Run(OrtSession* session, const OrtRunOptions*, const char* const*, const OrtValue* const* inputs, size_t,
               const char* const*, size_t, OrtValue** outputs) {
  OrtStatus* status = nullptr;
  std::vector<float> sums = Added(session, inputs[0], &status);
  if (status != nullptr) return status;
  outputs[0] = new OrtValue;
  outputs[0]->shape = inputs[0]->shape;
  outputs[0]->own = std::move(sums);
  outputs[0]->data = outputs[0]->own.data();
  outputs[0]->place = &host;
  return Note("from host");
}
OrtStatus* RunWithBinding(OrtSession* session, const OrtRunOptions* options, const OrtIoBinding* constant) {
  auto* const binding = const_cast<OrtIoBinding*>(constant);
  if (binding->input == nullptr) return Fail(2, "no input");
  OrtStatus* status = nullptr;
  binding->output.shape = binding->input->shape;
  binding->output.own = Added(session, binding->input.get(), &status);
  if (status != nullptr) return status;
  Note("run");
  if (!options->profile.empty()) WriteProfile(options->profile, session->other_provider);
  binding->output.data = binding->output.own.data();
  binding->output.place = binding->output_place;
  return nullptr;
}
OrtStatus* CreateIoBinding(OrtSession*, OrtIoBinding** out) { return Create(out); }
OrtStatus* BindInput(OrtIoBinding* binding, const char*, const OrtValue* value) {
  return binding->input = std::make_unique<OrtValue>(*value), nullptr;
}
OrtStatus* BindOutputToDevice(OrtIoBinding* binding, const char*, const OrtMemoryInfo* memory) {
  return binding->output_place = memory, nullptr;
}
OrtStatus* GetBoundOutputValues(const OrtIoBinding* binding, OrtAllocator*, OrtValue*** out, size_t* count) {
  ++live;
  *out = static_cast<OrtValue**>(std::malloc(sizeof(OrtValue*)));
  **out = new OrtValue(binding->output);
  *count = 1;
  return nullptr;
}
OrtStatus* AddRunConfigEntry(OrtRunOptions*, const char* key, const char* value) {
  return Note("run" + Pairs(&key, &value, 1));
}
OrtStatus* Append(Options* options, const std::string& text) {
  OrtStatus* status = nullptr;
  Misbehave("append", &status);
  options->other_provider = true;
  return status != nullptr ? status : Note("append " + text);
}
OrtStatus* SessionOptionsAppendExecutionProvider_TensorRT_V2(Options* options, const OrtTensorRTProviderOptionsV2*) {
  return Append(options, "TensorRT");
}
OrtStatus* CreateTensorRTProviderOptions(OrtTensorRTProviderOptionsV2** out) { return Create(out); }
OrtStatus* UpdateTensorRTProviderOptions(OrtTensorRTProviderOptionsV2*, const char* const* keys,
                                         const char* const* values, size_t count) {
  return Note("TensorRT" + Pairs(keys, values, count));
}
OrtStatus* GetTensorMemoryInfo(const OrtValue* value, const OrtMemoryInfo** out) {
  return *out = value->place, nullptr;
}
OrtStatus* SynchronizeBoundInputs(OrtIoBinding*) { return Note("inputs there"); }
OrtStatus* SynchronizeBoundOutputs(OrtIoBinding*) { return Note("outputs there"); }
OrtStatus* SessionOptionsAppendExecutionProvider_CUDA_V2(Options* options, const OrtCUDAProviderOptionsV2*) {
  return Append(options, "CUDA");
}
OrtStatus* CreateCUDAProviderOptions(OrtCUDAProviderOptionsV2** out) { return Create(out); }
OrtStatus* UpdateCUDAProviderOptions(OrtCUDAProviderOptionsV2*, const char* const* keys, const char* const* values,
                                     size_t count) {
  return Note("CUDA" + Pairs(keys, values, count));
}
OrtStatus* AddExternalInitializers(Options*, const char* const* names, const OrtValue* const*, size_t count) {
  return Note(std::string("weight ") + (count > 0 ? names[0] : ""));
}
OrtStatus* SessionOptionsAppendExecutionProvider(Options* options, const char* name, const char* const* keys,
                                                 const char* const* values, size_t count) {
  return Append(options, name + Pairs(keys, values, count));
}
OrtStatus* Session_GetEpGraphAssignmentInfo(const OrtSession*, const OrtEpAssignedSubgraph* const**, size_t*) {
  return Fail(1, "nothing was noted");
}
OrtStatus* MemoryInfoGetName(const OrtMemoryInfo* memory, const char** out) {
  return *out = memory->name.c_str(), nullptr;
}
void MemoryInfoGetDeviceType(const OrtMemoryInfo* memory, DeviceType* out) {
  *out = static_cast<DeviceType>(memory->name.empty() || memory->name == "Cpu" ? 0 : 1);
}
const char* GetBuildInfoString() {
  static std::string text;
  text = "live " + std::to_string(live - 1) + journal;  // less `host`
  journal.clear();
  return text.c_str();
}
OrtStatus* SessionGetMemoryInfoForOutputs(const OrtSession*, const OrtMemoryInfo** out, size_t count) {
  for (size_t i = 0; i < count; ++i) out[i] = &host;
  return Note("places asked");
}

[[noreturn]] void Trap() {
  std::fprintf(stderr, "fake ONNX Runtime: an entry was called that it does not have\n");
  std::abort();
}

constexpr size_t kEntries = 512;
void* table[kEntries];

enum Index : size_t {
#define FAKE_INDEX(index, name, since, result, parameters) k##name = index,
  HFBENCH_ORT_ENTRIES(FAKE_INDEX)
};
enum Since : uint32_t {
#define FAKE_SINCE(index, name, since, result, parameters) kSince##name = since,
  HFBENCH_ORT_ENTRIES(FAKE_SINCE)
};

const void* HFBENCH_ORT_CALL GetApi(uint32_t version) {
  if (Mode("no-api")) return nullptr;
  for (void*& entry : table) entry = reinterpret_cast<void*>(Trap);
#define FAKE(name)                                                     \
  static_assert(std::is_same_v<decltype(&name), decltype(Api::name)>); \
  if (kSince##name <= version) table[k##name] = reinterpret_cast<void*>(name);
#define FAKE_RELEASE(type) table[kRelease##type] = reinterpret_cast<void*>(Release<Ort##type>);
  FAKE(GetErrorCode)
  FAKE(Run)
  FAKE(MemoryInfoGetName) FAKE(SessionEndProfiling) FAKE(RunOptionsEnableProfiling) FAKE(
      Session_GetEpGraphAssignmentInfo) FAKE(GetErrorMessage) FAKE(CreateEnvWithCustomLogger) FAKE(CreateSession)
      FAKE(CreateSessionFromArray) FAKE(CreateSessionOptions) FAKE(SetSessionExecutionMode) FAKE(EnableProfiling) FAKE(
          EnableMemPattern) FAKE(DisableMemPattern) FAKE(EnableCpuMemArena) FAKE(DisableCpuMemArena)
          FAKE(SetSessionGraphOptimizationLevel) FAKE(SetIntraOpNumThreads) FAKE(SetInterOpNumThreads) FAKE(
              SessionGetInputCount) FAKE(SessionGetOutputCount) FAKE(SessionGetInputTypeInfo)
              FAKE(SessionGetOutputTypeInfo) FAKE(SessionGetInputName) FAKE(SessionGetOutputName) FAKE(
                  CreateRunOptions) FAKE(CreateTensorAsOrtValue) FAKE(CreateTensorWithDataAsOrtValue) FAKE(IsTensor)
                  FAKE(GetTensorMutableData) FAKE(CastTypeInfoToTensorInfo) FAKE(GetOnnxTypeFromTypeInfo) FAKE(
                      GetTensorElementType) FAKE(GetDimensionsCount) FAKE(GetDimensions) FAKE(GetSymbolicDimensions)
                      FAKE(GetTensorTypeAndShape) FAKE(CreateMemoryInfo) FAKE(CreateCpuMemoryInfo) FAKE(
                          AllocatorFree) FAKE(GetAllocatorWithDefaultOptions) FAKE(AddFreeDimensionOverrideByName)
                          FAKE(GetAvailableProviders) FAKE(ReleaseAvailableProviders) FAKE(AddSessionConfigEntry) FAKE(
                              RunWithBinding) FAKE(CreateIoBinding) FAKE(BindInput) FAKE(BindOutputToDevice)
                              FAKE(GetBoundOutputValues) FAKE(AddRunConfigEntry) FAKE(
                                  SessionOptionsAppendExecutionProvider_TensorRT_V2) FAKE(CreateTensorRTProviderOptions)
                                  FAKE(UpdateTensorRTProviderOptions) FAKE(GetTensorMemoryInfo)
                                      FAKE(SynchronizeBoundInputs) FAKE(SynchronizeBoundOutputs) FAKE(
                                          SessionOptionsAppendExecutionProvider_CUDA_V2) FAKE(CreateCUDAProviderOptions)
                                          FAKE(UpdateCUDAProviderOptions) FAKE(AddExternalInitializers) FAKE(
                                              SessionOptionsAppendExecutionProvider) FAKE(MemoryInfoGetDeviceType)
                                              FAKE(GetBuildInfoString) FAKE(SessionGetMemoryInfoForOutputs)
                                                  FAKE_RELEASE(Status) FAKE_RELEASE(MemoryInfo) FAKE_RELEASE(Session)
                                                      FAKE_RELEASE(Value) FAKE_RELEASE(RunOptions)
                                                          FAKE_RELEASE(TypeInfo) FAKE_RELEASE(TensorTypeAndShapeInfo)
                                                              FAKE_RELEASE(SessionOptions) FAKE_RELEASE(IoBinding)
                                                                  table[kReleaseCUDAProviderOptions] =
                                                                      reinterpret_cast<void*>(
                                                                          Release<OrtCUDAProviderOptionsV2>);
  table[kReleaseTensorRTProviderOptions] = reinterpret_cast<void*>(Release<OrtTensorRTProviderOptionsV2>);
  return table;
}

const char* HFBENCH_ORT_CALL GetVersionString() {
  static std::string version;
  version = Setting("HFBENCH_FAKE_ORT_VERSION", "1.17.0");
  return version.c_str();
}

}  // namespace
}  // namespace hfbench::ort

EXPORTED const hfbench::ort::OrtApiBase* HFBENCH_ORT_CALL OrtGetApiBase() {
  static const hfbench::ort::OrtApiBase base{hfbench::ort::GetApi, hfbench::ort::GetVersionString};
  return hfbench::ort::Mode("no-base") ? nullptr : &base;
}
