#pragma once
#include <string>
#include <vector>
#include "logical/plan.h"
namespace vesto::physical {
inline std::vector<std::string> Explain(const logical::Node& plan, bool) { return {logical::DebugString(plan)}; }
}
