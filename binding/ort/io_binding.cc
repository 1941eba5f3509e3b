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
      options_(api.ReleaseRunOptions),
      binding_(api.ReleaseIoBinding),
      run_(api.RunWithBinding),
      failure_(api.ReleaseStatus) {
  Check(api_, api_.CreateRunOptions(options_.out()));
  Check(api_, api_.CreateIoBinding(session_, binding_.out()));
  for (size_t i = 0; i < output_names.size(); ++i) {
    Check(api_, api_.BindOutputToDevice(binding_.get(), output_names[i].c_str(), output_places[i]));
  }
  Refresh(inputs);
}

void IoBinding::Refresh(const std::vector<BoundInput>& inputs) {
  for (const BoundInput& input : inputs)
    Check(api_, api_.BindInput(binding_.get(), input.name.c_str(), input.value.get()));
  Check(api_, api_.SynchronizeBoundInputs(binding_.get()));
}

IoBinding::~IoBinding() = default;

void IoBinding::AwaitDevice(std::unique_ptr<Fence> fence) {
  awaits_device_ = true;
  fence_ = std::move(fence);
}

int64_t IoBinding::FenceCostNs() { return fence_ ? fence_->CostNs() : 0; }

bool IoBinding::Run(void* self) {
  auto* const binding = static_cast<IoBinding*>(self);
  OrtStatus* status = binding->run_(binding->session_, binding->options_.get(), binding->binding_.get());
  if (status == nullptr && binding->awaits_device_) {
    status = binding->api_.SynchronizeBoundOutputs(binding->binding_.get());
  }
  if (status == nullptr) return binding->has_run_ = !binding->fence_ || binding->fence_->Wait();
  *binding->failure_.out() = status;
  return false;
}

void IoBinding::ThrowFailure() {
  if (fence_) fence_->ThrowFailure();
  ThrowKept(api_, &failure_);
}

void IoBinding::AvoidGraphCapture() { Check(api_, api_.AddRunConfigEntry(options_.get(), "gpu_graph_id", "-1")); }

bool IoBinding::ReadOutputs(OrtAllocator* host, std::vector<Output>* outputs) const {
  Check(api_, api_.SynchronizeBoundOutputs(binding_.get()));
  OrtValue** values = nullptr;
  size_t count = 0;
  Check(api_, api_.GetBoundOutputValues(binding_.get(), host, &values, &count));
  std::vector<Handle<OrtValue>> owned;
  for (size_t i = 0; i < count; ++i) owned.emplace_back(api_.ReleaseValue, values[i]);
  if (values != nullptr) Check(api_, api_.AllocatorFree(host, values));
  size_t read = 0;
  for (size_t i = 0; i < owned.size() && i < output_names_.size(); ++i) {
    OrtValue* const value = owned[i].get();
    int is_tensor = 0;
    if (value != nullptr) Check(api_, api_.IsTensor(value, &is_tensor));
    if (is_tensor == 0) continue;
    const OrtMemoryInfo* place = nullptr;
    DeviceType device = kCpuDevice;
    Check(api_, api_.GetTensorMemoryInfo(value, &place));
    api_.MemoryInfoGetDeviceType(place, &device);
    if (device != kCpuDevice) return false;
    Handle<OrtTensorTypeAndShapeInfo> info(api_.ReleaseTensorTypeAndShapeInfo);
    Check(api_, api_.GetTensorTypeAndShape(value, info.out()));
    int type_code = 0;
    Check(api_, api_.GetTensorElementType(info.get(), &type_code));
    const ElementType* const type = FindElementType(type_code);
    if (type == nullptr || type->bytes == 0) continue;
    if (read == outputs->size()) outputs->emplace_back();
    Output& output = (*outputs)[read++];
    output.name = output_names_[i];
    output.type = type_code;
    size_t rank = 0;
    Check(api_, api_.GetDimensionsCount(info.get(), &rank));
    output.shape.resize(rank);
    Check(api_, api_.GetDimensions(info.get(), output.shape.data(), rank));
    size_t bytes = type->bytes;
    for (int64_t size : output.shape) bytes *= static_cast<size_t>(size);
    void* data = nullptr;
    Check(api_, api_.GetTensorMutableData(value, &data));
    output.data.resize(bytes);
    if (bytes > 0) std::memcpy(output.data.data(), data, bytes);
  }
  outputs->resize(read);
  return true;
}

}  // namespace hfbench::ort
