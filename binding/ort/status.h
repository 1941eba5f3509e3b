// ONNX Runtime's way of reporting errors as a C++ exception.
#pragma once

#include <stdexcept>
#include <string>

#include "binding/ort/c_abi.h"

namespace hfbench::ort {

/// An error that ONNX Runtime reported; `code()` e.g. "INVALID_GRAPH".
class Error : public std::runtime_error {
 public:
  Error(int code, const std::string& message);
  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

/// A library that hfbench cannot work with, or a path that leads to none: one line that tells the user why.
class LibraryError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws an Error and frees `status` unless it is null.
void Check(const Api& api, OrtStatus* status);

}  // namespace hfbench::ort
