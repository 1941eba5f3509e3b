#include "binding/ort/generation.h"

#include "binding/ort/element_type.h"

namespace hfbench::ort {

Generation::Generation(const Api& api, std::unique_ptr<IoBinding> binding,
                       std::vector<std::pair<size_t, std::string>> states, GenerationPlan plan, OrtAllocator* host,
                       const OrtMemoryInfo* cpu)
    : api_(api), binding_(std::move(binding)), states_(std::move(states)), plan_(std::move(plan)), host_(host) {
  // A captured graph would replay the addresses of the run that it was captured in.
  binding_->AvoidGraphCapture();
  values_.resize(plan_.runs - 1);
  for (size_t run = 0; run < values_.size(); ++run) {
    for (StepInput& step : plan_.steps) {
      std::vector<int64_t> shape = step.shape;
      if (step.grows >= 0) shape[static_cast<size_t>(step.grows)] += static_cast<int64_t>(run);
      const size_t element = FindElementType(step.type)->bytes;
      size_t bytes = element;
      for (const int64_t size : shape) bytes *= static_cast<size_t>(size);
      Handle<OrtValue> value(api_.ReleaseValue);
      Check(api_, api_.CreateTensorWithDataAsOrtValue(cpu, step.data.data() + run * step.stride * element, bytes,
                                                      shape.data(), shape.size(), step.type, value.out()));
      values_[run].push_back(std::move(value));
    }
  }
}

bool Generation::Prepare(void* self) {
  auto* const generation = static_cast<Generation*>(self);
  if (generation->run_++ == 0) return true;
  try {
    generation->Carry();
    return true;
  } catch (...) {
    generation->failure_ = std::current_exception();
    return false;
  }
}

void Generation::Carry() {
  const std::vector<Handle<OrtValue>> outputs = binding_->Outputs(host_);
  for (const auto& [output, input] : states_) binding_->SetInput(input, outputs[output].get());
  // Otherwise the run would write its states over those that it reads, and the other outputs may have another size now.
  for (size_t output = 0; output < outputs.size(); ++output) binding_->RenewOutput(output);
  const std::vector<Handle<OrtValue>>& values = values_[run_ - 2];
  for (size_t i = 0; i < values.size(); ++i) binding_->SetInput(plan_.steps[i].name, values[i].get());
  binding_->SynchronizeInputs();
}

void Generation::ThrowFailure() {
  binding_->ThrowFailure();
  if (failure_) std::rethrow_exception(failure_);
}

size_t Generation::StateBytes() const {
  if (!binding_->has_run()) return 0;
  const std::vector<Handle<OrtValue>> outputs = binding_->Outputs(host_);
  size_t bytes = 0;
  for (const auto& state : states_) bytes += FactsOf(api_, outputs[state.first].get()).bytes;
  return bytes;
}

}  // namespace hfbench::ort
