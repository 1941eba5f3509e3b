// The generations of hfbench against a bare loop over the same calls of ONNX Runtime that carries the same cache: one
// process, one session, run by run in turn.
//   bench_decode LIBRARY MODEL VOCABULARY PROMPT TOKENS ROUNDS
// MODEL is a decoder in its cached form: input_ids, attention_mask and pairs of past_key_values.N.* and present.N.*,
// all float32. Prints a line for every pair of runs, 'first' or 'token' with the nanoseconds of hfbench and of the bare
// loop, and after each round what hfbench spends between two runs.
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <latch>
#include <string>
#include <vector>

#include "binding/ort/session.h"
#include "binding/sampler/block.h"

namespace {

using namespace hfbench::ort;

constexpr int kInt64 = 7, kFloat = 1;

int64_t ReadClock() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

struct Decoder {
  std::vector<int64_t> ids, ones;
  size_t prompt, tokens;
  std::vector<Link> states;
  std::vector<std::vector<int64_t>> empty;  // shapes of the states before the first token
};

void Must(const Api& api, OrtStatus* status) {
  if (status == nullptr) return;
  std::fprintf(stderr, "%s\n", api.GetErrorMessage(status));
  std::exit(1);
}

std::vector<uint8_t> BytesOf(const int64_t* values, size_t count) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(values);
  return {bytes, bytes + count * sizeof(int64_t)};
}

void BindFirst(Session* session, const Decoder& model) {
  const auto length = static_cast<int64_t>(model.prompt);
  std::vector<Feed> feeds = {{"input_ids", kInt64, {1, length}, BytesOf(model.ids.data(), model.prompt)},
                             {"attention_mask", kInt64, {1, length}, BytesOf(model.ones.data(), model.prompt)}};
  for (size_t i = 0; i < model.states.size(); ++i) {
    feeds.push_back({model.states[i].input, kFloat, model.empty[i], {}});
  }
  session->Bind(feeds);
}

/// A generation of hfbench, run by run through its own timed loop.
class Sampled {
 public:
  Sampled(Session* session, const Decoder& model) {
    GenerationPlan plan;
    plan.runs = 1 + model.tokens;
    plan.states = model.states;
    const auto longer = static_cast<int64_t>(model.prompt) + 1;
    plan.steps.push_back({"input_ids", kInt64, {1, 1}, -1, 1, BytesOf(model.ids.data() + model.prompt, model.tokens)});
    plan.steps.push_back({"attention_mask", kInt64, {1, longer}, 1, 0, BytesOf(model.ones.data(), model.ones.size())});
    generation_ = &session->Begin(std::move(plan));
  }

  int64_t Next() {
    const std::atomic<bool> never{false};
    const auto block = hfbench::sampler::RunPrepared(generation_->AsPreparation(), generation_->AsWork(), 1, never);
    generation_->ThrowFailure();
    between_ns_ += block.wall_ns - block.durations_ns[0];
    return block.durations_ns[0];
  }

  int64_t between_ns() const { return between_ns_; }

 private:
  Generation* generation_;
  int64_t between_ns_ = 0;
};

/// The same by hand.
class Bare {
 public:
  Bare(const Api& api, OrtSession* session, const Decoder& model) : api_(api), session_(session), model_(model) {
    Must(api, api.CreateCpuMemoryInfo(kDeviceAllocator, kDefaultMemory, &cpu_));
    Must(api, api.GetAllocatorWithDefaultOptions(&allocator_));
    Must(api, api.CreateIoBinding(session, &binding_));
    Must(api, api.CreateRunOptions(&options_));
    for (size_t i = 0; i < model.states.size(); ++i) {
      BindInput(model.states[i].input.c_str(), &nothing_, model.empty[i], kFloat, 0);
    }
  }
  ~Bare() {
    api_.ReleaseRunOptions(options_);
    api_.ReleaseIoBinding(binding_);
    api_.ReleaseMemoryInfo(cpu_);
  }

