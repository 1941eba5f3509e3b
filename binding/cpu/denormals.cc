#include "binding/cpu/denormals.h"

#include <cstdint>

#include "binding/cpu/isa.h"

#if HFBENCH_X86
#include <xmmintrin.h>
#elif defined(_MSC_VER)
#include <intrin.h>
#endif

namespace hfbench::cpu {

void FlushDenormals(bool flush) {
#if HFBENCH_X86
  constexpr unsigned kFlushToZero = 1u << 15, kDenormalsAreZero = 1u << 6;  // bits of MXCSR
  const unsigned bits = kFlushToZero | kDenormalsAreZero;
  _mm_setcsr(flush ? _mm_getcsr() | bits : _mm_getcsr() & ~bits);
#elif HFBENCH_ARM64
  constexpr uint64_t kFlushToZero = uint64_t{1} << 24;  // bit FZ of FPCR
#if defined(_MSC_VER)
  constexpr int kFpcr = ARM64_SYSREG(3, 3, 4, 4, 0);
  const auto control = static_cast<uint64_t>(_ReadStatusReg(kFpcr));
  _WriteStatusReg(kFpcr, static_cast<int64_t>(flush ? control | kFlushToZero : control & ~kFlushToZero));
#else
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  control = flush ? control | kFlushToZero : control & ~kFlushToZero;
  __asm__ volatile("msr fpcr, %0" : : "r"(control));
#endif
#else
  (void)flush;
#endif
}

}  // namespace hfbench::cpu
