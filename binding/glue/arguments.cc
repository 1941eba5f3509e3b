#include "binding/glue/arguments.h"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace hfbench::glue {

void Argument::Require(bool ok, const std::string& expectation) const {
  if (!ok) throw std::invalid_argument(name_ + " must be " + expectation);
}

std::string Argument::Text() const {
  Require(value_.IsString(), "a string");
  std::string text = value_.As<Napi::String>().Utf8Value();
  // C interfaces stop at the first NUL: refuse what they would silently cut.
  Require(text.find('\0') == std::string::npos, "a string without NUL characters");
  return text;
}

bool Argument::Flag() const {
  Require(value_.IsBoolean(), "true or false");
  return value_.As<Napi::Boolean>().Value();
}

double Argument::Number() const {
  Require(value_.IsNumber(), "a number");
  const double number = value_.As<Napi::Number>().DoubleValue();
  Require(std::isfinite(number), "a finite number");
  return number;
}

int64_t Argument::Signed(int64_t low, int64_t high) const {
  const std::string expectation = "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
  Require(value_.IsNumber(), expectation);
  const double number = value_.As<Napi::Number>().DoubleValue();
  Require(number == std::floor(number) && std::abs(number) <= static_cast<double>(kMaxSafeInteger), expectation);
  const auto whole = static_cast<int64_t>(number);
  Require(whole >= low && whole <= high, expectation);
  return whole;
}

uint64_t Argument::Whole(uint64_t low, uint64_t high) const {
  return static_cast<uint64_t>(Signed(static_cast<int64_t>(low), static_cast<int64_t>(high)));
}

Bytes Argument::View() const {
  Require(value_.IsTypedArray(), "a typed array");
  const auto array = value_.As<Napi::TypedArray>();
  Require(!array.ArrayBuffer().IsDetached(), "a typed array whose buffer is not detached");
  napi_typedarray_type type;
  size_t length = 0;
  void* data = nullptr;
  if (napi_get_typedarray_info(value_.Env(), value_, &type, &length, &data, nullptr, nullptr) != napi_ok) {
    throw Napi::Error::New(value_.Env());
  }
  return {static_cast<uint8_t*>(data), length * array.ElementSize()};
}

Bytes Argument::View(napi_typedarray_type type, const char* type_name) const {
  Require(value_.IsTypedArray() && value_.As<Napi::TypedArray>().TypedArrayType() == type,
          std::string("a ") + type_name);
  return View();
}

Napi::Function Argument::Callback() const {
  Require(value_.IsFunction(), "a function");
  return value_.As<Napi::Function>();
}

Napi::Object Argument::Object() const {
  Require(value_.IsObject() && !value_.IsFunction(), "an object");
  return value_.As<Napi::Object>();
}

Argument Argument::Field(const char* field) const { return {Object().Get(field), name_ + "." + field}; }

std::vector<Argument> Argument::Elements() const {
  Require(value_.IsArray(), "an array");
  const auto array = value_.As<Napi::Array>();
  std::vector<Argument> elements;
  for (uint32_t i = 0; i < array.Length(); ++i)
    elements.emplace_back(array.Get(i), name_ + "[" + std::to_string(i) + "]");
  return elements;
}

std::vector<std::string> Argument::Texts() const {
  std::vector<std::string> texts;
  for (const Argument& element : Elements()) texts.push_back(element.Text());
  return texts;
}

std::vector<int64_t> Argument::Shape() const {
  std::vector<int64_t> shape;
  uint64_t count = 1;
  for (const Argument& element : Elements()) {
    const uint64_t size = element.Whole();
    Require(size == 0 || count <= kMaxSafeInteger / size, "a shape of fewer than 2^53 elements");
    count *= size;
    shape.push_back(static_cast<int64_t>(size));
  }
  return shape;
}

std::vector<std::pair<std::string, std::string>> Argument::TextFields() const {
  const Napi::Object object = Object();
  const Napi::Array keys = object.GetPropertyNames();
  std::vector<std::pair<std::string, std::string>> fields;
  for (uint32_t i = 0; i < keys.Length(); ++i) {
    const std::string key = Argument(keys.Get(i), "a key of " + name_).Text();
    fields.emplace_back(key, Field(key.c_str()).Text());
  }
  return fields;
}

Argument At(const Napi::CallbackInfo& info, size_t index, const char* function, const char* name) {
  return {info[index], std::string(function) + ": " + name};
}

Napi::Array ToArray(Napi::Env env, const std::vector<std::string>& texts) {
  const Napi::Array array = Napi::Array::New(env, texts.size());
  for (uint32_t i = 0; i < texts.size(); ++i) array.Set(i, texts[i]);
  return array;
}

}  // namespace hfbench::glue
