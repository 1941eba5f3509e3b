// The export list: what JavaScript sees of the addon, one line a function. Each is defined in binding/glue/<layer>.cc
// and declared in binding/index.ts (test/binding/index.test.ts compares the names).
#include "binding/glue/exports.h"

// clang-format off
#define HFBENCH_EXPORTS(FUNCTION) \
  /* system */                    \
  FUNCTION(buildInfo)             \
  FUNCTION(cpuInfo)               \
  FUNCTION(forceIsa)              \
  /* weights */                   \
  FUNCTION(storedWeight)          \
  FUNCTION(storeWeight)           \
  /* ort */                       \
  FUNCTION(openLibrary)           \
  /* sampler */                   \
  FUNCTION(measureClock)          \
  /* preprocess: text */          \
  FUNCTION(createTokenizer)       \
  FUNCTION(encodeTexts)           \
  FUNCTION(assembleIds)           \
  FUNCTION(writeTokens)           \
  FUNCTION(writeRaggedTokens)
// clang-format on

HFBENCH_ADDON(HFBENCH_EXPORTS)
