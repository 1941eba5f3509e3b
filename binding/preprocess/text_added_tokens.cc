#include "binding/preprocess/text_added_tokens.h"

#include <stdexcept>

#include "binding/preprocess/text_unicode.h"

namespace hfbench::text {

AddedTokens::AddedTokens(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
  std::sort(tokens_.begin(), tokens_.end(), [](const AddedToken& a, const AddedToken& b) { return a.text < b.text; });
  std::vector<std::string_view> texts;
  for (const AddedToken& token : tokens_) {
    if (token.text.empty()) throw std::invalid_argument("an added token is empty once it is normalized");
    if (!texts.empty() && texts.back() == token.text) {
      throw std::invalid_argument("two added tokens are the same once they are normalized: '" + token.text + "'");
    }
    texts.push_back(token.text);
    starts_[static_cast<uint8_t>(token.text[0])] = true;
  }
  trie_ = Trie(texts);
}

void AddedTokens::Split(std::string_view text, std::vector<Part>& parts) const {
  size_t done = 0;
  const auto traits = [&](size_t i) { return TraitsOf(Decode(text, i).code); };
  for (size_t at = 0; !tokens_.empty() && at < text.size();) {
    size_t end = at;
    int32_t index = -1;
    if (starts_[static_cast<uint8_t>(text[at])]) {
      trie_.Prefixes(text, at, [&](size_t key_end, int32_t key) { end = key_end, index = key; });
    }
    if (index < 0) {
      ++at;
      continue;
    }
    const AddedToken& token = tokens_[index];
    size_t start = at;
    at = end;  // the search goes on here whatever becomes of this match
    if (token.flags & kSingleWord) {
      const bool inside =
          (start > 0 && traits(Before(text, start)).Has(kWord)) || (end < text.size() && traits(end).Has(kWord));
      if (inside) continue;
    }
    if (token.flags & kStripLeft) {
      while (start > done && traits(Before(text, start)).Has(kWhitespace)) start = Before(text, start);
      start = std::max(start, done);
    }
    if (token.flags & kStripRight) {
      while (end < text.size() && traits(end).Has(kWhitespace)) end += Decode(text, end).size;
    }
    if (done < start) parts.push_back({done, start, -1});
    parts.push_back({start, end, token.id});
    done = end;
  }
  if (done < text.size()) parts.push_back({done, text.size(), -1});
}

}  // namespace hfbench::text
