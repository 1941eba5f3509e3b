// Checked reading of what JavaScript passed. Each reader throws std::invalid_argument with one line that names function
// and argument, e.g. "fill: count must be a whole number from 0 to 1000".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "binding/napi_setup.h"

namespace hfbench::glue {

/// Largest integer that a JavaScript number holds exactly.
constexpr uint64_t kMaxSafeInteger = (uint64_t{1} << 53) - 1;

/// Bytes that belong to JavaScript: valid until control returns there.
struct Bytes {
  uint8_t* data = nullptr;
  size_t size = 0;
};

/// One value with the words that name it in errors.
class Argument {
 public:
  Argument(Napi::Value value, std::string name) : value_(value), name_(std::move(name)) {}

  /// Throws unless `ok`: "<name> must be <expectation>".
  void Require(bool ok, const std::string& expectation) const;

  std::string Text() const;
  bool Flag() const;
  /// A finite number.
  double Number() const;
  /// A whole number in [low, high].
  uint64_t Whole(uint64_t low = 0, uint64_t high = kMaxSafeInteger) const;
  /// A whole number in [low, high] that may be negative.
  int64_t Signed(int64_t low, int64_t high) const;
  /// A typed array of any element type, not detached.
  Bytes View() const;
  /// A typed array whose elements are `type`, e.g. napi_float32_array.
  Bytes View(napi_typedarray_type type, const char* type_name) const;
  Napi::Function Callback() const;
  std::vector<std::string> Texts() const;
  /// Sizes of a tensor: whole numbers from 0 on whose product stays below 2^53.
  std::vector<int64_t> Shape() const;

  Napi::Object Object() const;
  /// Field of an object; undefined if it is absent.
  Argument Field(const char* field) const;
  /// Elements of an array.
  std::vector<Argument> Elements() const;
  /// Own enumerable string properties of an object, each value a text.
  std::vector<std::pair<std::string, std::string>> TextFields() const;
  bool IsAbsent() const { return value_.IsUndefined() || value_.IsNull(); }
  Napi::Value Value() const { return value_; }

 private:
  Napi::Value value_;
  std::string name_;
};

/// The argument at `index` of a call of `function`; one that was not passed is undefined.
Argument At(const Napi::CallbackInfo& info, size_t index, const char* function, const char* name);

Napi::Array ToArray(Napi::Env env, const std::vector<std::string>& texts);

}  // namespace hfbench::glue
