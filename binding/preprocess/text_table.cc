#include "binding/preprocess/text_table.h"

#include <algorithm>
#include <bit>

namespace hfbench::text {

void TokenTable::Reserve(size_t count, size_t bytes) {
  bytes_.reserve(bytes);
  Grow(std::bit_ceil(count * 2 + 16));
}

size_t TokenTable::SlotOf(std::string_view text, uint64_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t i = hash & mask;; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.id == kNoId) return i;
    if (slot.hash == hash >> 32 && std::string_view(bytes_.data() + slot.begin, slot.size) == text) return i;
  }
}

void TokenTable::Grow(size_t capacity) {
  std::vector<Slot> old(capacity);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.id == kNoId) continue;
    const std::string_view text(bytes_.data() + slot.begin, slot.size);
    slots_[SlotOf(text, HashOf(text))] = slot;
  }
}

void TokenTable::Add(std::string_view text, int32_t id) {
  if ((count_ + 1) * 2 > slots_.size()) Grow(std::max<size_t>(16, slots_.size() * 2));
  const uint64_t hash = HashOf(text);
  Slot& slot = slots_[SlotOf(text, hash)];
  if (slot.id == kNoId) {
    slot = {static_cast<uint32_t>(hash >> 32), static_cast<uint32_t>(text.size()), bytes_.size(), id};
    bytes_.append(text);
    longest_ = std::max(longest_, text.size());
    ++count_;
  }
  slot.id = id;
}

int32_t TokenTable::Find(std::string_view text) const {
  if (slots_.empty() || text.size() > longest_) return kNoId;
  return slots_[SlotOf(text, HashOf(text))].id;
}

void MergeTable::Reserve(size_t count) { slots_.assign(std::bit_ceil(count * 2 + 16), {}); }

size_t MergeTable::SlotOf(uint64_t pair) const {
  const size_t mask = slots_.size() - 1;
  uint64_t hash = pair * 0xD6E8FEB86659FD93u;
  for (size_t i = (hash ^ hash >> 32) & mask;; i = (i + 1) & mask) {
    if (slots_[i].pair == pair || slots_[i].pair == kEmpty) return i;
  }
}

void MergeTable::Add(int32_t left, int32_t right, Merge merge) {
  const uint64_t pair = static_cast<uint64_t>(left) << 32 | static_cast<uint32_t>(right);
  Slot& slot = slots_[SlotOf(pair)];
  count_ += slot.pair == kEmpty;
  slot = {pair, merge};
}

const Merge* MergeTable::Find(int32_t left, int32_t right) const {
  const Slot& slot = slots_[SlotOf(static_cast<uint64_t>(left) << 32 | static_cast<uint32_t>(right))];
  return slot.pair == kEmpty ? nullptr : &slot.merge;
}

bool WordCache::Append(std::string_view word, uint64_t hash, std::vector<int32_t>& ids) const {
  const size_t mask = slots_.size() - 1;
  for (size_t i = hash & mask; slots_[i].word_size != 0; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.hash == hash && std::string_view(words_.data() + slot.word, slot.word_size) == word) {
      const int32_t* first = ids_.data() + slot.ids;
      ids.insert(ids.end(), first, first + slot.id_count);
      return true;
    }
  }
  return false;
}

void WordCache::Insert(std::string_view word, uint64_t hash, std::span<const int32_t> ids) {
  if (count_ >= kMostWords || ids_.size() + ids.size() > kMostIds) {
    slots_.assign(kFirstSlots, {});
    words_.clear();
    ids_.clear();
    count_ = 0;
  }
  if (count_ * 2 >= slots_.size()) {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.word_size != 0) *Free(slot.hash) = slot;
    }
  }
  *Free(hash) = {hash, static_cast<uint32_t>(words_.size()), static_cast<uint32_t>(ids_.size()),
                 static_cast<uint16_t>(word.size()), static_cast<uint16_t>(ids.size())};
  words_.append(word);
  ids_.insert(ids_.end(), ids.begin(), ids.end());
  ++count_;
}

WordCache::Slot* WordCache::Free(uint64_t hash) {
  const size_t mask = slots_.size() - 1;
  size_t i = hash & mask;
  while (slots_[i].word_size != 0) i = (i + 1) & mask;
  return &slots_[i];
}

}  // namespace hfbench::text
