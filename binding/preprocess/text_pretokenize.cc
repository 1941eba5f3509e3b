#include "binding/preprocess/text_pretokenize.h"

#include <algorithm>
#include <stdexcept>

#include "binding/preprocess/text_unicode.h"

namespace hfbench::text {
namespace {

/// Turns the alternation of matches and gaps into pieces, by what becomes of the matches.
class Cutter {
 public:
  Cutter(Behavior behavior, const Piece& whole, std::vector<Piece>& pieces)
      : behavior_(behavior), whole_(whole), first_(pieces.size()), pieces_(pieces) {}

  void Add(size_t begin, size_t end, bool match) {
    bool join = false;  // with the piece before
    switch (behavior_) {
      case Behavior::kIsolated:
        break;
      case Behavior::kRemoved:
        if (match) return;
        break;
      case Behavior::kMergedWithPrevious:
        join = match && !previous_;
        break;
      case Behavior::kMergedWithNext:
        join = !match && previous_;
        break;
      case Behavior::kContiguous:
        join = match == previous_;
        break;
    }
    previous_ = match;
    if (!join || pieces_.size() == first_) pieces_.push_back({begin, end, 0});
    Piece& piece = pieces_.back();
    piece.end = end;
    const size_t origin_end = std::min(whole_.begin + whole_.origin, end);
    piece.origin = origin_end > piece.begin ? origin_end - piece.begin : 0;
  }

