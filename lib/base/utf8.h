#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace vesto::base {

// True when `text` is well-formed UTF-8 (no overlong forms, no surrogates) without NUL bytes: what
// SQL text and text values may be.
bool IsCleanUtf8(std::string_view text);

// 22021 for text that is not, in PostgreSQL's words: they name the first bytes that are wrong and call
// the encoding UTF8, as client_encoding does.
absl::Status CheckUtf8(std::string_view text);

}  // namespace vesto::base
