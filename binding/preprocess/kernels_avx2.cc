#define HFBENCH_LEVEL avx2
#define HFBENCH_KERNELS kKernelsAvx2
#define HFBENCH_LANES "binding/preprocess/lanes_avx2.inc"
#include "binding/preprocess/kernels.inc"
