// A management library of one GPU for tests: its energy grows by 5 J with every reading, and it throttles as
// HFBENCH_FAKE_NVML says (a number of bits). It has no memory counter, like a driver that lacks a function.
#include <cstdlib>
#include <cstring>

#include "test/support/exported.h"

#define FAKE EXPORTED int

namespace {
unsigned long long energy = 1000;
int Put(unsigned* out, unsigned value) { return *out = value, 0; }
int PutText(char* out, unsigned bytes, const char* text) { return std::strncpy(out, text, bytes), 0; }
}  // namespace

FAKE nvmlInit_v2() { return 0; }
FAKE nvmlSystemGetDriverVersion(char* text, unsigned bytes) { return PutText(text, bytes, "550.54.15"); }
FAKE nvmlDeviceGetCount_v2(unsigned* out) { return Put(out, 2); }
/// The second GPU has fallen off the bus (NVML_ERROR_GPU_IS_LOST).
FAKE nvmlDeviceGetHandleByIndex_v2(unsigned index, void** out) { return *out = &energy, index == 0 ? 0 : 15; }
FAKE nvmlDeviceGetName(void*, char* text, unsigned bytes) { return PutText(text, bytes, "Fake GPU"); }
FAKE nvmlDeviceGetClockInfo(void*, int type, unsigned* out) { return type == 1 ? Put(out, 1410) : 2; }
FAKE nvmlDeviceGetTemperature(void*, int, unsigned* out) { return Put(out, 61); }
FAKE nvmlDeviceGetPowerUsage(void*, unsigned* out) { return Put(out, 250000); }
FAKE nvmlDeviceGetTotalEnergyConsumption(void*, unsigned long long* out) { return *out = energy += 5000, 0; }
FAKE nvmlDeviceGetCurrentClocksThrottleReasons(void*, unsigned long long* out) {
  const char* const bits = std::getenv("HFBENCH_FAKE_NVML");
  return *out = bits != nullptr ? std::strtoull(bits, nullptr, 0) : 0, 0;
}
