// The way from planar 8-bit rows to the output tensor: values, element type, layout, border.
#pragma once

#include "binding/preprocess/image.h"

namespace hfbench::preprocess {

/// Writes one image. Rows may be written in any order and from several threads.
class ImageOutput {
 public:
  ImageOutput(const ImagePlan& plan, const ImageGeometry& geometry, uint8_t* out)
      : plan_(plan), g_(geometry), out_(out), kernels_(ActiveKernels()) {}

  /// Fills the canvas where the region does not cover it.
  void FillAround() const;
  /// Writes row y of the region, of which plane k begins at row + k * plane_stride.
  void WriteRow(const uint8_t* row, size_t plane_stride, int y) const;

 private:
  void ToFloats(const uint8_t* bytes, size_t count, int k, float* out) const;
  void Convert(const float* in, size_t count, uint8_t* out) const;
  void WritePlane(const uint8_t* bytes, int k, uint8_t* out) const;
  template <class T>
  void Interleave(const uint8_t* planes, uint8_t* out) const;
  template <class T>
  void FillBorder() const;

  const ImagePlan& plan_;
  const ImageGeometry& g_;
  uint8_t* const out_;
  const Kernels& kernels_;
};

/// Buffers of a thread, kept between images: fresh pages cost more than the kernels. 64-byte aligned.
enum class Slot { kRows, kScratch, kBytes, kFloats, kConverted };
uint8_t* Buffer(Slot slot, size_t bytes);

}  // namespace hfbench::preprocess
