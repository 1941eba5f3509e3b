#include "binding/preprocess/text_charsmap.h"

#include <algorithm>
#include <stdexcept>

#include "binding/preprocess/text_grapheme.h"
#include "binding/preprocess/text_unicode.h"

namespace hfbench::text {
namespace {

constexpr size_t kLongestReplacement = 1024;  // a few dozen in real maps; bounds the work of a hostile one

uint32_t ReadLittle(std::string_view bytes) {
  uint32_t value = 0;
  for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

// Units of a darts-clone double array.
bool HasLeaf(uint32_t unit) { return (unit >> 8 & 1) != 0; }
uint32_t Label(uint32_t unit) { return unit & (1u << 31 | 255); }
size_t Offset(uint32_t unit) { return static_cast<size_t>(unit >> 10) << ((unit & 1u << 9) >> 6); }

}  // namespace

Charsmap::Charsmap(std::string_view blob) {
  const uint32_t size = blob.size() < 4 ? 0 : ReadLittle(blob);
  if (size == 0 || size % 4 != 0 || size > blob.size() - 4) throw std::invalid_argument("the trie does not fit");
  units_.resize(size / 4);
  for (size_t i = 0; i < units_.size(); ++i) units_[i] = ReadLittle(blob.substr(4 + 4 * i, 4));
  replacements_ = blob.substr(4 + size);
  for (size_t i = 0; i < replacements_.size();) {
    const Character character = Decode(replacements_, i);
    if (character.code == kReplacement && character.size == 1)
      throw std::invalid_argument("the replacements are not UTF-8");
    i += character.size;
  }
  for (size_t start = 0, end; start < replacements_.size(); start = end + 1) {
    end = std::min(replacements_.find('\0', start), replacements_.size());
    if (end - start > kLongestReplacement) throw std::invalid_argument("a replacement of more than 1024 bytes");
  }
  for (int c = 0; c < 128; ++c) {
    const char byte = static_cast<char>(c);
    const auto replacement = Transform({&byte, 1});
    ascii_stays_[c] = c != '\r' && (!replacement || *replacement == std::string_view(&byte, 1));
  }
}

std::optional<std::string_view> Charsmap::Transform(std::string_view chunk) const {
  size_t position = Offset(units_[0]);
  for (const char byte : chunk) {
    const auto label = static_cast<uint8_t>(byte);
    if (label == 0) break;
    position ^= label;
    if (position >= units_.size() || Label(units_[position]) != label) break;
    const uint32_t unit = units_[position];
    position ^= Offset(unit);
    if (!HasLeaf(unit)) continue;
    if (position >= units_.size()) break;
    const size_t start = units_[position] & ((1u << 31) - 1);
    if (start > replacements_.size()) break;
    const size_t end = replacements_.find('\0', start);
    return std::string_view(replacements_).substr(start, end == std::string::npos ? end : end - start);
  }
  return std::nullopt;
}

bool Charsmap::Normalize(std::string_view text, std::string& out, size_t& origin) const {
  size_t start = 0;
  while (start < text.size() && static_cast<uint8_t>(text[start]) < 128 &&
         ascii_stays_[static_cast<uint8_t>(text[start])])
    ++start;
  if (start == text.size()) return false;
  // A mark may join the last plain character.
  if (start > 0) --start;
  out.assign(text.substr(0, start));
  size_t origin_out = origin < start ? origin : start;
  // The Rust crate forgets characters that vanish before anything was written, so what follows counts as the first.
  size_t forgotten = 0;
  const auto put = [&](std::string_view replacement, size_t from) {
    out.append(replacement);
    if (from - forgotten < origin) origin_out = out.size();
  };
  while (start < text.size()) {
    const size_t end = ClusterEnd(text, start);
    const std::string_view cluster = text.substr(start, end - start);
    const auto whole = cluster.size() < 6 ? Transform(cluster) : std::nullopt;
    if (whole) {
      if (whole->empty() && out.empty()) forgotten += cluster.size();
      put(*whole, start);
    } else {
      for (size_t i = start; i < end;) {
        const std::string_view part = text.substr(i, Decode(text, i).size);
        const auto replacement = Transform(part);
        if (replacement && replacement->empty() && out.empty()) forgotten += part.size();
        put(replacement.value_or(part), i);
        i += part.size();
      }
    }
    start = end;
  }
  origin = origin_out;
  return true;
}

}  // namespace hfbench::text
