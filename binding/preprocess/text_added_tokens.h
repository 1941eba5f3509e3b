// Added tokens: found in the text before the model sees it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "binding/preprocess/text_trie.h"

namespace hfbench::text {

/// Numbers shared with src/preprocess/tokenizer/program.ts.
enum AddedFlag : uint32_t { kSingleWord = 1, kStripLeft = 2, kStripRight = 4, kNormalized = 8 };

struct AddedToken {
  std::string text;
  int32_t id;
  uint32_t flags;
};

/// A part of the text: an added token, or text for the model (id kNoId).
struct Part {
  size_t begin, end;
  int32_t id;
};

class AddedTokens {
 public:
  /// Throws std::invalid_argument for an empty text or two tokens of the same text.
  explicit AddedTokens(std::vector<AddedToken> tokens);
  /// Cuts `text` at the leftmost, then longest tokens; appends to `parts`, which overlap where stripped blanks meet a
  /// token.
  void Split(std::string_view text, std::vector<Part>& parts) const;

 private:
  std::vector<AddedToken> tokens_;
  Trie trie_;
  bool starts_[256] = {};
};

}  // namespace hfbench::text
