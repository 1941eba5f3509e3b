// Unigram language model (Kudo 2018, arXiv:1804.10959): the segmentation of highest probability, by Viterbi.
#include <algorithm>
#include <limits>
#include <stdexcept>

#include "binding/preprocess/text_model.h"
#include "binding/preprocess/text_table.h"
#include "binding/preprocess/text_trie.h"
#include "binding/preprocess/text_unicode.h"

namespace hfbench::text {
namespace {

class Unigram final : public Model {
 public:
  explicit Unigram(const ModelConfig& config)
      : trie_(Sorted(config)), unknown_id_(config.unknown_id), fallback_((config.flags & kByteFallback) != 0) {
    double lowest = std::numeric_limits<double>::infinity();
    for (const Token& token : config.tokens) {
      lowest = std::min(lowest, token.score);
      table_.Add(token.text, token.id);
    }
    unknown_score_ = lowest - 10;  // the penalty of SentencePiece
    byte_ids_ = ByteTokens(table_);
  }

  void Tokenize(std::string_view piece, std::vector<int32_t>& ids) override {
    // best_[i]: the best way to reach byte i. As in Rust, the first of equally good ways stays.
    best_.assign(piece.size() + 1, {});
    for (size_t start = 0; start < piece.size();) {
      const double so_far = best_[start].score;
      const size_t next = start + Decode(piece, start).size;
      const auto offer = [&](size_t end, int32_t id, double score) {
        Way& way = best_[end];
        if (way.start != kNowhere && !(score + so_far > way.score)) return;
        if (id < 0) throw std::domain_error("a character is not in the vocabulary, which has no unknown token");
        way = {score + so_far, start, id};
      };
      bool single = false;
      trie_.Prefixes(piece, start, [&](size_t end, int32_t token) {
        offer(end, ids_[token], scores_[token]);
        single = single || end == next;
      });
      if (!single) offer(next, unknown_id_, unknown_score_);
      start = next;
    }
    Trace(piece, ids);
  }

 private:
  static constexpr size_t kNowhere = static_cast<size_t>(-1);
  struct Way {
    double score = 0;
    size_t start = kNowhere;
    int32_t id = kNoId;
  };

  std::vector<std::string_view> Sorted(const ModelConfig& config) {
    std::vector<Token> tokens = config.tokens;
    std::stable_sort(tokens.begin(), tokens.end(), [](const Token& a, const Token& b) { return a.text < b.text; });
    std::vector<std::string_view> texts;
    for (const Token& token : tokens) {
      if (texts.empty() || texts.back() != token.text) {
        texts.push_back(token.text);
        ids_.push_back(token.id);
        scores_.push_back(token.score);
      } else {
        ids_.back() = token.id;
        scores_.back() = token.score;
      }
    }
    return texts;
  }

  /// Follows the best ways back from the end; neighbouring unknown characters become one token.
  void Trace(std::string_view piece, std::vector<int32_t>& ids) {
    ends_.clear();
    for (size_t end = piece.size(); end > 0; end = best_[end].start) ends_.push_back(end);
    for (size_t i = ends_.size(); i-- > 0;) {
      const Way& way = best_[ends_[i]];
      if (way.id != unknown_id_) {
        ids.push_back(way.id);
        continue;
      }
      while (i > 0 && best_[ends_[i - 1]].id == unknown_id_) --i;
      AppendUnknown(piece.substr(way.start, ends_[i] - way.start), ids);
    }
  }

  void AppendUnknown(std::string_view text, std::vector<int32_t>& ids) {
    const int32_t id = table_.Find(text);
    if (id != kNoId) return ids.push_back(id);
    const auto known = [&](char byte) { return byte_ids_[static_cast<uint8_t>(byte)] != kNoId; };
    if (fallback_ && std::all_of(text.begin(), text.end(), known)) {
      for (const char byte : text) ids.push_back(byte_ids_[static_cast<uint8_t>(byte)]);
      return;
    }
    ids.push_back(unknown_id_);
  }

  std::vector<int32_t> ids_;  // by token index of the trie
  std::vector<double> scores_;
  Trie trie_;
  TokenTable table_;
  std::vector<int32_t> byte_ids_;
  int32_t unknown_id_;
  bool fallback_;
  double unknown_score_ = 0;
  std::vector<Way> best_;
  std::vector<size_t> ends_;
};

}  // namespace

std::unique_ptr<Model> MakeUnigram(const ModelConfig& config) { return std::make_unique<Unigram>(config); }

}  // namespace hfbench::text
