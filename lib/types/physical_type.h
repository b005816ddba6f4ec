#pragma once

#include <cstdint>
#include <string_view>

#include "vesto/type.h"

namespace vesto::types {

// How a value lies in memory. SQL type and physical type are independent for DECIMAL: any DECIMAL
// vector is kInt64 where its bounds allow, else kInt128.
enum class PhysicalType : uint8_t {
  kBool,    // uint8_t 0 or 1
  kInt16,   // SMALLINT
  kInt32,   // INTEGER, DATE, INTERVAL YEAR TO MONTH, OID, REGCLASS, ...
  kInt64,   // BIGINT, DECIMAL, TIME*, TIMESTAMP*, INTERVAL DAY TO SECOND
  kInt128,  // DECIMAL
  kFloat,   // REAL
  kDouble,  // DOUBLE PRECISION
  kString,  // CHAR, VARCHAR, VARBYTE, SUPER, NAME, TEXT, "char", arrays, unknown: column::StringRef
};

// Bytes of one value: 1, 2, 4, 8, 16, 4, 8, 16.
int PhysicalSize(PhysicalType type);
std::string_view PhysicalTypeName(PhysicalType type);

// The default form of a type in a vector: DECIMAL of up to 18 digits is kInt64, above kInt128.
PhysicalType DefaultPhysicalType(const Type& type);

}  // namespace vesto::types
