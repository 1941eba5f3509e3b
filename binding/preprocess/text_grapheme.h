// Grapheme clusters (UAX #29, extended), the units in which the Precompiled normalizer replaces text.
#pragma once

#include <cstddef>
#include <string_view>

namespace hfbench::text {

/// End of the cluster that starts at `start`, which must be a cluster's start inside `text`.
size_t ClusterEnd(std::string_view text, size_t start);

}  // namespace hfbench::text
