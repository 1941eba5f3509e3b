// Open-addressing tables: text to id, pair of ids to merge, and the cache of words seen before.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hfbench::text {

/// A hash of short text: multiply and fold, eight bytes at a time, never reading beyond the text.
inline uint64_t HashOf(std::string_view text) {
  const char* p = text.data();
  size_t left = text.size();
  uint64_t hash = 0x9E3779B97F4A7C15u ^ left;
  const auto mix = [&hash](uint64_t word) {
    hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
  };
  for (; left >= 8; p += 8, left -= 8) {
    uint64_t word;
    std::memcpy(&word, p, 8);
    mix(word);
  }
  if (left >= 4) {
    uint32_t first, last;
    std::memcpy(&first, p, 4);
    std::memcpy(&last, p + left - 4, 4);
    mix(static_cast<uint64_t>(first) << 32 | last);
  } else if (left > 0) {
    const auto byte = [p](size_t i) { return static_cast<uint64_t>(static_cast<uint8_t>(p[i])); };
    mix(byte(0) << 16 | byte(left / 2) << 8 | byte(left - 1));
  }
  return hash ^ hash >> 29;
}

constexpr int32_t kNoId = -1;

/// Text to id, built once. A text that is added again takes the later id.
class TokenTable {
 public:
  void Reserve(size_t count, size_t bytes);
  void Add(std::string_view text, int32_t id);
  int32_t Find(std::string_view text) const;
  size_t LongestSize() const { return longest_; }

 private:
  struct Slot {
    uint32_t hash = 0, size = 0;
    uint64_t begin = 0;
    int32_t id = kNoId;
  };
  size_t SlotOf(std::string_view text, uint64_t hash) const;
  void Grow(size_t capacity);

  std::vector<Slot> slots_;
  std::string bytes_;
  size_t count_ = 0, longest_ = 0;
};

/// What two neighbours merge to, and how early: the lowest rank goes first.
struct Merge {
  uint32_t rank;
  int32_t id;
};

class MergeTable {
 public:
  void Reserve(size_t count);
  void Add(int32_t left, int32_t right, Merge merge);
  /// Null where the pair does not merge.
  const Merge* Find(int32_t left, int32_t right) const;

 private:
  struct Slot {
    uint64_t pair = kEmpty;
    Merge merge{0, kNoId};
  };
  static constexpr uint64_t kEmpty = ~uint64_t{0};  // ids are never negative
  size_t SlotOf(uint64_t pair) const;

  std::vector<Slot> slots_;
  size_t count_ = 0;
};

/// The ids of words seen before. When it is full it starts afresh, so hostile text costs time but no more memory.
class WordCache {
 public:
  static constexpr size_t kLongestWord = 64;

  /// True if `word` was known: its ids are then appended to `ids`.
  bool Append(std::string_view word, uint64_t hash, std::vector<int32_t>& ids) const;
  void Insert(std::string_view word, uint64_t hash, std::span<const int32_t> ids);

 private:
  static constexpr size_t kFirstSlots = 256, kMostWords = 1 << 15, kMostIds = 1 << 20;
  struct Slot {
    uint64_t hash = 0;
    uint32_t word = 0, ids = 0;
    uint16_t word_size = 0, id_count = 0;  // size 0 marks a free slot
  };

  Slot* Free(uint64_t hash);

  std::vector<Slot> slots_ = std::vector<Slot>(kFirstSlots);
  std::string words_;
  std::vector<int32_t> ids_;
  size_t count_ = 0;
};

}  // namespace hfbench::text
