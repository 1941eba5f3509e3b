// From the ids of one or two texts to a row of the batch: truncation, special tokens, type ids, padding.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hfbench::text {

/// Numbers shared with src/preprocess/tokenizer/program.ts.
enum class Strategy : uint32_t { kLongestFirst, kOnlyFirst, kOnlySecond, kCount };
enum class Side : uint32_t { kLeft, kRight, kCount };

struct TemplatePiece {
  enum Kind : uint32_t { kFirst, kSecond, kSpecial, kCount };
  Kind kind;
  int32_t id;  // of a special token
  int32_t type;
};

struct EncodeOptions {
  bool special_tokens = true;
  bool truncate = false;
  uint32_t max_length = 0;  // of the whole row, special tokens included
  Strategy strategy = Strategy::kLongestFirst;
  Side truncation_side = Side::kRight;
};

struct Padding {
  int32_t id = 0, type = 0;
  Side side = Side::kRight;
};

using Ids = std::vector<int32_t>;

/// Rows of token ids, one after the other.
class Batch {
 public:
  void Clear();
  size_t Rows() const { return ends_.size(); }
  size_t Total() const { return ids_.size(); }
  size_t Longest() const { return longest_; }
  size_t Length(size_t row) const { return ends_[row] - (row == 0 ? 0 : ends_[row - 1]); }

  /// Appends a row after `pieces`. `first` and `second` are cut as `options` says; `second` is null for a single text.
  /// Throws std::domain_error where truncation cannot reach the length, as Rust tokenizers does.
  void Append(std::span<const TemplatePiece> pieces, Ids& first, Ids* second, const EncodeOptions& options);

  /// Writes [Rows(), length] ids, masks and types; `length` must be at least Longest(). Null arrays are left out.
  void Write(size_t length, const Padding& padding, int64_t* ids, int64_t* mask, int64_t* types) const;
  /// Writes the Total() ids one row after the other.
  void WriteRagged(int32_t* ids, uint32_t* lengths) const;

 private:
  Ids ids_, types_;
  std::vector<size_t> ends_;
  size_t longest_ = 0;
};

}  // namespace hfbench::text
