// Sessions.
#include "binding/glue/session.h"

#include <stdexcept>

#include "binding/cpu/denormals.h"
#include "binding/glue/exports.h"
#include "binding/glue/session_config.h"
#include "binding/ort/element_type.h"

namespace hfbench::glue {
namespace {

constexpr uint64_t kMostSamples = 100'000'000, kMostStreams = 1024;

Napi::Array ShapeArray(Napi::Env env, const std::vector<int64_t>& shape) {
  const Napi::Array array = Napi::Array::New(env, shape.size());
  for (uint32_t i = 0; i < shape.size(); ++i) array.Set(i, static_cast<double>(shape[i]));
  return array;
}

/// {name, dtype, shape}; dtype is null for what no HostTensor can hold, unknown sizes are names or '?'.
Napi::Array ToArray(Napi::Env env, const std::vector<ort::ValueInfo>& values) {
  const Napi::Array list = Napi::Array::New(env, values.size());
  for (uint32_t i = 0; i < values.size(); ++i) {
    const ort::ElementType* const type = ort::FindElementType(values[i].type);
    const Napi::Array shape = Napi::Array::New(env, values[i].shape.size());
    for (uint32_t d = 0; d < values[i].shape.size(); ++d) {
      const std::string& symbol = values[i].symbols[d];
      if (values[i].shape[d] >= 0) {
        shape.Set(d, static_cast<double>(values[i].shape[d]));
      } else {
        shape.Set(d, symbol.empty() ? "?" : symbol);
      }
    }
    const Napi::Object item = Napi::Object::New(env);
    item.Set("name", values[i].name);
    item.Set("dtype", type != nullptr ? Napi::String::New(env, type->name).As<Napi::Value>() : env.Null());
    item.Set("shape", shape);
    list.Set(i, item);
  }
  return list;
}

Napi::Object ToObject(Napi::Env env, const ort::Output& output) {
  const Napi::Object item = Napi::Object::New(env);
  item.Set("name", output.name);
  item.Set("dtype", ort::FindElementType(output.type)->name);
  item.Set("shape", ShapeArray(env, output.shape));
  item.Set("data", Napi::Buffer<uint8_t>::Copy(env, output.data.data(), output.data.size()));
  return item;
}

}  // namespace

Napi::Object ToObject(Napi::Env env, const sampler::Block& block) {
  auto durations = Napi::Float64Array::New(env, block.durations_ns.size());
  for (size_t i = 0; i < block.durations_ns.size(); ++i) durations[i] = static_cast<double>(block.durations_ns[i]);
  const Napi::Object result = Napi::Object::New(env);
  result.Set("durationsNs", durations);
  result.Set("wallNs", static_cast<double>(block.wall_ns));
  result.Set("cpuNs", static_cast<double>(block.cpu_ns));
  return result;
}

Napi::Function NativeSession::Class(Napi::Env env) {
  Napi::FunctionReference& known = DataOf(env).session_class;
  if (known.IsEmpty()) {
    const auto process = env.Global().Get("process").As<Napi::Object>();
    process.Get("once").As<Napi::Function>().Call(
        process, {Napi::String::New(env, "exit"), Napi::Function::New<ProcessExits>(env)});
    known = Napi::Persistent(DefineClass(
        env, "NativeSession",
        {InstanceMethod<&NativeSession::Bind>("bind"), InstanceMethod<&NativeSession::RunOnce>("runOnce"),
         InstanceMethod<&NativeSession::Sample>("sample"),
         InstanceMethod<&NativeSession::SampleFromHost>("sampleFromHost"),
         InstanceMethod<&NativeSession::SampleOnDevice>("sampleOnDevice"),
         InstanceMethod<&NativeSession::SyncCost>("syncCost"), InstanceMethod<&NativeSession::ProfileRun>("profileRun"),
         InstanceMethod<&NativeSession::Generate>("generate"), InstanceMethod<&NativeSession::Cancel>("cancel"),
         InstanceMethod<&NativeSession::ReadOutputs>("readOutputs"),
         InstanceMethod<&NativeSession::RunAndRead>("runAndRead"),
         InstanceMethod<&NativeSession::EndProfiling>("endProfiling"),
         InstanceMethod<&NativeSession::Assignments>("assignments"),
         InstanceMethod<&NativeSession::AllocatorStats>("allocatorStats"),
         InstanceMethod<&NativeSession::Close>("close")}));
  }
  return known.Value();
}

NativeSession::NativeSession(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  hooked_ = napi_add_env_cleanup_hook(Env(), EnvironmentEnds, this) == napi_ok;
  DataOf(Env()).sessions.insert(this);
}

NativeSession::~NativeSession() {
  Stop();
  if (!hooked_) return;  // the environment has ended, and its data with it
  napi_remove_env_cleanup_hook(Env(), EnvironmentEnds, this);
  DataOf(Env()).sessions.erase(this);
}

void NativeSession::EnvironmentEnds(void* self) {
  auto* const session = static_cast<NativeSession*>(self);
  session->hooked_ = false;
  session->Stop();
}

Napi::Value NativeSession::ProcessExits(const Napi::CallbackInfo& info) {
  for (NativeSession* session : DataOf(info.Env()).sessions) session->Stop();
  return info.Env().Undefined();
}

std::shared_ptr<std::atomic<bool>> NativeSession::NewCancel() {
  auto cancel = std::make_shared<std::atomic<bool>>(false);
  std::erase_if(blocks_, [](const auto& block) { return block.expired(); });
  blocks_.push_back(cancel);
  return cancel;
}

void NativeSession::CancelBlocks() {
  for (const auto& block : blocks_) {
    if (const auto cancel = block.lock()) *cancel = true;
  }
  blocks_.clear();
}

void NativeSession::Stop() {
  CancelBlocks();
  if (!worker_) return;
  worker_->Post([this] {
    helpers_.clear();
    session_.reset();
  });
  worker_.reset();
}

Napi::Promise NativeSession::Do(Napi::Env env, std::function<Answer()> work) {
  if (!worker_ || closing_) throw std::logic_error("the session is closed");
  ++working_;
  return Start(env, *worker_, Value(), [this, work = std::move(work)] {
    struct Finished {
      std::atomic<size_t>& working;
      ~Finished() { --working; }
    } finished{working_};
    return work();
  });
}

Napi::Value NativeSession::Open(ort::Library& library, const Argument& argument) {
  ort::SessionConfig config = ToSessionConfig(argument);
  auto model = std::make_shared<ort::Model>(ToModel(argument));
  denormals_as_zero_ = config.denormals_as_zero;
  worker_ = std::make_unique<sampler::Worker>();
  return Do(Env(), [this, &library, config = std::move(config), model]() -> Answer {
    cpu::FlushDenormals(config.denormals_as_zero);
    try {
      session_ = std::make_unique<ort::Session>(library, config, std::move(*model));
    } catch (...) {
      return [this, error = std::current_exception()](Napi::Env) -> Napi::Value {
        worker_.reset();  // nobody will close a session that did not open
        std::rethrow_exception(error);
      };
    }
    return [this](Napi::Env env) -> Napi::Value {
      const Napi::Object times = Napi::Object::New(env);
      const bool filled = session_->weight_bytes() > 0;
      times.Set("weightFillNs",
                filled ? Napi::Number::New(env, static_cast<double>(session_->weight_fill_ns())) : env.Null());
      times.Set("weightBytes",
                filled ? Napi::Number::New(env, static_cast<double>(session_->weight_bytes())) : env.Null());
      times.Set("sessionCreateNs", static_cast<double>(session_->create_ns()));
      const Napi::Object self = Value();
      self.Set("inputs", ToArray(env, session_->inputs()));
      self.Set("outputs", ToArray(env, session_->outputs()));
      self.Set("openTimes", times);
      const std::string& memory = session_->device_memory();
      self.Set("deviceMemory", memory.empty() ? env.Null() : Napi::String::New(env, memory).As<Napi::Value>());
      return self;
    };
  });
}

Napi::Value NativeSession::RunOnce(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    return Do(info.Env(), [this]() -> Answer {
      ort::IoBinding* const binding = session_->Streams(1)[0];
      const std::atomic<bool> never{false};
      const sampler::Block block = sampler::RunBlock(binding->AsWork(), 1, never);
      binding->ThrowFailure();
      const auto ns = static_cast<double>(block.durations_ns[0]);
      return [ns](Napi::Env env) { return Napi::Number::New(env, ns); };
    });
  });
}

