#include "binding/ort/host_run.h"

namespace hfbench::ort {

HostRun::HostRun(const Api& api, OrtSession* session, const std::vector<BoundInput>& inputs,
                 const std::vector<std::string>& output_names)
    : api_(api),
      session_(session),
      names_(output_names),
      outputs_(output_names.size()),
      options_(api.ReleaseRunOptions),
      failure_(api.ReleaseStatus) {
  Check(api_, api_.CreateRunOptions(options_.out()));
  // A captured graph replays with the addresses of its bindings, which these runs do not have.
  Check(api_, api_.AddRunConfigEntry(options_.get(), "gpu_graph_id", "-1"));
  for (const BoundInput& input : inputs) {
    input_names_.push_back(input.name.c_str());
    inputs_.push_back(input.value.get());
  }
  for (const std::string& name : names_) output_names_.push_back(name.c_str());
}

bool HostRun::Run(void* self) {
  auto* const run = static_cast<HostRun*>(self);
  OrtStatus* const status =
      run->api_.Run(run->session_, run->options_.get(), run->input_names_.data(), run->inputs_.data(),
                    run->inputs_.size(), run->output_names_.data(), run->output_names_.size(), run->outputs_.data());
  for (OrtValue*& output : run->outputs_) {
    if (output != nullptr) run->api_.ReleaseValue(output);
    output = nullptr;
  }
  if (status != nullptr) *run->failure_.out() = status;
  return status == nullptr;
}

void HostRun::ThrowFailure() { ThrowKept(api_, &failure_); }

}  // namespace hfbench::ort
