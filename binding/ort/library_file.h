#pragma once

#include <string>

namespace hfbench::ort {

/// Throws LibraryError unless `path` is a regular file in the format and for the processor that this system loads. On
/// Linux a file cut short is refused too: the system's loader would map it all the same, and the process would die at
/// the first touch of the missing part.
void CheckLibraryFile(const std::string& path);

}  // namespace hfbench::ort
