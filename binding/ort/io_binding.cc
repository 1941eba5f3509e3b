#include "binding/ort/io_binding.h"

#include <cstring>

#include "binding/ort/element_type.h"
#include "binding/ort/fence.h"

namespace hfbench::ort {

void ThrowKept(const Api& api, Handle<OrtStatus>* failure) {
  if (failure->get() == nullptr) return;
  const Error error(api.GetErrorCode(failure->get()), api.GetErrorMessage(failure->get()));
  failure->Reset();
  throw error;
}

IoBinding::IoBinding(const Api& api, OrtSession* session, const std::vector<BoundInput>& inputs,
                     const std::vector<std::string>& output_names,
                     const std::vector<const OrtMemoryInfo*>& output_places)
    : api_(api),
      session_(session),
      output_names_(output_names),
      output_places_(output_places),
      options_(api.ReleaseRunOptions),
      binding_(api.ReleaseIoBinding),
      run_(api.RunWithBinding),
      failure_(api.ReleaseStatus) {
  Check(api_, api_.CreateRunOptions(options_.out()));
  Check(api_, api_.CreateIoBinding(session_, binding_.out()));
  for (size_t i = 0; i < output_names.size(); ++i) RenewOutput(i);
  Refresh(inputs);
}

void IoBinding::Refresh(const std::vector<BoundInput>& inputs) {
  for (const BoundInput& input : inputs) SetInput(input.name, input.value.get());
  SynchronizeInputs();
}

void IoBinding::SetInput(const std::string& name, const OrtValue* value) {
  Check(api_, api_.BindInput(binding_.get(), name.c_str(), value));
}

void IoBinding::SynchronizeInputs() { Check(api_, api_.SynchronizeBoundInputs(binding_.get())); }

void IoBinding::RenewOutput(size_t index, const OrtMemoryInfo* place) {
  Check(api_, api_.BindOutputToDevice(binding_.get(), output_names_[index].c_str(), place));
}

IoBinding::~IoBinding() = default;

void IoBinding::AwaitDevice(std::unique_ptr<Fence> fence) {
  awaits_device_ = true;
  fence_ = std::move(fence);
}

void IoBinding::SetWaiting(bool waits) {
  Check(api_, api_.AddRunConfigEntry(options_.get(), "disable_synchronize_execution_providers", waits ? "0" : "1"));
  waits_ = waits;
}

int64_t IoBinding::FenceCostNs() { return fence_ ? fence_->CostNs() : 0; }

bool IoBinding::Run(void* self) {
  auto* const binding = static_cast<IoBinding*>(self);
  OrtStatus* status = binding->run_(binding->session_, binding->options_.get(), binding->binding_.get());
  if (status == nullptr && binding->awaits_device_ && binding->waits_) {
    status = binding->api_.SynchronizeBoundOutputs(binding->binding_.get());
  }
  if (status == nullptr) {
    return binding->has_run_ = !binding->fence_ || !binding->waits_ || binding->fence_->Wait();
  }
  *binding->failure_.out() = status;
  return false;
}

void IoBinding::ThrowFailure() {
  if (fence_) fence_->ThrowFailure();
  ThrowKept(api_, &failure_);
}

void IoBinding::AvoidGraphCapture() { Check(api_, api_.AddRunConfigEntry(options_.get(), "gpu_graph_id", "-1")); }

std::vector<Handle<OrtValue>> IoBinding::Outputs(OrtAllocator* host) const {
  OrtValue** values = nullptr;
  size_t count = 0;
  Check(api_, api_.GetBoundOutputValues(binding_.get(), host, &values, &count));
  std::vector<Handle<OrtValue>> owned;
  for (size_t i = 0; i < count; ++i) owned.emplace_back(api_.ReleaseValue, values[i]);
  if (values != nullptr) Check(api_, api_.AllocatorFree(host, values));
  return owned;
}

TensorFacts FactsOf(const Api& api, const OrtValue* tensor) {
  Handle<OrtTensorTypeAndShapeInfo> info(api.ReleaseTensorTypeAndShapeInfo);
  Check(api, api.GetTensorTypeAndShape(tensor, info.out()));
  TensorFacts facts;
  Check(api, api.GetTensorElementType(info.get(), &facts.type));
  size_t rank = 0;
  Check(api, api.GetDimensionsCount(info.get(), &rank));
  facts.shape.resize(rank);
  Check(api, api.GetDimensions(info.get(), facts.shape.data(), rank));
  const ElementType* const type = FindElementType(facts.type);
  facts.bytes = type != nullptr ? type->bytes : 0;
  for (const int64_t size : facts.shape) facts.bytes *= static_cast<size_t>(size);
  return facts;
}

bool IoBinding::ReadOutputs(OrtAllocator* host, std::vector<Output>* outputs) const {
  Check(api_, api_.SynchronizeBoundOutputs(binding_.get()));
  const std::vector<Handle<OrtValue>> values = Outputs(host);
  size_t read = 0;
  for (size_t i = 0; i < values.size() && i < output_names_.size(); ++i) {
    OrtValue* const value = values[i].get();
    int is_tensor = 0;
    if (value != nullptr) Check(api_, api_.IsTensor(value, &is_tensor));
    if (is_tensor == 0) continue;
    const OrtMemoryInfo* place = nullptr;
    DeviceType device = kCpuDevice;
    Check(api_, api_.GetTensorMemoryInfo(value, &place));
    api_.MemoryInfoGetDeviceType(place, &device);
    if (device != kCpuDevice) return false;
    TensorFacts facts = FactsOf(api_, value);
    const ElementType* const type = FindElementType(facts.type);
    if (type == nullptr || type->bytes == 0) continue;
    if (read == outputs->size()) outputs->emplace_back();
    Output& output = (*outputs)[read++];
    output.name = output_names_[i];
    output.type = facts.type;
    output.shape = std::move(facts.shape);
    void* data = nullptr;
    Check(api_, api_.GetTensorMutableData(value, &data));
    output.data.resize(facts.bytes);
    if (facts.bytes > 0) std::memcpy(output.data.data(), data, facts.bytes);
  }
  outputs->resize(read);
  return true;
}

}  // namespace hfbench::ort
