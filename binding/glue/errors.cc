#include "binding/glue/exports.h"
#include "binding/memory/mapping.h"
#include "binding/ort/status.h"

namespace hfbench::glue {
namespace {

template <class Type>
bool Is(const std::exception& error) {
  return dynamic_cast<const Type*>(&error) != nullptr;
}

}  // namespace

Napi::Error ToJavaScript(Napi::Env env, const std::exception& error) {
  if (Is<std::invalid_argument>(error) || Is<std::out_of_range>(error)) return Napi::TypeError::New(env, error.what());
  if (Is<std::bad_alloc>(error)) return Napi::Error::New(env, "out of memory");
  Napi::Error made = Napi::Error::New(env, error.what());
  if (const auto* ort = dynamic_cast<const ort::Error*>(&error)) {
    made.Set("ortCode", Napi::String::New(env, ort->code()));
  } else if (Is<ort::LibraryError>(error) || Is<memory::FileError>(error)) {
    made.Set("code", Napi::String::New(env, "HFBENCH_USAGE"));
  }
  return made;
}

}  // namespace hfbench::glue
