#include "binding/glue/exports.h"

namespace hfbench::glue {

Napi::Error ToJavaScript(Napi::Env env, const std::exception& error) {
  if (dynamic_cast<const std::invalid_argument*>(&error) != nullptr ||
      dynamic_cast<const std::out_of_range*>(&error) != nullptr) {
    return Napi::TypeError::New(env, error.what());
  }
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return Napi::Error::New(env, "out of memory");
  return Napi::Error::New(env, error.what());
}

}  // namespace hfbench::glue
