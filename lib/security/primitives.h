#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

// The few cryptographic words that passwords need, over OpenSSL. Bytes travel in strings.
namespace vesto::security {

inline constexpr size_t kSha256Bytes = 32;

std::string Sha256(std::string_view bytes);
std::string HmacSha256(std::string_view key, std::string_view bytes);
std::string Pbkdf2Sha256(std::string_view password, std::string_view salt, int iterations);
// 32 hex digits. 0A000 where OpenSSL runs in a mode without MD5.
absl::StatusOr<std::string> Md5Hex(std::string_view bytes);

std::string RandomBytes(size_t count);
// Takes the same time wherever the first difference is. Lengths are no secret.
bool EqualInConstantTime(std::string_view a, std::string_view b);
// Overwrites the characters before they are freed.
void Wipe(std::string* secret);

std::string Hex(std::string_view bytes);
std::string Base64(std::string_view bytes);
// nullopt for anything but canonical base64 with its padding.
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace vesto::security
