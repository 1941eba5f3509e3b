// C++ objects that JavaScript holds between calls of the preprocessing kernels.
#pragma once

#include <string>

#include "binding/glue/arguments.h"

namespace hfbench::glue {

/// One address per type: tells apart what an external value holds.
template <class T>
inline const char kHandleType = 0;

template <class T>
struct Held {
  const void* type;
  T value;
};

template <class T>
Napi::Value Hold(Napi::Env env, T value) {
  return Napi::External<Held<T>>::New(env, new Held<T>{&kHandleType<T>, std::move(value)},
                                      [](Napi::Env, Held<T>* held) { delete held; });
}

template <class T>
const T& Given(const Argument& argument, const char* what) {
  argument.Require(argument.Value().IsExternal(), what);
  const auto* const held = argument.Value().As<Napi::External<Held<T>>>().Data();
  argument.Require(held->type == &kHandleType<T>, what);
  return held->value;
}

/// The index of a text in `names`; throws if it is none of them.
template <size_t kCount>
size_t Choice(const Argument& argument, const char* const (&names)[kCount]) {
  const std::string text = argument.Text();
  std::string known;
  for (size_t i = 0; i < kCount; ++i) {
    if (text == names[i]) return i;
    known += (i ? ", " : "one of ") + std::string(names[i]);
  }
  argument.Require(false, known);
  return 0;
}

}  // namespace hfbench::glue
