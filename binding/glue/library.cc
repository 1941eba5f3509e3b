// ONNX Runtime libraries.
#include "binding/glue/library.h"

#include "binding/glue/arguments.h"
#include "binding/glue/async.h"
#include "binding/glue/exports.h"
#include "binding/glue/session.h"

namespace hfbench::glue {

Napi::Function NativeLibrary::Class(Napi::Env env) {
  Napi::FunctionReference& known = DataOf(env).library_class;
  if (known.IsEmpty()) {
    known = Napi::Persistent(
        DefineClass(env, "NativeLibrary",
                    {InstanceMethod<&NativeLibrary::RegisterProviderLibrary>("registerProviderLibrary"),
                     InstanceMethod<&NativeLibrary::EpDevices>("epDevices"),
                     InstanceMethod<&NativeLibrary::OpenSession>("openSession")}));
  }
  return known.Value();
}

NativeLibrary::NativeLibrary(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  Guard(env, [&] {
    library_ = &ort::Library::Open(At(info, 0, "openLibrary", "path").Text());
    const Napi::Object self = info.This().As<Napi::Object>();
    self.Set("path", library_->path());
    self.Set("version", library_->version());
    self.Set("apiVersion", library_->api_version());
    self.Set("buildInfo", library_->BuildInfo());
    self.Set("providers", ToArray(env, library_->Providers()));
    return env.Undefined();
  });
}

Napi::Value NativeLibrary::RegisterProviderLibrary(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    library_->RegisterProviderLibrary(At(info, 0, "registerProviderLibrary", "name").Text(),
                                      At(info, 1, "registerProviderLibrary", "path").Text());
    return info.Env().Undefined();
  });
}

Napi::Value NativeLibrary::EpDevices(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    const std::vector<ort::EpDevice> devices = library_->EpDevices();
    const Napi::Array list = Napi::Array::New(info.Env(), devices.size());
    for (uint32_t i = 0; i < devices.size(); ++i) {
      const Napi::Object item = Napi::Object::New(info.Env());
      item.Set("provider", devices[i].provider);
      item.Set("providerVendor", devices[i].provider_vendor);
      item.Set("hardwareType", devices[i].hardware_type);
      item.Set("hardwareVendor", devices[i].hardware_vendor);
      item.Set("hardwareId", devices[i].hardware_id);
      list.Set(i, item);
    }
    return list.As<Napi::Value>();
  });
}

Napi::Value NativeLibrary::OpenSession(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    const Argument config = At(info, 0, "openSession", "config");
    const Napi::Object session = NativeSession::Class(info.Env()).New({});
    return NativeSession::Unwrap(session)->Open(*library_, config);
  });
}

Napi::Value openLibrary(const Napi::CallbackInfo& info) { return NativeLibrary::Class(info.Env()).New({info[0]}); }

}  // namespace hfbench::glue
