#pragma once

#include <string>
#include <string_view>

namespace vesto::functions {

// American Soundex: a letter and three digits. Characters that are no ASCII letters are ignored;
// "" where there is no letter.
std::string SoundexCode(std::string_view text);

}  // namespace vesto::functions
