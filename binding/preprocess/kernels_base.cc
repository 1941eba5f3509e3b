// x86-64 always has SSE2; elsewhere the baseline is plain C++.
#define HFBENCH_LEVEL base
#define HFBENCH_KERNELS kKernelsBase
#if defined(__x86_64__) || defined(_M_X64)
#define HFBENCH_LANES "binding/preprocess/lanes_sse2.inc"
#else
#define HFBENCH_LANES "binding/preprocess/lanes_scalar.inc"
#endif
#include "binding/preprocess/kernels.inc"
