#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

// The text forms of bytes.
namespace vesto::functions {

// Lower-case hexadecimal.
void AppendHex(std::string_view bytes, std::string* out);
// 22P02 where `text` is no hexadecimal.
absl::Status AppendFromHex(std::string_view text, std::string* out);

// TO_VARBYTE and FROM_VARBYTE: formats hex, binary, utf8, utf-8 and base64, in any case. 22023 for
// another format, 22P02 for text that is not of the format.
absl::Status AppendDecoded(std::string_view text, std::string_view format, std::string* out);
absl::Status AppendEncoded(std::string_view bytes, std::string_view format, std::string* out);

}  // namespace vesto::functions
