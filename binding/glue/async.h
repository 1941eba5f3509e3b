// Work on another thread whose end settles a promise.
#pragma once

#include <functional>
#include <set>

#include "binding/napi_setup.h"
#include "binding/sampler/worker.h"

namespace hfbench::glue {

class NativeSession;

/// Makes the value of a promise, on JavaScript's thread.
using Answer = std::function<Napi::Value(Napi::Env env)>;

/// Runs `work` on `worker`, then settles the promise with what its answer makes, or rejects it with what `work` threw.
/// While that lasts, `owner` (the object that owns the worker) is not collected and the process does not run out of
/// events. If the environment ends first, the promise stays open.
Napi::Promise Start(Napi::Env env, sampler::Worker& worker, Napi::Object owner, std::function<Answer()> work);

/// Objects that live as long as one JavaScript environment (the main thread's or a worker thread's).
struct AddonData {
  Napi::FunctionReference library_class, session_class;
  std::set<NativeSession*> sessions;  // all that are alive
};
AddonData& DataOf(Napi::Env env);

}  // namespace hfbench::glue
