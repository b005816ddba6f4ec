#pragma once

#include <cstdint>
#include <memory>

#include "io/byte_stream.h"

namespace vesto::format {

// COPY's ENCODING.
enum class Charset : uint8_t { kUtf8, kUtf16, kUtf16Le, kUtf16Be, kIso88591 };

// `source` as UTF-8 without a byte order mark. Bytes that are UTF-8 already pass through unchecked
// (field_parse.h judges each field). An error from Read with SQLSTATE 22021 means that the file is
// not in this charset (load error 1221): UTF16 without a byte order mark, UTF8 that starts with
// the mark of UTF-16, an odd number of bytes, or a lone surrogate.
std::unique_ptr<io::ByteSource> ToUtf8(Charset charset, std::unique_ptr<io::ByteSource> source);

}  // namespace vesto::format
