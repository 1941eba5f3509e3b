#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <functional>
#include <vector>

#include "binding/cpu/parallel_for.h"
#include "binding/memory/mapping.h"
#include "binding/system/memory.h"

namespace hfbench::system {
namespace {

using Clock = std::chrono::steady_clock;

/// Keeps a result that is not used from being optimised away.
std::atomic<uint64_t> sink{0};

void Sum(const double* a, size_t count) {
  constexpr size_t kLanes = 32;  // enough independent sums to hide the latency of an addition
  uint64_t sums[kLanes] = {};
  const auto* const words = reinterpret_cast<const unsigned char*>(a);
  for (size_t i = 0; i + kLanes <= count; i += kLanes) {
    uint64_t piece[kLanes];
    std::memcpy(piece, words + i * sizeof(uint64_t), sizeof piece);
    for (size_t lane = 0; lane < kLanes; ++lane) sums[lane] += piece[lane];
  }
  uint64_t total = 0;
  for (const uint64_t sum : sums) total += sum;
  sink.fetch_xor(total, std::memory_order_relaxed);
}

void Triad(const double* a, const double* b, double* c, size_t count) {
  for (size_t i = 0; i < count; ++i) c[i] = a[i] + 0.5 * b[i];
}

}  // namespace

Bandwidth MeasureBandwidth(size_t bytes, size_t threads, int rounds) {
  if (threads == 0) threads = cpu::ThreadCount();
  const size_t count = std::max<size_t>(threads * 64, bytes / sizeof(double));
  std::vector<memory::Mapping> arrays;
  for (int i = 0; i < 3; ++i) arrays.push_back(memory::Mapping::Zeros(count * sizeof(double)));
  auto* const a = reinterpret_cast<double*>(arrays[0].data());
  auto* const b = reinterpret_cast<double*>(arrays[1].data());
  auto* const c = reinterpret_cast<double*>(arrays[2].data());
  const size_t share = (count + threads - 1) / threads;
  // Each thread touches its share first, which places it near that thread's core on machines with several memory nodes.
  cpu::ParallelFor(count, share, threads, [&](size_t begin, size_t end) {
    for (double* array : {a, b, c}) std::fill(array + begin, array + end, 1.0);
  });
  const auto best = [&](size_t arrays, const std::function<void(size_t, size_t)>& kernel) {
    double seconds = 1e300;
    for (int round = 0; round < rounds; ++round) {
      const Clock::time_point begin = Clock::now();
      cpu::ParallelFor(count, share, threads, kernel);
      seconds = std::min(seconds, std::chrono::duration<double>(Clock::now() - begin).count());
    }
    return static_cast<double>(arrays * count * sizeof(double)) / seconds;
  };
  Bandwidth result;
  result.read = best(1, [&](size_t begin, size_t end) { Sum(a + begin, end - begin); });
  result.copy =
      best(2, [&](size_t begin, size_t end) { std::memcpy(b + begin, a + begin, (end - begin) * sizeof(double)); });
  result.triad = best(3, [&](size_t begin, size_t end) { Triad(a + begin, b + begin, c + begin, end - begin); });
  return result;
}

}  // namespace hfbench::system
