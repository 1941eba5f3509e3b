// Element types of tensors: ONNX Runtime's numbers, hfbench's names (src/util/tensor.ts), sizes.
#pragma once

#include <cstddef>
#include <string_view>

namespace hfbench::ort {

struct ElementType {
  int code;          // ONNXTensorElementDataType
  const char* name;  // DType in TypeScript
  size_t bytes;      // 0: no fixed size
};

/// Types that a HostTensor can hold.
constexpr ElementType kElementTypes[] = {
    {1, "float32", 4}, {10, "float16", 2}, {16, "bfloat16", 2}, {11, "float64", 8}, {7, "int64", 8},
    {6, "int32", 4},   {5, "int16", 2},    {3, "int8", 1},      {13, "uint64", 8},  {12, "uint32", 4},
    {4, "uint16", 2},  {2, "uint8", 1},    {9, "bool", 1},      {8, "string", 0},
};

/// Null for codes and names that are not in the table.
constexpr const ElementType* FindElementType(int code) {
  for (const ElementType& type : kElementTypes) {
    if (type.code == code) return &type;
  }
  return nullptr;
}

constexpr const ElementType* FindElementType(std::string_view name) {
  for (const ElementType& type : kElementTypes) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

}  // namespace hfbench::ort
