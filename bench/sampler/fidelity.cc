// Samples of hfbench against a bare loop over the same ONNX Runtime calls: one process, one session, one binding,
// blocks in turn.
//   bench_sampler LIBRARY MODEL ROWS COLUMNS RUNS BLOCKS
// MODEL has one float32 input x [ROWS, COLUMNS]. Prints, in nanoseconds over all blocks:
//   median of samples, median of the bare loop, time a run in the sampled blocks, time a run in a loop that reads no
//   clock
// The times a run are medians over blocks.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <latch>
#include <vector>

#include "binding/ort/session.h"
#include "binding/sampler/block.h"

namespace {

using hfbench::ort::IoBinding;

int64_t ReadClock() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

double Median(std::vector<int64_t> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return static_cast<double>(values[values.size() / 2]);
}

void Measure(char** argv) {
  const size_t rows = std::strtoul(argv[3], nullptr, 10), columns = std::strtoul(argv[4], nullptr, 10);
  const size_t runs = std::strtoul(argv[5], nullptr, 10), blocks = std::strtoul(argv[6], nullptr, 10);
  hfbench::ort::Library& library = hfbench::ort::Library::Open(argv[1]);
  hfbench::ort::SessionConfig config;
  config.intra_op_threads = 1;
  hfbench::ort::Model model;
  model.path = argv[2];
  hfbench::ort::Session session(library, config, std::move(model));
  const std::vector<float> values(rows * columns, 0.5f);
  const auto* const bytes = reinterpret_cast<const uint8_t*>(values.data());
  session.Bind(
      {{"x", 1, {static_cast<int64_t>(rows), static_cast<int64_t>(columns)}, {bytes, bytes + values.size() * 4}}});
  IoBinding* const binding = session.Streams(1)[0];
  const hfbench::ort::Api& api = library.api();
  hfbench::ort::OrtSession* const raw_session = session.raw();
  const hfbench::ort::OrtRunOptions* const options = binding->raw_options();
  const hfbench::ort::OrtIoBinding* const raw_binding = binding->raw();
  const std::atomic<bool> never{false};
  std::vector<int64_t> bare, sampled, sampled_wall, untimed_wall;

  for (size_t i = 0; i < std::max<size_t>(10, runs / 10); ++i) {
    hfbench::ort::Check(api, api.RunWithBinding(raw_session, options, raw_binding));
  }
  for (size_t block = 0; block < blocks; ++block) {
    const std::function<void()> kinds[] = {
        [&] {
          const hfbench::sampler::Block result = hfbench::sampler::RunBlock(binding->AsWork(), runs, never);
          sampled.insert(sampled.end(), result.durations_ns.begin(), result.durations_ns.end());
          sampled_wall.push_back(result.wall_ns);
        },
        [&] {
          const size_t first = bare.size();
          bare.resize(first + runs);
          for (size_t i = 0; i < runs; ++i) {
            const int64_t begin = ReadClock();
            if (api.RunWithBinding(raw_session, options, raw_binding) != nullptr) std::abort();
            bare[first + i] = ReadClock() - begin;
          }
        },
        [&] {
          const int64_t begin = ReadClock();
          for (size_t i = 0; i < runs; ++i) {
            if (api.RunWithBinding(raw_session, options, raw_binding) != nullptr) std::abort();
          }
          untimed_wall.push_back(ReadClock() - begin);
        },
    };
    for (size_t i = 0; i < 3; ++i) kinds[(block + i) % 3]();  // each kind comes first equally often
  }
  const auto count = static_cast<double>(runs);
  std::printf("%.1f %.1f %.2f %.2f\n", Median(sampled), Median(bare), Median(sampled_wall) / count,
              Median(untimed_wall) / count);
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
