#include "base/utf8.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace vesto::base {
namespace {

// How many bytes at the beginning are clean.
size_t CleanBytes(std::string_view text) {
  size_t i = 0;
  const size_t size = text.size();
  const auto byte = [&](size_t offset) {
    return offset < size ? static_cast<unsigned char>(text[offset]) : 0u;
  };
  while (i < size) {
    const unsigned lead = byte(i);
    if (lead == 0) return i;
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
      return i;
    }
    if (byte(i + 1) < low || byte(i + 1) > high) return i;
    for (int k = 2; k <= extra; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return i;
    }
    i += extra + 1;
  }
  return size;
}

// How long the character is that begins with `lead`, by that byte alone.
size_t PromisedBytes(unsigned char lead) {
  if ((lead & 0xE0) == 0xC0) return 2;
  if ((lead & 0xF0) == 0xE0) return 3;
  if ((lead & 0xF8) == 0xF0) return 4;
  return 1;
}

}  // namespace

bool IsCleanUtf8(std::string_view text) { return CleanBytes(text) == text.size(); }

absl::Status CheckUtf8(std::string_view text) {
  const size_t clean = CleanBytes(text);
  if (clean == text.size()) return absl::OkStatus();
  std::string message = "invalid byte sequence for encoding \"UTF8\":";
  for (const unsigned char c : text.substr(clean, PromisedBytes(static_cast<unsigned char>(text[clean])))) {
    absl::StrAppend(&message, " 0x", absl::Hex(c, absl::kZeroPad2));
  }
  return SqlError(SqlState::kCharacterNotInRepertoire, std::move(message));
}

}  // namespace vesto::base
