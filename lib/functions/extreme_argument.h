#pragma once

#include <vector>

#include "functions/function.h"

namespace vesto::functions {

// The overloads of GREATEST and LEAST: one per type, any number of arguments, NULLs ignored.
std::vector<Overload> ExtremeArgumentOverloads(bool greatest);

}  // namespace vesto::functions
