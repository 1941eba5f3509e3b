// Splits work over all cores. Threads live for one call: meant for work of a millisecond and more.
#pragma once

#include <cstddef>
#include <functional>

namespace hfbench::cpu {

/// Threads that the process may run at the same time (affinity counted), at least 1.
size_t ThreadCount();

/// Calls body(begin, end) for ranges of at most `grain` items that together cover [0, count), each once, on up to
/// `threads` threads (0: ThreadCount()), the caller's among them. Ranges are handed out as threads become free. The
/// first exception of a body is thrown again here, after all threads have ended.
void ParallelFor(size_t count, size_t grain, size_t threads, const std::function<void(size_t begin, size_t end)>& body);

}  // namespace hfbench::cpu
