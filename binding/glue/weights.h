// Reads WeightSpec objects (src/runtime/session.ts).
#pragma once

#include <vector>

#include "binding/glue/arguments.h"
#include "binding/weights/weight.h"

namespace hfbench::glue {

/// Each weight has passed weights::Check; files are mapped, each path once.
std::vector<weights::Weight> ToWeights(const std::vector<Argument>& specs);

}  // namespace hfbench::glue
