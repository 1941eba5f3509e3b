// UTF-8 and what Rust tokenizers says of each code point (make_text_unicode_tables.py made the tables by asking it).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hfbench::text {

/// General categories as the regular expressions of tokenizers (Oniguruma) see them.
enum Category : uint32_t {
  kOther,
  kUpper,
  kLower,
  kTitle,
  kModifier,
  kOtherLetter,
  kMark,
  kNumber,
  kPunctuation,
  kSymbol
};

constexpr uint32_t In(Category category) { return 1u << category; }
constexpr uint32_t kLetters = In(kUpper) | In(kLower) | In(kTitle) | In(kModifier) | In(kOtherLetter);

/// Bits of Traits; the first four hold the category. The order is that of make_text_unicode_tables.py.
enum Trait : uint32_t {
  kRegexSpace = 1u << 4,       // \s of Oniguruma
  kWhitespace = 1u << 5,       // White_Space
  kControl = 1u << 6,          // BertNormalizer drops it
  kBertPunctuation = 1u << 7,  // Punctuation and BertPreTokenizer split at it
  kNonspacing = 1u << 8,       // BertNormalizer strips it as an accent
  kCombining = 1u << 9,        // StripAccents strips it
  kNumeric = 1u << 10,         // Digits splits at it
  kWord = 1u << 11,            // \w of the regex crate
  kHasLower = 1u << 12,        // Lowercase changes it
  kDecomposes = 1u << 13,      // NFD changes it
  kDecomposesCompatibly = 1u << 14,
  kReorders = 1u << 15,  // its combining class is not 0
  kComposes = 1u << 16,  // can be the second of a composed pair
  kNfcChanges = 1u << 17,
  kNfkcChanges = 1u << 18,
  kPictographic = 1u << 23,
};
enum class Cluster : uint32_t {
  kOther,
  kCr,
  kLf,
  kControl,
  kExtend,
  kZwj,
  kRegional,
  kPrepend,
  kSpacing,
  kL,
  kV,
  kT,
  kLv,
  kLvt
};
enum class Conjunct : uint32_t { kNone, kConsonant, kExtend, kLinker };

struct Traits {
  uint32_t bits;
  bool Has(uint32_t any) const { return (bits & any) != 0; }
  bool Is(uint32_t categories) const { return (categories >> (bits & 15) & 1) != 0; }
  Cluster GraphemeBreak() const { return static_cast<Cluster>(bits >> 19 & 15); }
  Conjunct ConjunctBreak() const { return static_cast<Conjunct>(bits >> 24 & 3); }
};

extern const uint32_t kRecords[];
extern const uint16_t kPageIndex[];
extern const uint8_t kPages[];
constexpr char32_t kMaxCodePoint = 0x10FFFF;
constexpr char32_t kReplacement = 0xFFFD;

/// `code` must not be above kMaxCodePoint.
inline Traits TraitsOf(char32_t code) { return {kRecords[kPages[kPageIndex[code >> 7] * 128u + (code & 127)]]}; }

struct Character {
  char32_t code;
  uint32_t size;
};

/// The character at `position`, which must lie inside `text`; bytes that are not UTF-8 read as U+FFFD, one at a time.
inline Character Decode(std::string_view text, size_t position) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[position + i]); };
  const auto tail = [&](size_t i) { return position + i < text.size() && (byte(i) & 0xC0) == 0x80; };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead >= 0xC2 && lead < 0xE0 && tail(1)) return {(lead & 31) << 6 | (byte(1) & 63u), 2};
  if (lead >= 0xE0 && lead < 0xF0 && tail(1) && tail(2)) {
    const char32_t code = (lead & 15) << 12 | (byte(1) & 63u) << 6 | (byte(2) & 63u);
    if (code >= 0x800 && (code < 0xD800 || code > 0xDFFF)) return {code, 3};
  }
  if (lead >= 0xF0 && lead < 0xF5 && tail(1) && tail(2) && tail(3)) {
    const char32_t code = (lead & 7) << 18 | (byte(1) & 63u) << 12 | (byte(2) & 63u) << 6 | (byte(3) & 63u);
    if (code >= 0x10000 && code <= kMaxCodePoint) return {code, 4};
  }
  return {kReplacement, 1};
}

/// Where the character before `position` (above 0) starts.
size_t Before(std::string_view text, size_t position);
void Append(std::string& text, char32_t code);
bool IsAscii(std::string_view text);
size_t CountCharacters(std::string_view text);

/// What NFD (or NFKD) and Lowercase make of one character that has the trait; at most 18 code points.
std::u32string_view Decomposition(char32_t code, bool compatible, char32_t (&hangul)[3]);
std::u32string_view LowerCase(char32_t code);
uint8_t CombiningClass(char32_t code);
/// The character that the pair composes to in NFC, or 0.
char32_t Compose(char32_t first, char32_t second);

}  // namespace hfbench::text
