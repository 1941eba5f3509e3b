#include "binding/preprocess/text_forms.h"

#include <algorithm>

#include "binding/preprocess/text_normalize.h"
#include "binding/preprocess/text_unicode.h"

namespace hfbench::text {
namespace {

// A character under way is one number: combining class, whether it comes from the text's origin, code point.
constexpr uint64_t kFromOrigin = 1u << 31;
char32_t CodeOf(uint64_t character) { return static_cast<char32_t>(character & 0x1FFFFF); }
int ClassOf(uint64_t character) { return static_cast<int>(character >> 32); }

bool HasAny(std::string_view text, uint32_t traits) {
  for (size_t i = 0; i < text.size();) {
    const Character character = Decode(text, i);
    if (character.size > 1 && TraitsOf(character.code).Has(traits)) return true;
    i += character.size;
  }
  return false;
}

void Reorder(std::vector<uint64_t>& characters) {
  const auto starter = [](uint64_t c) { return ClassOf(c) == 0; };
  for (auto start = characters.begin(); start != characters.end();) {
    start = std::find_if_not(start, characters.end(), starter);
    const auto end = std::find_if(start, characters.end(), starter);
    const auto less = [](uint64_t a, uint64_t b) { return ClassOf(a) < ClassOf(b); };
    if (!std::is_sorted(start, end, less)) std::stable_sort(start, end, less);
    start = end;
  }
}

void ComposeAll(std::vector<uint64_t>& characters) {
  constexpr size_t kNone = static_cast<size_t>(-1);
  size_t starter = kNone, size = 0;
  int last = -1;  // class of the last mark kept behind the starter
  for (const uint64_t character : characters) {
    const int combining = ClassOf(character);
    if (starter != kNone && last < combining) {
      if (const char32_t composed = Compose(CodeOf(characters[starter]), CodeOf(character))) {
        characters[starter] = (characters[starter] & kFromOrigin) | composed;
        continue;
      }
    }
    if (combining == 0) {
      starter = size;
      last = -1;
    } else if (starter != kNone) {
      last = combining;
    }
    characters[size++] = character;
  }
  characters.resize(size);
}

}  // namespace

void ToForm(Form form, Text& text, std::vector<uint64_t>& characters, std::string& out) {
  const bool compatible = form == Form::kNfkc || form == Form::kNfkd;
  const bool composed = form == Form::kNfc || form == Form::kNfkc;
  const uint32_t decomposing = compatible ? kDecomposesCompatibly : kDecomposes;
  const uint32_t changing = composed ? (compatible ? kNfkcChanges : kNfcChanges) | kComposes : decomposing;
  if (!HasAny(text.bytes, changing | kReorders)) return;

  characters.clear();
  for (size_t i = 0; i < text.bytes.size();) {
    const Character character = Decode(text.bytes, i);
    const uint64_t origin = i < text.origin ? kFromOrigin : 0;
    const auto push = [&](char32_t code) {
      const uint64_t combining = TraitsOf(code).Has(kReorders) ? CombiningClass(code) : 0;
      characters.push_back(combining << 32 | origin | code);
    };
    char32_t hangul[3];
    if (TraitsOf(character.code).Has(decomposing)) {
      for (const char32_t part : Decomposition(character.code, compatible, hangul)) push(part);
    } else {
      push(character.code);
    }
    i += character.size;
  }
  Reorder(characters);
  if (composed) ComposeAll(characters);

  out.clear();
  bool leading = true;
  text.origin = 0;
  for (const uint64_t character : characters) {
    Append(out, CodeOf(character));
    leading = leading && (character & kFromOrigin) != 0;
    if (leading) text.origin = out.size();
  }
  text.bytes.swap(out);
}

}  // namespace hfbench::text
