#include "binding/preprocess/text_grapheme.h"

#include "binding/preprocess/text_unicode.h"

namespace hfbench::text {
namespace {

bool IsControl(Cluster cluster) {
  return cluster == Cluster::kCr || cluster == Cluster::kLf || cluster == Cluster::kControl;
}

/// What must be remembered of a cluster's earlier characters to tell whether the next one joins.
struct Memory {
  bool pictographs = false;   // Extended_Pictographic Extend*
  bool emoji_joiner = false;  // the same, then ZWJ
  bool consonant = false;     // an Indic consonant, then only Extend and Linker
  bool linked = false;        // the same with a Linker among them
  bool odd_regionals = false;

  void Add(Traits traits) {
    const Cluster cluster = traits.GraphemeBreak();
    const Conjunct conjunct = traits.ConjunctBreak();
    emoji_joiner = pictographs && cluster == Cluster::kZwj;
    pictographs = traits.Has(kPictographic) || (pictographs && cluster == Cluster::kExtend);
    linked = conjunct == Conjunct::kLinker ? consonant : linked && conjunct == Conjunct::kExtend;
    consonant = conjunct == Conjunct::kConsonant || (consonant && conjunct != Conjunct::kNone);
    odd_regionals = cluster == Cluster::kRegional && !odd_regionals;
  }
};

bool Joins(Traits left, Traits right, const Memory& memory) {
  const Cluster a = left.GraphemeBreak(), b = right.GraphemeBreak();
  if (a == Cluster::kCr && b == Cluster::kLf) return true;  // GB3
  if (IsControl(a) || IsControl(b)) return false;           // GB4, GB5
  if (a == Cluster::kL && (b == Cluster::kL || b == Cluster::kV || b == Cluster::kLv || b == Cluster::kLvt))
    return true;
  if ((a == Cluster::kLv || a == Cluster::kV) && (b == Cluster::kV || b == Cluster::kT)) return true;
  if ((a == Cluster::kLvt || a == Cluster::kT) && b == Cluster::kT) return true;
  if (b == Cluster::kExtend || b == Cluster::kZwj || b == Cluster::kSpacing) return true;  // GB9, GB9a
  if (a == Cluster::kPrepend) return true;                                                 // GB9b
  if (memory.linked && right.ConjunctBreak() == Conjunct::kConsonant) return true;         // GB9c
  if (memory.emoji_joiner && right.Has(kPictographic)) return true;                        // GB11
  return a == Cluster::kRegional && b == Cluster::kRegional && memory.odd_regionals;       // GB12, GB13
}

}  // namespace

size_t ClusterEnd(std::string_view text, size_t start) {
  Character character = Decode(text, start);
  Traits left = TraitsOf(character.code);
  Memory memory;
  memory.Add(left);
  size_t end = start + character.size;
  while (end < text.size()) {
    character = Decode(text, end);
    const Traits right = TraitsOf(character.code);
    if (!Joins(left, right, memory)) break;
    memory.Add(right);
    left = right;
    end += character.size;
  }
  return end;
}

}  // namespace hfbench::text
