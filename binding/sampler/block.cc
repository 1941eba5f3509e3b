#include "binding/sampler/block.h"

#include <algorithm>
#include <latch>
#include <thread>

#include "binding/sampler/clock.h"

namespace hfbench::sampler {
namespace {

constexpr int64_t kNotRun = -1;

/// @param prepare called before each run and inlined, so that a block without preparation is the bare loop
template <class Prepare>
Block Loop(Prepare prepare, const Work& work, size_t count, const std::atomic<bool>& cancel) {
  Block block;
  block.durations_ns.resize(count);  // writes zeros, so that no page is touched for the first time inside the loop
  int64_t* const durations = block.durations_ns.data();
  const int64_t cpu = ProcessCpuNs(), first = NowNs();
  int64_t end = first;
  size_t done = 0;
  for (; done < count && !cancel.load(std::memory_order_relaxed) && prepare(); ++done) {
    const int64_t begin = NowNs();
    const bool ok = work.run(work.context);
    end = NowNs();
    if (!ok) break;
    durations[done] = end - begin;
  }
  block.wall_ns = end - first;
  block.cpu_ns = ProcessCpuNs() - cpu;
  block.durations_ns.resize(done);
  return block;
}

}  // namespace

Block RunBlock(const Work& work, size_t count, const std::atomic<bool>& cancel) {
  return Loop([] { return true; }, work, count, cancel);
}

Block RunPrepared(const Work& prepare, const Work& work, size_t count, const std::atomic<bool>& cancel) {
  return Loop([&prepare] { return prepare.run(prepare.context); }, work, count, cancel);
}

Block RunStreams(const std::vector<Work>& streams, const std::vector<std::unique_ptr<Worker>>& helpers, size_t count,
                 const std::atomic<bool>& cancel) {
  Block block;
  block.durations_ns.assign(count, kNotRun);
  std::vector<int64_t> ends(streams.size());
  std::atomic<size_t> next{0}, waiting{0};
  std::atomic<bool> go{false}, failed{false};
  const auto loop = [&](size_t stream) {
    const Work work = streams[stream];
    while (!cancel.load(std::memory_order_relaxed) && !failed.load(std::memory_order_relaxed)) {
      const size_t i = next.fetch_add(1, std::memory_order_relaxed);
      if (i >= count) break;
      const int64_t begin = NowNs();
      const bool ok = work.run(work.context);
      const int64_t end = NowNs();
      ends[stream] = end;
      if (!ok) {
        failed = true;
        break;
      }
      block.durations_ns[i] = end - begin;
    }
  };
  std::latch finished(static_cast<std::ptrdiff_t>(streams.size() - 1));
  for (size_t stream = 1; stream < streams.size(); ++stream) {
    helpers[stream - 1]->Post([&, stream] {
      ++waiting;
      while (!go.load(std::memory_order_acquire)) std::this_thread::yield();
      loop(stream);
      finished.count_down();
    });
  }
  while (waiting.load() + 1 < streams.size()) std::this_thread::yield();  // all start together
  const int64_t cpu = ProcessCpuNs(), first = NowNs();
  go.store(true, std::memory_order_release);
  loop(0);
  finished.wait();
  block.cpu_ns = ProcessCpuNs() - cpu;
  block.wall_ns = std::max<int64_t>(0, *std::max_element(ends.begin(), ends.end()) - first);
  std::erase(block.durations_ns, kNotRun);
  return block;
}

}  // namespace hfbench::sampler
