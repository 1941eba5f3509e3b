// System: how the addon was built, what the processor is.
#include "binding/cpu/isa.h"
#include "binding/cpu/parallel_for.h"
#include "binding/glue/arguments.h"

namespace hfbench::glue {
namespace {

std::string Compiler() {
#if defined(__clang__)
  return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__);
#elif defined(_MSC_VER)
  return "msvc " + std::to_string(_MSC_VER);
#elif defined(__GNUC__)
  return "gcc " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__);
#else
  return "unknown";
#endif
}

#if defined(NDEBUG)
constexpr bool kDebug = false;
#else
constexpr bool kDebug = true;
#endif
#if !defined(HFBENCH_SANITIZE)
#define HFBENCH_SANITIZE ""
#endif

}  // namespace

Napi::Value buildInfo(const Napi::CallbackInfo& info) {
  const Napi::Object result = Napi::Object::New(info.Env());
  result.Set("version", HFBENCH_VERSION);
  result.Set("compiler", Compiler());
  result.Set("debug", kDebug);
  result.Set("sanitizers", HFBENCH_SANITIZE);
  return result;
}

Napi::Value cpuInfo(const Napi::CallbackInfo& info) {
  std::vector<std::string> levels;
  for (cpu::Isa isa : cpu::SupportedIsas()) levels.emplace_back(cpu::IsaName(isa));
  const Napi::Object result = Napi::Object::New(info.Env());
  result.Set("brand", cpu::BrandName());
  result.Set("features", ToArray(info.Env(), cpu::Features()));
  result.Set("isaLevels", ToArray(info.Env(), levels));
  result.Set("isa", cpu::IsaName(cpu::ActiveIsa()));
  result.Set("threads", static_cast<double>(cpu::ThreadCount()));
  return result;
}

Napi::Value forceIsa(const Napi::CallbackInfo& info) {
  cpu::ForceIsa(At(info, 0, "forceIsa", "level").Text());
  return info.Env().Undefined();
}

}  // namespace hfbench::glue
