// A test is a function that throws; main.cc runs all of them.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace hfbench::test {

struct Case {
  std::string name;
  std::function<void()> body;
};

inline std::vector<Case>& Cases() {
  static std::vector<Case> cases;
  return cases;
}

struct Add {
  Add(const char* name, std::function<void()> body) { Cases().push_back({name, std::move(body)}); }
};

/// Paths of the libraries given on the command line: the fake one and a real one.
struct Libraries {
  std::string fake, real;
};
inline Libraries& GivenLibraries() {
  static Libraries libraries;
  return libraries;
}

#define CHECK(condition)                                                                                \
  do {                                                                                                  \
    if (!(condition))                                                                                   \
      throw std::runtime_error(std::string(__FILE__ ":") + std::to_string(__LINE__) + ": " #condition); \
  } while (false)

/// The message of the exception of type Error that `body` throws.
template <class Error, class Body>
std::string MessageOf(Body body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  throw std::runtime_error("expected an exception");
}

}  // namespace hfbench::test
