#include "binding/ort/fence.h"

#include <algorithm>
#include <array>

#include "binding/sampler/clock.h"

namespace hfbench::ort {
namespace {

/// y = Neg(x), both float [1], as a ModelProto (IR version 8, operator set 13). Not Identity, which the optimiser
/// removes.
constexpr unsigned char kModel[] = {0x08, 0x08, 0x3a, 0x32, 0x0a, 0x0b, 0x0a, 0x01, 'x',  0x12, 0x01, 'y',
                                    0x22, 0x03, 'N',  'e',  'g',  0x12, 0x01, 'f',  0x5a, 0x0f, 0x0a, 0x01,
                                    'x',  0x12, 0x0a, 0x0a, 0x08, 0x08, 0x01, 0x12, 0x04, 0x0a, 0x02, 0x08,
                                    0x01, 0x62, 0x0f, 0x0a, 0x01, 'y',  0x12, 0x0a, 0x0a, 0x08, 0x08, 0x01,
                                    0x12, 0x04, 0x0a, 0x02, 0x08, 0x01, 0x42, 0x02, 0x10, 0x0d};

constexpr size_t kCostRuns = 9;

}  // namespace

Fence::Fence(Library& library, const std::vector<ProviderChoice>& providers, const OrtMemoryInfo* cpu)
    : session_(library.api().ReleaseSession) {
  const Api& api = library.api();
  SessionConfig config;
  config.providers = providers;
  config.intra_op_threads = 1;
  config.inter_op_threads = 1;
  config.spinning = false;
  const Handle<OrtSessionOptions> options = MakeSessionOptions(library, config);
  Check(api, api.CreateSessionFromArray(library.Env(), kModel, sizeof kModel, options.get(), session_.out()));
  constexpr int64_t kShape[] = {1};
  constexpr int kFloat = 1;
  Handle<OrtValue> x(api.ReleaseValue);
  Check(api, api.CreateTensorWithDataAsOrtValue(cpu, &one_, sizeof one_, kShape, 1, kFloat, x.out()));
  inputs_.push_back({"x", std::move(x)});
  binding_ = std::make_unique<IoBinding>(api, session_.get(), inputs_, std::vector<std::string>{"y"},
                                         std::vector<const OrtMemoryInfo*>{cpu});
  binding_->AvoidGraphCapture();
  work_ = binding_->AsWork();
  if (!Wait()) ThrowFailure();  // the first wait compiles
}

int64_t Fence::CostNs() {
  std::array<int64_t, kCostRuns> costs{};
  if (!Wait()) ThrowFailure();
  for (int64_t& cost : costs) {
    const int64_t begin = sampler::NowNs();
    if (!Wait()) ThrowFailure();
    cost = sampler::NowNs() - begin;
  }
  std::sort(costs.begin(), costs.end());
  return costs[kCostRuns / 2];
}

}  // namespace hfbench::ort