Napi::Value NativeSession::DoBlock(Napi::Env env, std::function<sampler::Block(const std::atomic<bool>&)> work) {
  return Do(env, [work = std::move(work), cancel = NewCancel()]() -> Answer {
    const auto block = std::make_shared<sampler::Block>(work(*cancel));
    return [block](Napi::Env answer_env) { return ToObject(answer_env, *block); };
  });
}

Napi::Value NativeSession::Sample(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    const uint64_t count = At(info, 0, "sample", "count").Whole(0, kMostSamples);
    const Argument streams = At(info, 1, "sample", "streams");
    const size_t width = streams.IsAbsent() ? 1 : streams.Whole(1, kMostStreams);
    return DoBlock(info.Env(), [this, count, width](const std::atomic<bool>& cancel) {
      const std::vector<ort::IoBinding*> bindings = session_->Streams(width);
      std::vector<sampler::Work> works;
      for (ort::IoBinding* binding : bindings) works.push_back(binding->AsWork());
      while (helpers_.size() + 1 < width) {
        helpers_.push_back(std::make_unique<sampler::Worker>());
        helpers_.back()->Post([flush = denormals_as_zero_] { cpu::FlushDenormals(flush); });
      }
      sampler::Block block =
          width == 1 ? sampler::RunBlock(works[0], count, cancel) : sampler::RunStreams(works, helpers_, count, cancel);
      for (ort::IoBinding* binding : bindings) binding->ThrowFailure();
      return block;
    });
  });
}

