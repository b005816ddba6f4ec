#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// Walking UTF-8 text by characters. Input is valid UTF-8; bytes that are not never lead outside
// the text.
namespace vesto::functions {

inline bool IsAscii(std::string_view text) {
  unsigned char all = 0;
  for (char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

inline bool IsContinuationByte(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The number of characters.
inline int64_t CountCharacters(std::string_view text) {
  int64_t count = 0;
  for (char c : text) count += !IsContinuationByte(c);
  return count;
}

// The byte where the character after the one at byte `at` begins.
inline size_t NextCharacterAt(std::string_view text, size_t at) {
  ++at;
  while (at < text.size() && IsContinuationByte(text[at])) ++at;
  return at;
}

// The byte where character `index` (0-based) begins; text.size() when there are fewer.
inline size_t CharacterOffset(std::string_view text, int64_t index) {
  if (index <= 0) return 0;
  if (static_cast<size_t>(index) >= text.size()) return text.size();
  size_t at = 0;
  while (index > 0 && at < text.size()) {
    at = NextCharacterAt(text, at);
    --index;
  }
  return at;
}

// Characters [start, start + count) of `text`, 0-based.
inline std::string_view CharacterSlice(std::string_view text, int64_t start, int64_t count) {
  const size_t begin = CharacterOffset(text, start);
  const std::string_view rest = text.substr(begin);
  return rest.substr(0, CharacterOffset(rest, count));
}

// The code point of the character at byte `at`.
inline uint32_t CodePointAt(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const uint32_t lead = byte(at);
  if (lead < 0x80) return lead;
  if (lead < 0xE0) return (lead & 0x1F) << 6 | (byte(at + 1) & 0x3F);
  if (lead < 0xF0) {
    return (lead & 0x0F) << 12 | (byte(at + 1) & 0x3F) << 6 | (byte(at + 2) & 0x3F);
  }
  return (lead & 0x07) << 18 | (byte(at + 1) & 0x3F) << 12 | (byte(at + 2) & 0x3F) << 6 |
         (byte(at + 3) & 0x3F);
}

}  // namespace vesto::functions
