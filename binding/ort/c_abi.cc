#include "binding/ort/c_abi.h"

#include <cstring>

namespace hfbench::ort {

Api ReadTable(const void* table, uint32_t version) {
  Api api;
  const auto* const entries = static_cast<const unsigned char*>(table);
#define HFBENCH_ORT_READ(index, name, since, result, parameters) \
  if (since <= version) std::memcpy(&api.name, entries + index * sizeof(void*), sizeof(void*));
  HFBENCH_ORT_ENTRIES(HFBENCH_ORT_READ)
#undef HFBENCH_ORT_READ
  return api;
}

}  // namespace hfbench::ort
