#include "binding/cpu/cpuid.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "binding/cpu/isa.h"

#if HFBENCH_X86
#if defined(_MSC_VER)
#include <intrin.h>
#else
#include <cpuid.h>
#endif
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#elif defined(__linux__)
#include <sys/auxv.h>
#endif

namespace hfbench::cpu {
#if HFBENCH_X86
namespace {

struct Registers {
  uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
};

/// A leaf that the processor does not have reads as zeros.
Registers Leaf(uint32_t leaf, uint32_t subleaf = 0) {
  Registers r;
#if defined(_MSC_VER)
  int values[4];
  __cpuid(values, static_cast<int>(leaf & 0x80000000u));
  if (static_cast<uint32_t>(values[0]) < leaf) return r;
  __cpuidex(values, static_cast<int>(leaf), static_cast<int>(subleaf));
  std::memcpy(&r, values, sizeof r);
#else
  __get_cpuid_count(leaf, subleaf, &r.eax, &r.ebx, &r.ecx, &r.edx);
#endif
  return r;
}

/// Register files that the operating system saves (XCR0): bit 1 SSE, 2 AVX, 5-7 AVX-512, 17-18 AMX tiles.
uint64_t SavedState() {
  constexpr uint32_t kOsxsave = 1u << 27;
  if ((Leaf(1).ecx & kOsxsave) == 0) return 0;
#if defined(_MSC_VER)
  return _xgetbv(0);
#else
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<uint64_t>(high) << 32) | low;
#endif
}

constexpr uint64_t kAvxState = 0x6, kAvx512State = 0xE6, kTileState = 0x60000;

enum Register { kEax, kEbx, kEcx, kEdx };
struct Feature {
  const char* name;
  uint32_t leaf, subleaf;
  Register where;
  int bit;
  uint64_t state;  // what the operating system must save for the extension to be usable
};
// Intel SDM volume 2, table "Information returned by CPUID"; AMD APM volume 3, appendix E.
constexpr Feature kFeatures[] = {
    {"sse4_2", 1, 0, kEcx, 20, 0},
    {"avx", 1, 0, kEcx, 28, kAvxState},
    {"f16c", 1, 0, kEcx, 29, kAvxState},
    {"fma", 1, 0, kEcx, 12, kAvxState},
    {"bmi2", 7, 0, kEbx, 8, 0},
    {"avx2", 7, 0, kEbx, 5, kAvxState},
    {"avx_vnni", 7, 1, kEax, 4, kAvxState},
    {"avx512f", 7, 0, kEbx, 16, kAvx512State},
    {"avx512dq", 7, 0, kEbx, 17, kAvx512State},
    {"avx512bw", 7, 0, kEbx, 30, kAvx512State},
    {"avx512vl", 7, 0, kEbx, 31, kAvx512State},
    {"avx512_vnni", 7, 0, kEcx, 11, kAvx512State},
    {"avx512_bf16", 7, 1, kEax, 5, kAvx512State},
    {"avx512_fp16", 7, 0, kEdx, 23, kAvx512State},
    {"amx_tile", 7, 0, kEdx, 24, kTileState},
    {"amx_int8", 7, 0, kEdx, 25, kTileState},
    {"amx_bf16", 7, 0, kEdx, 22, kTileState},
};

bool Has(const Feature& feature, uint64_t saved) {
  const Registers r = Leaf(feature.leaf, feature.subleaf);
  const std::array<uint32_t, 4> values{r.eax, r.ebx, r.ecx, r.edx};
  return ((values[feature.where] >> feature.bit) & 1) != 0 && (saved & feature.state) == feature.state;
}

bool HasAll(std::initializer_list<std::string_view> names) {
  const uint64_t saved = SavedState();
  size_t found = 0;
  for (const Feature& feature : kFeatures) {
    for (std::string_view name : names) found += name == feature.name && Has(feature, saved);
  }
  return found == names.size();
}

}  // namespace

bool HasAvx2Level() { return HasAll({"avx2", "fma", "f16c", "bmi2"}); }
bool HasAvx512Level() { return HasAll({"avx512f", "avx512bw", "avx512dq", "avx512vl"}); }

std::vector<std::string> Features() {
  std::vector<std::string> names;
  const uint64_t saved = SavedState();
  for (const Feature& feature : kFeatures) {
    if (Has(feature, saved)) names.emplace_back(feature.name);
  }
  return names;
}

std::string BrandName() {
  char text[49] = {};
  for (uint32_t i = 0; i < 3; ++i) {
    const Registers r = Leaf(0x80000002u + i);
    std::memcpy(text + 16 * i, &r, sizeof r);
  }
  std::string name(text);
  const size_t begin = name.find_first_not_of(' ');
  return begin == std::string::npos ? "" : name.substr(begin, name.find_last_not_of(' ') - begin + 1);
}

#else

bool HasAvx2Level() { return false; }
bool HasAvx512Level() { return false; }

#if defined(__APPLE__)
namespace {
bool HasSysctl(const char* name) {
  int value = 0;
  size_t size = sizeof value;
  return sysctlbyname(name, &value, &size, nullptr, 0) == 0 && value != 0;
}
}  // namespace

std::vector<std::string> Features() {
  std::vector<std::string> names{"asimd"};
  if (HasSysctl("hw.optional.arm.FEAT_FP16")) names.emplace_back("asimdhp");
  if (HasSysctl("hw.optional.arm.FEAT_DotProd")) names.emplace_back("asimddp");
  if (HasSysctl("hw.optional.arm.FEAT_BF16")) names.emplace_back("bf16");
  if (HasSysctl("hw.optional.arm.FEAT_I8MM")) names.emplace_back("i8mm");
  if (HasSysctl("hw.optional.arm.FEAT_SME")) names.emplace_back("sme");
  return names;
}

std::string BrandName() {
  char text[256] = {};
  size_t size = sizeof text - 1;
  return sysctlbyname("machdep.cpu.brand_string", text, &size, nullptr, 0) == 0 ? text : "";
}
#else
std::vector<std::string> Features() {
  std::vector<std::string> names{"asimd"};
#if defined(__linux__) && HFBENCH_ARM64
  // Bits of AT_HWCAP and AT_HWCAP2: arch/arm64/include/uapi/asm/hwcap.h of the Linux kernel.
  const unsigned long hwcap = getauxval(AT_HWCAP), hwcap2 = getauxval(AT_HWCAP2);
  if ((hwcap >> 10 & 1) != 0) names.emplace_back("asimdhp");
  if ((hwcap >> 20 & 1) != 0) names.emplace_back("asimddp");
  if ((hwcap >> 22 & 1) != 0) names.emplace_back("sve");
  if ((hwcap2 >> 13 & 1) != 0) names.emplace_back("i8mm");
  if ((hwcap2 >> 14 & 1) != 0) names.emplace_back("bf16");
#endif
  return names;
}

std::string BrandName() { return ""; }
#endif
#endif

}  // namespace hfbench::cpu
