// Turns the export list of addon.cc into declarations, registrations and the addon's entry point.
#pragma once

#include <exception>
#include <new>
#include <stdexcept>

#include "binding/napi_setup.h"

namespace hfbench::glue {

using Function = Napi::Value (*)(const Napi::CallbackInfo&);

/// The JavaScript error for a C++ one: std::invalid_argument and std::out_of_range become a TypeError.
Napi::Error ToJavaScript(Napi::Env env, const std::exception& error);

/// Calls `body` so that a C++ exception reaches JavaScript as an error instead of ending the process.
template <class Body>
Napi::Value Guard(Napi::Env env, Body body) {
  try {
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::exception& error) {
    throw ToJavaScript(env, error);
  }
}

template <Function function>
Napi::Value Guarded(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] { return function(info); });
}

}  // namespace hfbench::glue

#define HFBENCH_DECLARE(name) Napi::Value name(const Napi::CallbackInfo& info);
#define HFBENCH_REGISTER(name) \
  exports.Set(#name, Napi::Function::New<hfbench::glue::Guarded<hfbench::glue::name>>(env, #name));
#define HFBENCH_ADDON(LIST)                                             \
  namespace hfbench::glue {                                             \
  LIST(HFBENCH_DECLARE)                                                 \
  }                                                                     \
  static Napi::Object Initialize(Napi::Env env, Napi::Object exports) { \
    LIST(HFBENCH_REGISTER)                                              \
    return exports;                                                     \
  }                                                                     \
  NODE_API_MODULE(hfbench, Initialize)
