#include "binding/system/nvml.h"

#include <type_traits>

#include "binding/system/dynamic_library.h"

namespace hfbench::system {
namespace {

// Facts of nvml.h (NVIDIA management library, driver 550): names, signatures and numbers.
using Device = void*;
constexpr int kSuccess = 0, kSmClock = 1, kGpuSensor = 0;
constexpr unsigned kTextBytes = 96;
struct Memory {
  unsigned long long total, free, used;
};

#if defined(_WIN32)
constexpr const char* kLibrary = "nvml.dll";
#else
constexpr const char* kLibrary = "libnvidia-ml.so.1";
#endif

/// Functions that an older driver lacks are null.
struct Nvml {
  int (*init)();
  int (*driver)(char* text, unsigned bytes);
  int (*count)(unsigned* out);
  int (*handle)(unsigned index, Device* out);
  int (*name)(Device device, char* text, unsigned bytes);
  int (*clock)(Device device, int type, unsigned* out);
  int (*temperature)(Device device, int sensor, unsigned* out);
  int (*power)(Device device, unsigned* out);
  int (*energy)(Device device, unsigned long long* out);
  int (*throttle)(Device device, unsigned long long* out);
  int (*memory)(Device device, Memory* out);
};

/// Loaded once and never closed, as the driver may have threads of its own. Null where it cannot be used.
const Nvml* Library() {
  static const Nvml* const loaded = []() -> const Nvml* {
    const DynamicLibrary library("HFBENCH_NVML", kLibrary);
    if (!library) return nullptr;
    static Nvml nvml;
    library.Find(nvml.init, "nvmlInit_v2");
    library.Find(nvml.driver, "nvmlSystemGetDriverVersion");
    library.Find(nvml.count, "nvmlDeviceGetCount_v2");
    library.Find(nvml.handle, "nvmlDeviceGetHandleByIndex_v2");
    library.Find(nvml.name, "nvmlDeviceGetName");
    library.Find(nvml.clock, "nvmlDeviceGetClockInfo");
    library.Find(nvml.temperature, "nvmlDeviceGetTemperature");
    library.Find(nvml.power, "nvmlDeviceGetPowerUsage");
    library.Find(nvml.energy, "nvmlDeviceGetTotalEnergyConsumption");
    library.Find(nvml.throttle, "nvmlDeviceGetCurrentClocksThrottleReasons");
    library.Find(nvml.memory, "nvmlDeviceGetMemoryInfo");
    const bool usable = nvml.init != nullptr && nvml.count != nullptr && nvml.handle != nullptr;
    return usable && nvml.init() == kSuccess ? &nvml : nullptr;
  }();
  return loaded;
}

template <class Number, class Function, class... Arguments>
std::optional<Number> Ask(Function function, Arguments... arguments) {
  std::conditional_t<sizeof(Number) == 4, unsigned, unsigned long long> value = 0;
  if (function == nullptr || function(arguments..., &value) != kSuccess) return std::nullopt;
  return static_cast<Number>(value);
}

template <class Function, class... Arguments>
std::string AskText(Function function, Arguments... arguments) {
  char text[kTextBytes] = "";
  if (function == nullptr || function(arguments..., text, kTextBytes) != kSuccess) return "";
  text[kTextBytes - 1] = 0;
  return text;
}

}  // namespace

std::optional<GpuReadings> ReadNvidiaGpus() {
  const Nvml* const nvml = Library();
  unsigned count = 0;
  if (nvml == nullptr || nvml->count(&count) != kSuccess) return std::nullopt;
  GpuReadings readings{AskText(nvml->driver), {}};
  for (unsigned index = 0; index < count; ++index) {
    GpuReading gpu;
    Device device = nullptr;
    // A GPU that is lost keeps its place, so that indices stay true.
    if (nvml->handle(index, &device) == kSuccess) {
      gpu.name = AskText(nvml->name, device);
      gpu.sm_clock_mhz = Ask<uint32_t>(nvml->clock, device, kSmClock);
      gpu.temperature_c = Ask<uint32_t>(nvml->temperature, device, kGpuSensor);
      gpu.power_mw = Ask<uint32_t>(nvml->power, device);
      gpu.energy_mj = Ask<uint64_t>(nvml->energy, device);
      gpu.throttle_reasons = Ask<uint64_t>(nvml->throttle, device);
      Memory memory{};
      if (nvml->memory != nullptr && nvml->memory(device, &memory) == kSuccess) {
        gpu.memory_used_bytes = memory.used;
        gpu.memory_total_bytes = memory.total;
      }
    }
    readings.gpus.push_back(std::move(gpu));
  }
  return readings;
}

}  // namespace hfbench::system
