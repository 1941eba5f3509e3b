// The part of a session that has to do with states: handing values on, within a session and from one to another.
#include <algorithm>
#include <set>
#include <stdexcept>

#include "binding/ort/element_type.h"
#include "binding/ort/session.h"

namespace hfbench::ort {
namespace {

const ValueInfo& Find(const std::vector<ValueInfo>& values, const std::string& name, const char* kind) {
  const auto found = std::find_if(values.begin(), values.end(), [&](const auto& value) { return value.name == name; });
  if (found == values.end()) throw std::invalid_argument("the session has no " + std::string(kind) + " '" + name + "'");
  return *found;
}

/// Elements that the last of `runs` runs after the first reads up to; 2^53 and more is refused.
uint64_t ElementsRead(const StepInput& step, uint64_t runs) {
  constexpr uint64_t kMost = uint64_t{1} << 53;
  uint64_t count = 1;
  for (size_t axis = 0; axis < step.shape.size(); ++axis) {
    const bool grows = step.grows >= 0 && axis == static_cast<size_t>(step.grows);
    const uint64_t size = static_cast<uint64_t>(step.shape[axis]) + (grows ? runs - 1 : 0);
    if (size > 0 && count > kMost / size) return kMost;
    count *= size;
  }
  if (step.stride > 0 && runs - 1 > (kMost - count) / step.stride) return kMost;
  return count + (runs - 1) * step.stride;
}

}  // namespace

size_t Session::OutputIndex(const std::string& name) const {
  return static_cast<size_t>(&Find(outputs_, name, "output") - outputs_.data());
}

std::vector<BoundInput> Session::OutputsAs(const std::vector<Link>& links) {
  std::vector<size_t> indices;
  for (const Link& link : links) indices.push_back(OutputIndex(link.output));
  IoBinding& last = LastRun();
  std::vector<BoundInput> inputs;
  for (size_t i = 0; i < links.size(); ++i) {
    std::vector<Handle<OrtValue>> values = last.Outputs(host_);  // anew for each: two inputs may share an output
    inputs.push_back({links[i].input, std::move(values[indices[i]])});
  }
  return inputs;
}

void Session::CheckPlan(const GenerationPlan& plan) const {
  std::set<std::string> changed;
  const auto once = [&](const std::string& input) {
    if (!changed.insert(input).second) throw std::invalid_argument("input '" + input + "' is named twice");
    const auto bound = [&](const BoundInput& value) { return value.name == input; };
    if (std::none_of(bound_inputs_.begin(), bound_inputs_.end(), bound))
      throw std::invalid_argument("input '" + input + "' has no value in the first run: bind it");
  };
  for (const Link& state : plan.states) {
    const ValueInfo &input = Find(inputs_, state.input, "input"), &output = Find(outputs_, state.output, "output");
    if (input.type != output.type || input.shape.size() != output.shape.size()) {
      throw std::invalid_argument("output '" + output.name + "' cannot become input '" + input.name +
                                  "': their types or ranks differ");
    }
    once(state.input);
  }
  for (const StepInput& step : plan.steps) {
    if (Find(inputs_, step.name, "input").type != step.type)
      throw std::invalid_argument("input '" + step.name + "' is of another type than its steps");
    once(step.name);
    if (step.grows >= static_cast<int>(step.shape.size()))
      throw std::invalid_argument("the steps of input '" + step.name + "' grow along an axis that they do not have");
    if (plan.runs > 1 && ElementsRead(step, plan.runs - 1) > step.data.size() / FindElementType(step.type)->bytes)
      throw std::invalid_argument("the steps of input '" + step.name + "' have fewer values than the runs read");
  }
}

Generation& Session::Begin(GenerationPlan plan) {
  stepped_ = false;
  if (!bound_) throw std::logic_error("bind the inputs of the session first");
  CheckPlan(plan);
  generation_.reset();  // the memory of its states is free for the new ones
  std::vector<std::pair<size_t, std::string>> states;
  for (const Link& state : plan.states) states.emplace_back(OutputIndex(state.output), state.input);
  generation_ = std::make_unique<Generation>(api_, NewBinding(), std::move(states), std::move(plan), host_, cpu_.get());
  return *generation_;
}

}  // namespace hfbench::ort
