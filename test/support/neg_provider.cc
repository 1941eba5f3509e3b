// A provider plugin for tests with the real ONNX Runtime (its API 23): takes every Neg of float32, one at a time, on
// the CPU device. Option wrong=1: its results are off by 1. Structs and indices: onnxruntime_ep_c_api.h and
// onnxruntime_c_api.h of ONNX Runtime 1.23, whose tables only grow.
#include <cstdint>
#include <cstring>
#include <vector>

#include "binding/ort/c_abi.h"
#include "test/support/exported.h"

#define CALL HFBENCH_ORT_CALL

namespace hfbench::ort {

struct OrtGraph;
struct OrtNode;
struct OrtKernelContext;
struct OrtEpGraphSupportInfo;

namespace {

constexpr uint32_t kVersion = 23;
constexpr int kCpu = 0;
const void* const* api = nullptr;
const void* const* ep_api = nullptr;

/// Entry `index` of a table of ONNX Runtime's.
template <class Result = OrtStatus*, class... Arguments>
Result Ask(const void* const* table, size_t index, Arguments... arguments) {
  Result(CALL * function)(Arguments...) = nullptr;
  std::memcpy(&function, &table[index], sizeof function);
  return function(arguments...);
}

/// Leaves the enclosing function with a status that is an error.
#define TRY(call) \
  if (OrtStatus* const status = (call); status != nullptr) return status

struct Factory {
  uint32_t version;
  const char*(CALL* name)(const Factory*);
  const char*(CALL* vendor)(const Factory*);
  OrtStatus*(CALL* devices)(Factory*, const OrtHardwareDevice* const*, size_t, OrtEpDevice**, size_t, size_t*);
  OrtStatus*(CALL* create)(Factory*, const OrtHardwareDevice* const*, const OrtKeyValuePairs* const*, size_t,
                           const OrtSessionOptions*, const void* logger, struct Provider**);
  void(CALL* release)(Factory*, struct Provider*);
  uint32_t(CALL* vendor_id)(const Factory*);
  const char*(CALL* version_text)(const Factory*);
  void* compatibility;
  OrtStatus*(CALL* allocator)(Factory*, const OrtMemoryInfo*, const OrtKeyValuePairs*, OrtAllocator**);
  void(CALL* release_allocator)(Factory*, OrtAllocator*);
  OrtStatus*(CALL* transfer)(Factory*, void**);
  bool(CALL* has_streams)(const Factory*);
  void* streams;
};

struct Compute {
  uint32_t version;
  OrtStatus*(CALL* begin)(Compute*, void* context, void** state);
  OrtStatus*(CALL* run)(Compute*, void* state, OrtKernelContext*);
  void(CALL* end)(Compute*, void* state);
  float error;
};

struct Provider {
  uint32_t version;
  const char*(CALL* name)(const Provider*);
  OrtStatus*(CALL* capability)(Provider*, const OrtGraph*, OrtEpGraphSupportInfo*);
  OrtStatus*(CALL* compile)(Provider*, const OrtGraph**, const OrtNode**, size_t, Compute**, OrtNode**);
  void(CALL* release)(Provider*, Compute**, size_t);
  void* optional[8];  // layout, dynamic options, run start and end, allocator, stream, compatibility
  float error;
};

OrtStatus* CALL Run(Compute* compute, void*, OrtKernelContext* context) {
  const OrtValue* x = nullptr;
  TRY(Ask(api, 90, static_cast<const OrtKernelContext*>(context), size_t{0}, &x));  // KernelContext_GetInput
  OrtTensorTypeAndShapeInfo* info = nullptr;
  TRY(Ask(api, 65, x, &info));  // GetTensorTypeAndShape
  size_t rank = 0, count = 0;
  TRY(Ask(api, 61, static_cast<const OrtTensorTypeAndShapeInfo*>(info), &rank));  // GetDimensionsCount
  std::vector<int64_t> shape(rank);
  TRY(Ask(api, 62, static_cast<const OrtTensorTypeAndShapeInfo*>(info), shape.data(), rank));  // GetDimensions
  TRY(Ask(api, 64, static_cast<const OrtTensorTypeAndShapeInfo*>(info), &count));  // GetTensorShapeElementCount
  Ask<void>(api, 99, info);                                                        // ReleaseTensorTypeAndShapeInfo
  OrtValue* y = nullptr;
  TRY(Ask(api, 91, context, size_t{0}, static_cast<const int64_t*>(shape.data()), rank,
          &y));  // KernelContext_GetOutput
  void *from = nullptr, *to = nullptr;
  TRY(Ask(api, 51, const_cast<OrtValue*>(x), &from));  // GetTensorMutableData
  TRY(Ask(api, 51, y, &to));
  for (size_t i = 0; i < count; ++i) static_cast<float*>(to)[i] = compute->error - static_cast<float*>(from)[i];
  return nullptr;
}

OrtStatus* CALL Capability(Provider*, const OrtGraph* graph, OrtEpGraphSupportInfo* support) {
  size_t count = 0;
  TRY(Ask(api, 344, graph, &count));  // Graph_GetNumNodes
  std::vector<const OrtNode*> nodes(count);
  TRY(Ask(api, 345, graph, nodes.data(), count));  // Graph_GetNodes
  for (const OrtNode* node : nodes) {
    const char* op = nullptr;
    TRY(Ask(api, 350, node, &op));  // Node_GetOperatorType
    if (std::strcmp(op, "Neg") != 0) continue;
    const void* const options = nullptr;
    TRY(Ask(ep_api, 2, support, static_cast<const OrtNode* const*>(&node), size_t{1}, options));  // ..._AddNodesToFuse
  }
  return nullptr;
}

OrtStatus* CALL Compile(Provider* provider, const OrtGraph**, const OrtNode**, size_t count, Compute** out, OrtNode**) {
  for (size_t i = 0; i < count; ++i) {
    out[i] =
        new Compute{kVersion, [](Compute*, void*, void** state) -> OrtStatus* { return *state = nullptr, nullptr; },
                    Run, [](Compute*, void*) {}, provider->error};
  }
  return nullptr;
}

OrtStatus* CALL Devices(Factory* factory, const OrtHardwareDevice* const* devices, size_t count, OrtEpDevice** out,
                        size_t room, size_t* made) {
  *made = 0;
  for (size_t i = 0; i < count && *made < room; ++i) {
    if (Ask<int>(api, 307, devices[i]) != kCpu) continue;  // HardwareDevice_Type
    const OrtKeyValuePairs* const none = nullptr;
    TRY(Ask(ep_api, 0, factory, devices[i], none, none, out + *made));  // CreateEpDevice
    ++*made;
  }
  return nullptr;
}

OrtStatus* CALL Create(Factory*, const OrtHardwareDevice* const*, const OrtKeyValuePairs* const*, size_t,
                       const OrtSessionOptions* options, const void*, Provider** out) {
  constexpr const char* kWrong = "ep.negexecutionprovider.wrong";
  int given = 0;
  TRY(Ask(api, 237, options, kWrong, &given));  // HasSessionConfigEntry
  char value[8] = "0";
  size_t size = sizeof value;
  if (given != 0) TRY(Ask(api, 238, options, kWrong, static_cast<char*>(value), &size));  // GetSessionConfigEntry
  *out = new Provider{kVersion,
                      [](const Provider*) { return "NegExecutionProvider"; },
                      Capability,
                      Compile,
                      [](Provider*, Compute** computes, size_t count) {
                        for (size_t i = 0; i < count; ++i) delete computes[i];
                      },
                      {},
                      value[0] == '1' ? 1.0f : 0.0f};
  return nullptr;
}

Factory factory = {kVersion,
                   [](const Factory*) { return "NegExecutionProvider"; },
                   [](const Factory*) { return "hfbench"; },
                   Devices,
                   Create,
                   [](Factory*, Provider* provider) { delete provider; },
                   [](const Factory*) { return uint32_t{0}; },
                   [](const Factory*) { return "1.0.0"; },
                   nullptr,
                   [](Factory*, const OrtMemoryInfo*, const OrtKeyValuePairs*, OrtAllocator** out) -> OrtStatus* {
                     return *out = nullptr, nullptr;
                   },
                   [](Factory*, OrtAllocator*) {},
                   [](Factory*, void** out) -> OrtStatus* { return *out = nullptr, nullptr; },
                   [](const Factory*) { return false; },
                   nullptr};

}  // namespace
}  // namespace hfbench::ort

EXPORTED hfbench::ort::OrtStatus* CreateEpFactories(const char*, const hfbench::ort::OrtApiBase* base, const void*,
                                                    hfbench::ort::Factory** factories, size_t, size_t* count) {
  hfbench::ort::api = static_cast<const void* const*>(base->GetApi(hfbench::ort::kVersion));
  hfbench::ort::ep_api = hfbench::ort::Ask<const void* const*>(hfbench::ort::api, 317);  // GetEpApi
  factories[0] = &hfbench::ort::factory;
  *count = 1;
  return nullptr;
}

EXPORTED hfbench::ort::OrtStatus* ReleaseEpFactory(hfbench::ort::Factory*) { return nullptr; }
