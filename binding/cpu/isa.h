// Instruction sets of this processor and the level that kernels run at.
//
// A kernel with vector code has one translation unit per level: name.cc (baseline of the platform), name_avx2.cc,
// name_avx512.cc, name_neon.cc; CMake gives each its compiler flags by its name. Trap: such a unit must not include
// headers with inline functions that other units use too (<vector>, <algorithm>, <cmath>): the linker keeps one copy of
// each, maybe the one with AVX-512 in it, and an older processor then dies in unrelated code. <cstdint>, <cstddef> and
// <immintrin.h> or <arm_neon.h> are safe, and so are functions in an unnamed namespace.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#if defined(__x86_64__) || defined(_M_X64)
#define HFBENCH_X86 1
#elif defined(__aarch64__) || defined(_M_ARM64)
#define HFBENCH_ARM64 1
#endif

namespace hfbench::cpu {

/// kAvx2 stands for AVX2, FMA, F16C and BMI2; kAvx512 for AVX-512 F, BW, DQ, VL on top of that.
enum class Isa { kBase, kAvx2, kAvx512, kNeon };

const char* IsaName(Isa isa);

/// Levels that processor and operating system support, the baseline first and the best last.
const std::vector<Isa>& SupportedIsas();

/// The level that kernels use: the one forced by `ForceIsa`, else by the environment variable HFBENCH_ISA, else the
/// best. Throws std::invalid_argument if HFBENCH_ISA names no level of this machine.
Isa ActiveIsa();

/// Makes `name` (base, avx2, avx512, neon; "" for the default) the active level of the process.
/// Throws std::invalid_argument if this machine lacks it.
void ForceIsa(std::string_view name);

/// Names of the instruction set extensions that matter to benchmarks, as Linux spells them, e.g. "avx512_vnni".
std::vector<std::string> Features();

/// The processor's own name for itself, e.g. "AMD EPYC 9B45"; empty where it has none to tell.
std::string BrandName();

}  // namespace hfbench::cpu
