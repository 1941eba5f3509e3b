#include "binding/preprocess/text_normalize.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "binding/preprocess/text_forms.h"
#include "binding/preprocess/text_unicode.h"

namespace hfbench::text {
namespace {

/// Rewrites `text` into `out` character by character; `emit(code, traits)` appends what becomes of each.
template <class Emit>
void Rewrite(Text& text, std::string& out, Emit emit) {
  out.clear();
  size_t origin = 0;
  for (size_t i = 0; i < text.bytes.size();) {
    const Character character = Decode(text.bytes, i);
    emit(character.code, TraitsOf(character.code));
    if (i < text.origin) origin = out.size();
    i += character.size;
  }
  text.bytes.swap(out);
  text.origin = origin;
}

bool IsChinese(char32_t c) {
  // The library's list; it starts the last but two block at U+2B920 where Unicode's starts at U+2B820.
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
         (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

void AppendLower(std::string& out, char32_t code, Traits traits) {
  if (!traits.Has(kHasLower)) return Append(out, code);
  for (const char32_t lower : LowerCase(code)) Append(out, lower);
}

constexpr uint8_t kDropped = 128;

/// What BertNormalizer makes of each ASCII character.
constexpr std::array<uint8_t, 128> BertAsciiTable(uint32_t flags) {
  std::array<uint8_t, 128> table{};
  for (uint8_t c = 0; c < 128; ++c) {
    const bool blank = c == '\t' || c == '\n' || c == '\r';
    table[c] = c;
    if ((flags & kBertLowercase) && c >= 'A' && c <= 'Z') table[c] = c | 32;
    if (flags & kCleanText) table[c] = blank ? ' ' : c < 32 || c == 127 ? kDropped : table[c];
  }
  return table;
}

void BertAscii(Text& text, uint32_t flags) {
  static constexpr std::array<uint8_t, 128> kTables[] = {BertAsciiTable(0), BertAsciiTable(kCleanText),
                                                         BertAsciiTable(kBertLowercase),
                                                         BertAsciiTable(kCleanText | kBertLowercase)};
  const auto& table = kTables[(flags & kCleanText ? 1 : 0) + (flags & kBertLowercase ? 2 : 0)];
  size_t origin = 0;
  for (size_t i = 0; i < text.origin; ++i) origin += table[static_cast<uint8_t>(text.bytes[i])] != kDropped;
  text.origin = origin;
  char* out = text.bytes.data();
  size_t size = 0;
  for (const char byte : text.bytes) {
    const uint8_t result = table[static_cast<uint8_t>(byte)];
    out[size] = static_cast<char>(result);
    size += result != kDropped;
  }
  text.bytes.resize(size);
}

bool IsNmtDropped(char32_t c) {
  return (c >= 1 && c <= 8) || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F || c == 0x8F || c == 0x9F;
}

bool IsNmtSpace(char32_t c) {
  return c == 0x09 || c == 0x0A || c == 0x0C || c == 0x0D || c == 0x1680 || (c >= 0x200B && c <= 0x200F) ||
         c == 0x2028 || c == 0x2029 || c == 0x2581 || c == 0xFEFF || c == 0xFFFD;
}

void Strip(Text& text, bool left, bool right) {
  size_t start = 0, end = text.bytes.size();
  const auto space = [&](size_t i) { return TraitsOf(Decode(text.bytes, i).code).Has(kWhitespace); };
  while (left && start < end && space(start)) start += Decode(text.bytes, start).size;
  while (right && end > start && space(Before(text.bytes, end))) end = Before(text.bytes, end);
  text.bytes.resize(end);
  text.bytes.erase(0, start);
  text.origin = text.origin > start ? std::min(text.origin - start, text.bytes.size()) : 0;
}

/// Replaces each match by `content`; `find(from)` returns the next match at or after `from` as {start, end}, or start
/// npos.
template <class Find>
void ReplaceMatches(Text& text, std::string& out, std::string_view content, Find find) {
  size_t done = 0;
  auto match = find(size_t{0});
  if (match.first == std::string::npos) return;
  out.clear();
  size_t origin = 0;
  const auto copy = [&](size_t end) {
    if (done < text.origin) origin = out.size() + std::min(end, text.origin) - done;
    out.append(text.bytes, done, end - done);
  };
  for (; match.first != std::string::npos; match = find(done)) {
    copy(match.first);
    out.append(content);
    // The library ties new text to the last character that it replaces.
    if (match.second - 1 < text.origin) origin = out.size();
    done = match.second;
  }
  copy(text.bytes.size());
  text.bytes.swap(out);
  text.origin = origin;
}

std::array<char32_t, 256> MakeByteCharacters() {
  std::array<char32_t, 256> characters{};
  char32_t next = 256;
  for (char32_t byte = 0; byte < 256; ++byte) {
    const bool printable = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    characters[byte] = printable ? byte : next++;
  }
  return characters;
}

}  // namespace

char32_t ByteCharacter(uint8_t byte) {
  static const std::array<char32_t, 256> characters = MakeByteCharacters();
  return characters[byte];
}

void AppendByteLevel(std::string_view bytes, std::string& out) {
  for (const char byte : bytes) Append(out, ByteCharacter(static_cast<uint8_t>(byte)));
}

Normalizer::Normalizer(std::vector<NormalizeStep> steps) : steps_(std::move(steps)) {
  for (NormalizeStep& step : steps_) {
    if (step.op >= NormalizeOp::kCount) throw std::invalid_argument("unknown normalizer");
    if (step.op == NormalizeOp::kReplace && step.text.empty())
      throw std::invalid_argument("Replace with an empty pattern");
    if (step.op == NormalizeOp::kPrecompiled) step.map = std::make_shared<Charsmap>(step.text);
  }
}

void RequireModestGrowth(size_t size, size_t original_size) {
  if (size > 64 * original_size + (1 << 16))
    throw std::domain_error("the text grows more than 64 times as it is prepared");
}

void Normalizer::Run(Text& text) {
  const size_t original_size = text.bytes.size();
  for (const NormalizeStep& step : steps_) {
    if (text.bytes.empty()) return;
    Apply(step, text);
    RequireModestGrowth(text.bytes.size(), original_size);
  }
}

void Normalizer::Apply(const NormalizeStep& step, Text& text) {
  const auto form = [&](Form kind) {
    if (!IsAscii(text.bytes)) ToForm(kind, text, characters_, out_);
  };
  switch (step.op) {
    case NormalizeOp::kBert: {
      if (IsAscii(text.bytes)) return BertAscii(text, step.flags);
      if (step.flags & (kCleanText | kSpaceChinese)) {
        Rewrite(text, out_, [&](char32_t code, Traits traits) {
          if (step.flags & kCleanText) {
            if (code == 0 || code == kReplacement || traits.Has(kControl)) return;
            if (traits.Has(kWhitespace)) code = ' ';
          }
          const bool spaced = (step.flags & kSpaceChinese) && IsChinese(code);
          if (spaced) out_.push_back(' ');
          Append(out_, code);
          if (spaced) out_.push_back(' ');
        });
      }
      if (step.flags & kStripBertAccents) form(Form::kNfd);
      if (step.flags & (kStripBertAccents | kBertLowercase)) {
        Rewrite(text, out_, [&](char32_t code, Traits traits) {
          if ((step.flags & kStripBertAccents) && traits.Has(kNonspacing)) return;
          (step.flags & kBertLowercase) ? AppendLower(out_, code, traits) : Append(out_, code);
        });
      }
      return;
    }
    case NormalizeOp::kStrip:
      return Strip(text, (step.flags & 1) != 0, (step.flags & 2) != 0);
    case NormalizeOp::kStripAccents:
      if (IsAscii(text.bytes)) return;
      return Rewrite(text, out_, [&](char32_t code, Traits traits) {
        if (!traits.Has(kCombining)) Append(out_, code);
      });
    case NormalizeOp::kNfc:
      return form(Form::kNfc);
    case NormalizeOp::kNfd:
      return form(Form::kNfd);
    case NormalizeOp::kNfkc:
      return form(Form::kNfkc);
    case NormalizeOp::kNfkd:
      return form(Form::kNfkd);
    case NormalizeOp::kLowercase:
      if (IsAscii(text.bytes)) return BertAscii(text, kBertLowercase);
      return Rewrite(text, out_, [&](char32_t code, Traits traits) { AppendLower(out_, code, traits); });
    case NormalizeOp::kNmt:
      return Rewrite(text, out_, [&](char32_t code, Traits) {
        if (!IsNmtDropped(code)) Append(out_, IsNmtSpace(code) ? U' ' : code);
      });
    case NormalizeOp::kPrecompiled:
      if (step.map->Normalize(text.bytes, out_, text.origin)) text.bytes.swap(out_);
      return;
    case NormalizeOp::kReplace:
      return ReplaceMatches(text, out_, step.content, [&](size_t from) {
        const size_t start = text.bytes.find(step.text, from);
        return std::pair(start, start + step.text.size());
      });
    case NormalizeOp::kReplaceRuns:
      return ReplaceMatches(text, out_, step.content, [&](size_t from) {
        const auto matches = [&](size_t i) {
          return step.flags > 0 ? text.bytes[i] == ' ' : TraitsOf(Decode(text.bytes, i).code).Has(kRegexSpace);
        };
        for (size_t start = from, end; start < text.bytes.size(); start = end) {
          size_t count = 0;
          for (end = start; end < text.bytes.size() && matches(end); ++count) end += Decode(text.bytes, end).size;
          if (count > 0 && count >= step.flags) return std::pair(start, end);
          if (count == 0) end += Decode(text.bytes, end).size;
        }
        return std::pair(std::string::npos, std::string::npos);
      });
    case NormalizeOp::kPrepend:
      text.bytes.insert(0, step.content);
      if (text.origin > 0) text.origin += step.content.size();
      return;
    case NormalizeOp::kByteLevel: {
      const size_t origin = text.origin;
      out_.clear();
      AppendByteLevel(std::string_view(text.bytes).substr(0, origin), out_);
      text.origin = out_.size();
      AppendByteLevel(std::string_view(text.bytes).substr(origin), out_);
      text.bytes.swap(out_);
      return;
    }
    case NormalizeOp::kCount:
      return;
  }
}

}  // namespace hfbench::text
