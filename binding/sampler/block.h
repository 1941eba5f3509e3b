// A block of samples: the timed loop.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "binding/sampler/worker.h"

namespace hfbench::sampler {

/// One run of what is measured; false if it failed, with the reason left in the context.
struct Work {
  bool (*run)(void* context);
  void* context;
};

struct Block {
  std::vector<int64_t> durations_ns;
  int64_t wall_ns = 0;  // first start to last end
  int64_t cpu_ns = 0;   // processor time of the whole process meanwhile, by all its threads
};

/// Runs `work` `count` times on the calling thread, fewer if `cancel` is set or a run fails. Between the two clock
/// readings of a sample there is the run and nothing else: no allocation, lock, log or system call of ours.
Block RunBlock(const Work& work, size_t count, const std::atomic<bool>& cancel);

/// The same where every run has to be made ready for, outside its sample but within the block's wall time. A `prepare`
/// that fails ends the block as a failed run does.
Block RunPrepared(const Work& prepare, const Work& work, size_t count, const std::atomic<bool>& cancel);

/// The same with several streams that run at the same time: streams[0] on the calling thread, streams[i] on helpers[i -
/// 1]. `count` is the number of runs of all streams together; durations are in the order of the starts.
Block RunStreams(const std::vector<Work>& streams, const std::vector<std::unique_ptr<Worker>>& helpers, size_t count,
                 const std::atomic<bool>& cancel);

}  // namespace hfbench::sampler
