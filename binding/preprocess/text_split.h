// The regular expressions of real tokenizers' pre-tokenizers, written out by hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hfbench::text {

/// Numbers shared with src/preprocess/tokenizer/pattern.ts, which knows the expressions themselves.
enum class Pattern : uint32_t {
  kLiteral,
  kGpt2,
  kLlama3,
  kQwen2,
  kO200k,
  kTekken,
  kClip,
  kDeepseek,
  kDeepseekCjk,
  kDigitTriples,
  kThreeDigits,
  kSpaces,
  kBlankRuns,
  kCount,
};

/// End of the match that starts at `start`, or `start` where none does; never an empty match. kLiteral matches nothing
/// here.
using Matcher = size_t (*)(std::string_view text, size_t start);
Matcher MatcherOf(Pattern pattern);

}  // namespace hfbench::text
