// A generation: runs of one session that each go on where the one before ended. What a run gives as a state is handed
// to the next one as it lies, on the device or on the host: the binding takes the value over, nothing is copied.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "binding/ort/io_binding.h"

namespace hfbench::ort {

/// An output whose value becomes an input.
struct Link {
  std::string output, input;
};

/// An input that is another one in every run after the first. Its values of all runs lie in `data` one after another,
/// `stride` elements apart; with a stride of 0 each run reads from the front, which suits masks that only grow.
struct StepInput {
  std::string name;
  int type;                    // ONNXTensorElementDataType
  std::vector<int64_t> shape;  // in the second run
  int grows = -1;              // axis that is one longer in every further run; -1: none
  uint64_t stride = 0;
  std::vector<uint8_t> data;
};

struct GenerationPlan {
  std::vector<Link> states;
  std::vector<StepInput> steps;
  size_t runs = 1;  // the first, which takes the inputs as they are bound, and those after it
};

class Generation {
 public:
  /// @param states as indices into the outputs and names of inputs; `plan` has been checked against the session
  Generation(const Api& api, std::unique_ptr<IoBinding> binding, std::vector<std::pair<size_t, std::string>> states,
             GenerationPlan plan, OrtAllocator* host, const OrtMemoryInfo* cpu);

  /// For the sampler, in turn: makes the binding ready for the next run; runs it.
  sampler::Work AsPreparation() { return {Prepare, this}; }
  sampler::Work AsWork() { return binding_->AsWork(); }
  /// Throws what went wrong in either.
  void ThrowFailure();
  /// Bytes of the states that the last run gave; 0 before the first.
  size_t StateBytes() const;
  IoBinding& binding() { return *binding_; }

 private:
  static bool Prepare(void* self);
  void Carry();

  const Api& api_;
  std::unique_ptr<IoBinding> binding_;
  std::vector<std::pair<size_t, std::string>> states_;
  GenerationPlan plan_;  // its data are what the values below read
  OrtAllocator* host_;
  std::vector<std::vector<Handle<OrtValue>>> values_;  // of the step inputs, by run after the first
  std::exception_ptr failure_;
  size_t run_ = 0;
};

}  // namespace hfbench::ort
