// Sessions: binding, where values may come from another session, and generations.
#include <stdexcept>

#include "binding/glue/exports.h"
#include "binding/glue/session.h"
#include "binding/glue/session_config.h"

namespace hfbench::glue {

std::shared_ptr<NativeSession::Taken> NativeSession::TakeOutputs(const Argument& source) {
  const auto promise = std::make_shared<std::promise<std::vector<ort::BoundInput>>>();
  auto taken = std::make_shared<Taken>(promise->get_future());
  if (source.IsAbsent()) {
    promise->set_value({});
    return taken;
  }
  const Argument session = source.Field("session");
  session.Require(session.Object().InstanceOf(Class(session.Value().Env())), "a session");
  NativeSession* const other = Unwrap(session.Object());
  if (!other->worker_ || other->closing_) throw std::logic_error("the session that values come from is closed");
  other->worker_->Post([other, links = ToLinks(source.Field("links")), promise] {
    try {
      promise->set_value(other->session_->OutputsAs(links));
    } catch (...) {
      promise->set_exception(std::current_exception());
    }
  });
  return taken;
}

Napi::Value NativeSession::Bind(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    const Argument list = At(info, 0, "bind", "feeds");
    auto feeds = ToFeeds(list);
    for (const Argument& feed : list.Elements()) {
      const Argument shared = feed.Field("shared");
      if (!shared.IsAbsent() && shared.Flag())
        shared_.push_back(Napi::Persistent(feed.Field("data").Value().As<Napi::Object>()));
    }
    if (!worker_ || closing_) throw std::logic_error("the session is closed");
    const Argument source = At(info, 1, "bind", "source");
    source.Require(source.IsAbsent() || source.Field("session").Value() != Value(), "another session");
    auto given = TakeOutputs(source);
    return Do(info.Env(), [this, feeds = std::move(feeds), given = std::move(given)]() -> Answer {
      session_->Bind(feeds, given->get());
      return [](Napi::Env env) { return env.Undefined(); };
    });
  });
}

Napi::Value NativeSession::Generate(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    auto plan = std::make_shared<ort::GenerationPlan>(ToGenerationPlan(At(info, 0, "generate", "plan")));
    const auto cancel = NewCancel();
    return Do(info.Env(), [this, plan, cancel]() -> Answer {
      const size_t runs = plan->runs;
      ort::Generation& generation = session_->Begin(std::move(*plan));
      auto block = std::make_shared<sampler::Block>(
          sampler::RunPrepared(generation.AsPreparation(), generation.AsWork(), runs, *cancel));
      generation.ThrowFailure();
      const auto cache_bytes = static_cast<double>(generation.StateBytes() + session_->given_bytes());
      return [block, cache_bytes](Napi::Env env) {
        const Napi::Object result = ToObject(env, *block);
        result.Set("cacheBytes", cache_bytes);
        return result;
      };
    });
  });
}

}  // namespace hfbench::glue
