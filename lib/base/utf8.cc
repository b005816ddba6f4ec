#include "base/utf8.h"

#include <cstddef>

namespace vesto::base {

bool IsCleanUtf8(std::string_view text) {
  size_t i = 0;
  const size_t size = text.size();
  const auto byte = [&](size_t offset) {
    return offset < size ? static_cast<unsigned char>(text[offset]) : 0u;
  };
  while (i < size) {
    const unsigned lead = byte(i);
    if (lead == 0) return false;
    if (lead < 0x80) {
      ++i;
      continue;
    }
    int extra = 0;
    unsigned low = 0x80, high = 0xBF;  // allowed second byte
    if (lead >= 0xC2 && lead <= 0xDF) {
      extra = 1;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      extra = 2;
      if (lead == 0xE0) low = 0xA0;
      if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      extra = 3;
      if (lead == 0xF0) low = 0x90;
      if (lead == 0xF4) high = 0x8F;
    } else {
      return false;
    }
    if (byte(i + 1) < low || byte(i + 1) > high) return false;
    for (int k = 2; k <= extra; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    }
    i += extra + 1;
  }
  return true;
}

}  // namespace vesto::base
