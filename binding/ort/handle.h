// Objects of ONNX Runtime that free themselves.
#pragma once

#include <string>
#include <utility>

#include "binding/ort/c_abi.h"

namespace hfbench::ort {

template <class T>
class Handle {
 public:
  using Release = void(HFBENCH_ORT_CALL*)(T*);

  Handle() = default;
  explicit Handle(Release release, T* object = nullptr) : release_(release), object_(object) {}
  Handle(Handle&& other) noexcept : release_(other.release_), object_(std::exchange(other.object_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(release_, other.release_);
    std::swap(object_, other.object_);
    return *this;
  }
  ~Handle() { Reset(); }

  void Reset() {
    if (object_ != nullptr) release_(std::exchange(object_, nullptr));
  }
  T* get() const { return object_; }
  /// Where a creating function puts the object.
  T** out() {
    Reset();
    return &object_;
  }

 private:
  Release release_ = nullptr;
  T* object_ = nullptr;
};

/// Takes over a string that ONNX Runtime allocated.
inline std::string TakeString(const Api& api, OrtAllocator* allocator, char* text) {
  std::string copy(text != nullptr ? text : "");
  // A failed free leaks a few bytes, which is no reason to lose the string; its status is still to be released.
  if (OrtStatus* status = text != nullptr ? api.AllocatorFree(allocator, text) : nullptr) api.ReleaseStatus(status);
  return copy;
}

}  // namespace hfbench::ort
