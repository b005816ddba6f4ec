#pragma once

#include <string_view>

#include "vesto/type.h"

namespace vesto::functions {

// The order of two strings of `type`: trailing blanks do not count, except in VARBYTE; letter case
// does not count under COLLATE CASE_INSENSITIVE. Negative, 0 or positive.
int CompareText(std::string_view a, std::string_view b, const Type& type);

}  // namespace vesto::functions
