#include "binding/weights/kernels.h"

#include "binding/cpu/isa.h"
#include "binding/weights/portable.h"

namespace hfbench::weights {

const Kernels& BaseKernels() {
  static constexpr Kernels kKernels{Fill,         ToFloat16,    ToBfloat16, FromFloat16,
                                    FromBfloat16, FindExtremes, ToInt8,     ToInt4};
  return kKernels;
}

const Kernels& ActiveKernels() {
  switch (cpu::ActiveIsa()) {
#if HFBENCH_X86
    case cpu::Isa::kAvx2:
      return Avx2Kernels();
    case cpu::Isa::kAvx512:
      return Avx512Kernels();
#elif HFBENCH_ARM64
    case cpu::Isa::kNeon:
      return NeonKernels();
#endif
    default:
      return BaseKernels();
  }
}

}  // namespace hfbench::weights
