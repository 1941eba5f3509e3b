// Byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909), over bytes or characters.
#include <algorithm>
#include <functional>
#include <stdexcept>

#include "binding/preprocess/text_model.h"
#include "binding/preprocess/text_normalize.h"
#include "binding/preprocess/text_table.h"
#include "binding/preprocess/text_unicode.h"

namespace hfbench::text {
namespace {

constexpr size_t kScanLimit = 32;  // symbols up to which looking at every pair beats a heap
constexpr uint32_t kNever = ~0u;

class Bpe final : public Model {
 public:
  Bpe(const ModelConfig& config, bool bytes)
      : bytes_(bytes),
        flags_(config.flags),
        unknown_id_(config.unknown_id),
        prefix_(config.prefix),
        suffix_(config.suffix) {
    size_t size = 0;
    for (const Token& token : config.tokens) size += token.text.size();
    table_.Reserve(config.tokens.size(), size);
    cuttable_ = !bytes && !(config.flags & kIgnoreMerges) && prefix_.empty() && suffix_.empty();
    for (const Token& token : config.tokens) {
      table_.Add(token.text, token.id);
      // Pieces can be cut before a metaspace only if no token holds one behind another character.
      cuttable_ = cuttable_ && !HasInnerMetaspace(token.text);
    }
    cuttable_ = cuttable_ && table_.Find(kMetaspace) != kNoId;
    byte_ids_ = ByteTokens(table_);
    merges_.Reserve(config.merges.size() / 3);
    for (size_t i = 0; i + 3 <= config.merges.size(); i += 3) {
      merges_.Add(static_cast<int32_t>(config.merges[i]), static_cast<int32_t>(config.merges[i + 1]),
                  {static_cast<uint32_t>(i / 3), static_cast<int32_t>(config.merges[i + 2])});
    }
    if (bytes) UseBytes(config);
  }

  void Tokenize(std::string_view piece, std::vector<int32_t>& ids) override {
    if (flags_ & kIgnoreMerges) {
      const int32_t id = table_.Find(piece);
      if (id != kNoId) return ids.push_back(id);
    }
    symbols_.clear();
    unknown_ = false;
    for (size_t i = 0; i < piece.size();) {
      const size_t size = bytes_ ? 1 : Decode(piece, i).size;
      AddCharacter(piece.substr(i, size), i == 0, i + size == piece.size());
      i += size;
    }
    FlushUnknown();
    symbols_.size() <= kScanLimit ? MergeByScan() : MergeByHeap();
    ids.insert(ids.end(), symbols_.begin(), symbols_.end());
  }

  bool CutsBeforeMetaspace() const override { return cuttable_; }

 private:
  static bool HasInnerMetaspace(std::string_view token) {
    const size_t last = token.rfind(kMetaspace);
    if (last == std::string_view::npos) return false;
    for (size_t i = 0; i < last; i += kMetaspace.size()) {
      if (token.substr(i, kMetaspace.size()) != kMetaspace) return true;
    }
    return false;
  }

  /// Spells the vocabulary in bytes instead of the byte-level alphabet.
  void UseBytes(const ModelConfig& config) {
    int32_t byte_of[512];
    std::fill(std::begin(byte_of), std::end(byte_of), kNoId);
    for (int byte = 0; byte < 256; ++byte) byte_of[ByteCharacter(static_cast<uint8_t>(byte))] = byte;
    TokenTable table;
    std::string spelled;
    for (const Token& token : config.tokens) {
      spelled.clear();
      size_t i = 0;
      while (i < token.text.size()) {
        const Character character = Decode(token.text, i);
        if (character.code >= 512 || byte_of[character.code] == kNoId) break;
        spelled.push_back(static_cast<char>(byte_of[character.code]));
        i += character.size;
      }
      if (i == token.text.size()) table.Add(spelled, token.id);
    }
    table_ = std::move(table);
    for (int byte = 0; byte < 256; ++byte) {
      const char text = static_cast<char>(byte);
      single_[byte] = prefix_.empty() && suffix_.empty() ? table_.Find({&text, 1}) : kNoId;
    }
  }

  void AddCharacter(std::string_view character, bool first, bool last) {
    int32_t id = bytes_ ? single_[static_cast<uint8_t>(character[0])] : kNoId;
    std::string_view text = character;
    if (id == kNoId) {
      if ((!first && !prefix_.empty()) || (last && !suffix_.empty())) {
        spelled_.assign(first ? "" : prefix_).append(character).append(last ? suffix_ : "");
        text = spelled_;
      }
      id = table_.Find(text);
    }
    if (id != kNoId) {
      FlushUnknown();
      symbols_.push_back(id);
      return;
    }
    if ((flags_ & kByteFallback) && AddBytes(text))
      return;  // a pending unknown token then follows the bytes, as in Rust
    if (unknown_id_ == kNoId) return;
    if (unknown_id_ == kMissing)
      throw std::domain_error("a character is not in the vocabulary, nor is the model's unk_token");
    if (!(flags_ & kFuseUnknown)) FlushUnknown();
    unknown_ = true;
  }

