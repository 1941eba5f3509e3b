#include "binding/memory/mapping.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <new>
#include <utility>

#if defined(_WIN32)
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace hfbench::memory {
namespace {

[[noreturn]] void Fail(const std::string& path, const std::string& reason) {
  throw FileError("weights file " + path + ": " + reason);
}

}  // namespace

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)), file_(other.file_) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(file_, other.file_);
  return *this;
}

#if defined(_WIN32)

Mapping Mapping::File(const std::string& path) {
  const std::filesystem::path wide(reinterpret_cast<const char8_t*>(path.c_str()));
  const HANDLE file = CreateFileW(wide.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING, 0, nullptr);
  if (file == INVALID_HANDLE_VALUE)
    Fail(path, "cannot be opened (Windows error " + std::to_string(GetLastError()) + ")");
  LARGE_INTEGER size = {};
  void* data = nullptr;
  if (GetFileSizeEx(file, &size) && size.QuadPart > 0) {
    const HANDLE section = CreateFileMappingW(file, nullptr, PAGE_READONLY, 0, 0, nullptr);
    if (section != nullptr) {
      data = MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
      CloseHandle(section);
    }
  }
  CloseHandle(file);
  if (size.QuadPart == 0) Fail(path, "is empty");
  if (data == nullptr) Fail(path, "cannot be mapped");
  return {static_cast<uint8_t*>(data), static_cast<size_t>(size.QuadPart), true};
}

Mapping Mapping::Zeros(size_t size) {
  if (size == 0) return {};
  void* data = VirtualAlloc(nullptr, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  if (data == nullptr) throw std::bad_alloc();
  return {static_cast<uint8_t*>(data), size, false};
}

Mapping::~Mapping() {
  if (data_ == nullptr) return;
  if (file_) {
    UnmapViewOfFile(data_);
  } else {
    VirtualFree(data_, 0, MEM_RELEASE);
  }
}

#else

Mapping Mapping::File(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a FIFO must not block
  if (file < 0) Fail(path, std::strerror(errno));
  struct stat status = {};
  void* data = MAP_FAILED;
  std::string reason;
  if (fstat(file, &status) != 0) {
    reason = std::strerror(errno);
  } else if (!S_ISREG(status.st_mode)) {
    reason = "is not a regular file";
  } else if (status.st_size == 0) {
    reason = "is empty";
  } else {
    data = mmap(nullptr, static_cast<size_t>(status.st_size), PROT_READ, MAP_PRIVATE, file, 0);
    if (data == MAP_FAILED) reason = std::strerror(errno);
  }
  close(file);
  if (!reason.empty()) Fail(path, reason);
  return {static_cast<uint8_t*>(data), static_cast<size_t>(status.st_size), true};
}

Mapping Mapping::Zeros(size_t size) {
  if (size == 0) return {};
  void* data = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) throw std::bad_alloc();
#if defined(MADV_HUGEPAGE)
  madvise(data, size, MADV_HUGEPAGE);  // only a wish: first touch of 4 KiB pages costs more than the fill itself
#endif
  return {static_cast<uint8_t*>(data), size, false};
}

Mapping::~Mapping() {
  if (data_ != nullptr) munmap(data_, size_);
}

#endif

}  // namespace hfbench::memory
