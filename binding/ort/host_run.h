// Runs from host memory to host memory, as an application without bindings makes them.
#pragma once

#include <string>
#include <vector>

#include "binding/ort/io_binding.h"

namespace hfbench::ort {

class HostRun {
 public:
  /// `inputs` are values on the host and outlive this. Throws Error.
  HostRun(const Api& api, OrtSession* session, const std::vector<BoundInput>& inputs,
          const std::vector<std::string>& output_names);

  /// For the sampler: one run with both copies; ONNX Runtime makes the outputs, which are freed within the run.
  sampler::Work AsWork() { return {Run, this}; }
  /// Throws the error of the run that failed, if one did.
  void ThrowFailure();

 private:
  static bool Run(void* self);

  const Api& api_;
  OrtSession* session_;
  std::vector<std::string> names_;
  std::vector<const char*> input_names_, output_names_;
  std::vector<const OrtValue*> inputs_;
  std::vector<OrtValue*> outputs_;
  Handle<OrtRunOptions> options_;
  Handle<OrtStatus> failure_;
};

}  // namespace hfbench::ort