  bool AddBytes(std::string_view text) {
    if (bytes_) {
      mapped_.clear();
      AppendByteLevel(text, mapped_);
      text = mapped_;
    }
    const auto known = [&](char byte) { return byte_ids_[static_cast<uint8_t>(byte)] != kNoId; };
    if (!std::all_of(text.begin(), text.end(), known)) return false;
    for (const char byte : text) symbols_.push_back(byte_ids_[static_cast<uint8_t>(byte)]);
    return true;
  }

  void FlushUnknown() {
    if (unknown_) symbols_.push_back(unknown_id_);
    unknown_ = false;
  }

  /// Merges the pair of lowest rank, the leftmost first, until none is left.
  void MergeByScan() {
    size_t count = symbols_.size();
    Merge pairs[kScanLimit];
    const auto look = [&](size_t i) {
      const Merge* merge = merges_.Find(symbols_[i], symbols_[i + 1]);
      pairs[i] = merge == nullptr ? Merge{kNever, kNoId} : *merge;
    };
    for (size_t i = 0; i + 1 < count; ++i) look(i);
    while (count > 1) {
      size_t best = 0;
      for (size_t i = 1; i + 1 < count; ++i) {
        if (pairs[i].rank < pairs[best].rank) best = i;
      }
      if (pairs[best].rank == kNever) break;
      symbols_[best] = pairs[best].id;
      std::copy(symbols_.begin() + best + 2, symbols_.begin() + count, symbols_.begin() + best + 1);
      std::copy(pairs + best + 2, pairs + std::max(count - 1, best + 2), pairs + best + 1);
      --count;
      if (best > 0) look(best - 1);
      if (best + 1 < count) look(best);
    }
    symbols_.resize(count);
  }

  /// The same in n log n: symbols stay where they are, linked to their neighbours, and a heap holds the pairs.
  void MergeByHeap() {
    const size_t count = symbols_.size();
    links_.resize(count);
    heap_.clear();
    const auto offer = [&](size_t left, size_t right) {
      const Merge* merge = merges_.Find(symbols_[left], symbols_[right]);
      if (merge != nullptr) heap_.push_back({merge->rank, static_cast<uint32_t>(left), merge->id});
      return merge != nullptr;
    };
    for (size_t i = 0; i < count; ++i) {
      links_[i] = {i - 1, i + 1};
      if (i + 1 < count) offer(i, i + 1);
    }
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
    const auto push = [&](size_t left, size_t right) {
      if (offer(left, right)) std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
    };
    while (!heap_.empty()) {
      const Candidate top = heap_.front();
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
      heap_.pop_back();
      const size_t left = top.left, right = links_[left].next;
      if (symbols_[left] == kNoId || right >= count) continue;
      const Merge* merge = merges_.Find(symbols_[left], symbols_[right]);
      if (merge == nullptr || merge->id != top.id) continue;  // one of the two has merged since
      symbols_[left] = top.id;
      symbols_[right] = kNoId;
      const size_t next = links_[left].next = links_[right].next;
      if (next < count) links_[next].previous = left;
      if (left > 0) push(links_[left].previous, left);
      if (next < count) push(left, next);
    }
    std::erase(symbols_, kNoId);
  }

  struct Link {
    size_t previous, next;  // the first symbol's previous is never asked for
  };
  struct Candidate {
    uint32_t rank, left;
    int32_t id;
    bool operator>(const Candidate& other) const { return rank != other.rank ? rank > other.rank : left > other.left; }
  };

  bool bytes_, cuttable_ = false, unknown_ = false;
  uint32_t flags_;
  int32_t unknown_id_;
  std::string prefix_, suffix_;
  TokenTable table_;
  MergeTable merges_;
  std::vector<int32_t> byte_ids_;
  int32_t single_[256] = {};
  std::vector<int32_t> symbols_;
  std::vector<Link> links_;
  std::vector<Candidate> heap_;
  std::string spelled_, mapped_;
};

}  // namespace

std::unique_ptr<Model> MakeBpe(const ModelConfig& config, bool bytes) { return std::make_unique<Bpe>(config, bytes); }

}  // namespace hfbench::text
