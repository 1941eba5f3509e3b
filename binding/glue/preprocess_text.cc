// Text: tokenizers from a flat program, batches of token ids.
#include <memory>

#include "binding/glue/arguments.h"
#include "binding/preprocess/text_program.h"

namespace hfbench::glue {
namespace {

/// A tokenizer and its last batch, owned by a JavaScript handle.
struct TextHandle {
  explicit TextHandle(const text::Config& config) : tokenizer(config) {}
  text::Tokenizer tokenizer;
  text::Batch batch;
  std::string bytes;  // of the texts being encoded
  std::vector<size_t> ends;
  text::Ids first, second;
};

constexpr napi_type_tag kTag = {0x6866626e63685f74, 0x6f6b656e697a6572};

template <class Element>
std::span<const Element> ViewOf(const Argument& argument, napi_typedarray_type type, const char* type_name) {
  const Bytes bytes = argument.View(type, type_name);
  return {reinterpret_cast<const Element*>(bytes.data), bytes.size / sizeof(Element)};
}

std::span<const uint32_t> Numbers(const Argument& argument) {
  return ViewOf<uint32_t>(argument, napi_uint32_array, "Uint32Array");
}

TextHandle& HandleOf(const Napi::CallbackInfo& info, const char* function) {
  const Argument argument = At(info, 0, function, "tokenizer");
  argument.Require(argument.Value().IsExternal(), "a handle from createTokenizer");
  const auto external = argument.Value().As<Napi::External<TextHandle>>();
  argument.Require(external.CheckTypeTag(&kTag), "a handle from createTokenizer");
  return *external.Data();
}

text::EncodeOptions OptionsOf(const Argument& argument) {
  const std::span<const uint32_t> numbers = Numbers(argument);
  argument.Require(numbers.size() == 5 && numbers[3] < static_cast<uint32_t>(text::Strategy::kCount) &&
                       numbers[4] < static_cast<uint32_t>(text::Side::kCount),
                   "five numbers: special tokens, truncate, length, strategy, side");
  return {numbers[0] != 0, numbers[1] != 0, numbers[2], static_cast<text::Strategy>(numbers[3]),
          static_cast<text::Side>(numbers[4])};
}

/// Appends the UTF-8 of `texts` to the handle; a lone surrogate becomes U+FFFD.
void ReadTexts(const Argument& texts, uint64_t capacity, TextHandle& handle) {
  texts.Require(texts.Value().IsArray(), "an array of strings");
  const Napi::Env env = texts.Value().Env();
  const napi_value array = texts.Value();
  const uint32_t count = texts.Value().As<Napi::Array>().Length();
  handle.ends.reserve(handle.ends.size() + count);
  size_t used = handle.ends.empty() ? 0 : handle.ends.back();
  // One more byte for the zero that N-API writes behind each text. The buffer only grows, and is not cleared between
  // calls.
  if (handle.bytes.size() < used + capacity + 1) handle.bytes.resize(used + capacity + 1);
  for (uint32_t i = 0; i < count; ++i) {
    const Napi::HandleScope scope(env);
    napi_value element;
    size_t size = 0;
    const bool ok = napi_get_element(env, array, i, &element) == napi_ok &&
                    napi_get_value_string_utf8(env, element, handle.bytes.data() + used, handle.bytes.size() - used,
                                               &size) == napi_ok;
    texts.Require(ok, "an array of strings");
    used += size;
    handle.ends.push_back(used);
  }
}

std::string_view TextAt(const TextHandle& handle, size_t i) {
  const size_t begin = i == 0 ? 0 : handle.ends[i - 1];
  return std::string_view(handle.bytes).substr(begin, handle.ends[i] - begin);
}

/// [rows, ids in all, ids of the longest row]
Napi::Value Summary(const Napi::Env env, const text::Batch& batch) {
  Napi::Float64Array summary = Napi::Float64Array::New(env, 3);
  summary[0] = static_cast<double>(batch.Rows());
  summary[1] = static_cast<double>(batch.Total());
  summary[2] = static_cast<double>(batch.Longest());
  return summary;
}

/// Calls `encode(row)` for each row; an error names its row.
template <class Encode>
void ForRows(text::Batch& batch, size_t rows, Encode encode) {
  batch.Clear();
  for (size_t row = 0; row < rows; ++row) {
    try {
      encode(row);
    } catch (const std::domain_error& error) {
      batch.Clear();
      throw std::domain_error("text " + std::to_string(row) + ": " + error.what());
    }
  }
}

}  // namespace

Napi::Value createTokenizer(const Napi::CallbackInfo& info) {
  const Argument source = At(info, 0, "createTokenizer", "program");
  const auto numbers = [&](const char* name) { return Numbers(source.Field(name)); };
  const auto bytes = [&](const char* name) {
    return ViewOf<uint8_t>(source.Field(name), napi_uint8_array, "Uint8Array");
  };
  text::Program program;
  program.strings = bytes("strings");
  program.string_ends = numbers("stringEnds");
  program.normalizers = numbers("normalizers");
  program.pretokenizers = numbers("pretokenizers");
  program.added = numbers("added");
  program.single = numbers("single");
  program.pair = numbers("pair");
  program.model = numbers("model");
  program.tokens = bytes("tokens");
  program.token_ends = numbers("tokenEnds");
  program.token_ids = numbers("tokenIds");
  program.scores = ViewOf<double>(source.Field("scores"), napi_float64_array, "Float64Array");
  program.merges = numbers("merges");
  auto handle = std::make_unique<TextHandle>(text::ReadProgram(program));
  const auto external =
      Napi::External<TextHandle>::New(info.Env(), handle.get(), [](Napi::Env, TextHandle* data) { delete data; });
  handle.release();
  external.TypeTag(&kTag);
  return external;
}

Napi::Value encodeTexts(const Napi::CallbackInfo& info) {
  TextHandle& handle = HandleOf(info, "encodeTexts");
  const Argument texts = At(info, 1, "encodeTexts", "texts"), pairs = At(info, 2, "encodeTexts", "pairs");
  const text::EncodeOptions options = OptionsOf(At(info, 3, "encodeTexts", "options"));
  const uint64_t capacity = At(info, 4, "encodeTexts", "capacity").Whole(0, uint64_t{1} << 32);
  handle.ends.clear();
  ReadTexts(texts, capacity, handle);
  const size_t rows = handle.ends.size();
  if (!pairs.IsAbsent()) {
    ReadTexts(pairs, capacity, handle);
    pairs.Require(handle.ends.size() == 2 * rows, "as long as texts");
  }
  ForRows(handle.batch, rows, [&](size_t row) {
    const std::string_view pair = pairs.IsAbsent() ? std::string_view() : TextAt(handle, rows + row);
    handle.tokenizer.Encode(TextAt(handle, row), pairs.IsAbsent() ? nullptr : &pair, options, handle.batch);
  });
  return Summary(info.Env(), handle.batch);
}

Napi::Value assembleIds(const Napi::CallbackInfo& info) {
  TextHandle& handle = HandleOf(info, "assembleIds");
  const Argument first = At(info, 1, "assembleIds", "first"), second = At(info, 2, "assembleIds", "second");
  const text::EncodeOptions options = OptionsOf(At(info, 3, "assembleIds", "options"));
  const std::vector<Argument> rows = first.Elements();
  const std::vector<Argument> pairs = second.IsAbsent() ? std::vector<Argument>{} : second.Elements();
  second.Require(second.IsAbsent() || pairs.size() == rows.size(), "as long as first");
  const auto read = [](const Argument& row, text::Ids& ids) {
    const auto view = ViewOf<int32_t>(row, napi_int32_array, "Int32Array");
    ids.assign(view.begin(), view.end());
  };
  ForRows(handle.batch, rows.size(), [&](size_t row) {
    read(rows[row], handle.first);
    if (!pairs.empty()) read(pairs[row], handle.second);
    handle.tokenizer.Assemble(handle.first, pairs.empty() ? nullptr : &handle.second, options, handle.batch);
  });
  return Summary(info.Env(), handle.batch);
}

Napi::Value writeTokens(const Napi::CallbackInfo& info) {
  const TextHandle& handle = HandleOf(info, "writeTokens");
  const uint64_t length = At(info, 1, "writeTokens", "length").Whole(handle.batch.Longest(), 1u << 30);
  const Argument padding = At(info, 2, "writeTokens", "padding");
  const std::span<const uint32_t> numbers = Numbers(padding);
  padding.Require(numbers.size() == 3 && numbers[0] <= 0x7FFFFFFF && numbers[1] <= 0x7FFFFFFF &&
                      numbers[2] < static_cast<uint32_t>(text::Side::kCount),
                  "three numbers: id, type, side");
  const size_t bytes = handle.batch.Rows() * length * sizeof(int64_t);
  const auto target = [&](size_t index, const char* name) {
    const Argument argument = At(info, index, "writeTokens", name);
    const Bytes view = argument.View();
    argument.Require(view.size == bytes && reinterpret_cast<uintptr_t>(view.data) % alignof(int64_t) == 0,
                     "rows * length aligned elements of 8 bytes");
    return reinterpret_cast<int64_t*>(view.data);
  };
  handle.batch.Write(
      length, {static_cast<int32_t>(numbers[0]), static_cast<int32_t>(numbers[1]), static_cast<text::Side>(numbers[2])},
      target(3, "ids"), target(4, "mask"), target(5, "types"));
  return info.Env().Undefined();
}

Napi::Value writeRaggedTokens(const Napi::CallbackInfo& info) {
  const TextHandle& handle = HandleOf(info, "writeRaggedTokens");
  const Argument ids = At(info, 1, "writeRaggedTokens", "ids"), lengths = At(info, 2, "writeRaggedTokens", "lengths");
  const Bytes id_bytes = ids.View(napi_int32_array, "Int32Array"),
              length_bytes = lengths.View(napi_uint32_array, "Uint32Array");
  ids.Require(id_bytes.size == handle.batch.Total() * sizeof(int32_t), "as long as the batch has ids");
  lengths.Require(length_bytes.size == handle.batch.Rows() * sizeof(uint32_t), "as long as the batch has rows");
  handle.batch.WriteRagged(reinterpret_cast<int32_t*>(id_bytes.data), reinterpret_cast<uint32_t*>(length_bytes.data));
  return info.Env().Undefined();
}

}  // namespace hfbench::glue
