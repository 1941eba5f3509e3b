#include "binding/sampler/clock.h"

#include <algorithm>
#include <array>

#if defined(_WIN32)
#include <windows.h>
#else
#include <time.h>
#endif

namespace hfbench::sampler {

int64_t ProcessCpuNs() {
#if defined(_WIN32)
  FILETIME created, exited, kernel, user;
  if (!GetProcessTimes(GetCurrentProcess(), &created, &exited, &kernel, &user)) return 0;
  const auto ns = [](const FILETIME& t) {
    return static_cast<int64_t>((static_cast<uint64_t>(t.dwHighDateTime) << 32 | t.dwLowDateTime) * 100);
  };
  return ns(kernel) + ns(user);
#else
  timespec t = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
#endif
}

ClockInfo MeasureClock() {
  constexpr int kBatches = 201, kReads = 64;
  std::array<double, kBatches> costs;
  int64_t step = INT64_MAX;
  for (double& cost : costs) {
    const int64_t begin = NowNs();
    int64_t last = begin;
    for (int i = 0; i < kReads; ++i) {
      const int64_t now = NowNs();
      if (now > last) step = std::min(step, now - last);
      last = now;
    }
    cost = static_cast<double>(last - begin) / kReads;
  }
  // A clock coarser than a batch shows no step in it: wait for one.
  for (const int64_t begin = NowNs(); step == INT64_MAX;) {
    const int64_t now = NowNs();
    if (now > begin) step = now - begin;
  }
  std::nth_element(costs.begin(), costs.begin() + kBatches / 2, costs.end());
#if defined(_WIN32)
  const char* source = "QueryPerformanceCounter";
#elif defined(__APPLE__)
  const char* source = "std::chrono::steady_clock";
#else
  const char* source = "clock_gettime(CLOCK_MONOTONIC)";
#endif
  return {source, costs[kBatches / 2], static_cast<double>(step)};
}

}  // namespace hfbench::sampler
