#include <thread>

#include "binding/sampler/block.h"
#include "binding/sampler/clock.h"
#include "check.h"

namespace hfbench::test {
namespace {

/// Work that counts its runs and fails at one of them.
struct Counter {
  std::atomic<size_t> runs{0};
  size_t fail_at = SIZE_MAX;
  std::atomic<bool>* cancel = nullptr;
  size_t cancel_at = SIZE_MAX;

  static bool Run(void* self) {
    auto* const counter = static_cast<Counter*>(self);
    const size_t run = counter->runs++;
    if (run == counter->cancel_at) *counter->cancel = true;
    return run != counter->fail_at;
  }
  sampler::Work AsWork() { return {Run, this}; }
};

const Add jobs("a worker does its jobs in order and finishes them before it ends", [] {
  std::vector<int> order;
  {
    sampler::Worker worker;
    for (int i = 0; i < 100; ++i) worker.Post([&order, i] { order.push_back(i); });
  }
  CHECK(order.size() == 100);
  for (int i = 0; i < 100; ++i) CHECK(order[static_cast<size_t>(i)] == i);
});

const Add block("a block runs as often as asked for and measures a known sleep", [] {
  Counter counter;
  const std::atomic<bool> never{false};
  CHECK(sampler::RunBlock(counter.AsWork(), 1000, never).durations_ns.size() == 1000 && counter.runs == 1000);
  CHECK(sampler::RunBlock(counter.AsWork(), 0, never).durations_ns.empty());
  const sampler::Work sleep{[](void*) {
                              std::this_thread::sleep_for(std::chrono::milliseconds(2));
                              return true;
                            },
                            nullptr};
  const sampler::Block slept = sampler::RunBlock(sleep, 3, never);
  for (const int64_t ns : slept.durations_ns) CHECK(ns >= 2'000'000);
  CHECK(slept.wall_ns >= 6'000'000);
});

const Add stop("a block ends at a cancel or a failure and keeps what came before", [] {
  std::atomic<bool> cancel{false};
  Counter cancelled;
  cancelled.cancel = &cancel;
  cancelled.cancel_at = 9;
  CHECK(sampler::RunBlock(cancelled.AsWork(), 1000, cancel).durations_ns.size() == 10);
  CHECK(sampler::RunBlock(cancelled.AsWork(), 1000, cancel).durations_ns.empty());
  const std::atomic<bool> never{false};
  Counter failing;
  failing.fail_at = 5;
  CHECK(sampler::RunBlock(failing.AsWork(), 1000, never).durations_ns.size() == 5 && failing.runs == 6);
});

const Add prepared("what is done before a run is in no sample, and a failure of it ends the block", [] {
  const std::atomic<bool> never{false};
  const sampler::Work slow{[](void*) {
                             std::this_thread::sleep_for(std::chrono::milliseconds(5));
                             return true;
                           },
                           nullptr};
  Counter runs;
  const sampler::Block block = sampler::RunPrepared(slow, runs.AsWork(), 3, never);
  CHECK(block.durations_ns.size() == 3 && block.wall_ns >= 15'000'000);
  CHECK(block.durations_ns[0] + block.durations_ns[1] + block.durations_ns[2] <= block.wall_ns - 15'000'000);
  Counter preparations, left;
  preparations.fail_at = 2;
  CHECK(sampler::RunPrepared(preparations.AsWork(), left.AsWork(), 9, never).durations_ns.size() == 2);
  CHECK(left.runs == 2);
});

const Add streams("streams share one count, and stop together", [] {
  constexpr size_t kStreams = 4;
  std::vector<std::unique_ptr<sampler::Worker>> helpers;
  for (size_t i = 1; i < kStreams; ++i) helpers.push_back(std::make_unique<sampler::Worker>());
  const std::atomic<bool> never{false};
  for (const size_t count : {0, 1, 3, 5000}) {
    Counter counter;
    const std::vector<sampler::Work> works(kStreams, counter.AsWork());
    const sampler::Block result = sampler::RunStreams(works, helpers, count, never);
    CHECK(result.durations_ns.size() == count && counter.runs == count);
    for (const int64_t ns : result.durations_ns) CHECK(ns >= 0);
  }
  Counter failing;
  failing.fail_at = 50;
  const std::vector<sampler::Work> works(kStreams, failing.AsWork());
  const sampler::Block result = sampler::RunStreams(works, helpers, 1'000'000, never);
  CHECK(result.durations_ns.size() == failing.runs - 1 && failing.runs < 1'000'000);
});

const Add clock_test("the clock never goes back, and processor time advances with work", [] {
  int64_t last = sampler::NowNs();
  for (int i = 0; i < 100'000; ++i) {
    const int64_t now = sampler::NowNs();
    CHECK(now >= last);
    last = now;
  }
  const int64_t cpu = sampler::ProcessCpuNs();
  const int64_t until = sampler::NowNs() + 50'000'000;
  while (sampler::NowNs() < until) {
  }
  CHECK(sampler::ProcessCpuNs() > cpu);
});

}  // namespace
}  // namespace hfbench::test
