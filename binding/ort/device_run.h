// Runs that the device itself times.
#pragma once

#include <atomic>

#include "binding/ort/io_binding.h"
#include "binding/sampler/block.h"
#include "binding/system/cuda_stream.h"

namespace hfbench::ort {

/// Durations of `count` runs of a session that computes in `stream`, by the device's own clock; fewer once `cancel` is
/// set. Each run is queued between two events and waited for by the second: launching counts as far as the device had
/// to wait for it, waking up the host afterwards does not. Throws Error for a run that fails, std::runtime_error for an
/// error of the driver.
sampler::Block RunTimedByDevice(IoBinding& binding, system::CudaStream& stream, size_t count,
                                const std::atomic<bool>& cancel);

}  // namespace hfbench::ort
