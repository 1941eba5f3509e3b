// The clock that times samples: steady, in nanoseconds.
#pragma once

#include <chrono>
#include <cstdint>

namespace hfbench::sampler {

/// Nanoseconds since some fixed moment; never goes back. std::chrono::steady_clock reads CLOCK_MONOTONIC through the
/// vDSO on Linux and the performance counter on Windows: no system call on the machines that hfbench is for.
inline int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Processor time that all threads of this process have used, in nanoseconds.
int64_t ProcessCpuNs();

struct ClockInfo {
  const char* source;
  double read_ns;        // time of one read
  double resolution_ns;  // smallest step seen between two different readings
};

/// Measures the clock for a few milliseconds: the cost is the median over batches of back-to-back reads.
ClockInfo MeasureClock();

}  // namespace hfbench::sampler
