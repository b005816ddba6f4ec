#pragma once

#include <cstdint>
#include <string_view>

#include "functions/pattern.h"
#include "functions/utf8.h"

namespace vesto::functions {

// The position of `sub` in `text` in characters from 1; 0 where it is absent. The empty string is
// at position 1.
inline int32_t CharacterPosition(std::string_view text, std::string_view sub) {
  const size_t at = FindBytes(text, sub, 0);
  if (at == std::string_view::npos) return 0;
  return static_cast<int32_t>(CountCharacters(text.substr(0, at)) + 1);
}

}  // namespace vesto::functions
