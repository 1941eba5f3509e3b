#include "binding/preprocess/text_forms.h"

#include <algorithm>
#include <utility>

#include "binding/preprocess/text_normalize.h"
#include "binding/preprocess/text_unicode.h"

namespace hfbench::text {
namespace {

bool HasAny(std::string_view text, uint32_t traits) {
  for (size_t i = 0; i < text.size();) {
    const Character character = Decode(text, i);
    if (character.size > 1 && TraitsOf(character.code).Has(traits)) return true;
    i += character.size;
  }
  return false;
}

void Reorder(std::vector<FormCharacter>& characters) {
  const auto starter = [](const FormCharacter& c) { return c.combining == 0; };
  const auto less = [](const FormCharacter& a, const FormCharacter& b) { return a.combining < b.combining; };
  for (auto start = characters.begin(); start != characters.end();) {
    start = std::find_if_not(start, characters.end(), starter);
    const auto end = std::find_if(start, characters.end(), starter);
    if (!std::is_sorted(start, end, less)) std::stable_sort(start, end, less);
    start = end;
  }
}

void ComposeAll(std::vector<FormCharacter>& characters) {
  FormCharacter* starter = nullptr;
  FormCharacter* out = characters.data();
  int last = -1;  // class of the last mark kept behind the starter
  for (const FormCharacter& character : characters) {
    if (starter != nullptr && last < character.combining) {
      if (const char32_t composed = Compose(starter->code, character.code)) {
        *starter = {composed, starter->change + character.change - 1, 0};
        continue;
      }
    }
    if (character.combining == 0) {
      starter = out;
      last = -1;
    } else if (starter != nullptr) {
      last = character.combining;
    }
    *out++ = character;
  }
  characters.resize(static_cast<size_t>(out - characters.data()));
}

}  // namespace

void ToForm(Form form, Text& text, std::vector<FormCharacter>& characters, std::string& out) {
  const bool compatible = form == Form::kNfkc || form == Form::kNfkd;
  const bool composed = form == Form::kNfc || form == Form::kNfkc;
  const uint32_t decomposing = compatible ? kDecomposesCompatibly : kDecomposes;
  const uint32_t changing = composed ? (compatible ? kNfkcChanges : kNfcChanges) | kComposes : decomposing;
  if (!HasAny(text.bytes, changing | kReorders)) return;

  characters.clear();
  int64_t origin_characters = 0;
  for (size_t i = 0; i < text.bytes.size();) {
    const Character character = Decode(text.bytes, i);
    const auto push = [&](char32_t code, int32_t change) {
      characters.push_back({code, change, TraitsOf(code).Has(kReorders) ? CombiningClass(code) : uint8_t{0}});
    };
    if (TraitsOf(character.code).Has(decomposing)) {
      char32_t hangul[3];
      int32_t change = 0;
      for (const char32_t part : Decomposition(character.code, compatible, hangul))
        push(part, std::exchange(change, 1));
    } else {
      push(character.code, 0);
    }
    if (i < text.origin) ++origin_characters;
    i += character.size;
  }
  Reorder(characters);
  if (composed) ComposeAll(characters);

  out.clear();
  size_t origin = 0;
  int64_t taken = 0;  // original characters so far
  for (const FormCharacter& character : characters) {
    Append(out, character.code);
    const int64_t source = character.change > 0 ? taken - 1 : taken;
    if (source < origin_characters) origin = out.size();
    if (character.change <= 0) taken += 1 - character.change;
  }
  text.origin = text.origin == 0 ? 0 : origin;
  text.bytes.swap(out);
}

}  // namespace hfbench::text
