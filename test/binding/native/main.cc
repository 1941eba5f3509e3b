// hfbench_test FAKE_LIBRARY [REAL_LIBRARY]: tests of the pure layers, without JavaScript, so that sanitizers see only
// our code.
#include <cstdio>
#include <exception>

#include "check.h"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  hfbench::test::GivenLibraries() = {argv[1], argc > 2 ? argv[2] : ""};
  int failed = 0;
  for (const auto& [name, body] : hfbench::test::Cases()) {
    try {
      body();
      std::printf("ok   %s\n", name.c_str());
    } catch (const std::exception& error) {
      ++failed;
      std::printf("FAIL %s: %s\n", name.c_str(), error.what());
    }
  }
  std::printf("%zu passed, %d failed\n", hfbench::test::Cases().size() - static_cast<size_t>(failed), failed);
  return failed == 0 ? 0 : 1;
}
