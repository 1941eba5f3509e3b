/** Extensions that kernels of ONNX Runtime or of hfbench choose by, in the order in which they are listed. */
const RELEVANT = [
  ...['sse4_2', 'avx', 'f16c', 'fma', 'avx2', 'avx_vnni', 'avx512f', 'avx512bw', 'avx512vl', 'avx512_vnni'],
  ...['avx512_bf16', 'avx512_fp16', 'avx10_1', 'amx_tile', 'amx_int8', 'amx_bf16', 'amx_fp16'],
  ...['asimd', 'asimdhp', 'asimddp', 'i8mm', 'bf16', 'sve', 'sve2', 'sme', 'sme2'],
  ...['v', 'zfh', 'zvfh'],
];

/** @param flags extensions by their names in Linux's /proc/cpuinfo */
export function relevantIsa(flags: Iterable<string>): string[] {
  const present = new Set(flags);
  return RELEVANT.filter((name) => present.has(name));
}
