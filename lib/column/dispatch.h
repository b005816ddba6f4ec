#pragma once

#include <cstdint>
#include <utility>

#include "base/int128.h"
#include "column/string_ref.h"
#include "types/physical_type.h"

namespace vesto::column {

// Calls body(T{}) with a value of the C++ type of a physical type: the one place where kernels
// branch on it, outside their loops.
template <typename Body>
decltype(auto) DispatchPhysical(types::PhysicalType physical, Body&& body) {
  using types::PhysicalType;
  switch (physical) {
    case PhysicalType::kBool: return body(uint8_t{});
    case PhysicalType::kInt16: return body(int16_t{});
    case PhysicalType::kInt32: return body(int32_t{});
    case PhysicalType::kInt64: return body(int64_t{});
    case PhysicalType::kInt128: return body(int128_t{});
    case PhysicalType::kFloat: return body(float{});
    case PhysicalType::kDouble: return body(double{});
    case PhysicalType::kString: return body(StringRef{});
  }
  __builtin_unreachable();
}

}  // namespace vesto::column
