#include "binding/preprocess/text_assembly.h"

#include <algorithm>
#include <stdexcept>

namespace hfbench::text {
namespace {

void Cut(Ids& ids, size_t length, Side side) {
  if (length >= ids.size()) return;
  if (side == Side::kLeft) ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(length));
  ids.resize(length);
}

/// Cuts so that both together have at most `most` ids; the arithmetic is that of truncate_encodings in Rust tokenizers.
void Truncate(Ids& first, Ids* second, size_t most, const EncodeOptions& options) {
  const Side side = options.truncation_side;
  const size_t total = first.size() + (second == nullptr ? 0 : second->size());
  if (total <= most) return;
  if (most == 0) {
    first.clear();
    if (second != nullptr) second->clear();
    return;
  }
  if (options.strategy != Strategy::kLongestFirst) {
    if (options.strategy == Strategy::kOnlySecond && second == nullptr) {
      throw std::domain_error("truncation of the second text alone, but there is no second text");
    }
    Ids& target = options.strategy == Strategy::kOnlyFirst ? first : *second;
    if (target.size() <= total - most)
      throw std::domain_error("the text to truncate is too short to reach the length wanted");
    return Cut(target, target.size() - (total - most), side);
  }
  if (second == nullptr) return Cut(first, most, side);
  const bool swapped = first.size() > second->size();
  size_t shorter = swapped ? second->size() : first.size(), longer;
  longer = shorter > most ? shorter : std::max(shorter, most - shorter);
  if (shorter + longer > most) {
    shorter = most / 2;
    longer = shorter + most % 2;
  }
  Cut(first, swapped ? longer : shorter, side);
  Cut(*second, swapped ? shorter : longer, side);
}

}  // namespace

void Batch::Clear() {
  ids_.clear();
  types_.clear();
  ends_.clear();
  longest_ = 0;
}

void Batch::Append(std::span<const TemplatePiece> pieces, Ids& first, Ids* second, const EncodeOptions& options) {
  if (options.truncate) {
    size_t special = 0;
    for (const TemplatePiece& piece : pieces)
      special += options.special_tokens && piece.kind == TemplatePiece::kSpecial;
    if (special > options.max_length)
      throw std::domain_error("the special tokens alone are longer than the length wanted");
    Truncate(first, second, options.max_length - special, options);
  }
  for (const TemplatePiece& piece : pieces) {
    if (piece.kind == TemplatePiece::kSpecial) {
      if (options.special_tokens) ids_.push_back(piece.id);
    } else {
      const Ids& text = piece.kind == TemplatePiece::kFirst ? first : *second;
      ids_.insert(ids_.end(), text.begin(), text.end());
    }
    types_.resize(ids_.size(), piece.type);
  }
  const size_t start = ends_.empty() ? 0 : ends_.back();
  ends_.push_back(ids_.size());
  longest_ = std::max(longest_, ids_.size() - start);
}

void Batch::Write(size_t length, const Padding& padding, int64_t* ids, int64_t* mask, int64_t* types) const {
  for (size_t row = 0; row < Rows(); ++row) {
    const size_t size = Length(row), start = ends_[row] - size, pad = length - size;
    const size_t lead = padding.side == Side::kLeft ? pad : 0;
    const auto fill = [&](int64_t* out, int64_t filler, auto&& copy) {
      if (out == nullptr) return;
      out += row * length;
      std::fill_n(out, lead, filler);
      copy(out + lead);
      std::fill_n(out + lead + size, pad - lead, filler);
    };
    fill(ids, padding.id, [&](int64_t* out) { std::copy_n(ids_.begin() + start, size, out); });
    fill(mask, 0, [&](int64_t* out) { std::fill_n(out, size, 1); });
    fill(types, padding.type, [&](int64_t* out) { std::copy_n(types_.begin() + start, size, out); });
  }
}

void Batch::WriteRagged(int32_t* ids, uint32_t* lengths) const {
  std::copy(ids_.begin(), ids_.end(), ids);
  for (size_t row = 0; row < Rows(); ++row) lengths[row] = static_cast<uint32_t>(Length(row));
}

}  // namespace hfbench::text
