#pragma once

#include <cstdint>
#include <string>

namespace vesto::shell {

// "512MB" -> bytes; K, M, G and T are powers of 1,024. -1 for what is no size.
int64_t ParseSize(const std::string& text);

}  // namespace vesto::shell
