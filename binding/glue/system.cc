// System: how the addon was built, what processor and memory are.
#include "binding/cpu/isa.h"
#include "binding/cpu/parallel_for.h"
#include "binding/glue/arguments.h"
#include "binding/system/memory.h"
#include "binding/system/nvml.h"

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

/// Measures off JavaScript's thread, so that the event loop goes on.
class BandwidthWork : public Napi::AsyncWorker {
 public:
  BandwidthWork(Napi::Env env, size_t bytes, size_t threads, int rounds)
      : AsyncWorker(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        bytes_(bytes),
        threads_(threads),
        rounds_(rounds) {}
  Napi::Promise Promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { result_ = system::MeasureBandwidth(bytes_, threads_, rounds_); }
  void OnOK() override {
    const Napi::Object result = Napi::Object::New(Env());
    result.Set("readBytesPerSecond", result_.read);
    result.Set("copyBytesPerSecond", result_.copy);
    result.Set("triadBytesPerSecond", result_.triad);
    deferred_.Resolve(result);
  }
  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

 private:
  Napi::Promise::Deferred deferred_;
  size_t bytes_, threads_;
  int rounds_;
  system::Bandwidth result_ = {};
};

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
  result.Set("pageBytes", static_cast<double>(system::PageBytes()));
  return result;
}

Napi::Value memoryUse(const Napi::CallbackInfo& info) {
  const system::MemoryUse use = system::ProcessMemory();
  const auto known = [&](uint64_t bytes) {
    return bytes > 0 ? Napi::Number::New(info.Env(), static_cast<double>(bytes)).As<Napi::Value>() : info.Env().Null();
  };
  const Napi::Object result = Napi::Object::New(info.Env());
  result.Set("currentBytes", known(use.current_bytes));
  result.Set("peakBytes", known(use.peak_bytes));
  return result;
}

Napi::Value readNvidiaGpus(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::optional<system::GpuReadings> readings = system::ReadNvidiaGpus();
  if (!readings) return env.Null();
  const auto known = [&](const auto& value) {
    return value ? Napi::Number::New(env, static_cast<double>(*value)).template As<Napi::Value>() : env.Null();
  };
  const Napi::Array gpus = Napi::Array::New(env, readings->gpus.size());
  for (uint32_t i = 0; i < gpus.Length(); ++i) {
    const system::GpuReading& gpu = readings->gpus[i];
    const Napi::Object item = Napi::Object::New(env);
    item.Set("name", gpu.name);
    item.Set("smClockMHz", known(gpu.sm_clock_mhz));
    item.Set("temperatureC", known(gpu.temperature_c));
    item.Set("powerMilliwatts", known(gpu.power_mw));
    item.Set("energyMillijoules", known(gpu.energy_mj));
    item.Set("throttleReasons", known(gpu.throttle_reasons));
    item.Set("memoryUsedBytes", known(gpu.memory_used_bytes));
    item.Set("memoryTotalBytes", known(gpu.memory_total_bytes));
    gpus.Set(i, item);
  }
  const Napi::Object result = Napi::Object::New(env);
  result.Set("driver", readings->driver);
  result.Set("gpus", gpus);
  return result;
}

Napi::Value measureBandwidth(const Napi::CallbackInfo& info) {
  const uint64_t bytes = At(info, 0, "measureBandwidth", "bytes").Whole(1, uint64_t{1} << 40);
  const uint64_t threads = At(info, 1, "measureBandwidth", "threads").Whole(0, 4096);
  const uint64_t rounds = At(info, 2, "measureBandwidth", "rounds").Whole(1, 1000);
  auto* const work = new BandwidthWork(info.Env(), bytes, threads, static_cast<int>(rounds));  // deletes itself
  work->Queue();
  return work->Promise();
}

Napi::Value forceIsa(const Napi::CallbackInfo& info) {
  cpu::ForceIsa(At(info, 0, "forceIsa", "level").Text());
  return info.Env().Undefined();
}

}  // namespace hfbench::glue
