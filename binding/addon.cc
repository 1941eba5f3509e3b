// The export list: what JavaScript sees of the addon, one line a function. Each is defined in binding/glue/<layer>.cc
// and declared in binding/index.ts (test/binding/index.test.ts compares the names).
#include "binding/glue/exports.h"

// clang-format off
#define HFBENCH_EXPORTS(FUNCTION) \
  /* system */                    \
  FUNCTION(buildInfo)             \
  FUNCTION(cpuInfo)               \
  FUNCTION(forceIsa)              \
  FUNCTION(memoryUse)             \
  FUNCTION(measureBandwidth)      \
  FUNCTION(readNvidiaGpus)        \
  /* weights */                   \
  FUNCTION(storedWeight)          \
  FUNCTION(storeWeight)           \
  /* ort */                       \
  FUNCTION(openLibrary)           \
  /* sampler */                   \
  FUNCTION(measureClock)          \
  FUNCTION(nowNs)                 \
  /* preprocess: image */         \
  FUNCTION(createImagePlan)       \
  FUNCTION(runImages)             \
  /* preprocess: audio */         \
  FUNCTION(createSpectrum)        \
  FUNCTION(frameCount)            \
  FUNCTION(logMel)                \
  FUNCTION(normalizeWaveform)     \
  FUNCTION(normalizeColumns)      \
  FUNCTION(scaleWhisper)          \
  FUNCTION(standardize)           \
  FUNCTION(allFinite)             \
  FUNCTION(readWav)               \
  FUNCTION(resample)              \
  /* preprocess: cast */          \
  FUNCTION(castFromFloat32)       \
  FUNCTION(castToFloat32)         \
  FUNCTION(quantizeFloat32)        \
  /* preprocess: text */          \
  FUNCTION(createTokenizer)       \
  FUNCTION(encodeTexts)           \
  FUNCTION(assembleIds)           \
  FUNCTION(writeTokens)           \
  FUNCTION(writeRaggedTokens)
// clang-format on

HFBENCH_ADDON(HFBENCH_EXPORTS)
