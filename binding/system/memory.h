// Memory of this process and speed of the machine's memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hfbench::system {

struct MemoryUse {
  uint64_t current_bytes;  // resident now; 0 where the system does not tell
  uint64_t peak_bytes;     // most that was resident since the process started; 0 where the system does not tell
};
MemoryUse ProcessMemory();

size_t PageBytes();

/// Bytes per second, best of `rounds`. As in STREAM (McCalpin 1995), what a kernel reads and writes counts once each.
struct Bandwidth {
  double read, copy, triad;  // sum of a; b = a; c = a + s * b in float64
};

/// Runs the kernels on `threads` threads (0: all cores) over arrays of `bytes` each, which should be several times the
/// last level cache; needs three of them. Throws std::bad_alloc.
Bandwidth MeasureBandwidth(size_t bytes, size_t threads, int rounds);

}  // namespace hfbench::system
