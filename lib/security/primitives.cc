#include "security/primitives.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "absl/strings/escaping.h"
#include "base/check.h"
#include "base/status_macros.h"

namespace vesto::security {
namespace {

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string* text) { return reinterpret_cast<unsigned char*>(text->data()); }

}  // namespace

std::string Sha256(std::string_view bytes) {
  std::string digest(kSha256Bytes, '\0');
  VESTO_CHECK(EVP_Digest(bytes.data(), bytes.size(), Bytes(&digest), nullptr, EVP_sha256(),
                         nullptr) == 1);
  return digest;
}

std::string HmacSha256(std::string_view key, std::string_view bytes) {
  std::string mac(kSha256Bytes, '\0');
  unsigned int size = 0;
  VESTO_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(bytes),
                   bytes.size(), Bytes(&mac), &size) != nullptr &&
              size == kSha256Bytes);
  return mac;
}

std::string Pbkdf2Sha256(std::string_view password, std::string_view salt, int iterations) {
  std::string key(kSha256Bytes, '\0');
  VESTO_CHECK(PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), Bytes(salt),
                                static_cast<int>(salt.size()), iterations, EVP_sha256(),
                                static_cast<int>(key.size()), Bytes(&key)) == 1);
  return key;
}

absl::StatusOr<std::string> Md5Hex(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_md5(), nullptr) != 1) {
    return NotSupported("MD5 authentication without OpenSSL's MD5");
  }
  return Hex({reinterpret_cast<const char*>(digest), size});
}

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  VESTO_CHECK(RAND_bytes(Bytes(&bytes), static_cast<int>(count)) == 1);
  return bytes;
}

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void Wipe(std::string* secret) {
  if (!secret->empty()) OPENSSL_cleanse(secret->data(), secret->size());
  secret->clear();
}

std::string Hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string Base64(std::string_view bytes) { return absl::Base64Escape(sv(bytes)); }

std::optional<std::string> FromBase64(std::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(sv(text), &bytes)) return std::nullopt;
  if (absl::Base64Escape(bytes) != text) return std::nullopt;  // blanks, missing padding
  return bytes;
}

}  // namespace vesto::security
