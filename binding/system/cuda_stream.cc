#include "binding/system/cuda_stream.h"

#include <cmath>

#include "binding/system/dynamic_library.h"

namespace hfbench::system {
namespace {

// Facts of cuda.h (CUDA driver API 12): names, signatures and numbers. `_v2` is what the header's plain names mean.
#if defined(_WIN32)
#define HFBENCH_CUDA_CALL __stdcall
constexpr const char* kLibrary = "nvcuda.dll";
#else
#define HFBENCH_CUDA_CALL
constexpr const char* kLibrary = "libcuda.so.1";
#endif
constexpr int kSuccess = 0;
constexpr unsigned kNonBlocking = 1;  // CU_STREAM_NON_BLOCKING: not held up by work in the default stream
constexpr unsigned kTimedEvent = 0;   // CU_EVENT_DEFAULT

struct Driver {
  int(HFBENCH_CUDA_CALL* init)(unsigned flags);
  int(HFBENCH_CUDA_CALL* error_name)(int error, const char** out);
  int(HFBENCH_CUDA_CALL* device)(int* out, int ordinal);
  int(HFBENCH_CUDA_CALL* retain)(void** context, int device);
  int(HFBENCH_CUDA_CALL* release)(int device);
  int(HFBENCH_CUDA_CALL* push)(void* context);
  int(HFBENCH_CUDA_CALL* pop)(void** context);
  int(HFBENCH_CUDA_CALL* new_stream)(void** stream, unsigned flags);
  int(HFBENCH_CUDA_CALL* delete_stream)(void* stream);
  int(HFBENCH_CUDA_CALL* new_event)(void** event, unsigned flags);
  int(HFBENCH_CUDA_CALL* delete_event)(void* event);
  int(HFBENCH_CUDA_CALL* record)(void* event, void* stream);
  int(HFBENCH_CUDA_CALL* wait)(void* event);
  int(HFBENCH_CUDA_CALL* elapsed)(float* milliseconds, void* begin, void* end);
};

/// Null where it cannot be used: unlike NVML's, all of these functions are needed.
const Driver* Library() {
  static const Driver* const loaded = []() -> const Driver* {
    const DynamicLibrary library("HFBENCH_CUDA", kLibrary);
    if (!library) return nullptr;
    static Driver driver;
    bool whole = true;
    const auto find = [&](auto& function, const char* name) {
      library.Find(function, name);
      whole = whole && function != nullptr;
    };
    find(driver.init, "cuInit");
    find(driver.error_name, "cuGetErrorName");
    find(driver.device, "cuDeviceGet");
    find(driver.retain, "cuDevicePrimaryCtxRetain");
    find(driver.release, "cuDevicePrimaryCtxRelease_v2");
    find(driver.push, "cuCtxPushCurrent_v2");
    find(driver.pop, "cuCtxPopCurrent_v2");
    find(driver.new_stream, "cuStreamCreate");
    find(driver.delete_stream, "cuStreamDestroy_v2");
    find(driver.new_event, "cuEventCreate");
    find(driver.delete_event, "cuEventDestroy_v2");
    find(driver.record, "cuEventRecord");
    find(driver.wait, "cuEventSynchronize");
    find(driver.elapsed, "cuEventElapsedTime");
    return whole && driver.init(0) == kSuccess ? &driver : nullptr;
  }();
  return loaded;
}

}  // namespace

std::unique_ptr<CudaStream> CudaStream::Open(int device) {
  if (Library() == nullptr) return nullptr;
  std::unique_ptr<CudaStream> stream(new CudaStream);
  return stream->Make(device) ? std::move(stream) : nullptr;
}

bool CudaStream::Make(int device) {
  const Driver& driver = *Library();
  return Succeeds(driver.device(&device_, device)) && Succeeds(driver.retain(&context_, device_)) &&
         Call(driver.new_stream, &stream_, kNonBlocking) && Call(driver.new_event, &begin_, kTimedEvent) &&
         Call(driver.new_event, &end_, kTimedEvent);
}

CudaStream::~CudaStream() {
  const Driver& driver = *Library();
  if (begin_ != nullptr) Call(driver.delete_event, begin_);
  if (end_ != nullptr) Call(driver.delete_event, end_);
  if (stream_ != nullptr) Call(driver.delete_stream, stream_);
  if (context_ != nullptr) driver.release(device_);
}

bool CudaStream::Succeeds(int result) {
  if (result == kSuccess) return true;
  const char* name = nullptr;
  if (Library()->error_name(result, &name) != kSuccess || name == nullptr) name = "an error without a name";
  error_ = name;
  return false;
}

template <class Function, class... Arguments>
bool CudaStream::Call(Function function, Arguments... arguments) {
  const Driver& driver = *Library();
  if (!Succeeds(driver.push(context_))) return false;
  const bool ok = Succeeds(function(arguments...));
  void* popped = nullptr;
  return Succeeds(driver.pop(&popped)) && ok;
}

bool CudaStream::Begin() { return Call(Library()->record, begin_, stream_); }

bool CudaStream::End() { return Call(Library()->record, end_, stream_); }

std::optional<int64_t> CudaStream::WaitNs() {
  float milliseconds = 0;
  if (!Call(Library()->wait, end_) || !Call(Library()->elapsed, &milliseconds, begin_, end_)) return std::nullopt;
  return static_cast<int64_t>(std::llround(static_cast<double>(milliseconds) * 1e6));
}

}  // namespace hfbench::system
