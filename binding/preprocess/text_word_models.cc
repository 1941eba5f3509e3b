// WordPiece (Devlin et al. 2018, arXiv:1810.04805) and WordLevel.
#include <algorithm>
#include <stdexcept>

#include "binding/preprocess/text_model.h"
#include "binding/preprocess/text_table.h"
#include "binding/preprocess/text_unicode.h"

namespace hfbench::text {
namespace {

int32_t Known(int32_t unknown_id) {
  if (unknown_id < 0) throw std::domain_error("a word is not in the vocabulary, which has no token for unknown words");
  return unknown_id;
}

class WordPiece final : public Model {
 public:
  explicit WordPiece(const ModelConfig& config) : unknown_id_(config.unknown_id), longest_word_(config.longest_word) {
    size_t bytes = 0;
    for (const Token& token : config.tokens) bytes += token.text.size();
    starts_.Reserve(config.tokens.size(), bytes);
    for (const Token& token : config.tokens) {
      starts_.Add(token.text, token.id);
      if (token.text.starts_with(config.prefix)) rests_.Add(token.text.substr(config.prefix.size()), token.id);
    }
  }

  void Tokenize(std::string_view word, std::vector<int32_t>& ids) override {
    const size_t before = ids.size();
    if (word.size() > longest_word_ && CountCharacters(word) > longest_word_) return ids.push_back(Known(unknown_id_));
    for (size_t start = 0; start < word.size();) {
      const TokenTable& table = start == 0 ? starts_ : rests_;
      size_t end = std::min(word.size(), start + table.LongestSize());
      while (end > start && end < word.size() && (static_cast<uint8_t>(word[end]) & 0xC0) == 0x80) --end;
      int32_t id = kNoId;
      while (end > start && (id = table.Find(word.substr(start, end - start))) == kNoId) end = Before(word, end);
      if (id == kNoId) {
        ids.resize(before);
        return ids.push_back(Known(unknown_id_));
      }
      ids.push_back(id);
      start = end;
    }
  }

 private:
  TokenTable starts_, rests_;
  int32_t unknown_id_;
  uint32_t longest_word_;
};

class WordLevel final : public Model {
 public:
  explicit WordLevel(const ModelConfig& config) : unknown_id_(config.unknown_id) {
    for (const Token& token : config.tokens) table_.Add(token.text, token.id);
  }

  void Tokenize(std::string_view word, std::vector<int32_t>& ids) override {
    const int32_t id = table_.Find(word);
    ids.push_back(id == kNoId ? Known(unknown_id_) : id);
  }

 private:
  TokenTable table_;
  int32_t unknown_id_;
};

}  // namespace

std::unique_ptr<Model> MakeWordPiece(const ModelConfig& config) { return std::make_unique<WordPiece>(config); }
std::unique_ptr<Model> MakeWordLevel(const ModelConfig& config) { return std::make_unique<WordLevel>(config); }

std::unique_ptr<Model> MakeModel(const ModelConfig& config, bool bytes) {
  if (bytes && config.kind != ModelKind::kBpe && config.kind != ModelKind::kNone) {
    throw std::invalid_argument("ByteLevel pieces need a BPE model");
  }
  switch (config.kind) {
    case ModelKind::kWordPiece:
      return MakeWordPiece(config);
    case ModelKind::kBpe:
      return MakeBpe(config, bytes);
    case ModelKind::kUnigram:
      return MakeUnigram(config);
    case ModelKind::kWordLevel:
      return MakeWordLevel(config);
    case ModelKind::kNone:
      return nullptr;
    case ModelKind::kCount:
      break;
  }
  throw std::invalid_argument("unknown model");
}

std::vector<int32_t> ByteTokens(const TokenTable& table) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::vector<int32_t> ids(256);
  for (int byte = 0; byte < 256; ++byte) {
    const char code[] = {'<', '0', 'x', kDigits[byte >> 4], kDigits[byte & 15], '>'};
    ids[byte] = table.Find({code, sizeof code});
  }
  return ids;
}

}  // namespace hfbench::text
