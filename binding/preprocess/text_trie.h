// A trie over bytes. The children of a node lie side by side, sorted by byte.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hfbench::text {

class Trie {
 public:
  Trie() : Trie(std::vector<std::string_view>{}) {}

  /// `keys`: sorted, without equals. An empty key is never found.
  explicit Trie(const std::vector<std::string_view>& keys) {
    struct Range {
      size_t begin, end, depth;
    };
    std::vector<Range> ranges{{0, keys.size(), 0}};
    nodes_.push_back({});
    labels_.push_back(0);
    for (size_t node = 0; node < nodes_.size(); ++node) {
      auto [begin, end, depth] = ranges[node];
      if (begin < end && keys[begin].size() == depth) {
        if (depth > 0) nodes_[node].key = static_cast<int32_t>(begin);
        ++begin;
      }
      nodes_[node].first_child = static_cast<uint32_t>(nodes_.size());
      while (begin < end) {
        const char label = keys[begin][depth];
        size_t next = begin;
        while (next < end && keys[next][depth] == label) ++next;
        nodes_.push_back({});
        labels_.push_back(static_cast<uint8_t>(label));
        ranges.push_back({begin, next, depth + 1});
        ++nodes_[node].children;
        begin = next;
      }
    }
  }

  /// Calls `found(end, key index)` for each key that `text` has at `start`, the shortest first.
  template <class Found>
  void Prefixes(std::string_view text, size_t start, Found found) const {
    size_t node = 0;
    for (size_t i = start; i < text.size(); ++i) {
      const Node& parent = nodes_[node];
      const uint8_t* first = labels_.data() + parent.first_child;
      const uint8_t* last = first + parent.children;
      const auto label = static_cast<uint8_t>(text[i]);
      const uint8_t* child =
          parent.children <= 8 ? std::find(first, last, label) : std::lower_bound(first, last, label);
      if (child == last || *child != label) return;
      node = static_cast<size_t>(child - labels_.data());
      if (nodes_[node].key >= 0) found(i + 1, nodes_[node].key);
    }
  }

 private:
  struct Node {
    uint32_t first_child = 0, children = 0;
    int32_t key = -1;
  };
  std::vector<Node> nodes_;
  std::vector<uint8_t> labels_;
};

}  // namespace hfbench::text
