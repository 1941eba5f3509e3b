// The whole way from text to token ids, as a tokenizer.json describes it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "binding/preprocess/text_added_tokens.h"
#include "binding/preprocess/text_assembly.h"
#include "binding/preprocess/text_model.h"
#include "binding/preprocess/text_normalize.h"
#include "binding/preprocess/text_pretokenize.h"
#include "binding/preprocess/text_table.h"
#include "binding/preprocess/text_unicode.h"

namespace hfbench::text {

struct Config {
  std::vector<NormalizeStep> normalizers;
  std::vector<PretokenizeStep> pretokenizers;
  ModelConfig model;
  std::vector<AddedToken> added;
  std::vector<TemplatePiece> single, pair;
};

/// Not safe to use from two threads at once: it keeps scratch and a cache of words.
class Tokenizer {
 public:
  /// Throws std::invalid_argument for a configuration that makes no sense. Copies all it needs of `config`.
  explicit Tokenizer(const Config& config);

  /// Appends a row for `text` (and `pair`, if not null) to `batch`. Texts are UTF-8.
  /// Throws std::domain_error where the vocabulary has no answer or truncation fails.
  void Encode(std::string_view text, const std::string_view* pair, const EncodeOptions& options, Batch& batch);

  /// The same for texts whose ids came from elsewhere.
  void Assemble(Ids& first, Ids* second, const EncodeOptions& options, Batch& batch) const;

 private:
  /// The ids of one text. `limit`: ids after which truncation needs no more pieces.
  void Tokenize(std::string_view text, size_t limit, Side side, Ids& ids);
  void CollectParts(std::string_view text);
  void TokenizePiece(std::string_view piece, Ids& ids);
  void TokenizeWord(std::string_view word, Ids& ids);

  std::vector<TemplatePiece> single_, pair_;
  Normalizer normalizer_;
  Pretokenizer pretokenizer_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<AddedTokens> raw_, normalized_;
  WordCache cache_;

  // What the text in hand has become: pieces_[i] lies in arena_ and is an added token where piece_ids_[i] is not kNoId.
  std::string arena_;
  std::vector<Piece> pieces_;
  Ids piece_ids_, first_, second_, reversed_;
  std::vector<Part> raw_parts_, parts_;
  Text text_;
};

}  // namespace hfbench::text
