#include "binding/preprocess/text_tokenizer.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace hfbench::text {
namespace {

constexpr size_t kNoLimit = std::numeric_limits<size_t>::max();

void CheckTemplate(std::span<const TemplatePiece> pieces, bool pair) {
  for (const TemplatePiece& piece : pieces) {
    if (piece.kind >= TemplatePiece::kCount || (piece.kind == TemplatePiece::kSecond && !pair)) {
      throw std::invalid_argument("a template names a text that is not there");
    }
  }
}

}  // namespace

Tokenizer::Tokenizer(const Config& config)
    : single_(config.single),
      pair_(config.pair),
      normalizer_(config.normalizers),
      pretokenizer_(config.pretokenizers),
      model_(MakeModel(config.model, pretokenizer_.EndsInBytes())) {
  CheckTemplate(single_, false);
  CheckTemplate(pair_, true);
  std::vector<AddedToken> raw, normalized;
  for (AddedToken token : config.added) {
    if (!(token.flags & kNormalized)) {
      raw.push_back(std::move(token));
      continue;
    }
    Text text{token.text, 0};
    normalizer_.Run(text);
    token.text = text.bytes;
    normalized.push_back(std::move(token));
  }
  raw_ = std::make_unique<AddedTokens>(std::move(raw));
  normalized_ = std::make_unique<AddedTokens>(std::move(normalized));
}

void Tokenizer::Encode(std::string_view text, const std::string_view* pair, const EncodeOptions& options,
                       Batch& batch) {
  if (!model_) throw std::domain_error("this tokenizer has no model of its own");
  // Rust stops tokenizing a text once it has max_length ids. That shows in the ids of pairs (which text counts as the
  // longer one), so it is followed; only_second leaves the first text whole.
  const size_t limit = options.truncate ? options.max_length : kNoLimit;
  const bool whole_first = options.strategy == Strategy::kOnlySecond;
  first_.clear();
  Tokenize(text, whole_first ? kNoLimit : limit, options.truncation_side, first_);
  if (pair != nullptr) {
    second_.clear();
    Tokenize(*pair, limit, options.truncation_side, second_);
  }
  Assemble(first_, pair == nullptr ? nullptr : &second_, options, batch);
}

void Tokenizer::Assemble(Ids& first, Ids* second, const EncodeOptions& options, Batch& batch) const {
  batch.Append(second == nullptr ? single_ : pair_, first, second, options);
}

void Tokenizer::CollectParts(std::string_view text) {
  arena_.clear();
  pieces_.clear();
  piece_ids_.clear();
  const auto add_token = [&](int32_t id) {
    pieces_.push_back({});
    piece_ids_.push_back(id);
  };
  raw_parts_.clear();
  raw_->Split(text, raw_parts_);
  for (const Part& raw : raw_parts_) {
    if (raw.id != kNoId) {
      add_token(raw.id);
      continue;
    }
    text_.bytes.assign(text.substr(raw.begin, raw.end - raw.begin));
    text_.origin = raw.begin == 0 ? Decode(text_.bytes, 0).size : 0;
    normalizer_.Run(text_);
    parts_.clear();
    normalized_->Split(text_.bytes, parts_);
    for (const Part& part : parts_) {
      if (part.id != kNoId) {
        add_token(part.id);
      } else {
        pretokenizer_.Run(text_, part.begin, part.end, arena_, pieces_);
        piece_ids_.resize(pieces_.size(), kNoId);
      }
    }
  }
}

void Tokenizer::Tokenize(std::string_view text, size_t limit, Side side, Ids& ids) {
  CollectParts(text);
  const auto piece_text = [&](size_t i) {
    return std::string_view(arena_).substr(pieces_[i].begin, pieces_[i].end - pieces_[i].begin);
  };
  if (side == Side::kRight || limit == kNoLimit) {
    for (size_t i = 0; i < pieces_.size(); ++i) {
      if (piece_ids_[i] != kNoId) {
        ids.push_back(piece_ids_[i]);
      } else {
        TokenizePiece(piece_text(i), ids);
        if (ids.size() >= limit) break;
      }
    }
    return;
  }
  // Truncation on the left keeps the end, so the pieces are taken from there.
  for (size_t i = pieces_.size(); i-- > 0;) {
    if (piece_ids_[i] != kNoId) {
      ids.push_back(piece_ids_[i]);
      continue;
    }
    reversed_.clear();
    TokenizePiece(piece_text(i), reversed_);
    ids.insert(ids.end(), reversed_.rbegin(), reversed_.rend());
    if (ids.size() >= limit) break;
  }
  std::reverse(ids.begin(), ids.end());
}

void Tokenizer::TokenizePiece(std::string_view piece, Ids& ids) {
  if (model_->CutsBeforeMetaspace()) {
    size_t start = 0;
    for (size_t at = piece.find(kMetaspace, 1); at != std::string_view::npos;
         at = piece.find(kMetaspace, at + kMetaspace.size())) {
      if (piece.substr(0, at).ends_with(kMetaspace)) continue;
      TokenizeWord(piece.substr(start, at - start), ids);
      start = at;
    }
    piece.remove_prefix(start);
  }
  TokenizeWord(piece, ids);
}

void Tokenizer::TokenizeWord(std::string_view word, Ids& ids) {
  if (word.size() > WordCache::kLongestWord) return model_->Tokenize(word, ids);
  const uint64_t hash = HashOf(word);
  if (cache_.Append(word, hash, ids)) return;
  const size_t before = ids.size();
  model_->Tokenize(word, ids);
  cache_.Insert(word, hash, std::span(ids).subspan(before));
}

}  // namespace hfbench::text
