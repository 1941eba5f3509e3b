#include <cstdlib>

#include "binding/ort/session.h"
#include "check.h"

namespace hfbench::test {
namespace {

/// y = Relu(x) for x [n, 2], as ModelProto bytes written by hand (field number and wire type, length, content).
std::vector<uint8_t> ReluModel() {
  const auto field = [](int number, const std::string& content) {
    return std::string(1, static_cast<char>(number << 3 | 2)) + static_cast<char>(content.size()) + content;
  };
  const auto number = [](int id, int value) {
    return std::string(1, static_cast<char>(id << 3)) + static_cast<char>(value);
  };
  const std::string shape = field(1, field(2, "n")) + field(1, number(1, 2));
  const std::string type = field(2, field(1, number(1, 1) + field(2, shape)));
  const std::string node = field(1, "x") + field(2, "y") + field(4, "Relu");
  const std::string graph =
      field(1, node) + field(2, "g") + field(11, field(1, "x") + type) + field(12, field(1, "y") + type);
  const std::string model = number(1, 8) + field(7, graph) + field(8, number(2, 17));
  return {model.begin(), model.end()};
}

/// Opens, binds, runs, reads and closes a session `cycles` times; `added` is what the model adds to its first input
/// value.
void Cycle(const std::string& path, int cycles, float added) {
  ort::Library& library = ort::Library::Open(path);
  ort::SessionConfig config;
  config.intra_op_threads = 1;
  const float input[2] = {1, 2};
  const auto* const bytes = reinterpret_cast<const uint8_t*>(input);
  for (int i = 0; i < cycles; ++i) {
    ort::Model model;
    model.bytes = ReluModel();
    ort::Session session(library, config, std::move(model));
    CHECK(session.inputs().size() == 1 && session.inputs()[0].symbols[0] == "n");
    session.Bind({{"x", 1, {1, 2}, {bytes, bytes + sizeof input}}});
    const std::atomic<bool> never{false};
    ort::IoBinding* const binding = session.Streams(1)[0];
    CHECK(sampler::RunBlock(binding->AsWork(), 3, never).durations_ns.size() == 3);
    const std::vector<ort::Output> outputs = session.ReadOutputs();
    CHECK(outputs.size() == 1 && outputs[0].data.size() == sizeof input);
    CHECK(reinterpret_cast<const float*>(outputs[0].data.data())[0] == 1 + added);
  }
  ort::Model broken;
  broken.bytes = {'!', 1, 2};
  CHECK(!MessageOf<ort::Error>([&] { ort::Session(library, config, std::move(broken)); }).empty());
}

const Add fake("10,000 sessions of the fake library", [] { Cycle(GivenLibraries().fake, 10'000, 1); });

const Add real("sessions of a real library, where one was given", [] {
  if (!GivenLibraries().real.empty()) Cycle(GivenLibraries().real, 500, 0);
});

const Add none("a path that leads to no library is explained", [] {
  const std::string message = MessageOf<ort::LibraryError>([] { ort::Library::Open("/no/such/library"); });
  CHECK(message == "ONNX Runtime library /no/such/library: not found");
});

}  // namespace
}  // namespace hfbench::test
