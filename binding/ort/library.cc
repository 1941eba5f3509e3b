#include "binding/ort/library.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "binding/ort/library_file.h"

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace hfbench::ort {
namespace {

using GetApiBase = const OrtApiBase*(HFBENCH_ORT_CALL*)();

[[noreturn]] void Refuse(const std::string& path, const std::string& reason) {
  throw LibraryError("ONNX Runtime library " + path + ": " + reason);
}

/// The address of OrtGetApiBase. The library is deliberately never closed.
GetApiBase LoadSymbol(const std::string& path) {
#if defined(_WIN32)
  const std::filesystem::path wide(reinterpret_cast<const char8_t*>(path.c_str()));
  // Its own folder comes first for the libraries that it needs: Windows itself ships an old onnxruntime.dll.
  const HMODULE module =
      LoadLibraryExW(wide.c_str(), nullptr, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
  if (module == nullptr) Refuse(path, "does not load (Windows error " + std::to_string(GetLastError()) + ")");
  const auto symbol = reinterpret_cast<GetApiBase>(reinterpret_cast<void*>(GetProcAddress(module, "OrtGetApiBase")));
#else
  void* const module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) {
    const char* reason = dlerror();
    Refuse(path, std::string("does not load (") + (reason != nullptr ? reason : "no reason given") + ")");
  }
  const auto symbol = reinterpret_cast<GetApiBase>(dlsym(module, "OrtGetApiBase"));
#endif
  if (symbol == nullptr) Refuse(path, "is not an ONNX Runtime library (it has no function OrtGetApiBase)");
  return symbol;
}

/// Reads "1.30.0", maybe with more behind it, into major and minor version.
bool ReadVersion(const std::string& text, uint32_t* major, uint32_t* minor) {
  const char* const end = text.data() + text.size();
  const auto [dot, error] = std::from_chars(text.data(), end, *major);
  if (error != std::errc() || dot == end || *dot != '.') return false;
  return std::from_chars(dot + 1, end, *minor).ec == std::errc();
}

constexpr int kWarning = 2;

/// Severity from which messages are printed; HFBENCH_ORT_LOG=verbose|info|warning|error|fatal. Off by default: what
/// matters comes back as an error, and lines on standard error would tear the progress display.
int LogSeverity() {
  static const int severity = [] {
    const char* const wanted = std::getenv("HFBENCH_ORT_LOG");
    constexpr const char* kNames[] = {"verbose", "info", "warning", "error", "fatal"};
    const auto* const found = std::find_if(std::begin(kNames), std::end(kNames), [&](const char* name) {
      return wanted != nullptr && std::string(name) == wanted;
    });
    return found == std::end(kNames) ? -1 : static_cast<int>(found - kNames);
  }();
  return severity;
}

void HFBENCH_ORT_CALL Log(void*, int, const char* category, const char*, const char* where, const char* message) {
  if (LogSeverity() >= 0) std::fprintf(stderr, "[onnxruntime %s, %s] %s\n", category, where, message);
}

std::string OrEmpty(const char* text) { return text != nullptr ? text : ""; }

}  // namespace

Library& Library::Open(const std::string& path) {
  static std::mutex lock;
  static auto* const libraries = new std::map<std::string, Library*>;  // lives as long as the process
  const std::lock_guard<std::mutex> hold(lock);
  Library*& library = (*libraries)[path];
  if (library == nullptr) library = new Library(path);
  return *library;
}

Library::Library(const std::string& path) : path_(path) {
  CheckLibraryFile(path);
  const OrtApiBase* const base = LoadSymbol(path)();
  if (base == nullptr || base->GetApi == nullptr || base->GetVersionString == nullptr) {
    Refuse(path, "is not an ONNX Runtime library (OrtGetApiBase gives no interface)");
  }
  version_ = OrEmpty(base->GetVersionString());
  uint32_t major = 0, minor = 0;
  if (!ReadVersion(version_, &major, &minor))
    Refuse(path, "has no version that can be read ('" + version_.substr(0, 40) + "')");
  const std::string oldest = "1." + std::to_string(kOldestApi);
  if (major < 1 || (major == 1 && minor < kOldestApi)) {
    Refuse(path, "version " + version_ + " is too old; hfbench needs " + oldest + " or newer");
  }
  if (major > 1)
    Refuse(path, "version " + version_ + " has an interface that this hfbench does not know; use a 1.x library");
  api_version_ = std::min(minor, kNewestApi);
  const void* const table = base->GetApi(api_version_);
  if (table == nullptr)
    Refuse(path, "version " + version_ + " does not offer its own API version " + std::to_string(api_version_));
  api_ = ReadTable(table, api_version_);
}

void Library::TooOldFor(const char* what, uint32_t since) const {
  Refuse(path_, "version " + version_ + " is too old for " + what + ", which needs 1." + std::to_string(since));
}

std::string Library::BuildInfo() const { return OrEmpty(api_.GetBuildInfoString()); }

std::vector<std::string> Library::Providers() const {
  char** names = nullptr;
  int count = 0;
  Check(api_, api_.GetAvailableProviders(&names, &count));
  const std::vector<std::string> providers(names, names + count);
  Check(api_, api_.ReleaseAvailableProviders(names, count));
  return providers;
}

OrtEnv* Library::Env() {
  const std::lock_guard<std::mutex> hold(env_lock_);
  if (env_ == nullptr) {
    const int severity = LogSeverity() >= 0 ? LogSeverity() : kWarning;
    Check(api_, api_.CreateEnvWithCustomLogger(Log, nullptr, severity, "hfbench", &env_));
  }
  return env_;
}

void Library::RegisterProviderLibrary(const std::string& name, const std::string& path) {
  const auto call = Need(api_.RegisterExecutionProviderLibrary, "provider libraries", 22);
  const std::filesystem::path native(reinterpret_cast<const char8_t*>(path.c_str()));
  Check(api_, call(Env(), name.c_str(), native.c_str()));
}

std::vector<const OrtEpDevice*> Library::RawEpDevices() {
  if (api_.GetEpDevices == nullptr) return {};
  const OrtEpDevice* const* devices = nullptr;
  size_t count = 0;
  Check(api_, api_.GetEpDevices(Env(), &devices, &count));
  return {devices, devices + count};
}

std::vector<EpDevice> Library::EpDevices() {
  constexpr const char* kTypes[] = {"cpu", "gpu", "npu"};
  std::vector<EpDevice> list;
  for (const OrtEpDevice* device : RawEpDevices()) {
    const OrtHardwareDevice* const hardware = api_.EpDevice_Device(device);
    const int type = api_.HardwareDevice_Type(hardware);
    list.push_back({OrEmpty(api_.EpDevice_EpName(device)), OrEmpty(api_.EpDevice_EpVendor(device)),
                    type >= 0 && type < 3 ? kTypes[type] : "other", OrEmpty(api_.HardwareDevice_Vendor(hardware)),
                    api_.HardwareDevice_DeviceId(hardware)});
  }
  return list;
}

}  // namespace hfbench::ort
