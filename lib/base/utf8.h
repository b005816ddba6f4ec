#pragma once

#include <string_view>

namespace vesto::base {

// True when `text` is well-formed UTF-8 (no overlong forms, no surrogates) without NUL bytes: what
// SQL text and text values may be.
bool IsCleanUtf8(std::string_view text);

}  // namespace vesto::base
