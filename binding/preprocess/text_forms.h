// Unicode normalization forms (UAX #15) with the tables of Rust tokenizers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hfbench::text {

struct Text;
enum class Form { kNfc, kNfd, kNfkc, kNfkd };

/// Normalizes `text` in place; `scratch` and `out` only keep their capacity between calls.
void ToForm(Form form, Text& text, std::vector<uint64_t>& scratch, std::string& out);

}  // namespace hfbench::text
