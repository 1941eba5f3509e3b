#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "binding/cpu/isa.h"
#include "binding/weights/kernels.h"
#include "binding/weights/store.h"
#include "check.h"

namespace hfbench::test {
namespace {

using weights::Kernels;

/// Runs `body` with the kernels of each level beyond the baseline.
void OtherLevels(const std::function<void(const Kernels&)>& body) {
  for (const cpu::Isa isa : cpu::SupportedIsas()) {
    cpu::ForceIsa(cpu::IsaName(isa));
    body(weights::ActiveKernels());
  }
  cpu::ForceIsa("");
}

/// Floats of every sign and exponent, with few and with many set bits in the fraction.
std::vector<float> AllKinds() {
  std::vector<float> values;
  uint32_t random = 1;
  for (uint32_t high = 0; high < 512; ++high) {
    for (int i = 0; i < 64; ++i) {
      random = random * 1664525 + 1013904223;
      const uint32_t fraction = i < 8    ? (1u << i * 3) - 1
                                : i < 16 ? 0x1000u * static_cast<uint32_t>(i - 8)
                                         : random >> 9;
      const uint32_t bits = high << 23 | (fraction & 0x7FFFFF);
      float value;
      std::memcpy(&value, &bits, sizeof value);
      values.push_back(value);
    }
  }
  return values;
}

const Add narrow("conversions to 16 bits agree between levels for floats of all kinds", [] {
  const std::vector<float> values = AllKinds();
  std::vector<uint16_t> half(values.size()), brain(values.size()), other(values.size());
  weights::BaseKernels().to_float16(half.data(), values.data(), values.size());
  weights::BaseKernels().to_bfloat16(brain.data(), values.data(), values.size());
  OtherLevels([&](const Kernels& kernels) {
    kernels.to_float16(other.data(), values.data(), values.size());
    CHECK(other == half);
    kernels.to_bfloat16(other.data(), values.data(), values.size());
    CHECK(other == brain);
  });
});

const Add widen("all 65,536 halves widen to what their bits say, on every level, and come back", [] {
  std::vector<uint16_t> halves(65536), back(65536);
  for (size_t i = 0; i < halves.size(); ++i) halves[i] = static_cast<uint16_t>(i);
  std::vector<float> wide(65536);
  OtherLevels([&](const Kernels& kernels) {
    kernels.from_float16(wide.data(), halves.data(), halves.size());
    kernels.to_float16(back.data(), wide.data(), wide.size());
    for (uint32_t i = 0; i < 65536; ++i) {
      const uint32_t exponent = i >> 10 & 31, fraction = i & 1023;
      const float sign = (i & 0x8000) != 0 ? -1.0f : 1.0f;
      if (exponent == 31 && fraction != 0) {
        CHECK(std::isnan(wide[i]) && back[i] == (i | 0x200));
        continue;
      }
      const float magnitude = exponent == 31 ? std::numeric_limits<float>::infinity()
                              : exponent == 0
                                  ? std::ldexp(static_cast<float>(fraction), -24)
                                  : std::ldexp(static_cast<float>(1024 + fraction), static_cast<int>(exponent) - 25);
      CHECK(wide[i] == sign * magnitude && std::signbit(wide[i]) == (sign < 0) && back[i] == i);
    }
  });
});

const Add extremes("extremes are found at any place of any length, infinities and NaNs shown", [] {
  OtherLevels([](const Kernels& kernels) {
    for (size_t count = 0; count < 70; ++count) {
      for (size_t at = 0; at < count; ++at) {
        std::vector<float> values(count, 0.25f);
        values[at] = 3.0f;
        CHECK(kernels.extremes(values.data(), count).high == 3.0f &&
              kernels.extremes(values.data(), count).low == 0.0f);
        values[at] = -3.0f;
        CHECK(kernels.extremes(values.data(), count).low == -3.0f);
        for (const float odd : {INFINITY, -INFINITY, NAN, -NAN}) {
          values[at] = odd;
          const weights::Extremes found = kernels.extremes(values.data(), count);
          CHECK(!std::isfinite(found.low) || !std::isfinite(found.high));
        }
      }
    }
  });
});

const Add fill("fill agrees between levels at any start, step and length", [] {
  std::vector<float> base(200), other(200);
  for (size_t count = 0; count < base.size(); ++count) {
    const uint64_t state = count * 0x123456789ABCDEFu,
                   step = count % 3 == 0 ? weights::kGolden : weights::kGolden * count;
    weights::BaseKernels().fill(base.data(), count, state, step, 0.5f, 0.125f);
    OtherLevels([&](const Kernels& kernels) {
      kernels.fill(other.data(), count, state, step, 0.5f, 0.125f);
      CHECK(std::memcmp(base.data(), other.data(), count * sizeof(float)) == 0);
    });
  }
});

weights::Weight Plain(std::vector<int64_t> shape) {
  return {"w", weights::DType::kFloat32, std::move(shape), weights::Layout::kPlain, weights::FillRule{1, 0, 1}};
}

const Add block("a block holds all weights, aligned; values of a file stay there where they fit", [] {
  const auto path = std::filesystem::temp_directory_path() / "hfbench-native-weights.bin";
  {
    std::ofstream file(path, std::ios::binary);
    const float values[4] = {1, 2, 3, 4};
    file.write(reinterpret_cast<const char*>(values), sizeof values);
  }
  {
    auto file = std::make_shared<const memory::Mapping>(memory::Mapping::File(path.string()));
    weights::Weight mapped = Plain({4}), shifted = Plain({3});
    mapped.values = weights::FileSlice{file, 0, 16, weights::DType::kFloat32};
    shifted.values = weights::FileSlice{file, 3, 12, weights::DType::kFloat32};
    const weights::Block made({Plain({3}), mapped, Plain({0, 7}), shifted, Plain({70})}, 2);
    CHECK(made.bytes() == 12 + 16 + 0 + 12 + 280);
    CHECK(made.data(1) == file->data());
    for (const size_t i : {0, 3, 4}) CHECK(reinterpret_cast<uintptr_t>(made.data(i)) % 64 == 0);
    CHECK(std::memcmp(made.data(3), file->data() + 3, 12) == 0);
    weights::Weight beyond = mapped;
    beyond.values = weights::FileSlice{file, SIZE_MAX - 3, 16, weights::DType::kFloat32};
    MessageOf<std::invalid_argument>([&] { weights::Check(beyond); });
  }
  std::filesystem::remove(path);
});

const Add huge("a block that no machine can hold is refused, not begun", [] {
  MessageOf<std::bad_alloc>([] {
    const int64_t side = int64_t{1} << 26;
    weights::Block({Plain({side, side}), Plain({side, side})});
  });
});

}  // namespace
}  // namespace hfbench::test
