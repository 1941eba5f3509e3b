#include "binding/preprocess/text_unicode.h"

#include <cstring>
#include <iterator>

namespace hfbench::text {

#include "binding/preprocess/text_unicode_tables.inc"

namespace {

// Hangul syllables compose by rule: The Unicode Standard, section 3.12.
constexpr char32_t kSyllables = 0xAC00, kLeads = 0x1100, kVowels = 0x1161, kTails = 0x11A7;
constexpr char32_t kLeadCount = 19, kVowelCount = 21, kTailCount = 28,
                   kSyllableCount = kLeadCount * kVowelCount * kTailCount;

/// Row of a sorted table of `Width` columns that starts with `keys`, or null.
template <size_t Width, size_t Keys, size_t Size>
const uint32_t* FindRow(const uint32_t (&table)[Size], const uint32_t (&keys)[Keys]) {
  size_t low = 0, high = Size / Width;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    const uint32_t* row = table + middle * Width;
    size_t i = 0;
    while (i < Keys && row[i] == keys[i]) ++i;
    if (i == Keys) return row;
    if (row[i] < keys[i]) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return nullptr;
}

/// Rows hold a code point and where its replacement lies in the pool: place * 256 + length.
std::u32string_view Pooled(const uint32_t* row) {
  if (row == nullptr) return {};
  return {kPool + (row[1] >> 8), row[1] & 255};
}

}  // namespace

size_t Before(std::string_view text, size_t position) {
  size_t start = position - 1;
  while (start > 0 && position - start < 4 && (static_cast<uint8_t>(text[start]) & 0xC0) == 0x80) --start;
  // Stray continuation bytes count one by one, as Decode reads them.
  return start + Decode(text, start).size == position ? start : position - 1;
}

void Append(std::string& text, char32_t code) {
  if (code < 0x80) {
    text.push_back(static_cast<char>(code));
    return;
  }
  char bytes[4];
  size_t size = 0;
  const auto put = [&](char32_t byte) { bytes[size++] = static_cast<char>(byte); };
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      put(0xE0 | code >> 12);
    } else {
      put(0xF0 | code >> 18);
      put(0x80 | (code >> 12 & 63));
    }
    put(0x80 | (code >> 6 & 63));
  }
  put(0x80 | (code & 63));
  text.append(bytes, size);
}

bool IsAscii(std::string_view text) {
  uint64_t seen = 0;
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    seen |= word;
  }
  for (; i < text.size(); ++i) seen |= static_cast<uint8_t>(text[i]);
  return (seen & 0x8080808080808080u) == 0;
}

size_t CountCharacters(std::string_view text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); i += Decode(text, i).size) ++count;
  return count;
}

std::u32string_view Decomposition(char32_t code, bool compatible, char32_t (&hangul)[3]) {
  if (code - kSyllables < kSyllableCount) {
    const char32_t index = code - kSyllables, tail = index % kTailCount;
    hangul[0] = kLeads + index / (kVowelCount * kTailCount);
    hangul[1] = kVowels + index % (kVowelCount * kTailCount) / kTailCount;
    hangul[2] = kTails + tail;
    return {hangul, tail == 0 ? size_t{2} : size_t{3}};
  }
  const uint32_t key[] = {code};
  if (compatible) {
    if (const uint32_t* row = FindRow<2>(kCompatible, key)) return Pooled(row);
  }
  return Pooled(FindRow<2>(kCanonical, key));
}

std::u32string_view LowerCase(char32_t code) {
  const uint32_t key[] = {code};
  return Pooled(FindRow<2>(kLowered, key));
}

uint8_t CombiningClass(char32_t code) {
  const uint32_t key[] = {code};
  const uint32_t* row = FindRow<2>(kClasses, key);
  return row == nullptr ? 0 : static_cast<uint8_t>(row[1]);
}

char32_t Compose(char32_t first, char32_t second) {
  if (first - kLeads < kLeadCount && second - kVowels < kVowelCount) {
    return kSyllables + ((first - kLeads) * kVowelCount + (second - kVowels)) * kTailCount;
  }
  if (first - kSyllables < kSyllableCount && (first - kSyllables) % kTailCount == 0 &&
      second - kTails - 1 < kTailCount - 1) {
    return first + (second - kTails);
  }
  const uint32_t pair[] = {first, second};
  const uint32_t* row = FindRow<3>(kPairs, pair);
  return row == nullptr ? 0 : row[2];
}

}  // namespace hfbench::text
