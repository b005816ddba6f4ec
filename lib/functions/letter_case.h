#pragma once

#include <string>
#include <string_view>

// Upper and lower case of UTF-8 text, character by character (no language rules).
namespace vesto::functions {

void AppendUpper(std::string_view text, std::string* out);
void AppendLower(std::string_view text, std::string* out);
// Every letter or digit that follows none is upper case, the others lower case.
void AppendInitcap(std::string_view text, std::string* out);

}  // namespace vesto::functions
