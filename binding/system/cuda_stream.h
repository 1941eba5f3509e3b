// A stream of a CUDA device that times what is queued in it, by NVIDIA's driver library, loaded at run time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace hfbench::system {

/// Lives in the device's primary context, which the CUDA runtime inside ONNX Runtime uses too.
class CudaStream {
 public:
  /// Null without a driver, or where it refuses, e.g. for want of such a device. HFBENCH_CUDA names another library.
  /// @param device counted as the CUDA runtime counts: CUDA_VISIBLE_DEVICES holds for both
  static std::unique_ptr<CudaStream> Open(int device);
  CudaStream(const CudaStream&) = delete;
  CudaStream& operator=(const CudaStream&) = delete;
  ~CudaStream();

  /// The CUstream, which is a cudaStream_t too.
  void* handle() const { return stream_; }
  /// Marks the begin of what is queued from now on. False, as below, when the driver reports an error.
  bool Begin();
  /// Marks the end of what was queued.
  bool End();
  /// Waits for the end, and tells how long the device took from mark to mark; resolution about 0.5 us.
  std::optional<int64_t> WaitNs();
  /// Name of the driver's last error, e.g. "CUDA_ERROR_ILLEGAL_ADDRESS".
  const std::string& error() const { return error_; }

 private:
  CudaStream() = default;
  bool Make(int device);
  /// Calls the driver with the context current on this thread. False if it reports an error.
  template <class Function, class... Arguments>
  bool Call(Function function, Arguments... arguments);
  bool Succeeds(int result);

  int device_ = 0;
  void *context_ = nullptr, *stream_ = nullptr, *begin_ = nullptr, *end_ = nullptr;
  std::string error_;
};

}  // namespace hfbench::system
