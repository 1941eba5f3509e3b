#pragma once

namespace hfbench::cpu {

/// Makes the calling thread treat denormal floating-point numbers as zero, or exactly. ONNX Runtime sets this for its
/// own pool threads, but for calling threads only once a process, by the first session.
void FlushDenormals(bool flush);

}  // namespace hfbench::cpu
