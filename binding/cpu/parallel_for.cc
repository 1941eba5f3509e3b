#include "binding/cpu/parallel_for.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace hfbench::cpu {

size_t ThreadCount() { return std::max<size_t>(1, std::thread::hardware_concurrency()); }

void ParallelFor(size_t count, size_t grain, size_t threads, const std::function<void(size_t, size_t)>& body) {
  if (count == 0) return;
  grain = std::max<size_t>(1, grain);
  const size_t ranges = (count - 1) / grain + 1;
  threads = std::min(threads == 0 ? ThreadCount() : threads, ranges);
  std::atomic<size_t> next{0};
  std::exception_ptr error;
  std::mutex error_lock;
  const auto work = [&] {
    try {
      for (size_t range = next++; range < ranges; range = next++) {
        body(range * grain, std::min(count, range * grain + grain));
      }
    } catch (...) {
      next = ranges;
      const std::lock_guard<std::mutex> hold(error_lock);
      if (!error) error = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  others.reserve(threads - 1);
  try {
    for (size_t i = 1; i < threads; ++i) others.emplace_back(work);
  } catch (const std::system_error&) {
    // A machine out of threads still gets the work done, on those that did start.
  }
  work();
  for (std::thread& other : others) other.join();
  if (error) std::rethrow_exception(error);
}

}  // namespace hfbench::cpu
