#pragma once

#include "binding/napi_setup.h"
#include "binding/ort/library.h"

namespace hfbench::glue {

/// JavaScript's view of an ort::Library.
class NativeLibrary : public Napi::ObjectWrap<NativeLibrary> {
 public:
  static Napi::Function Class(Napi::Env env);
  explicit NativeLibrary(const Napi::CallbackInfo& info);

 private:
  Napi::Value RegisterProviderLibrary(const Napi::CallbackInfo& info);
  Napi::Value EpDevices(const Napi::CallbackInfo& info);
  Napi::Value OpenSession(const Napi::CallbackInfo& info);

  ort::Library* library_ = nullptr;  // stays loaded until the process ends
};

}  // namespace hfbench::glue
