#include <atomic>

#include "binding/cpu/isa.h"
#include "binding/cpu/parallel_for.h"
#include "check.h"

namespace hfbench::test {
namespace {

const Add cover("ranges cover every item once, whatever count, grain and threads", [] {
  for (const size_t count : {0, 1, 2, 7, 64, 1000}) {
    for (const size_t grain : {0, 1, 3, 64, 5000}) {
      for (const size_t threads : {0, 1, 2, 9}) {
        std::vector<std::atomic<int>> seen(count);
        cpu::ParallelFor(count, grain, threads, [&](size_t begin, size_t end) {
          CHECK(begin < end && end <= count);
          for (size_t i = begin; i < end; ++i) ++seen[i];
        });
        for (const auto& times : seen) CHECK(times == 1);
      }
    }
  }
});

const Add exception("an exception of a body reaches the caller after all threads have ended", [] {
  std::atomic<int> running{0};
  const auto message = MessageOf<std::runtime_error>([&] {
    cpu::ParallelFor(1000, 1, 4, [&](size_t begin, size_t) {
      ++running;
      if (begin == 17) {
        --running;
        throw std::runtime_error("seventeen");
      }
      --running;
    });
  });
  CHECK(message == "seventeen" && running == 0);
});

const Add levels("levels are ordered, and only those of the machine can be forced", [] {
  CHECK(cpu::SupportedIsas().front() == cpu::Isa::kBase);
  for (const cpu::Isa isa : cpu::SupportedIsas()) {
    cpu::ForceIsa(cpu::IsaName(isa));
    CHECK(cpu::ActiveIsa() == isa);
  }
  MessageOf<std::invalid_argument>([] { cpu::ForceIsa("vax"); });
  cpu::ForceIsa("");
});

}  // namespace
}  // namespace hfbench::test
