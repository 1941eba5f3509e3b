// The end of work that a provider has only queued.
#pragma once

#include <memory>
#include <vector>

#include "binding/ort/io_binding.h"
#include "binding/ort/session_options.h"

namespace hfbench::ort {

/// A session of one element on the same providers whose output is on the host: its run ends when all that was queued on
/// the device before it is done. Needed for WebGPU, whose runs return at submission and which does nothing in
/// SynchronizeBoundOutputs (seen with 1.30: a run of 100 ms "took" 0.3 ms).
class Fence {
 public:
  /// Throws Error, LibraryError.
  Fence(Library& library, const std::vector<ProviderChoice>& providers, const OrtMemoryInfo* cpu);

  /// Throws no exception; a failed wait is kept for `ThrowFailure`.
  bool Wait() { return work_.run(work_.context); }
  void ThrowFailure() { binding_->ThrowFailure(); }
  /// Time of a wait for nothing, nanoseconds: what every sample holds too much. The median of several.
  int64_t CostNs();

 private:
  Handle<OrtSession> session_;
  float one_ = 1;
  std::vector<BoundInput> inputs_;
  std::unique_ptr<IoBinding> binding_;
  sampler::Work work_{};
};

}  // namespace hfbench::ort
