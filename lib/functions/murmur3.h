#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/int128.h"

namespace vesto::functions {

// MurmurHash3_x86_32. Source: Apache Iceberg specification, Appendix B.
int32_t Murmur3(std::string_view bytes, uint32_t seed);
// The shortest big-endian two's complement form of a number.
std::string ShortestBigEndian(int128_t value);

}  // namespace vesto::functions
