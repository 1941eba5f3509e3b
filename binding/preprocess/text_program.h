// The flat form in which src/preprocess/tokenizer/program.ts hands a tokenizer over.
#pragma once

#include <cstdint>
#include <span>

#include "binding/preprocess/text_tokenizer.h"

namespace hfbench::text {

/// Views of the caller's buffers. A text is a number of the string table; kAbsent stands for none.
struct Program {
  std::span<const uint8_t> strings;  // UTF-8, one after the other
  std::span<const uint32_t> string_ends;
  std::span<const uint32_t> normalizers;    // (op, flags, text, content) each
  std::span<const uint32_t> pretokenizers;  // (op, flags, text) each
  std::span<const uint32_t> added;          // (text, id, flags) each
  std::span<const uint32_t> single, pair;   // (kind, id, type) each
  std::span<const uint32_t> model;          // kind, flags, unknown id, longest word, prefix, suffix
  std::span<const uint8_t> tokens;          // the vocabulary, as strings
  std::span<const uint32_t> token_ends, token_ids;
  std::span<const double> scores;    // Unigram alone
  std::span<const uint32_t> merges;  // BPE alone: (left id, right id, merged id) each

  static constexpr uint32_t kAbsent = ~0u;
  static constexpr uint32_t kMissingToken = kAbsent - 1;
};

/// Checks every number; throws std::invalid_argument. The result refers to the program's buffers.
Config ReadProgram(const Program& program);

}  // namespace hfbench::text
