// Reads what src/runtime/native.ts passes: the configuration of a session and its feeds.
#pragma once

#include <vector>

#include "binding/glue/arguments.h"
#include "binding/ort/session.h"

namespace hfbench::glue {

ort::SessionConfig ToSessionConfig(const Argument& config);
ort::Model ToModel(const Argument& config);
std::vector<ort::Feed> ToFeeds(const Argument& feeds);

}  // namespace hfbench::glue
