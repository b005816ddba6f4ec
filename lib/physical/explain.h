#pragma once

#include <string>
#include <vector>

#include "logical/plan.h"

namespace vesto::physical {

// The rows of EXPLAIN for an optimized logical plan, in Redshift's words and layout: the operators that
// Redshift would show, with the optimizer's estimates. `verbose` adds what our kernels do.
// Source: redshift/architecture.md §3 and "More EXPLAIN text".
std::vector<std::string> Explain(const logical::Node& plan, bool verbose);

}  // namespace vesto::physical
