// Feeds random tokenizers random text, of which much is no UTF-8. Built with sanitizers by
// test/preprocess/text-fuzz.test.ts; every buffer has exactly the size that its reader was told, so that one byte too
// far is seen.
//   text_fuzz <rounds> <seed>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <set>

#include "binding/preprocess/text_program.h"

namespace {

using hfbench::text::Batch;
using hfbench::text::Program;

std::mt19937 random_source;
uint32_t Below(uint32_t limit) { return std::uniform_int_distribution<uint32_t>(0, limit - 1)(random_source); }

std::string RandomText(uint32_t parts) {
  static const char* const kParts[] = {"a",
                                       "b",
                                       "ab",
                                       "the",
                                       "THE",
                                       " ",
                                       "  ",
                                       "\n",
                                       "\r\n",
                                       "'s",
                                       "'",
                                       "1",
                                       "12",
                                       ".",
                                       "!?",
                                       "\xE2\x96\x81",
                                       "\xC3\xA9",
                                       "e\xCC\x81",
                                       "\xE4\xB8\xAD",
                                       "/",
                                       "##",
                                       "<0x41>",
                                       "</w>",
                                       "\xC4\xA0",
                                       "\xF0\x9F\x98\x80",
                                       "\xE2\x80\x8D",
                                       "\xEF\xB7\xBA",
                                       "\xC5\xBF",
                                       "\xEA\xB0\x81",
                                       "\xE1\x84\x80"};
  std::string text;
  for (uint32_t i = Below(parts + 1); i > 0; --i) {
    if (Below(4) > 0) {
      text += kParts[Below(std::size(kParts))];
    } else {
      for (uint32_t bytes = Below(5); bytes > 0; --bytes) text += static_cast<char>(Below(8) == 0 ? 0 : Below(256));
    }
  }
  return text;
}

/// Strings as the program wants them, each vector of exactly the size it has.
struct Strings {
  std::vector<uint8_t> bytes;
  std::vector<uint32_t> ends;
  uint32_t Add(const std::string& text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    ends.push_back(static_cast<uint32_t>(bytes.size()));
    return static_cast<uint32_t>(ends.size() - 1);
  }
  void Fit() { bytes.shrink_to_fit(), ends.shrink_to_fit(); }
};

std::string RandomCharsmap() {
  std::string blob;
  const uint32_t units = 1 + Below(600);
  const auto put = [&](uint32_t value) {
    for (int i = 0; i < 4; ++i) blob += static_cast<char>(value >> 8 * i);
  };
  put(4 * units + (Below(20) == 0 ? 4 : 0));
  for (uint32_t i = 0; i < units; ++i)
    put(Below(3) == 0 ? random_source() : (i & 255) | Below(2) << 8 | Below(1024) << 10);
  return blob + std::string("x\0yz\0\0\xC3\xA9", 8);
}

/// A number that is now and then far out of range.
uint32_t Flag(uint32_t usual) { return Below(60) == 0 ? static_cast<uint32_t>(random_source()) : Below(usual); }

void Round() {
  Strings strings, tokens;
  std::vector<uint32_t> normalizers, pretokenizers, added, single, pair, ids, merges;
  std::vector<double> scores;

  for (uint32_t i = Below(4); i > 0; --i) {
    const uint32_t op = Flag(14);
    const std::string text = op == 9 ? RandomCharsmap() : RandomText(2);
    normalizers.insert(normalizers.end(), {op, Flag(16), strings.Add(text), strings.Add(RandomText(2))});
  }
  for (uint32_t i = Below(4); i > 0; --i) {
    const uint32_t op = Flag(9);
    static const uint32_t kFlags[] = {1, 4, 1, 1, 5, 2, 8, 13 << 4, 6};
    const uint32_t flags = op == 7 ? (Below(13) << 4 | Below(2) << 3 | Below(5)) : op < 9 ? Flag(kFlags[op]) : 0;
    pretokenizers.insert(pretokenizers.end(),
                         {op, flags, strings.Add(op == 6 ? (Below(2) ? "\xE2\x96\x81" : "_") : RandomText(2))});
  }
  for (uint32_t i = Below(5); i > 0; --i) added.insert(added.end(), {strings.Add(RandomText(3)), 1000 + i, Flag(16)});
  for (uint32_t i = Below(4); i > 0; --i) single.insert(single.end(), {Below(2) * 2, 2000 + i, Below(3)});
  for (uint32_t i = Below(6); i > 0; --i) pair.insert(pair.end(), {Flag(3), 3000 + i, Below(3)});

  const uint32_t count = 1 + Below(80);
  for (uint32_t i = 0; i < count; ++i) {
    std::string token = RandomText(3);
    if (Below(6) == 0) token = "##" + token;
    if (Below(6) == 0) token = "\xE2\x96\x81" + token;
    tokens.Add(token);
    ids.push_back(i);
    scores.push_back(Below(50) == 0 ? -1e308 : -static_cast<double>(Below(12)));
  }
  // Merges need not make sense to be safe, but must name ids of the vocabulary.
  const uint32_t kind = 1 + Flag(4) % 5;
  if (kind == 2) {
    for (uint32_t i = 3 * Below(60); i > 0; --i) merges.push_back(Below(count));
  }
  std::vector<uint32_t> model = {kind,
                                 Below(8),
                                 Below(3) == 0 ? Program::kAbsent - Below(2) : Below(count),
                                 Below(100),
                                 Below(2) ? Program::kAbsent : strings.Add("##"),
                                 Below(2) ? Program::kAbsent : strings.Add("</w>")};
  strings.Fit();
  tokens.Fit();
  for (auto* table : {&normalizers, &pretokenizers, &added, &single, &pair, &ids, &merges, &model})
    table->shrink_to_fit();
  if (kind != 3) scores.clear();
  scores.shrink_to_fit();

  std::unique_ptr<hfbench::text::Tokenizer> tokenizer;
  try {
    const auto config =
        hfbench::text::ReadProgram({strings.bytes, strings.ends, normalizers, pretokenizers, added, single, pair, model,
                                    tokens.bytes, tokens.ends, ids, scores, merges});
    tokenizer = std::make_unique<hfbench::text::Tokenizer>(config);
  } catch (const std::invalid_argument&) {
    return;
  }

  Batch batch;
  for (uint32_t i = 0; i < 12; ++i) {
    const std::string texts[] = {RandomText(Below(20) == 0 ? 400 : 12), RandomText(12)};
    std::vector<char> first(texts[0].begin(), texts[0].end()), second(texts[1].begin(), texts[1].end());
    first.shrink_to_fit();
    second.shrink_to_fit();
    const std::string_view text(first.data(), first.size()), other(second.data(), second.size());
    const hfbench::text::EncodeOptions options{Below(2) == 0, Below(2) == 0, Below(30),
                                               static_cast<hfbench::text::Strategy>(Below(3)),
                                               static_cast<hfbench::text::Side>(Below(2))};
    try {
      tokenizer->Encode(text, Below(2) == 0 ? nullptr : &other, options, batch);
    } catch (const std::domain_error&) {
      batch.Clear();
    }
  }
  const size_t length = batch.Longest() + Below(3), part = batch.Rows() * length;
  const auto out = std::make_unique<int64_t[]>(3 * part);
  batch.Write(length, {7, 1, static_cast<hfbench::text::Side>(Below(2))}, out.get(), out.get() + part,
              out.get() + 2 * part);
  const auto ragged = std::make_unique<int32_t[]>(batch.Total());
  const auto lengths = std::make_unique<uint32_t[]>(batch.Rows());
  batch.WriteRagged(ragged.get(), lengths.get());
  for (size_t i = 0; i < batch.Total(); ++i) {
    const int32_t id = ragged[i];
    if (id < 0 || (id >= static_cast<int32_t>(count) && id < 1000) || id > 3010) {
      std::printf("an id that nothing named: %d\n", id);
      std::abort();
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const unsigned seed = static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10));
  for (unsigned long round = 0; round < std::strtoul(argv[1], nullptr, 10); ++round) {
    random_source.seed(seed + static_cast<unsigned>(round));
    Round();
  }
  std::puts("done");
}
