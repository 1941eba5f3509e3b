// Sampler: the clock. The timed loop itself is reached through sessions.
#include "binding/glue/arguments.h"
#include "binding/sampler/clock.h"

namespace hfbench::glue {

Napi::Value measureClock(const Napi::CallbackInfo& info) {
  const sampler::ClockInfo clock = sampler::MeasureClock();
  const Napi::Object result = Napi::Object::New(info.Env());
  result.Set("source", clock.source);
  result.Set("readNs", clock.read_ns);
  result.Set("resolutionNs", clock.resolution_ns);
  return result;
}

Napi::Value nowNs(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(sampler::NowNs()));
}

}  // namespace hfbench::glue
