#include "binding/ort/library_file.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "binding/ort/status.h"

#if defined(__linux__)
#include <elf.h>
#endif

namespace hfbench::ort {
namespace {

[[noreturn]] void Refuse(const std::string& path, const std::string& reason) {
  throw LibraryError("ONNX Runtime library " + path + ": " + reason);
}

#if defined(__linux__)
#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#else
constexpr Elf64_Half kMachine = EM_NONE;  // unknown to us: left to the loader
#endif

void CheckFormat(const std::string& path, std::ifstream& file, uint64_t size) {
  Elf64_Ehdr header;
  if (!file.read(reinterpret_cast<char*>(&header), sizeof header) ||
      std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    Refuse(path, "is not a shared library (no ELF header)");
  }
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || (kMachine != EM_NONE && header.e_machine != kMachine)) {
    Refuse(path, "was built for another processor");
  }
  if (header.e_type != ET_DYN || header.e_phentsize != sizeof(Elf64_Phdr)) Refuse(path, "is not a shared library");
  std::vector<Elf64_Phdr> segments(header.e_phnum);
  file.seekg(static_cast<std::streamoff>(header.e_phoff));
  file.read(reinterpret_cast<char*>(segments.data()),
            static_cast<std::streamsize>(segments.size() * sizeof(Elf64_Phdr)));
  bool whole = file.good();
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type == PT_LOAD)
      whole = whole && segment.p_offset <= size && segment.p_filesz <= size - segment.p_offset;
  }
  if (!whole) Refuse(path, "is damaged: it ends before its last segment; install it again");
}
#else
void CheckFormat(const std::string&, std::ifstream&, uint64_t) {
}  // the loaders of macOS and Windows check this themselves
#endif

}  // namespace

void CheckLibraryFile(const std::string& path) {
  const std::filesystem::path native(reinterpret_cast<const char8_t*>(path.c_str()));
  std::error_code error;
  const auto status = std::filesystem::status(native, error);
  if (!std::filesystem::exists(status)) Refuse(path, "not found");
  if (!std::filesystem::is_regular_file(status)) Refuse(path, "is not a file");
  const uint64_t size = std::filesystem::file_size(native, error);
  std::ifstream file(native, std::ios::binary);
  if (error || !file) Refuse(path, "cannot be read");
  CheckFormat(path, file, size);
}

}  // namespace hfbench::ort
