// Normalizers of tokenizer.json, as Rust tokenizers runs them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "binding/preprocess/text_charsmap.h"
#include "binding/preprocess/text_forms.h"

namespace hfbench::text {

/// Numbers shared with src/preprocess/tokenizer/program.ts.
enum class NormalizeOp : uint32_t {
  kBert,   // flags: BertFlag
  kStrip,  // flags: 1 left, 2 right
  kStripAccents,
  kNfc,
  kNfd,
  kNfkc,
  kNfkd,
  kLowercase,
  kNmt,
  kPrecompiled,  // text: the character map
  kReplace,      // text -> content
  kReplaceRuns,  // flags: 0 runs of \s, n > 0 runs of n or more blanks -> content
  kPrepend,      // content
  kByteLevel,
  kCount,
};
enum BertFlag : uint32_t { kCleanText = 1, kSpaceChinese = 2, kStripBertAccents = 4, kBertLowercase = 8 };

struct NormalizeStep {
  NormalizeOp op;
  uint32_t flags = 0;
  std::string text, content;
  std::shared_ptr<const Charsmap> map;
};

/// Text under way. `origin`: how many leading bytes come from the original text's first character, the one thing that a
/// Metaspace of scheme 'first' asks about the past.
struct Text {
  std::string bytes;
  size_t origin = 0;
};

/// Throws std::domain_error where steps have blown a text up: a hostile chain of them grows without end. Real ones stay
/// far below.
void RequireModestGrowth(size_t size, size_t original_size);

class Normalizer {
 public:
  /// Throws std::invalid_argument for a step that makes no sense.
  explicit Normalizer(std::vector<NormalizeStep> steps);
  void Run(Text& text);

 private:
  void Apply(const NormalizeStep& step, Text& text);

  std::vector<NormalizeStep> steps_;
  std::string out_;
  std::vector<FormCharacter> characters_;
};

/// The printable stand-in of each byte in byte-level vocabularies (openai/gpt-2, encoder.py, bytes_to_unicode).
char32_t ByteCharacter(uint8_t byte);
void AppendByteLevel(std::string_view bytes, std::string& out);

}  // namespace hfbench::text
