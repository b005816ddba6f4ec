#pragma once

#include <string>
#include <string_view>

// Names and strings as SQL writes them: QUOTE_IDENT, QUOTE_LITERAL, FORMAT.
namespace vesto::functions {

// Double quotes where the name needs them.
void AppendIdentifier(std::string_view name, std::string* out);
// Single quotes; quotes and backslashes inside are doubled.
void AppendLiteral(std::string_view text, std::string* out);

}  // namespace vesto::functions
