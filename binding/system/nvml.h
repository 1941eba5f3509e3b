// NVIDIA's management library, loaded at run time: without it there are no readings, and no harm.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hfbench::system {

/// A GPU now. What it does not tell is absent.
struct GpuReading {
  std::string name;
  std::optional<uint32_t> sm_clock_mhz, temperature_c, power_mw;
  std::optional<uint64_t> energy_mj;         // since the driver was loaded
  std::optional<uint64_t> throttle_reasons;  // nvmlClocksThrottleReasons, a bit each
  std::optional<uint64_t> memory_used_bytes, memory_total_bytes;
};

struct GpuReadings {
  std::string driver;
  std::vector<GpuReading> gpus;  // in NVML's order, which is that of the PCI bus
};

/// Nothing where the library is missing or does not start. HFBENCH_NVML names another file. Not for several threads at
/// once.
std::optional<GpuReadings> ReadNvidiaGpus();

}  // namespace hfbench::system