 private:
  Behavior behavior_;
  Piece whole_;
  size_t first_;
  bool previous_ = false;
  std::vector<Piece>& pieces_;
};

/// Cuts where `match_end(position)` says that a match ends (its argument where none starts).
template <class MatchEnd>
void Cut(std::string_view text, const Piece& piece, bool inverted, Cutter cutter, MatchEnd match_end) {
  size_t gap = piece.begin, at = piece.begin;
  while (at < piece.end) {
    const size_t end = match_end(at);
    if (end == at) {
      at += Decode(text, at).size;
      continue;
    }
    if (gap < at) cutter.Add(gap, at, inverted);
    cutter.Add(at, end, !inverted);
    gap = at = end;
  }
  if (gap < piece.end) cutter.Add(gap, piece.end, inverted);
}

/// Each character with one of the traits is a match of its own.
void CutTraits(std::string_view text, const Piece& piece, uint32_t traits, Cutter cutter) {
  Cut(text, piece, false, cutter, [&](size_t at) {
    const Character character = Decode(text, at);
    return TraitsOf(character.code).Has(traits) ? at + character.size : at;
  });
}

/// \w+|[^\w\s]+
size_t WordOrSigns(std::string_view text, size_t start) {
  const auto kind = [&](size_t at) { return TraitsOf(Decode(text, at).code).bits & (kWord | kWhitespace); };
  const uint32_t first = kind(start);
  if (first & kWhitespace) return start;
  size_t end = start;
  while (end < text.size() && kind(end) == first) end += Decode(text, end).size;
  return end;
}

}  // namespace

Pretokenizer::Pretokenizer(std::vector<PretokenizeStep> steps)
    : steps_(std::move(steps)), bytes_(!steps_.empty() && steps_.back().op == PretokenizeOp::kByteLevel) {
  for (const PretokenizeStep& step : steps_) {
    const auto require = [](bool ok, const char* what) {
      if (!ok) throw std::invalid_argument(what);
    };
    require(step.op < PretokenizeOp::kCount, "unknown pre-tokenizer");
    if (step.op == PretokenizeOp::kSplit) {
      require(step.flags >> 4 < static_cast<uint32_t>(Pattern::kCount), "unknown pattern");
      require(step.flags >> 4 != 0 || !step.text.empty(), "Split with an empty pattern");
    }
    if (step.op == PretokenizeOp::kSplit || step.op == PretokenizeOp::kPunctuation) {
      require((step.flags & 7) <= static_cast<uint32_t>(Behavior::kContiguous), "unknown behavior");
    }
    if (step.op == PretokenizeOp::kFixedLength) require(step.flags > 0, "FixedLength of 0");
    if (step.op == PretokenizeOp::kMetaspace) {
      require(!step.text.empty() && Decode(step.text, 0).size == step.text.size(), "Metaspace needs one character");
    }
  }
}

void Pretokenizer::Run(const Text& text, size_t begin, size_t end, std::string& out, std::vector<Piece>& pieces) {
  text_.assign(text.bytes, begin, end - begin);
  pieces_.assign(1, {0, text_.size(), text.origin > begin ? std::min(text.origin - begin, text_.size()) : 0});
  for (size_t i = 0; i < steps_.size(); ++i) {
    Apply(steps_[i], i + 1 == steps_.size());
    RequireModestGrowth(text_.size(), end - begin);
  }
  const size_t shift = out.size();
  out.append(text_);
  for (const Piece& piece : pieces_) pieces.push_back({piece.begin + shift, piece.end + shift, piece.origin});
}

void Pretokenizer::Apply(const PretokenizeStep& step, bool last) {
  next_pieces_.clear();
  const auto cut = [&](auto&& body) {
    for (const Piece& piece : pieces_) body(piece, std::string_view(text_).substr(0, piece.end));
    pieces_.swap(next_pieces_);
  };
  /// Rewrites the text of every piece; `write(bytes)` appends to next_text_, first the piece's origin, then the rest.
  const auto rewrite = [&](auto&& prefix, auto&& write) {
    next_text_.clear();
    for (Piece& piece : pieces_) {
      const std::string_view bytes = std::string_view(text_).substr(piece.begin, piece.end - piece.begin);
      const size_t begin = next_text_.size();
      prefix(piece, bytes);
      write(bytes.substr(0, piece.origin));
      const size_t origin = piece.origin > 0 ? next_text_.size() - begin : 0;
      write(bytes.substr(piece.origin));
      piece = {begin, next_text_.size(), origin};
    }
    text_.swap(next_text_);
  };
  const auto behave = [&](Behavior behavior, const Piece& piece) { return Cutter(behavior, piece, next_pieces_); };

  switch (step.op) {
    case PretokenizeOp::kBert:
      return cut([&](const Piece& piece, std::string_view text) {
        size_t word = piece.begin;
        Cutter words = behave(Behavior::kIsolated, piece);
        for (size_t at = piece.begin; at < piece.end;) {
          const Character character = Decode(text, at);
          const Traits traits = TraitsOf(character.code);
          if (traits.Has(kWhitespace | kBertPunctuation)) {
            if (word < at) words.Add(word, at, false);
            word = at + character.size;
            if (!traits.Has(kWhitespace)) words.Add(at, word, true);
          }
          at += character.size;
        }
        if (word < piece.end) words.Add(word, piece.end, false);
      });
    case PretokenizeOp::kByteLevel: {
      const auto prefix = [&](const Piece&, std::string_view bytes) {
        if (bytes[0] != ' ') next_text_.push_back(' ');
      };
      if (step.flags & 1) rewrite(prefix, [&](std::string_view bytes) { next_text_.append(bytes); });
      if (step.flags & 2) {
        const Matcher match = MatcherOf(Pattern::kGpt2);
        cut([&](const Piece& piece, std::string_view text) {
          Cut(text, piece, false, behave(Behavior::kIsolated, piece), [&](size_t at) { return match(text, at); });
        });
      }
      if (!last) {
        rewrite([](const Piece&, std::string_view) {},
                [&](std::string_view bytes) { AppendByteLevel(bytes, next_text_); });
      }
      return;
    }
    case PretokenizeOp::kWhitespace:
      return cut([&](const Piece& piece, std::string_view text) {
        Cut(text, piece, true, behave(Behavior::kRemoved, piece), [&](size_t at) { return WordOrSigns(text, at); });
      });
    case PretokenizeOp::kWhitespaceSplit:
      return cut([&](const Piece& piece, std::string_view text) {
        CutTraits(text, piece, kWhitespace, behave(Behavior::kRemoved, piece));
      });
    case PretokenizeOp::kPunctuation:
      return cut([&](const Piece& piece, std::string_view text) {
        CutTraits(text, piece, kBertPunctuation, behave(static_cast<Behavior>(step.flags), piece));
      });
    case PretokenizeOp::kDigits:
      return cut([&](const Piece& piece, std::string_view text) {
        CutTraits(text, piece, kNumeric, behave(step.flags & 1 ? Behavior::kIsolated : Behavior::kContiguous, piece));
      });
    case PretokenizeOp::kMetaspace: {
      rewrite(
          [&](const Piece& piece, std::string_view bytes) {
            const bool wanted = (step.flags & 2) || ((step.flags & 4) && piece.origin > 0);
            if (wanted && bytes[0] != ' ' && !bytes.starts_with(step.text)) next_text_.append(step.text);
          },
          [&](std::string_view bytes) {
            for (const char byte : bytes) byte == ' ' ? next_text_.append(step.text) : next_text_.append(1, byte);
          });
      if (!(step.flags & 1)) return;
      return cut([&](const Piece& piece, std::string_view text) {
        Cut(text, piece, false, behave(Behavior::kMergedWithNext, piece),
            [&](size_t at) { return text.substr(at).starts_with(step.text) ? at + step.text.size() : at; });
      });
    }
    case PretokenizeOp::kSplit:
      return cut([&](const Piece& piece, std::string_view text) {
        const Cutter cutter = behave(static_cast<Behavior>(step.flags & 7), piece);
        const bool inverted = (step.flags & 8) != 0;
        if (step.flags >> 4 == 0) {
          return Cut(text, piece, inverted, cutter,
                     [&](size_t at) { return text.substr(at).starts_with(step.text) ? at + step.text.size() : at; });
        }
        // Patterns see their piece alone: (?!\S) holds at its end.
        const Matcher match = MatcherOf(static_cast<Pattern>(step.flags >> 4));
        Cut(text, piece, inverted, cutter, [&](size_t at) { return match(text, at); });
      });
    case PretokenizeOp::kFixedLength:
      return cut([&](const Piece& piece, std::string_view text) {
        Cut(text, piece, false, behave(Behavior::kIsolated, piece), [&](size_t at) {
          for (uint32_t i = 0; i < step.flags && at < piece.end; ++i) at += Decode(text, at).size;
          return at;
        });
      });
    case PretokenizeOp::kCount:
      return;
  }
}

}  // namespace hfbench::text
