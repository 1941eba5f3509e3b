// Pre-tokenizers of tokenizer.json: they cut normalized text into the pieces that the model sees.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "binding/preprocess/text_normalize.h"
#include "binding/preprocess/text_split.h"

namespace hfbench::text {

/// Numbers shared with src/preprocess/tokenizer/program.ts.
enum class PretokenizeOp : uint32_t {
  kBert,
  kByteLevel,  // flags: 1 add_prefix_space, 2 use_regex
  kWhitespace,
  kWhitespaceSplit,
  kPunctuation,  // flags: Behavior
  kDigits,       // flags: 1 individually
  kMetaspace,    // flags: 1 split, 2 prepend always, 4 prepend to the first piece; text: the replacement character
  kSplit,        // flags: Behavior | 8 if inverted | Pattern << 4; text: the literal
  kFixedLength,  // flags: characters
  kCount,
};
enum class Behavior : uint32_t { kRemoved, kIsolated, kMergedWithPrevious, kMergedWithNext, kContiguous };

struct PretokenizeStep {
  PretokenizeOp op;
  uint32_t flags = 0;
  std::string text;
};

/// A part of the text under way. `origin` as in Text.
struct Piece {
  size_t begin, end, origin;
};

class Pretokenizer {
 public:
  /// Throws std::invalid_argument for a step that makes no sense.
  explicit Pretokenizer(std::vector<PretokenizeStep> steps);

  /// True where the last step is ByteLevel: pieces then stay bytes, and the model reads them as such.
  bool EndsInBytes() const { return bytes_; }

  /// Cuts text[begin, end) and appends the text of the pieces to `out`, and where they lie in it to `pieces`.
  void Run(const Text& text, size_t begin, size_t end, std::string& out, std::vector<Piece>& pieces);

 private:
  void Apply(const PretokenizeStep& step, bool last);

  std::vector<PretokenizeStep> steps_;
  bool bytes_;
  std::string text_, next_text_;
  std::vector<Piece> pieces_, next_pieces_;
};

}  // namespace hfbench::text
