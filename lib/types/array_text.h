#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vesto/type.h"

// The one-dimensional arrays of the catalogs as text: {1,NULL,"a b"}, and the vectors "1 2 3".
// Source: PostgreSQL 8.0, "Array Input and Output Syntax".
namespace vesto::types {

using ArrayElements = std::vector<std::optional<std::string>>;  // nullopt is NULL

// The elements of an array of `type` (an array, INT2VECTOR or OIDVECTOR).
ArrayElements ParseArray(std::string_view text, const Type& type);
std::string FormatArray(const ArrayElements& elements);

// The index of the first element: 0 in the vectors of the catalog, 1 elsewhere.
int FirstIndex(const Type& type);

}  // namespace vesto::types
