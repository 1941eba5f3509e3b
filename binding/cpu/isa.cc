#include "binding/cpu/isa.h"

#include <atomic>
#include <cstdlib>
#include <stdexcept>

#include "binding/cpu/cpuid.h"

namespace hfbench::cpu {
namespace {

constexpr int kNotForced = -1;
std::atomic<int> forced{kNotForced};

Isa FromName(std::string_view name) {
  std::string known;
  for (Isa isa : SupportedIsas()) {
    if (name == IsaName(isa)) return isa;
    known += known.empty() ? IsaName(isa) : std::string(", ") + IsaName(isa);
  }
  throw std::invalid_argument("instruction set '" + std::string(name) + "': this machine has " + known);
}

}  // namespace

const char* IsaName(Isa isa) {
  switch (isa) {
    case Isa::kAvx2:
      return "avx2";
    case Isa::kAvx512:
      return "avx512";
    case Isa::kNeon:
      return "neon";
    case Isa::kBase:
      break;
  }
  return "base";
}

const std::vector<Isa>& SupportedIsas() {
  static const std::vector<Isa> supported = [] {
    std::vector<Isa> list{Isa::kBase};
#if HFBENCH_X86
    if (HasAvx2Level()) list.push_back(Isa::kAvx2);
    if (HasAvx2Level() && HasAvx512Level()) list.push_back(Isa::kAvx512);
#elif HFBENCH_ARM64
    list.push_back(Isa::kNeon);  // part of the AArch64 baseline
#endif
    return list;
  }();
  return supported;
}

Isa ActiveIsa() {
  const int level = forced.load(std::memory_order_relaxed);
  if (level != kNotForced) return static_cast<Isa>(level);
  static const char* const wanted = std::getenv("HFBENCH_ISA");
  return wanted != nullptr && *wanted != '\0' ? FromName(wanted) : SupportedIsas().back();
}

void ForceIsa(std::string_view name) { forced = name.empty() ? kNotForced : static_cast<int>(FromName(name)); }

}  // namespace hfbench::cpu
