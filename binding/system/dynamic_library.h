// Libraries of drivers, loaded at run time: a machine may lack them.
#pragma once

#include <cstdlib>
#include <type_traits>

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace hfbench::system {

/// A library that stays loaded, as drivers have threads of their own. Null members of what it lacks.
class DynamicLibrary {
 public:
  /// The file that the environment variable `variable` names, else `name`, which the system looks for.
  DynamicLibrary(const char* variable, const char* name) {
    const char* const chosen = std::getenv(variable);
    handle_ = Load(chosen != nullptr ? chosen : name);
  }
  explicit operator bool() const { return handle_ != nullptr; }

  /// Fills a pointer to a function; null where the library does not have it.
  template <class Function>
  void Find(Function& function, const char* name) const {
    function = reinterpret_cast<std::remove_reference_t<Function>>(Symbol(handle_, name));
  }

 private:
#if defined(_WIN32)
  static void* Load(const char* path) { return LoadLibraryA(path); }
  static void* Symbol(void* library, const char* name) {
    return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(library), name));
  }
#else
  static void* Load(const char* path) { return dlopen(path, RTLD_NOW | RTLD_LOCAL); }
  static void* Symbol(void* library, const char* name) { return dlsym(library, name); }
#endif

  void* handle_ = nullptr;
};

}  // namespace hfbench::system
