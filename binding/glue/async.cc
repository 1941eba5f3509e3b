#include "binding/glue/async.h"

#include <exception>
#include <memory>

#include "binding/glue/exports.h"

namespace hfbench::glue {
namespace {

struct Call {
  explicit Call(Napi::Env env) : deferred(Napi::Promise::Deferred::New(env)) {}
  Napi::Promise::Deferred deferred;
  Napi::ObjectReference owner;
  Answer answer;
  std::exception_ptr error;
};

struct Channel;
void Settle(Napi::Env env, Napi::Function, Channel* channel, Call* call);
using Queue = Napi::TypedThreadSafeFunction<Channel, Call, Settle>;

/// The way back to JavaScript's thread, one an environment. The queue is created with it, so before any owner's cleanup
/// hook: hooks run in reverse order, hence workers are joined while the queue still takes their last calls.
struct Channel {
  AddonData data;
  Queue queue;
  size_t pending = 0;  // only while above 0 does the queue keep the process alive
};

Channel& ChannelOf(Napi::Env env) {
  auto* channel = env.GetInstanceData<Channel>();
  if (channel == nullptr) {
    channel = new Channel;
    channel->queue = Queue::New(env, "hfbench", 0, 1, channel);
    channel->queue.Unref(env);
    env.SetInstanceData(channel);
  }
  return *channel;
}

Napi::Value ErrorValue(Napi::Env env, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Napi::Error& caught) {
    return caught.Value();
  } catch (const std::exception& caught) {
    return ToJavaScript(env, caught).Value();
  }
}

void Settle(Napi::Env env, Napi::Function, Channel* channel, Call* call) {
  const std::unique_ptr<Call> owned(call);
  if (static_cast<napi_env>(env) == nullptr) {  // the environment has ended: its references are gone with it
    call->owner.SuppressDestruct();
    return;
  }
  if (--channel->pending == 0) channel->queue.Unref(env);
  if (!call->error) {
    try {
      call->deferred.Resolve(call->answer(env));
      return;
    } catch (...) {
      call->error = std::current_exception();
    }
  }
  try {
    call->deferred.Reject(ErrorValue(env, call->error));
  } catch (const Napi::Error&) {
    // A worker thread that is being terminated runs no more JavaScript: nobody waits for the promise.
  }
}

}  // namespace

Napi::Promise Start(Napi::Env env, sampler::Worker& worker, Napi::Object owner, std::function<Answer()> work) {
  Channel& channel = ChannelOf(env);
  auto call = std::make_unique<Call>(env);
  call->owner = Napi::Persistent(owner);
  const Napi::Promise promise = call->deferred.Promise();
  worker.Post([queue = channel.queue, call = call.get(), work = std::move(work)]() mutable {
    try {
      call->answer = work();
    } catch (...) {
      call->error = std::current_exception();
    }
    work = nullptr;
    if (queue.BlockingCall(call) != napi_ok) {  // the environment is closing
      call->owner.SuppressDestruct();
      delete call;
    }
  });
  call.release();
  if (channel.pending++ == 0) channel.queue.Ref(env);
  return promise;
}

AddonData& DataOf(Napi::Env env) { return ChannelOf(env).data; }

}  // namespace hfbench::glue
