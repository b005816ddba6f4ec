#pragma once

#include <cstdint>

namespace vesto {

// Decimals of 20 to 38 digits and wide intermediates. __extension__ keeps -Wpedantic quiet.
__extension__ using int128_t = __int128;
__extension__ using uint128_t = unsigned __int128;

}  // namespace vesto
