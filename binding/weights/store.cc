#include "binding/weights/store.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <new>
#include <stdexcept>

#include "binding/cpu/parallel_for.h"
#include "binding/weights/reader.h"

namespace hfbench::weights {
namespace {

constexpr size_t kTask = 1 << 18;    // elements of one task: about a tenth of a millisecond
constexpr size_t kPiece = 4096;      // elements that pass through a buffer in the first-level cache
constexpr size_t kTileRows = 256;    // a tile of transposed storage: 64 KiB
constexpr size_t kTileColumns = 64;  // columns of that tile
constexpr size_t kStrip = 64;        // output channels that are quantised together: one cache line of int8

/// A range of a target: flat elements, rows of the stored or rows of the state-dict matrix, as the layout needs.
struct Task {
  const Target* target;
  size_t begin, end;
};

class Writer {
 public:
  Writer(const Target& target, const Kernels& kernels)
      : weight_(*target.weight), bytes_(target.bytes), kernels_(kernels), reader_(*target.weight, kernels) {
    if (weight_.layout != Layout::kPlain) {
      out_ = static_cast<size_t>(ChannelsOf(weight_).out);
      in_ = static_cast<size_t>(ChannelsOf(weight_).in);
    }
  }

  void Plain(size_t begin, size_t end) const {
    if (const uint8_t* same = InPlace(weight_)) {
      const size_t size = BytesOf(weight_.dtype);
      std::memcpy(bytes_ + begin * size, same + begin * size, (end - begin) * size);
      return;
    }
    if (const auto* rule = std::get_if<IntegerRule>(&weight_.values)) return Integers(*rule, begin, end);
    if (weight_.dtype == DType::kFloat32) return reader_.Row(begin, end - begin, Floats() + begin);
    float piece[kPiece];
    for (size_t first = begin; first < end; first += kPiece) {
      const size_t count = std::min(kPiece, end - first);
      reader_.Row(first, count, piece);
      Put(first, piece, count);
    }
  }

  /// Rows [begin, end) of the stored matrix, which are columns of the state dict's.
  void Transposed(size_t begin, size_t end) const {
    std::vector<float> tile(weight_.dtype == DType::kFloat32 ? 0 : kTileRows * kTileColumns);
    for (size_t column = begin; column < end; column += kTileColumns) {
      const size_t columns = std::min(kTileColumns, end - column);
      for (size_t row = 0; row < out_; row += kTileRows) {
        const size_t rows = std::min(kTileRows, out_ - row);
        if (weight_.dtype == DType::kFloat32) {
          reader_.Tile(row, rows, column, columns, Floats() + column * out_ + row, out_);
          continue;
        }
        reader_.Tile(row, rows, column, columns, tile.data(), rows);
        for (size_t c = 0; c < columns; ++c) Put((column + c) * out_ + row, tile.data() + c * rows, rows);
      }
    }
  }

  /// Output channels [begin, end).
  void Int8(size_t begin, size_t end) const {
    for (size_t row = begin; row < end; row += kStrip) {
      const size_t rows = std::min(kStrip, end - row);
      std::array<float, kStrip> scales;
      for (size_t r = 0; r < rows; ++r) scales[r] = Int8Scale(row + r);
      if (weight_.layout == Layout::kInt8Scales) {
        Put(row, scales.data(), rows);
        continue;
      }
      std::array<float, kStrip * kStrip> tile;
      for (size_t column = 0; column < in_; column += kStrip) {
        const size_t columns = std::min(kStrip, in_ - column);
        Tile(row, rows, column, columns, tile.data());
        for (size_t c = 0; c < columns; ++c) {
          auto* const line = reinterpret_cast<int8_t*>(bytes_) + (column + c) * out_ + row;
          kernels_.to_int8(line, tile.data() + c * rows, scales.data(), rows);
        }
      }
    }
  }

  /// Output channels [begin, end).
  void Int4(size_t begin, size_t end) const {
    const size_t blocks = (in_ + kInt4Block - 1) / kInt4Block;
    float piece[kPiece];
    for (size_t row = begin; row < end; ++row) {
      for (size_t column = 0; column < in_; column += kPiece) {
        const size_t count = std::min(kPiece, in_ - column);
        Channel(row, column, count, piece);
        for (size_t i = 0; i < count; i += kInt4Block) {
          const size_t present = std::min(kInt4Block, count - i);
          std::fill(piece + i + present, piece + i + kInt4Block, 0.0f);
          const float scale = Int4Scale(piece + i, present);
          const size_t block = row * blocks + (column + i) / kInt4Block;
          if (weight_.layout == Layout::kInt4Scales) {
            Put(block, &scale, 1);
          } else {
            kernels_.to_int4(bytes_ + block * (kInt4Block / 2), piece + i, scale);
          }
        }
      }
    }
  }

 private:
  /// target[i] = W[row, column + i].
  void Channel(size_t row, size_t column, size_t count, float* target) const {
    if (!weight_.in_out) return reader_.Row(row * in_ + column, count, target);
    reader_.Tile(column, count, row, 1, target, count);
  }

  /// target[c * rows + r] = W[row + r, column + c].
  void Tile(size_t row, size_t rows, size_t column, size_t columns, float* target) const {
    if (!weight_.in_out) return reader_.Tile(row, rows, column, columns, target, rows);
    for (size_t c = 0; c < columns; ++c) reader_.Row((column + c) * out_ + row, rows, target + c * rows);
  }

  float* Floats() const { return reinterpret_cast<float*>(bytes_); }

