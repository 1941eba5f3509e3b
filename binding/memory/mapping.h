// Memory that comes straight from the operating system: a file read in place, or zeroed pages outside any heap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace hfbench::memory {

/// A file that cannot be used: one line that tells the user why.
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Mapping {
 public:
  /// The whole file, read-only. Throws FileError that names the path if it is no regular, readable file.
  /// Trap: reading it after another program has made the file shorter ends the process (SIGBUS).
  static Mapping File(const std::string& path);
  /// `size` zeroed bytes, in large pages where the system grants them. Throws std::bad_alloc.
  static Mapping Zeros(size_t size);

  Mapping() = default;
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();

  uint8_t* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  Mapping(uint8_t* data, size_t size, bool file) : data_(data), size_(size), file_(file) {}

  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  bool file_ = false;
};

}  // namespace hfbench::memory
