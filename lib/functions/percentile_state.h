#pragma once

#include <vector>

#include "functions/function.h"

namespace vesto::functions {

// The overloads of MEDIAN(value) and PERCENTILE_CONT(fraction, value). States keep every value;
// the order in which rows arrive does not matter.
std::vector<AggregateOverload> PercentileOverloads(bool has_fraction);

}  // namespace vesto::functions
