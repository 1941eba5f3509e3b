#include "binding/preprocess/text_program.h"

#include <stdexcept>
#include <string>

namespace hfbench::text {
namespace {

void Require(bool ok, const char* what) {
  if (!ok) throw std::invalid_argument(std::string("tokenizer program: ") + what);
}

class Strings {
 public:
  Strings(std::span<const uint8_t> bytes, std::span<const uint32_t> ends) : bytes_(bytes), ends_(ends) {
    uint32_t before = 0;
    for (const uint32_t end : ends) {
      Require(end >= before && end <= bytes.size(), "string ends that do not rise");
      before = end;
    }
  }
  size_t size() const { return ends_.size(); }
  std::string_view operator[](size_t i) const {
    const size_t begin = i == 0 ? 0 : ends_[i - 1];
    return {reinterpret_cast<const char*>(bytes_.data()) + begin, ends_[i] - begin};
  }
  std::string At(uint32_t index) const {
    if (index == Program::kAbsent) return {};
    Require(index < size(), "a string that is not there");
    return std::string((*this)[index]);
  }

 private:
  std::span<const uint8_t> bytes_;
  std::span<const uint32_t> ends_;
};

int32_t IdOf(uint32_t value) {
  Require(value <= 0x7FFFFFFF, "an id above 2147483647");
  return static_cast<int32_t>(value);
}

/// Calls `read(row)` for each row of `width` numbers.
template <class Read>
void ForRows(std::span<const uint32_t> table, size_t width, Read read) {
  Require(table.size() % width == 0, "a table that ends in the middle of a row");
  for (size_t i = 0; i < table.size(); i += width) read(table.subspan(i, width));
}

std::vector<TemplatePiece> ReadTemplate(std::span<const uint32_t> table) {
  std::vector<TemplatePiece> pieces;
  ForRows(table, 3, [&](std::span<const uint32_t> row) {
    pieces.push_back({static_cast<TemplatePiece::Kind>(row[0]), IdOf(row[1]), IdOf(row[2])});
  });
  return pieces;
}

ModelConfig ReadModel(const Program& program, const Strings& strings) {
  Require(program.model.size() == 6, "a model of another size");
  ModelConfig model;
  model.kind = static_cast<ModelKind>(program.model[0]);
  model.flags = program.model[1];
  const uint32_t unknown = program.model[2];
  model.unknown_id = unknown == Program::kAbsent ? -1 : unknown == Program::kMissingToken ? kMissing : IdOf(unknown);
  model.longest_word = program.model[3];
  model.prefix = strings.At(program.model[4]);
  model.suffix = strings.At(program.model[5]);

  const Strings tokens(program.tokens, program.token_ends);
  const bool scored = model.kind == ModelKind::kUnigram;
  Require(program.token_ids.size() == tokens.size(), "as many ids as tokens are needed");
  Require(!scored || program.scores.size() == tokens.size(), "as many scores as tokens are needed");
  model.tokens.reserve(tokens.size());
  for (size_t i = 0; i < tokens.size(); ++i) {
    model.tokens.push_back({tokens[i], IdOf(program.token_ids[i]), scored ? program.scores[i] : 0});
  }
  ForRows(program.merges, 3, [](std::span<const uint32_t> row) {
    for (const uint32_t id : row) IdOf(id);
  });
  model.merges = program.merges;
  return model;
}

}  // namespace

Config ReadProgram(const Program& program) {
  const Strings strings(program.strings, program.string_ends);
  Config config;
  ForRows(program.normalizers, 4, [&](std::span<const uint32_t> row) {
    config.normalizers.push_back(
        {static_cast<NormalizeOp>(row[0]), row[1], strings.At(row[2]), strings.At(row[3]), nullptr});
  });
  ForRows(program.pretokenizers, 3, [&](std::span<const uint32_t> row) {
    config.pretokenizers.push_back({static_cast<PretokenizeOp>(row[0]), row[1], strings.At(row[2])});
  });
  ForRows(program.added, 3, [&](std::span<const uint32_t> row) {
    config.added.push_back({strings.At(row[0]), IdOf(row[1]), row[2]});
  });
  config.single = ReadTemplate(program.single);
  config.pair = ReadTemplate(program.pair);
  config.model = ReadModel(program, strings);
  return config;
}

}  // namespace hfbench::text
