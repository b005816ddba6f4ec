#pragma once

#include <string>
#include <string_view>

namespace vesto::wire {

// Names of statements and portals: SQL folds them, messages of the protocol do not.

// Are two names one name to SQL, which folds ASCII letters?
bool SameName(std::string_view a, std::string_view b);

// A name as a statement may say it whatever it contains.
std::string QuotedName(std::string_view name);

}  // namespace vesto::wire
