#include "binding/preprocess/image_taps.h"

#include <algorithm>
#include <cmath>
#include <list>
#include <mutex>
#include <tuple>

namespace hfbench::preprocess {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr int kPrecisionBits = 32 - 8 - 2;
constexpr size_t kKept = 64;
/// Inputs of a tile: 256 pixels x 3 channels x 64 rows stay near the first-level cache.
constexpr int kTileInputs = 256;
constexpr int kTileStep = 16;

double Sinc(double x) {
  if (x == 0.0) return 1.0;
  x *= kPi;
  return std::sin(x) / x;
}

double Weight(Filter filter, double x) {
  switch (filter) {
    case Filter::kBox:
      return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
    case Filter::kBilinear:
      x = std::abs(x);
      return x < 1.0 ? 1.0 - x : 0.0;
    case Filter::kHamming:
      x = std::abs(x);
      if (x == 0.0) return 1.0;
      if (x >= 1.0) return 0.0;
      x *= kPi;
      return std::sin(x) / x * (0.54f + 0.46f * std::cos(x));  // Pillow's constants are floats
    case Filter::kBicubic: {
      constexpr double a = -0.5;
      x = std::abs(x);
      if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
      if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
      return 0.0;
    }
    case Filter::kLanczos:
      return x >= -3.0 && x < 3.0 ? Sinc(x) * Sinc(x / 3) : 0.0;
    case Filter::kNearest:
      break;
  }
  return 0.0;
}

double Support(Filter filter) {
  switch (filter) {
    case Filter::kBox:
      return 0.5;
    case Filter::kBicubic:
      return 2.0;
    case Filter::kLanczos:
      return 3.0;
    default:
      return 1.0;
  }
}

/// The most outputs per tile (a multiple of 16) whose inputs stay within the budget; at least one step.
void ChooseTiles(Taps& taps, int outputs) {
  const auto span = [&](int step) {
    int widest = 1;
    for (int x = 0; x < outputs; x += step) {
      const int last = std::min(x + step, outputs) - 1;
      widest = std::max(widest, taps.first[last] + taps.count[last] - taps.first[x]);
    }
    return widest;
  };
  int step = kTileStep;
  while (step < outputs && span(step * 2) <= kTileInputs) step *= 2;
  taps.tile_outputs = step;
  taps.tile_inputs = span(step);
}

std::shared_ptr<const Taps> MakeTaps(int in, int out, Filter filter, int begin, int outputs) {
  const double scale = static_cast<double>(in) / out;
  const double filter_scale = std::max(scale, 1.0);
  const double support = Support(filter) * filter_scale;
  const double inverse = 1.0 / filter_scale;
  auto taps = std::make_shared<Taps>();
  std::vector<double> weights;
  std::vector<std::vector<int32_t>> fixed(outputs);
  int most = 1;
  for (int i = 0; i < outputs; ++i) {
    const double center = (begin + i + 0.5) * scale;
    const int first = std::max(0, static_cast<int>(center - support + 0.5));
    const int count = std::max(0, std::min(in, static_cast<int>(center + support + 0.5)) - first);
    weights.assign(count, 0.0);
    double sum = 0.0;
    for (int k = 0; k < count; ++k) {
      weights[k] = Weight(filter, (k + first - center + 0.5) * inverse);
      sum += weights[k];
    }
    for (double w : weights) {
      if (sum != 0.0) w /= sum;
      fixed[i].push_back(static_cast<int32_t>(w * (1 << kPrecisionBits) + (w < 0 ? -0.5 : 0.5)));
    }
    taps->first.push_back(first);
    taps->count.push_back(count);
    most = std::max(most, count);
  }
  taps->pairs = (most + 1) / 2;
  taps->low.assign(static_cast<size_t>(outputs) * taps->pairs, 0);
  taps->high = taps->low;
  for (int i = 0; i < outputs; ++i) {
    for (size_t k = 0; k < fixed[i].size(); ++k) {
      const size_t at = static_cast<size_t>(i) * taps->pairs + k / 2;
      const int shift = k % 2 ? 16 : 0;
      const auto low = static_cast<uint32_t>(fixed[i][k] & 0x7fff);
      const auto high = static_cast<uint32_t>(static_cast<uint16_t>(fixed[i][k] >> 15));
      taps->low[at] = static_cast<int32_t>(static_cast<uint32_t>(taps->low[at]) | low << shift);
      taps->high[at] = static_cast<int32_t>(static_cast<uint32_t>(taps->high[at]) | high << shift);
    }
  }
  taps->input_begin = taps->first.front();
  taps->input_end = taps->first.back() + taps->count.back();
  ChooseTiles(*taps, outputs);
  return taps;
}

}  // namespace

TapsView Taps::View() const {
  return {static_cast<int>(first.size()),
          pairs,
          first.data(),
          count.data(),
          low.data(),
          high.data(),
          tile_outputs,
          tile_inputs};
}

std::shared_ptr<const Taps> FindTaps(int in, int out, Filter filter, int begin, int outputs) {
  using Key = std::tuple<int, int, Filter, int, int>;
  static std::mutex lock;
  static std::list<std::pair<Key, std::shared_ptr<const Taps>>> kept;  // the latest used first
  const Key key{in, out, filter, begin, outputs};
  const std::lock_guard<std::mutex> hold(lock);
  for (auto at = kept.begin(); at != kept.end(); ++at) {
    if (at->first != key) continue;
    kept.splice(kept.begin(), kept, at);
    return at->second;
  }
  kept.emplace_front(key, MakeTaps(in, out, filter, begin, outputs));
  if (kept.size() > kKept) kept.pop_back();
  return kept.front().second;
}

std::vector<int32_t> NearestIndices(int in, int out, int begin, int outputs) {
  const double scale = static_cast<double>(in) / out;
  std::vector<int32_t> indices;
  // Pillow adds the step up instead of multiplying it: the roundings differ, and so may a pixel.
  double at = scale * 0.5;
  for (int i = 0; i < begin + outputs; ++i, at += scale) {
    if (i >= begin) indices.push_back(std::min(in - 1, static_cast<int>(at)));
  }
  return indices;
}

}  // namespace hfbench::preprocess