  /// Stores floats as elements first.. of the target.
  void Put(size_t first, const float* values, size_t count) const {
    auto* const halves = reinterpret_cast<uint16_t*>(bytes_) + first;
    if (weight_.dtype == DType::kFloat16) return kernels_.to_float16(halves, values, count);
    if (weight_.dtype == DType::kBfloat16) return kernels_.to_bfloat16(halves, values, count);
    std::memcpy(Floats() + first, values, count * sizeof(float));
  }

  void Integers(const IntegerRule& rule, size_t begin, size_t end) const {
    const size_t size = BytesOf(weight_.dtype);
    const uint64_t span = static_cast<uint64_t>(rule.high) - static_cast<uint64_t>(rule.low);
    for (size_t i = begin; i < end; ++i) {
      uint64_t s = rule.state + i * kGolden;
      s = (s ^ (s >> 30)) * kMix1;
      s = (s ^ (s >> 27)) * kMix2;  // the last step, s ^= s >> 31, cannot reach bits 33 to 63
      const uint64_t value = static_cast<uint64_t>(rule.low) + (s >> 33) % span;
      std::memcpy(bytes_ + i * size, &value, size);  // little-endian: the low bytes come first
    }
  }

  Extremes Finite(Extremes extremes) const {
    if (!std::isfinite(extremes.low) || !std::isfinite(extremes.high)) {
      throw std::runtime_error("weight '" + weight_.name +
                               "': has values that are not finite, so it cannot be quantised");
    }
    return extremes;
  }

  float Int8Scale(size_t row) const {
    float piece[kPiece], largest = 0;
    for (size_t column = 0; column < in_; column += kPiece) {
      const size_t count = std::min(kPiece, in_ - column);
      Channel(row, column, count, piece);
      const Extremes extremes = Finite(kernels_.extremes(piece, count));
      largest = std::max({largest, extremes.high, -extremes.low});
    }
    const float scale = largest / 127.0f;
    return scale == 0 ? 1.0f : scale;
  }

  float Int4Scale(const float* block, size_t count) const {
    const Extremes extremes = Finite(kernels_.extremes(block, count));
    const float scale = (extremes.high > -extremes.low ? extremes.high : extremes.low) / -8.0f;
    return scale == 0 ? 1.0f : scale;
  }

  const Weight& weight_;
  uint8_t* bytes_;
  const Kernels& kernels_;
  Reader reader_;
  size_t out_ = 0, in_ = 0;
};

void Run(const Task& task, const Kernels& kernels) {
  const Writer writer(*task.target, kernels);
  switch (task.target->weight->layout) {
    case Layout::kPlain:
      return writer.Plain(task.begin, task.end);
    case Layout::kTransposed:
      return writer.Transposed(task.begin, task.end);
    case Layout::kInt8Values:
    case Layout::kInt8Scales:
      return writer.Int8(task.begin, task.end);
    case Layout::kInt4Values:
    case Layout::kInt4Scales:
      return writer.Int4(task.begin, task.end);
    case Layout::kInt8Zeros:
    case Layout::kInt4Zeros: {
      const int zero = task.target->weight->layout == Layout::kInt8Zeros ? 0 : 0x88;
      std::memset(task.target->bytes + task.begin, zero, task.end - task.begin);
    }
  }
}

void Split(const Target& target, std::vector<Task>& tasks) {
  const Weight& weight = *target.weight;
  const bool by_row = weight.layout == Layout::kInt8Values || weight.layout == Layout::kInt8Scales ||
                      weight.layout == Layout::kInt4Values || weight.layout == Layout::kInt4Scales;
  size_t items = StoredBytes(weight) / BytesOf(weight.dtype), width = 1;
  if (by_row || weight.layout == Layout::kTransposed) {
    const auto [out, in] = ChannelsOf(weight);
    items = static_cast<size_t>(by_row ? out : in);
    width = std::max<size_t>(1, static_cast<size_t>(by_row ? in : out));
  }
  size_t grain = std::max<size_t>(1, kTask / width);
  if (weight.layout == Layout::kInt8Values)
    grain = (grain + kStrip - 1) / kStrip * kStrip;  // no cache line in two tasks
  for (size_t begin = 0; begin < items; begin += grain)
    tasks.push_back({&target, begin, std::min(items, begin + grain)});
}

}  // namespace

void Store(const std::vector<Target>& targets, size_t threads) {
  const Kernels& kernels = ActiveKernels();
  std::vector<Task> tasks;
  for (const Target& target : targets) Split(target, tasks);
  cpu::ParallelFor(tasks.size(), 1, threads, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) Run(tasks[i], kernels);
  });
}

Block::Block(std::vector<Weight> weights, size_t threads) : weights_(std::move(weights)) {
  constexpr size_t kAlignment = 64;
  constexpr size_t kMost = SIZE_MAX / 2;
  std::vector<size_t> offsets(weights_.size());
  size_t size = 0;
  for (size_t i = 0; i < weights_.size(); ++i) {
    Check(weights_[i]);
    const size_t bytes = StoredBytes(weights_[i]);
    if (bytes > kMost - bytes_ - kAlignment) throw std::bad_alloc();
    bytes_ += bytes;
    if (InPlace(weights_[i]) != nullptr) continue;
    offsets[i] = size;
    size += (bytes + kAlignment - 1) / kAlignment * kAlignment;
  }
  memory_ = memory::Mapping::Zeros(size);
  std::vector<Target> targets;
  for (size_t i = 0; i < weights_.size(); ++i) {
    const uint8_t* same = InPlace(weights_[i]);
    places_.push_back(same != nullptr ? const_cast<uint8_t*>(same) : memory_.data() + offsets[i]);
    if (same == nullptr) targets.push_back({&weights_[i], places_.back()});
  }
  Store(targets, threads);
}

}  // namespace hfbench::weights
