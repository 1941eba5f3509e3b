#define HFBENCH_LEVEL neon
#define HFBENCH_KERNELS kKernelsNeon
#define HFBENCH_LANES "binding/preprocess/lanes_neon.inc"
#include "binding/preprocess/kernels.inc"
