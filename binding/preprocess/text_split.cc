#include "binding/preprocess/text_split.h"

#include "binding/preprocess/text_unicode.h"

namespace hfbench::text {
namespace {

constexpr uint32_t kUpperish = In(kUpper) | In(kTitle) | In(kModifier) | In(kOtherLetter) | In(kMark);
constexpr uint32_t kLowerish = In(kLower) | In(kModifier) | In(kOtherLetter) | In(kMark);
constexpr uint32_t kSigns = In(kPunctuation) | In(kSymbol);

struct Cursor {
  std::string_view text;
  size_t at;

  bool Done() const { return at >= text.size(); }
  char Byte() const { return Done() ? '\0' : text[at]; }
  Character Next() const { return Decode(text, at); }
  bool Is(uint32_t categories) const { return !Done() && TraitsOf(Next().code).Is(categories); }
  bool IsSpace() const { return !Done() && TraitsOf(Next().code).Has(kRegexSpace); }
  /// [^\s\p{L}\p{N}]
  bool IsOther() const {
    if (Done()) return false;
    const Traits traits = TraitsOf(Next().code);
    return !traits.Has(kRegexSpace) && !traits.Is(kLetters | In(kNumber));
  }
  bool IsBreak() const { return Byte() == '\r' || Byte() == '\n'; }
  void Step() { at += Next().size; }
  void Run(uint32_t categories) {
    while (Is(categories)) Step();
  }
  void RunOthers() {
    while (IsOther()) Step();
  }
  void Run(uint32_t categories, int most) {
    while (most-- > 0 && Is(categories)) Step();
  }
};

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c; }

/// 's|'t|'re|'ve|'m|'ll|'d; with `any_case`, as (?i:...), where the long s counts as an s too.
size_t Contraction(std::string_view text, size_t start, bool any_case) {
  if (start + 1 >= text.size() || text[start] != '\'') return start;
  const auto letter = [&](size_t i) { return i >= text.size() ? '\0' : any_case ? Lower(text[i]) : text[i]; };
  const char a = letter(start + 1), b = letter(start + 2);
  if (a == 's' || a == 't' || a == 'm' || a == 'd') return start + 2;
  if ((a == 'r' && b == 'e') || (a == 'v' && b == 'e') || (a == 'l' && b == 'l')) return start + 3;
  if (any_case && text.substr(start + 1, 2) == "\xC5\xBF") return start + 3;
  return start;
}

/// \s+(?!\S)|\s+
size_t Spaces(std::string_view text, size_t start) {
  Cursor c{text, start};
  size_t last = start;
  while (c.IsSpace()) {
    last = c.at;
    c.Step();
  }
  return c.Done() || last == start ? c.at : last;
}

/// \s*[\r\n]+|\s+(?!\S)|\s+
size_t LinesOrSpaces(std::string_view text, size_t start) {
  Cursor c{text, start};
  size_t line = start;
  while (c.IsSpace()) {
    const bool ends = c.IsBreak();
    c.Step();
    if (ends) line = c.at;
  }
  return line > start ? line : Spaces(text, start);
}

size_t Gpt2(std::string_view text, size_t start) {
  if (const size_t end = Contraction(text, start, false); end > start) return end;
  Cursor c{text, start};
  if (c.Byte() == ' ') ++c.at;
  const size_t word = c.at;
  c.Run(kLetters);
  if (c.at == word) c.Run(In(kNumber));
  if (c.at == word) c.RunOthers();
  return c.at > word ? c.at : Spaces(text, start);
}

/// [^\r\n\p{L}\p{N}]?\p{L}+
size_t Word(std::string_view text, size_t start, uint32_t letters, uint32_t not_before) {
  Cursor c{text, start};
  if (!c.Is(letters)) {
    if (c.Done() || c.IsBreak() || c.Is(not_before)) return start;
    c.Step();
  }
  const size_t word = c.at;
  c.Run(letters);
  return c.at > word ? c.at : start;
}

/// ` ?[^\s...]+[\r\n]*`, with `slash` also a '/' in the tail.
size_t Signs(std::string_view text, size_t start, bool slash) {
  Cursor c{text, start};
  if (c.Byte() == ' ') ++c.at;
  const size_t signs = c.at;
  c.RunOthers();
  if (c.at == signs) return start;
  while (c.IsBreak() || (slash && c.Byte() == '/')) ++c.at;
  return c.at;
}

template <int Digits>
size_t Tiktoken(std::string_view text, size_t start) {
  if (const size_t end = Contraction(text, start, true); end > start) return end;
  if (const size_t end = Word(text, start, kLetters, In(kNumber)); end > start) return end;
  Cursor c{text, start};
  c.Run(In(kNumber), Digits);
  if (c.at > start) return c.at;
  if (const size_t end = Signs(text, start, false); end > start) return end;
  return LinesOrSpaces(text, start);
}

/// U*L+ for the classes U (upper-ish) and L (lower-ish), which share Lm, Lo and M; `start` where it does not match.
size_t LowerEnding(std::string_view text, size_t start) {
  Cursor c{text, start};
  size_t shared_end = start;
  while (c.Is(kUpperish)) {
    const bool shared = c.Is(kLowerish);
    c.Step();
    if (shared) shared_end = c.at;
  }
  const size_t upper_end = c.at;
  c.Run(kLowerish);
  // Where nothing lower follows, U* gives back up to the last character that L knows too.
  return c.at > upper_end ? c.at : shared_end;
}

/// U+L*, once U*L+ has failed: no lower character is left to take.
size_t UpperRun(std::string_view text, size_t start) {
  Cursor c{text, start};
  c.Run(kUpperish);
  return c.at;
}

template <int Digits, bool Contractions>
size_t Cased(std::string_view text, size_t start) {
  Cursor c{text, start};
  const bool leads = !c.Done() && !c.IsBreak() && !c.Is(kLetters | In(kNumber));
  const size_t after = leads ? start + c.Next().size : start;
  // A leading mark may also be the word's first character, so the order of the four attempts matters.
  for (const auto attempt : {LowerEnding, UpperRun}) {
    for (const size_t word : {after, start}) {
      const size_t end = attempt(text, word);
      if (end > word) return Contractions ? Contraction(text, end, true) : end;
    }
  }
  c.Run(In(kNumber), Digits);
  if (c.at > start) return c.at;
  if (const size_t end = Signs(text, start, true); end > start) return end;
  return LinesOrSpaces(text, start);
}

size_t Clip(std::string_view text, size_t start) {
  if (const size_t end = Contraction(text, start, false); end > start) return end;
  Cursor c{text, start};
  c.Run(kLetters);
  if (c.at == start) c.Run(In(kNumber), 1);
  if (c.at == start) c.RunOthers();
  return c.at;
}

bool IsAsciiLetter(char c) { return Lower(c) >= 'a' && Lower(c) <= 'z'; }
bool IsAsciiSign(char c) { return c > ' ' && c < 127 && !IsAsciiLetter(c) && !(c >= '0' && c <= '9'); }

size_t Deepseek(std::string_view text, size_t start) {
  Cursor c{text, start};
  if (IsAsciiSign(c.Byte()) && start + 1 < text.size() && IsAsciiLetter(text[start + 1])) {
    for (++c.at; IsAsciiLetter(c.Byte());) ++c.at;
    return c.at;
  }
  if (const size_t end = Word(text, start, kLetters | In(kMark), kSigns | kLetters); end > start) return end;
  if (c.Byte() == ' ') ++c.at;
  if (c.Is(kSigns)) {
    c.Run(kSigns);
    while (c.IsBreak()) ++c.at;
    return c.at;
  }
  return LinesOrSpaces(text, start);
}

size_t DeepseekCjk(std::string_view text, size_t start) {
  Cursor c{text, start};
  for (; !c.Done(); c.Step()) {
    const char32_t code = c.Next().code;
    if (!(code >= 0x4E00 && code <= 0x9FA5) && !(code >= 0x3040 && code <= 0x30FF)) break;
  }
  return c.at;
}

size_t DigitTriples(std::string_view text, size_t start) {
  Cursor c{text, start};
  c.Run(In(kNumber), 3);
  return c.at;
}

size_t ThreeDigits(std::string_view text, size_t start) {
  for (size_t i = start; i < start + 3; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') return start;
  }
  return start + 3;
}

size_t SpaceRun(std::string_view text, size_t start) {
  Cursor c{text, start};
  while (c.IsSpace()) c.Step();
  return c.at;
}

size_t BlankRun(std::string_view text, size_t start) {
  size_t end = start;
  while (end < text.size() && text[end] == ' ') ++end;
  return end >= start + 2 ? end : start;
}

size_t Nothing(std::string_view, size_t start) { return start; }

}  // namespace

Matcher MatcherOf(Pattern pattern) {
  switch (pattern) {
    case Pattern::kGpt2:
      return Gpt2;
    case Pattern::kLlama3:
      return Tiktoken<3>;
    case Pattern::kQwen2:
      return Tiktoken<1>;
    case Pattern::kO200k:
      return Cased<3, true>;
    case Pattern::kTekken:
      return Cased<1, false>;
    case Pattern::kClip:
      return Clip;
    case Pattern::kDeepseek:
      return Deepseek;
    case Pattern::kDeepseekCjk:
      return DeepseekCjk;
    case Pattern::kDigitTriples:
      return DigitTriples;
    case Pattern::kThreeDigits:
      return ThreeDigits;
    case Pattern::kSpaces:
      return SpaceRun;
    case Pattern::kBlankRuns:
      return BlankRun;
    case Pattern::kLiteral:
    case Pattern::kCount:
      break;
  }
  return Nothing;
}

}  // namespace hfbench::text