  int64_t Next() {
    const size_t first = run_ == 0 ? 0 : model_.prompt + run_ - 1, length = run_ == 0 ? model_.prompt : 1;
    const size_t total = model_.prompt + run_;
    if (run_++ > 0) Carry();
    Must(api_, api_.BindOutputToDevice(binding_, "logits", cpu_));
    for (const Link& state : model_.states) Must(api_, api_.BindOutputToDevice(binding_, state.output.c_str(), cpu_));
    BindInput("input_ids", model_.ids.data() + first, {1, static_cast<int64_t>(length)}, kInt64, length * 8);
    BindInput("attention_mask", model_.ones.data(), {1, static_cast<int64_t>(total)}, kInt64, total * 8);
    const int64_t begin = ReadClock();
    OrtStatus* const status = api_.RunWithBinding(session_, options_, binding_);
    const int64_t ns = ReadClock() - begin;
    Must(api_, status);
    return ns;
  }

 private:
  void BindInput(const char* name, const void* data, const std::vector<int64_t>& shape, int type, size_t bytes) {
    OrtValue* value = nullptr;
    Must(api_, api_.CreateTensorWithDataAsOrtValue(cpu_, const_cast<void*>(data), bytes, shape.data(), shape.size(),
                                                   type, &value));
    Must(api_, api_.BindInput(binding_, name, value));
    api_.ReleaseValue(value);
  }

  void Carry() {
    OrtValue** values = nullptr;
    size_t count = 0;
    Must(api_, api_.GetBoundOutputValues(binding_, allocator_, &values, &count));
    // In the order in which they were bound: the logits, then the states.
    for (size_t i = 0; i < model_.states.size(); ++i) {
      Must(api_, api_.BindInput(binding_, model_.states[i].input.c_str(), values[1 + i]));
    }
    for (size_t i = 0; i < count; ++i) api_.ReleaseValue(values[i]);
    Must(api_, api_.AllocatorFree(allocator_, values));
  }

  const Api& api_;
  OrtSession* session_;
  const Decoder& model_;
  OrtMemoryInfo* cpu_ = nullptr;
  OrtAllocator* allocator_ = nullptr;
  OrtIoBinding* binding_ = nullptr;
  OrtRunOptions* options_ = nullptr;
  float nothing_ = 0;
  size_t run_ = 0;
};

Decoder Describe(const Session& session, char** argv) {
  Decoder model;
  const auto vocabulary = std::strtoll(argv[3], nullptr, 10);
  model.prompt = std::strtoul(argv[4], nullptr, 10);
  model.tokens = std::strtoul(argv[5], nullptr, 10);
  for (size_t i = 0; i < model.prompt + model.tokens; ++i) {
    model.ids.push_back(static_cast<int64_t>(i * 7919 % static_cast<size_t>(vocabulary)));
  }
  model.ones.assign(model.prompt + model.tokens, 1);
  for (const ValueInfo& input : session.inputs()) {
    const std::string past = "past_key_values";
    if (!input.name.starts_with(past)) continue;
    model.states.push_back({"present" + input.name.substr(past.size()), input.name});
    std::vector<int64_t> shape = input.shape;
    shape[0] = 1;
    shape[2] = 0;
    model.empty.push_back(shape);
  }
  return model;
}

void Measure(char** argv) {
  Library& library = Library::Open(argv[1]);
  Model file;
  file.path = argv[2];
  Session session(library, SessionConfig{}, std::move(file));
  const Decoder model = Describe(session, argv);
  BindFirst(&session, model);
  const size_t rounds = std::strtoul(argv[6], nullptr, 10);
  for (size_t round = 0; round <= rounds; ++round) {
    Sampled sampled(&session, model);
    Bare bare(library.api(), session.raw(), model);
    for (size_t run = 0; run <= model.tokens; ++run) {
      int64_t ours = 0, theirs = 0;
      if ((round + run) % 2 == 0) ours = sampled.Next();
      theirs = bare.Next();
      if ((round + run) % 2 == 1) ours = sampled.Next();
      // The first round warms up.
      if (round > 0)
        std::printf("%s %lld %lld\n", run == 0 ? "first" : "token", static_cast<long long>(ours),
                    static_cast<long long>(theirs));
    }
    if (round > 0)
      std::printf("between %lld\n",
                  static_cast<long long>(sampled.between_ns()) / static_cast<long long>(model.tokens));
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  // On a worker, as in the addon.
  int status = 0;
  std::latch done(1);
  hfbench::sampler::Worker worker;
  worker.Post([&] {
    try {
      Measure(argv);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      status = 1;
    }
    done.count_down();
  });
  done.wait();
  return status;
}
