#include "binding/ort/status.h"

namespace hfbench::ort {
namespace {

/// Names of OrtErrorCode without the prefix ORT_.
constexpr const char* kCodes[] = {
    "OK",
    "FAIL",
    "INVALID_ARGUMENT",
    "NO_SUCHFILE",
    "NO_MODEL",
    "ENGINE_ERROR",
    "RUNTIME_EXCEPTION",
    "INVALID_PROTOBUF",
    "MODEL_LOADED",
    "NOT_IMPLEMENTED",
    "INVALID_GRAPH",
    "EP_FAIL",
    "MODEL_LOAD_CANCELED",
    "MODEL_REQUIRES_COMPILATION",
    "NOT_FOUND",
    "DEVICE_RESET",
};

std::string CodeName(int code) {
  constexpr int kKnown = sizeof kCodes / sizeof *kCodes;
  return code >= 0 && code < kKnown ? kCodes[code] : "CODE_" + std::to_string(code);
}

}  // namespace

Error::Error(int code, const std::string& message) : std::runtime_error(message), code_(CodeName(code)) {}

void Check(const Api& api, OrtStatus* status) {
  if (status == nullptr) return;
  const char* message = api.GetErrorMessage(status);
  const Error error(api.GetErrorCode(status), message != nullptr ? message : "");
  api.ReleaseStatus(status);
  throw error;
}

}  // namespace hfbench::ort
