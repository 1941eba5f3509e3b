#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes the deliberately undefined pass-through operands inside its own AVX-512 intrinsics for mistakes of ours.
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#define HFBENCH_LEVEL avx512
#define HFBENCH_KERNELS kKernelsAvx512
#define HFBENCH_LANES "binding/preprocess/lanes_avx512.inc"
#include "binding/preprocess/kernels.inc"
