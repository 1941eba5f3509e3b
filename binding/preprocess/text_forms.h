// Unicode normalization forms (UAX #15) with the tables of Rust tokenizers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hfbench::text {

struct Text;
enum class Form { kNfc, kNfd, kNfkc, kNfkd };

/// A character under way. `change` says how it came about, as in Rust tokenizers: 1 is new beside the character before
/// it, 0 replaces one character, -n replaces one and swallows n more.
struct FormCharacter {
  char32_t code;
  int32_t change;
  uint8_t combining;  // class
};

/// Normalizes `text` in place; `scratch` and `out` only keep their capacity between calls.
void ToForm(Form form, Text& text, std::vector<FormCharacter>& scratch, std::string& out);

}  // namespace hfbench::text
