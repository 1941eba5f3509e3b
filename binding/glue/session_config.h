// Reads what src/runtime/native.ts passes: the configuration of a session, its feeds, and what a generation does.
#pragma once

#include <vector>

#include "binding/glue/arguments.h"
#include "binding/ort/session.h"

namespace hfbench::glue {

ort::SessionConfig ToSessionConfig(const Argument& config);
ort::Model ToModel(const Argument& config);
std::vector<ort::Feed> ToFeeds(const Argument& feeds);
std::vector<ort::Link> ToLinks(const Argument& links);
ort::GenerationPlan ToGenerationPlan(const Argument& plan);

}  // namespace hfbench::glue
