// A thread of its own that does one job after another. A session keeps all its calls of ONNX Runtime on one worker:
// state that providers and the processor hold per thread (CUDA graphs, contexts, treatment of denormals) is then the
// same in every run.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace hfbench::sampler {

class Worker {
 public:
  Worker();
  /// Finishes the jobs that were posted.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Adds a job, which must not throw.
  void Post(std::function<void()> job);

 private:
  void Loop();

  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace hfbench::sampler
