#define HFBENCH_LEVEL neon
#define HFBENCH_KERNELS kKernelsNeon
#include "binding/preprocess/lanes_neon.inc"
#include "binding/preprocess/kernels.inc"
