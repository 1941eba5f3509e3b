// What a session is asked to be.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "binding/ort/handle.h"
#include "binding/ort/library.h"

namespace hfbench::ort {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

/// How a provider is put into the options. ONNX Runtime's generic call does not know CUDA and TensorRT; providers of
/// plugin libraries are chosen by their devices.
enum class ProviderRoute { kGeneric, kCuda, kTensorRt, kDevices };

struct ProviderChoice {
  ProviderRoute route;
  std::string name;
  TextPairs options;
};

struct SessionConfig {
  std::vector<ProviderChoice> providers;           // by priority; the CPU provider comes last by itself
  int intra_op_threads = 0, inter_op_threads = 0;  // 0: ONNX Runtime chooses
  int optimization_level = 99;
  bool spinning = true, memory_pattern = true, cpu_arena = true, denormals_as_zero = false;
  /// Memory that outputs are left in, by ONNX Runtime's name, e.g. "Cuda"; empty: where the session says that it makes
  /// them.
  std::string output_memory;
  int output_device = 0;
  std::optional<std::string> profile_prefix;
  /// Computes in a stream of ours, where CUDA or TensorRT is asked for and a driver is there, so that runs can be timed
  /// by the device.
  bool device_events = false;
  TextPairs entries;  // session config entries
  std::vector<std::pair<std::string, int64_t>> free_dimensions;
};

/// The options object. More than one inter-op thread makes the session run branches in parallel. Throws Error,
/// LibraryError.
Handle<OrtSessionOptions> MakeSessionOptions(Library& library, const SessionConfig& config);

}  // namespace hfbench::ort
