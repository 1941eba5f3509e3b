#include "binding/sampler/worker.h"

#include <utility>

namespace hfbench::sampler {

Worker::Worker() : thread_([this] { Loop(); }) {}

Worker::~Worker() {
  {
    const std::lock_guard<std::mutex> hold(lock_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Worker::Post(std::function<void()> job) {
  {
    const std::lock_guard<std::mutex> hold(lock_);
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

void Worker::Loop() {
  std::unique_lock<std::mutex> hold(lock_);
  for (;;) {
    changed_.wait(hold, [this] { return ending_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    hold.unlock();
    job();
    job = nullptr;  // what it captured is freed before the next job starts
    hold.lock();
  }
}

}  // namespace hfbench::sampler
