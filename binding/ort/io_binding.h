// Inputs and outputs that stay where the provider wants them, run after run.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "binding/ort/handle.h"
#include "binding/ort/status.h"
#include "binding/sampler/block.h"

namespace hfbench::ort {

/// Values of one input, row-major.
struct Feed {
  std::string name;
  int type;  // ONNXTensorElementDataType
  std::vector<int64_t> shape;
  std::vector<uint8_t> data;
  /// Memory of the caller that every run reads, in place of a copy in `data`; null: none. It must outlive the binding.
  uint8_t* shared = nullptr;
  size_t shared_bytes = 0;
};

struct Output {
  std::string name;
  int type;
  std::vector<int64_t> shape;
  std::vector<uint8_t> data;
};

struct BoundInput {
  std::string name;
  Handle<OrtValue> value;
};

class Fence;

/// Throws the error that a run left behind, if one did.
void ThrowKept(const Api& api, Handle<OrtStatus>* failure);
/// Type, shape and size of a tensor's values.
struct TensorFacts {
  int type = 0;  // ONNXTensorElementDataType
  std::vector<int64_t> shape;
  size_t bytes = 0;  // 0 for strings and types that a HostTensor cannot hold
};
TensorFacts FactsOf(const Api& api, const OrtValue* tensor);

class IoBinding {
 public:
  /// Binds the inputs, which a provider with memory of its own copies now, and outputs to the places given.
  IoBinding(const Api& api, OrtSession* session, const std::vector<BoundInput>& inputs,
            const std::vector<std::string>& output_names, const std::vector<const OrtMemoryInfo*>& output_places);
  ~IoBinding();

  const OrtIoBinding* raw() const { return binding_.get(); }
  const OrtRunOptions* raw_options() const { return options_.get(); }
  /// Binds the inputs again: what a provider with memory of its own copied of them may be stale.
  void Refresh(const std::vector<BoundInput>& inputs);
  /// Makes a run end only when the device has done it; with a fence where the provider's own synchronisation does not.
  void AwaitDevice(std::unique_ptr<Fence> fence);
  /// False: runs end when their work is queued, and whoever runs them waits in another way. True at first.
  void SetWaiting(bool waits);
  /// What waiting for the fence alone takes, nanoseconds; 0 without one. Throws Error.
  int64_t FenceCostNs();
  /// For the sampler: one run. A failed run is kept for `ThrowFailure`.
  sampler::Work AsWork() { return {Run, this}; }
  /// Throws the error of the run that failed, if one did.
  void ThrowFailure();
  /// True once a run has succeeded.
  bool has_run() const { return has_run_; }

  /// Replaces the value of an input. Call SynchronizeInputs when all are replaced.
  void SetInput(const std::string& name, const OrtValue* value);
  void SynchronizeInputs();
  /// Lets go of an output's value: the next run makes another, at `place`, instead of writing over it.
  void RenewOutput(size_t index, const OrtMemoryInfo* place);
  void RenewOutput(size_t index) { RenewOutput(index, output_places_[index]); }
  size_t output_count() const { return output_names_.size(); }
  /// Values of the outputs after a run, in the order of the names; they share their memory with the binding's.
  std::vector<Handle<OrtValue>> Outputs(OrtAllocator* host) const;

  /// Makes runs of this binding neither capture nor replay a graph of a provider (CUDA graphs and the like).
  void AvoidGraphCapture();
  /// The outputs of the last run, in the order of the names; values that are no tensors or strings are left out. False
  /// if one lies in memory that the host cannot read. Memory of what `outputs` holds already is used again.
  bool ReadOutputs(OrtAllocator* host, std::vector<Output>* outputs) const;

 private:
  static bool Run(void* self);

  const Api& api_;
  OrtSession* session_;
  std::vector<std::string> output_names_;
  std::vector<const OrtMemoryInfo*> output_places_;
  Handle<OrtRunOptions> options_;
  Handle<OrtIoBinding> binding_;
  OrtStatus*(HFBENCH_ORT_CALL* run_)(OrtSession*, const OrtRunOptions*, const OrtIoBinding*);
  Handle<OrtStatus> failure_;
  std::unique_ptr<Fence> fence_;
  bool has_run_ = false, awaits_device_ = false, waits_ = true;
};

}  // namespace hfbench::ort
