#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <vector>

#include "binding/glue/arguments.h"
#include "binding/glue/async.h"
#include "binding/ort/session.h"
#include "binding/sampler/block.h"
#include "binding/sampler/worker.h"

namespace hfbench::glue {

/// {durationsNs, wallNs, cpuNs}
Napi::Object ToObject(Napi::Env env, const sampler::Block& block);

/// JavaScript's view of an ort::Session and of the threads that run it. What takes time is done on the session's worker
/// and answered by a promise; calls that overlap are done one after the other.
class NativeSession : public Napi::ObjectWrap<NativeSession> {
 public:
  static Napi::Function Class(Napi::Env env);
  explicit NativeSession(const Napi::CallbackInfo& info);
  ~NativeSession() override;

  /// A promise of this object, open.
  Napi::Value Open(ort::Library& library, const Argument& config);

 private:
  Napi::Value Bind(const Napi::CallbackInfo& info);
  Napi::Value RunOnce(const Napi::CallbackInfo& info);
  Napi::Value Sample(const Napi::CallbackInfo& info);
  Napi::Value SampleFromHost(const Napi::CallbackInfo& info);
  Napi::Value SampleOnDevice(const Napi::CallbackInfo& info);
  Napi::Value SyncCost(const Napi::CallbackInfo& info);
  Napi::Value ProfileRun(const Napi::CallbackInfo& info);
  Napi::Value Generate(const Napi::CallbackInfo& info);
  Napi::Value Cancel(const Napi::CallbackInfo& info);
  Napi::Value ReadOutputs(const Napi::CallbackInfo& info);
  Napi::Value RunAndRead(const Napi::CallbackInfo& info);
  Napi::Value EndProfiling(const Napi::CallbackInfo& info);
  Napi::Value Assignments(const Napi::CallbackInfo& info);
  Napi::Value AllocatorStats(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  /// Starts `work` on the worker. Throws std::logic_error if the session is closed.
  Napi::Promise Do(Napi::Env env, std::function<Answer()> work);
  /// The same for a block of samples, which Cancel ends.
  Napi::Value DoBlock(Napi::Env env, std::function<sampler::Block(const std::atomic<bool>& cancel)> work);
  /// A flag that ends a block, set by Cancel and Close.
  std::shared_ptr<std::atomic<bool>> NewCancel();
  /// What `source`, another session, gave in its last run, taken on its worker: ready when that worker comes to it.
  using Taken = std::future<std::vector<ort::BoundInput>>;
  static std::shared_ptr<Taken> TakeOutputs(const Argument& source);
  /// Ends the blocks that were asked for, each after its current run.
  void CancelBlocks();
  /// Ends the threads and frees the session; waits for the run in progress.
  void Stop();
  /// Called when the environment ends, before its objects are freed.
  static void EnvironmentEnds(void* self);
  /// Called before the process exits: process.exit goes on to destroy ONNX Runtime's static objects, which no thread
  /// may be using then, and calls no hook of the environment.
  static Napi::Value ProcessExits(const Napi::CallbackInfo& info);

  // Touched by the worker while a call is pending.
  std::unique_ptr<ort::Session> session_;
  std::vector<std::unique_ptr<sampler::Worker>> helpers_;  // threads of further streams
  std::atomic<size_t> working_{0};                         // calls that the worker has not finished
  // Touched by JavaScript's thread only.
  std::vector<std::weak_ptr<std::atomic<bool>>> blocks_;  // what cancels each block that was asked for
  std::unique_ptr<sampler::Worker> worker_;               // null: closed or never opened
  std::vector<Napi::ObjectReference> shared_;             // arrays whose memory bound inputs use
  bool denormals_as_zero_ = false, closing_ = false, hooked_ = false;
  Napi::ObjectReference closed_;  // the promise of the first Close
};

}  // namespace hfbench::glue
