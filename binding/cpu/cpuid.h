// What the CPUID instruction (x86) or the operating system (Arm) says about the processor.
#pragma once

namespace hfbench::cpu {

/// AVX2, FMA, F16C and BMI2, with the operating system saving the wide registers. False on other architectures.
bool HasAvx2Level();
/// AVX-512 F, BW, DQ and VL, with the operating system saving the wide registers. False on other architectures.
bool HasAvx512Level();

}  // namespace hfbench::cpu
