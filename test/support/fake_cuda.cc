// A CUDA driver of one device for tests. Every event stands 3 ms behind the one before on the device's clock. As
// HFBENCH_FAKE_CUDA says: 'no-init', 'no-device', 'no-context', 'no-stream', 'lost' (events fail once they are
// recorded), 'crash' (the process ends when one is).
#include <cstdlib>
#include <cstring>

#include "test/support/exported.h"

#define FAKE EXPORTED int

namespace {
constexpr int kInvalidValue = 1, kNotInitialized = 3, kNoDevice = 100, kInvalidDevice = 101, kInvalidContext = 201,
              kLaunchFailed = 719;
int depth = 0;
float now_ms = 0;
struct Event {
  float at_ms = -1;
};
int context, stream;

bool Mode(const char* mode) {
  const char* const set = std::getenv("HFBENCH_FAKE_CUDA");
  return set != nullptr && std::strcmp(set, mode) == 0;
}
/// Most calls need a context on the thread.
int InContext(int otherwise) { return depth > 0 ? otherwise : kInvalidContext; }
}  // namespace

FAKE cuInit(unsigned) { return Mode("no-init") ? kNotInitialized : 0; }
FAKE cuGetErrorName(int error, const char** out) {
  *out = error == kLaunchFailed ? "CUDA_ERROR_LAUNCH_FAILED" : "CUDA_ERROR_OTHER";
  return 0;
}
FAKE cuDeviceGet(int* out, int ordinal) {
  if (Mode("no-device")) return kNoDevice;
  *out = ordinal;
  return ordinal == 0 ? 0 : kInvalidDevice;
}
FAKE cuDevicePrimaryCtxRetain(void** out, int) {
  if (Mode("no-context")) return kInvalidContext;
  return *out = &context, 0;
}
FAKE cuDevicePrimaryCtxRelease_v2(int) { return 0; }
FAKE cuCtxPushCurrent_v2(void* pushed) { return pushed == &context ? (++depth, 0) : kInvalidContext; }
FAKE cuCtxPopCurrent_v2(void** out) {
  *out = &context;
  return depth-- > 0 ? 0 : kInvalidContext;
}
FAKE cuStreamCreate(void** out, unsigned flags) {
  if (Mode("no-stream")) return kInvalidValue;
  *out = &stream;
  return flags == 1 ? InContext(0) : kInvalidValue;
}
FAKE cuStreamDestroy_v2(void*) { return InContext(0); }
FAKE cuEventCreate(void** out, unsigned flags) {
  *out = new Event;
  return flags == 0 ? InContext(0) : kInvalidValue;
}
FAKE cuEventDestroy_v2(void* event) {
  delete static_cast<Event*>(event);
  return InContext(0);
}
FAKE cuEventRecord(void* event, void* in) {
  if (in != &stream) return kInvalidValue;
  if (Mode("crash")) std::abort();
  static_cast<Event*>(event)->at_ms = now_ms += 3;
  return InContext(0);
}
FAKE cuEventSynchronize(void*) { return Mode("lost") ? kLaunchFailed : InContext(0); }
FAKE cuEventElapsedTime(float* out, void* begin, void* end) {
  *out = static_cast<Event*>(end)->at_ms - static_cast<Event*>(begin)->at_ms;
  return InContext(0);
}
