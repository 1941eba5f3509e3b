#include "binding/ort/device_run.h"

#include <optional>
#include <stdexcept>

#include "binding/sampler/clock.h"

namespace hfbench::ort {

sampler::Block RunTimedByDevice(IoBinding& binding, system::CudaStream& stream, size_t count,
                                const std::atomic<bool>& cancel) {
  sampler::Block block;
  block.durations_ns.reserve(count);
  const sampler::Work work = binding.AsWork();
  binding.SetWaiting(false);
  const int64_t cpu = sampler::ProcessCpuNs(), first = sampler::NowNs();
  bool ran = true, timed = true;
  while (ran && timed && block.durations_ns.size() < count && !cancel.load(std::memory_order_relaxed)) {
    const bool began = stream.Begin();
    ran = work.run(work.context);
    const std::optional<int64_t> duration = began && stream.End() ? stream.WaitNs() : std::nullopt;
    timed = duration.has_value();
    if (ran && timed) block.durations_ns.push_back(*duration);
  }
  block.wall_ns = sampler::NowNs() - first;
  block.cpu_ns = sampler::ProcessCpuNs() - cpu;
  binding.SetWaiting(true);
  if (!ran) binding.ThrowFailure();
  if (!timed) throw std::runtime_error("events of the device: the CUDA driver reports " + stream.error());
  return block;
}

}  // namespace hfbench::ort
