// Models of tokenizer.json: they turn one piece of text into token ids.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hfbench::text {

/// Numbers shared with src/preprocess/tokenizer/program.ts.
enum class ModelKind : uint32_t { kNone, kWordPiece, kBpe, kUnigram, kWordLevel, kCount };
enum ModelFlag : uint32_t { kFuseUnknown = 1, kByteFallback = 2, kIgnoreMerges = 4 };

constexpr int32_t kMissing = -2;                         // the model names an unknown token that the vocabulary lacks
constexpr std::string_view kMetaspace = "\xE2\x96\x81";  // U+2581

struct Token {
  std::string_view text;
  int32_t id;
  double score;  // Unigram alone
};

struct ModelConfig {
  ModelKind kind = ModelKind::kNone;
  uint32_t flags = 0;
  int32_t unknown_id = -1;      // -1: unknown text is an error (BPE: is left out), kMissing: an error
  uint32_t longest_word = 100;  // WordPiece, in characters
  std::string prefix, suffix;   // of continuing sub-words (WordPiece, BPE), of a word's end (BPE)
  std::vector<Token> tokens;
  std::span<const uint32_t> merges;  // BPE: (left id, right id, merged id) by rank
};

class Model {
 public:
  virtual ~Model() = default;
  /// Appends the ids of one non-empty piece. Throws std::domain_error where the vocabulary has no answer.
  virtual void Tokenize(std::string_view piece, std::vector<int32_t>& ids) = 0;
  /// Whether cutting a piece between another character and a metaspace leaves its ids as they are.
  virtual bool CutsBeforeMetaspace() const { return false; }
};

/// `bytes`: pieces are raw bytes and the vocabulary spells them in the byte-level alphabet.
/// Throws std::invalid_argument for a configuration that contradicts itself. Null for kNone.
std::unique_ptr<Model> MakeModel(const ModelConfig& config, bool bytes);

std::unique_ptr<Model> MakeWordPiece(const ModelConfig& config);
std::unique_ptr<Model> MakeWordLevel(const ModelConfig& config);
std::unique_ptr<Model> MakeUnigram(const ModelConfig& config);
std::unique_ptr<Model> MakeBpe(const ModelConfig& config, bool bytes);

/// Ids of the tokens '<0x00>' to '<0xFF>', kNoId for those that the vocabulary lacks.
class TokenTable;
std::vector<int32_t> ByteTokens(const TokenTable& table);

}  // namespace hfbench::text