Napi::Value NativeSession::SampleFromHost(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    const uint64_t count = At(info, 0, "sampleFromHost", "count").Whole(0, kMostSamples);
    return DoBlock(info.Env(), [this, count](const std::atomic<bool>& cancel) {
      ort::HostRun& run = session_->FromHost();
      sampler::Block block = sampler::RunBlock(run.AsWork(), count, cancel);
      run.ThrowFailure();
      return block;
    });
  });
}

Napi::Value NativeSession::SampleOnDevice(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    const uint64_t count = At(info, 0, "sampleOnDevice", "count").Whole(0, kMostSamples);
    return Do(info.Env(), [this, count, cancel = NewCancel()]() -> Answer {
      const auto block = std::make_shared<std::optional<sampler::Block>>(session_->SampleOnDevice(count, *cancel));
      return [block](Napi::Env env) -> Napi::Value { return *block ? ToObject(env, **block) : env.Null(); };
    });
  });
}

Napi::Value NativeSession::SyncCost(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    return Do(info.Env(), [this]() -> Answer {
      const auto ns = static_cast<double>(session_->Streams(1)[0]->FenceCostNs());
      return [ns](Napi::Env env) { return Napi::Number::New(env, ns); };
    });
  });
}

Napi::Value NativeSession::ProfileRun(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    return Do(info.Env(), [this, prefix = At(info, 0, "profileRun", "prefix").Text()]() -> Answer {
      session_->ProfileRun(prefix);
      return [](Napi::Env env) { return env.Undefined(); };
    });
  });
}

Napi::Value NativeSession::Cancel(const Napi::CallbackInfo& info) {
  CancelBlocks();
  return info.Env().Undefined();
}

Napi::Value NativeSession::ReadOutputs(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    return Do(info.Env(), [this]() -> Answer {
      auto outputs = std::make_shared<std::vector<ort::Output>>(session_->ReadOutputs());
      return [outputs](Napi::Env env) -> Napi::Value {
        const Napi::Array list = Napi::Array::New(env, outputs->size());
        for (uint32_t i = 0; i < outputs->size(); ++i) list.Set(i, ToObject(env, (*outputs)[i]));
        return list;
      };
    });
  });
}

Napi::Value NativeSession::RunAndRead(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&]() -> Napi::Value {
    if (!worker_ || closing_) throw std::logic_error("the session is closed");
    if (working_ > 0) throw std::logic_error("runAndRead: another call of the session is in progress");
    const ort::Session::Step step = session_->RunAndRead();
    const Napi::Object result = Napi::Object::New(info.Env());
    result.Set("beginNs", static_cast<double>(step.begin_ns));
    result.Set("ranNs", static_cast<double>(step.ran_ns));
    result.Set("endNs", static_cast<double>(step.end_ns));
    return result;
  });
}

Napi::Value NativeSession::EndProfiling(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    return Do(info.Env(), [this]() -> Answer {
      return [path = session_->EndProfiling()](Napi::Env env) -> Napi::Value {
        return path.empty() ? env.Null() : Napi::String::New(env, path).As<Napi::Value>();
      };
    });
  });
}

Napi::Value NativeSession::Assignments(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    return Do(info.Env(), [this]() -> Answer {
      return [assignments = session_->Assignments()](Napi::Env env) -> Napi::Value {
        const Napi::Array list = Napi::Array::New(env);
        for (const ort::Assignment& assignment : assignments) {
          const Napi::Array nodes = Napi::Array::New(env);
          for (const ort::Assignment::Node& node : assignment.nodes) {
            const Napi::Object item = Napi::Object::New(env);
            item.Set("name", node.name);
            item.Set("domain", node.domain);
            item.Set("op", node.op);
            nodes.Set(nodes.Length(), item);
          }
          const Napi::Object item = Napi::Object::New(env);
          item.Set("provider", assignment.provider);
          item.Set("nodes", nodes);
          list.Set(list.Length(), item);
        }
        return list;
      };
    });
  });
}

Napi::Value NativeSession::AllocatorStats(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&] {
    return Do(info.Env(), [this]() -> Answer {
      return [stats = session_->AllocatorStats()](Napi::Env env) -> Napi::Value {
        const Napi::Object result = Napi::Object::New(env);
        for (const auto& [key, value] : stats) result.Set(key, value);
        return result;
      };
    });
  });
}

Napi::Value NativeSession::Close(const Napi::CallbackInfo& info) {
  return Guard(info.Env(), [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    if (!closed_.IsEmpty()) return closed_.Value();
    if (!worker_) {
      const auto done = Napi::Promise::Deferred::New(env);
      done.Resolve(env.Undefined());
      return done.Promise();
    }
    CancelBlocks();
    const Napi::Promise promise = Do(env, [this]() -> Answer {
      helpers_.clear();
      session_.reset();
      return [this](Napi::Env answer_env) -> Napi::Value {
        worker_.reset();  // its last job is over: this does not wait
        return answer_env.Undefined();
      };
    });
    closing_ = true;
    closed_ = Napi::Persistent(promise.As<Napi::Object>());
    return promise;
  });
}

}  // namespace hfbench::glue
