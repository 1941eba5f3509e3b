// The precompiled character map of SentencePiece: a double-array trie from text to its replacement.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfbench::text {

class Charsmap {
 public:
  /// `blob`: u32 size of the trie in bytes, the trie (u32 units), then replacements, each ended by a zero byte.
  /// Throws std::invalid_argument when the sizes do not fit or the replacements are not UTF-8.
  explicit Charsmap(std::string_view blob);

  /// What `chunk` becomes, or nothing where no prefix of it is in the map. As in the Rust crate spm_precompiled, the
  /// SHORTEST prefix decides and the rest of the chunk is dropped.
  std::optional<std::string_view> Transform(std::string_view chunk) const;

  /// Replaces every cluster below 6 bytes, else character by character; returns false if `text` stays as it is.
  /// `origin`: how many leading bytes of `text` come from its first original character; becomes that of `out`.
  bool Normalize(std::string_view text, std::string& out, size_t& origin) const;

 private:
  std::vector<uint32_t> units_;
  std::string replacements_;
  bool ascii_stays_[128];
};

}  // namespace hfbench::text
