#include "binding/preprocess/kernels.h"

#include "binding/cpu/isa.h"

namespace hfbench::preprocess {

const Kernels& KernelsOf(cpu::Isa isa) {
  switch (isa) {
#if HFBENCH_X86
    case cpu::Isa::kAvx2:
      return kKernelsAvx2;
    case cpu::Isa::kAvx512:
      return kKernelsAvx512;
#elif HFBENCH_ARM64
    case cpu::Isa::kNeon:
      return kKernelsNeon;
#endif
    default:
      return kKernelsBase;
  }
}

const Kernels& ActiveKernels() { return KernelsOf(cpu::ActiveIsa()); }

}  // namespace hfbench::preprocess
