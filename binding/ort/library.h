// An ONNX Runtime library, loaded at run time, and the environment that all its sessions share.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "binding/ort/status.h"

namespace hfbench::ort {

struct EpDevice {
  std::string provider, provider_vendor, hardware_type, hardware_vendor;
  uint32_t hardware_id;
};

class Library {
 public:
  /// Loads the library at `path`, or returns the one already loaded from there. Libraries stay loaded until the process
  /// ends: their threads and thread-local objects do not survive unloading. Throws LibraryError with one line of
  /// explanation.
  static Library& Open(const std::string& path);

  const Api& api() const { return api_; }
  const std::string& path() const { return path_; }
  /// E.g. "1.30.0".
  const std::string& version() const { return version_; }
  /// The API version agreed on: the highest that both sides know.
  uint32_t api_version() const { return api_version_; }

  /// Build flags and commit, in ONNX Runtime's own words.
  std::string BuildInfo() const;
  /// Names of the providers compiled in, by priority. Throws Error.
  std::vector<std::string> Providers() const;
  /// Created at first use, one per process and library, never released: ReleaseEnv at exit can block (seen with 1.24
  /// after a provider failed to start). Throws Error.
  OrtEnv* Env();
  /// Makes the providers of a plugin library known under `name`. Throws Error.
  void RegisterProviderLibrary(const std::string& name, const std::string& path);
  /// Devices that plugin-style providers offer; empty before API 22. Throws Error.
  std::vector<EpDevice> EpDevices();
  /// The same devices as ONNX Runtime's own objects; owned by the environment.
  std::vector<const OrtEpDevice*> RawEpDevices();

  /// Throws LibraryError, naming `what`, if the library is too old to have an entry.
  template <class Entry>
  Entry Need(Entry entry, const char* what, uint32_t since) const {
    if (entry == nullptr) TooOldFor(what, since);
    return entry;
  }

 private:
  explicit Library(const std::string& path);
  [[noreturn]] void TooOldFor(const char* what, uint32_t since) const;

  std::string path_, version_;
  uint32_t api_version_ = 0;
  Api api_;
  std::mutex env_lock_;
  OrtEnv* env_ = nullptr;
};

}  // namespace hfbench::ort
