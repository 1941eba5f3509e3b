// The part of ONNX Runtime's C interface that hfbench uses, as facts of its binary interface: the library hands out one
// table of function pointers that only ever grows at its end, so an index, once given, keeps its meaning.
// Source: include/onnxruntime/core/session/onnxruntime_c_api.h of ONNX Runtime 1.30 (MIT licence).
//
// Trap: behind the end of an older library's table lie other data that look like functions. An entry is read only if
// its `since` (the API version, which equals the minor version of the library) is not above what the library has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#if defined(_WIN32)
#define HFBENCH_ORT_CALL __stdcall
#else
#define HFBENCH_ORT_CALL
#endif

namespace hfbench::ort {

struct OrtAllocator;
struct OrtCUDAProviderOptionsV2;
struct OrtEnv;
struct OrtEpAssignedNode;
struct OrtEpAssignedSubgraph;
struct OrtEpDevice;
struct OrtHardwareDevice;
struct OrtIoBinding;
struct OrtKeyValuePairs;
struct OrtMemoryInfo;
struct OrtRunOptions;
struct OrtSession;
struct OrtSessionOptions;
struct OrtStatus;
struct OrtTensorRTProviderOptionsV2;
struct OrtTensorTypeAndShapeInfo;
struct OrtTypeInfo;
struct OrtValue;

/// wchar_t on Windows, char elsewhere.
using PathChar = std::filesystem::path::value_type;
using Logger = void(HFBENCH_ORT_CALL*)(void* param, int severity, const char* category, const char* id,
                                       const char* where, const char* message);

enum AllocatorType : int { kDeviceAllocator = 0 };
enum MemoryType : int { kDefaultMemory = 0 };
enum DeviceType : int { kCpuDevice = 0 };
enum ExecutionMode : int { kSequential = 0, kParallel = 1 };
enum ValueType : int { kTensorType = 1 };

struct OrtApiBase {
  const void*(HFBENCH_ORT_CALL* GetApi)(uint32_t version);
  const char*(HFBENCH_ORT_CALL* GetVersionString)();
};

/// Highest API version whose entries this table knows, and the lowest that hfbench works with.
constexpr uint32_t kNewestApi = 30, kOldestApi = 17;

// ENTRY(index, name, since, result, parameters)
// clang-format off
#define HFBENCH_ORT_ENTRIES(ENTRY) \
  ENTRY(1, GetErrorCode, 1, int, (const OrtStatus* status)) \
  ENTRY(2, GetErrorMessage, 1, const char*, (const OrtStatus* status)) \
  ENTRY(4, CreateEnvWithCustomLogger, 1, OrtStatus*, (Logger logger, void* param, int severity, const char* id, OrtEnv** out)) \
  ENTRY(7, CreateSession, 1, OrtStatus*, (const OrtEnv* env, const PathChar* path, const OrtSessionOptions* options, OrtSession** out)) \
  ENTRY(8, CreateSessionFromArray, 1, OrtStatus*, (const OrtEnv* env, const void* model, size_t bytes, const OrtSessionOptions* options, OrtSession** out)) \
  ENTRY(9, Run, 1, OrtStatus*, (OrtSession* session, const OrtRunOptions* options, const char* const* input_names, const OrtValue* const* inputs, size_t input_count, const char* const* output_names, size_t output_count, OrtValue** outputs)) \
  ENTRY(10, CreateSessionOptions, 1, OrtStatus*, (OrtSessionOptions** out)) \
  ENTRY(13, SetSessionExecutionMode, 1, OrtStatus*, (OrtSessionOptions* options, ExecutionMode mode)) \
  ENTRY(14, EnableProfiling, 1, OrtStatus*, (OrtSessionOptions* options, const PathChar* prefix)) \
  ENTRY(16, EnableMemPattern, 1, OrtStatus*, (OrtSessionOptions* options)) \
  ENTRY(17, DisableMemPattern, 1, OrtStatus*, (OrtSessionOptions* options)) \
  ENTRY(18, EnableCpuMemArena, 1, OrtStatus*, (OrtSessionOptions* options)) \
  ENTRY(19, DisableCpuMemArena, 1, OrtStatus*, (OrtSessionOptions* options)) \
  ENTRY(23, SetSessionGraphOptimizationLevel, 1, OrtStatus*, (OrtSessionOptions* options, int level)) \
  ENTRY(24, SetIntraOpNumThreads, 1, OrtStatus*, (OrtSessionOptions* options, int threads)) \
  ENTRY(25, SetInterOpNumThreads, 1, OrtStatus*, (OrtSessionOptions* options, int threads)) \
  ENTRY(30, SessionGetInputCount, 1, OrtStatus*, (const OrtSession* session, size_t* out)) \
  ENTRY(31, SessionGetOutputCount, 1, OrtStatus*, (const OrtSession* session, size_t* out)) \
  ENTRY(33, SessionGetInputTypeInfo, 1, OrtStatus*, (const OrtSession* session, size_t index, OrtTypeInfo** out)) \
  ENTRY(34, SessionGetOutputTypeInfo, 1, OrtStatus*, (const OrtSession* session, size_t index, OrtTypeInfo** out)) \
  ENTRY(36, SessionGetInputName, 1, OrtStatus*, (const OrtSession* session, size_t index, OrtAllocator* allocator, char** out)) \
  ENTRY(37, SessionGetOutputName, 1, OrtStatus*, (const OrtSession* session, size_t index, OrtAllocator* allocator, char** out)) \
  ENTRY(39, CreateRunOptions, 1, OrtStatus*, (OrtRunOptions** out)) \
  ENTRY(48, CreateTensorAsOrtValue, 1, OrtStatus*, (OrtAllocator* allocator, const int64_t* shape, size_t rank, int type, OrtValue** out)) \
  ENTRY(49, CreateTensorWithDataAsOrtValue, 1, OrtStatus*, (const OrtMemoryInfo* memory, void* data, size_t bytes, const int64_t* shape, size_t rank, int type, OrtValue** out)) \
  ENTRY(50, IsTensor, 1, OrtStatus*, (const OrtValue* value, int* out)) \
  ENTRY(51, GetTensorMutableData, 1, OrtStatus*, (OrtValue* value, void** out)) \
  ENTRY(55, CastTypeInfoToTensorInfo, 1, OrtStatus*, (const OrtTypeInfo* info, const OrtTensorTypeAndShapeInfo** out)) \
  ENTRY(56, GetOnnxTypeFromTypeInfo, 1, OrtStatus*, (const OrtTypeInfo* info, ValueType* out)) \
  ENTRY(60, GetTensorElementType, 1, OrtStatus*, (const OrtTensorTypeAndShapeInfo* info, int* out)) \
  ENTRY(61, GetDimensionsCount, 1, OrtStatus*, (const OrtTensorTypeAndShapeInfo* info, size_t* out)) \
  ENTRY(62, GetDimensions, 1, OrtStatus*, (const OrtTensorTypeAndShapeInfo* info, int64_t* out, size_t rank)) \
  ENTRY(63, GetSymbolicDimensions, 1, OrtStatus*, (const OrtTensorTypeAndShapeInfo* info, const char** out, size_t rank)) \
  ENTRY(65, GetTensorTypeAndShape, 1, OrtStatus*, (const OrtValue* value, OrtTensorTypeAndShapeInfo** out)) \
  ENTRY(68, CreateMemoryInfo, 1, OrtStatus*, (const char* name, AllocatorType type, int id, MemoryType memory, OrtMemoryInfo** out)) \
  ENTRY(69, CreateCpuMemoryInfo, 1, OrtStatus*, (AllocatorType type, MemoryType memory, OrtMemoryInfo** out)) \
  ENTRY(71, MemoryInfoGetName, 1, OrtStatus*, (const OrtMemoryInfo* memory, const char** out)) \
  ENTRY(76, AllocatorFree, 1, OrtStatus*, (OrtAllocator* allocator, void* pointer)) \
  ENTRY(78, GetAllocatorWithDefaultOptions, 1, OrtStatus*, (OrtAllocator** out)) \
  ENTRY(93, ReleaseStatus, 1, void, (OrtStatus* status)) \
  ENTRY(94, ReleaseMemoryInfo, 1, void, (OrtMemoryInfo* memory)) \
  ENTRY(95, ReleaseSession, 1, void, (OrtSession* session)) \
  ENTRY(96, ReleaseValue, 1, void, (OrtValue* value)) \
  ENTRY(97, ReleaseRunOptions, 1, void, (OrtRunOptions* options)) \
  ENTRY(98, ReleaseTypeInfo, 1, void, (OrtTypeInfo* info)) \
  ENTRY(99, ReleaseTensorTypeAndShapeInfo, 1, void, (OrtTensorTypeAndShapeInfo* info)) \
  ENTRY(100, ReleaseSessionOptions, 1, void, (OrtSessionOptions* options)) \
  ENTRY(110, SessionEndProfiling, 2, OrtStatus*, (OrtSession* session, OrtAllocator* allocator, char** out)) \
  ENTRY(124, AddFreeDimensionOverrideByName, 3, OrtStatus*, (OrtSessionOptions* options, const char* name, int64_t size)) \
  ENTRY(125, GetAvailableProviders, 4, OrtStatus*, (char*** out, int* count)) \
  ENTRY(126, ReleaseAvailableProviders, 4, OrtStatus*, (char** names, int count)) \
  ENTRY(130, AddSessionConfigEntry, 5, OrtStatus*, (OrtSessionOptions* options, const char* key, const char* value)) \
  ENTRY(131, CreateAllocator, 5, OrtStatus*, (const OrtSession* session, const OrtMemoryInfo* memory, OrtAllocator** out)) \
  ENTRY(132, ReleaseAllocator, 5, void, (OrtAllocator* allocator)) \
  ENTRY(133, RunWithBinding, 5, OrtStatus*, (OrtSession* session, const OrtRunOptions* options, const OrtIoBinding* binding)) \
  ENTRY(134, CreateIoBinding, 5, OrtStatus*, (OrtSession* session, OrtIoBinding** out)) \
  ENTRY(135, ReleaseIoBinding, 5, void, (OrtIoBinding* binding)) \
  ENTRY(136, BindInput, 5, OrtStatus*, (OrtIoBinding* binding, const char* name, const OrtValue* value)) \
  ENTRY(138, BindOutputToDevice, 5, OrtStatus*, (OrtIoBinding* binding, const char* name, const OrtMemoryInfo* memory)) \
  ENTRY(140, GetBoundOutputValues, 5, OrtStatus*, (const OrtIoBinding* binding, OrtAllocator* allocator, OrtValue*** out, size_t* count)) \
  ENTRY(165, AddRunConfigEntry, 8, OrtStatus*, (OrtRunOptions* options, const char* key, const char* value)) \
  ENTRY(170, SessionOptionsAppendExecutionProvider_TensorRT_V2, 9, OrtStatus*, (OrtSessionOptions* options, const OrtTensorRTProviderOptionsV2* provider)) \
  ENTRY(171, CreateTensorRTProviderOptions, 9, OrtStatus*, (OrtTensorRTProviderOptionsV2** out)) \
  ENTRY(172, UpdateTensorRTProviderOptions, 9, OrtStatus*, (OrtTensorRTProviderOptionsV2* provider, const char* const* keys, const char* const* values, size_t count)) \
  ENTRY(174, ReleaseTensorRTProviderOptions, 9, void, (OrtTensorRTProviderOptionsV2* provider)) \
  ENTRY(194, GetTensorMemoryInfo, 10, OrtStatus*, (const OrtValue* value, const OrtMemoryInfo** out)) \
  ENTRY(202, SynchronizeBoundInputs, 10, OrtStatus*, (OrtIoBinding* binding)) \
  ENTRY(203, SynchronizeBoundOutputs, 10, OrtStatus*, (OrtIoBinding* binding)) \
  ENTRY(204, SessionOptionsAppendExecutionProvider_CUDA_V2, 11, OrtStatus*, (OrtSessionOptions* options, const OrtCUDAProviderOptionsV2* provider)) \
  ENTRY(205, CreateCUDAProviderOptions, 11, OrtStatus*, (OrtCUDAProviderOptionsV2** out)) \
  ENTRY(206, UpdateCUDAProviderOptions, 11, OrtStatus*, (OrtCUDAProviderOptionsV2* provider, const char* const* keys, const char* const* values, size_t count)) \
  ENTRY(208, ReleaseCUDAProviderOptions, 11, void, (OrtCUDAProviderOptionsV2* provider)) \
  ENTRY(210, AddExternalInitializers, 12, OrtStatus*, (OrtSessionOptions* options, const char* const* names, const OrtValue* const* values, size_t count)) \
  ENTRY(216, SessionOptionsAppendExecutionProvider, 12, OrtStatus*, (OrtSessionOptions* options, const char* name, const char* const* keys, const char* const* values, size_t count)) \
  ENTRY(225, MemoryInfoGetDeviceType, 14, void, (const OrtMemoryInfo* memory, DeviceType* out)) \
  ENTRY(254, GetBuildInfoString, 15, const char*, ()) \
  ENTRY(298, GetKeyValuePairs, 22, void, (const OrtKeyValuePairs* pairs, const char* const** keys, const char* const** values, size_t* count)) \
  ENTRY(300, ReleaseKeyValuePairs, 22, void, (OrtKeyValuePairs* pairs)) \
  ENTRY(301, RegisterExecutionProviderLibrary, 22, OrtStatus*, (OrtEnv* env, const char* name, const PathChar* path)) \
  ENTRY(303, GetEpDevices, 22, OrtStatus*, (const OrtEnv* env, const OrtEpDevice* const** out, size_t* count)) \
  ENTRY(304, SessionOptionsAppendExecutionProvider_V2, 22, OrtStatus*, (OrtSessionOptions* options, OrtEnv* env, const OrtEpDevice* const* devices, size_t device_count, const char* const* keys, const char* const* values, size_t count)) \
  ENTRY(307, HardwareDevice_Type, 22, int, (const OrtHardwareDevice* device)) \
  ENTRY(309, HardwareDevice_Vendor, 22, const char*, (const OrtHardwareDevice* device)) \
  ENTRY(310, HardwareDevice_DeviceId, 22, uint32_t, (const OrtHardwareDevice* device)) \
  ENTRY(312, EpDevice_EpName, 22, const char*, (const OrtEpDevice* device)) \
  ENTRY(313, EpDevice_EpVendor, 22, const char*, (const OrtEpDevice* device)) \
  ENTRY(316, EpDevice_Device, 22, const OrtHardwareDevice*, (const OrtEpDevice* device)) \
  ENTRY(319, AllocatorGetStats, 23, OrtStatus*, (const OrtAllocator* allocator, OrtKeyValuePairs** out)) \
  ENTRY(381, SessionGetMemoryInfoForOutputs, 23, OrtStatus*, (const OrtSession* session, const OrtMemoryInfo** out, size_t count)) \
  ENTRY(407, Session_GetEpGraphAssignmentInfo, 24, OrtStatus*, (const OrtSession* session, const OrtEpAssignedSubgraph* const** out, size_t* count)) \
  ENTRY(408, EpAssignedSubgraph_GetEpName, 24, OrtStatus*, (const OrtEpAssignedSubgraph* subgraph, const char** out)) \
  ENTRY(409, EpAssignedSubgraph_GetNodes, 24, OrtStatus*, (const OrtEpAssignedSubgraph* subgraph, const OrtEpAssignedNode* const** out, size_t* count)) \
  ENTRY(410, EpAssignedNode_GetName, 24, OrtStatus*, (const OrtEpAssignedNode* node, const char** out)) \
  ENTRY(411, EpAssignedNode_GetDomain, 24, OrtStatus*, (const OrtEpAssignedNode* node, const char** out)) \
  ENTRY(412, EpAssignedNode_GetOperatorType, 24, OrtStatus*, (const OrtEpAssignedNode* node, const char** out)) \
  ENTRY(415, RunOptionsEnableProfiling, 25, OrtStatus*, (OrtRunOptions* options, const PathChar* prefix))
// clang-format on

/// The entries as members, null where the library is too old to have them.
struct Api {
#define HFBENCH_ORT_MEMBER(index, name, since, result, parameters) result(HFBENCH_ORT_CALL* name) parameters = nullptr;
  HFBENCH_ORT_ENTRIES(HFBENCH_ORT_MEMBER)
#undef HFBENCH_ORT_MEMBER
};

/// Reads the entries of `table` that a library of API version `version` has.
Api ReadTable(const void* table, uint32_t version);

}  // namespace hfbench::ort
