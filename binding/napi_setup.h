// The one place that includes napi.h: every file of the glue sees the same settings.
#pragma once

#define NAPI_VERSION 8
#define NODE_ADDON_API_CPP_EXCEPTIONS
#define NODE_ADDON_API_ENABLE_TYPE_CHECK_ON_AS
// A worker thread that is being terminated takes no exception any more; without this, throwing one ends the process.
#define NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
#include <napi.h>
