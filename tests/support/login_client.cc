#include "support/login_client.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "security/primitives.h"

namespace vesto::test {

using security::Base64;
using security::FromBase64;
using security::HmacSha256;
using security::Md5Hex;
using security::Pbkdf2Sha256;
using security::Sha256;

std::string BigEndian32(int32_t value) {
  const auto bits = static_cast<uint32_t>(value);
  return {static_cast<char>(bits >> 24), static_cast<char>(bits >> 16),
          static_cast<char>(bits >> 8), static_cast<char>(bits)};
}

int32_t ReadBigEndian32(std::string_view bytes) {
  uint32_t bits = 0;
  for (int i = 0; i < 4; ++i) bits = bits << 8 | static_cast<unsigned char>(bytes[i]);
  return static_cast<int32_t>(bits);
}

std::string ScramClient::First(std::string_view gs2_header, std::string_view user) {
  header_ = std::string(gs2_header);
  first_bare_ = absl::StrCat("n=", sv(user), ",r=", nonce_);
  const std::string message = header_ + first_bare_;
  return absl::StrCat("SCRAM-SHA-256", absl::string_view("\0", 1),
                      BigEndian32(static_cast<int32_t>(message.size())), message);
}

std::string ScramClient::Final(std::string_view server_first) {
  const std::vector<std::string> parts = absl::StrSplit(sv(server_first), ',');
  int iterations = 0;
  if (parts.size() != 3 || !parts[0].starts_with("r=" + nonce_) ||
      !parts[1].starts_with("s=") || !parts[2].starts_with("i=") ||
      !absl::SimpleAtoi(parts[2].substr(2), &iterations)) {
    return "";
  }
  server_nonce_ = parts[0].substr(2 + nonce_.size());
  const auto salt = FromBase64(parts[1].substr(2));
  if (!salt.has_value()) return "";
  const std::string salted = Pbkdf2Sha256(password_, *salt, iterations);
  const std::string client_key = HmacSha256(salted, "Client Key");
  const std::string without_proof = absl::StrCat("c=", Base64(header_), ",", parts[0]);
  const std::string auth =
      absl::StrCat(first_bare_, ",", sv(server_first), ",", without_proof);
  std::string proof = HmacSha256(Sha256(client_key), auth);
  for (size_t i = 0; i < proof.size(); ++i) {
    proof[i] = static_cast<char>(proof[i] ^ client_key[i]);
  }
  signature_ = Base64(HmacSha256(HmacSha256(salted, "Server Key"), auth));
  return absl::StrCat(without_proof, ",p=", Base64(proof));
}

std::string Md5Answer(std::string_view user, std::string_view password, std::string_view salt) {
  const std::string inner = *Md5Hex(absl::StrCat(sv(password), sv(user)));
  std::string answer = "md5" + *Md5Hex(absl::StrCat(inner, sv(salt)));
  return answer + '\0';
}

std::string DigestAnswer(std::string_view password, std::string_view challenge,
                         std::string_view client_nonce) {
  const auto salt_bytes = static_cast<size_t>(ReadBigEndian32(challenge.substr(4)));
  const std::string_view salt = challenge.substr(8, salt_bytes);
  const std::string_view server_nonce = challenge.substr(8 + salt_bytes + 4);
  const std::string digest = Sha256(absl::StrCat(
      Sha256(absl::StrCat(sv(password), sv(salt))), sv(server_nonce), sv(client_nonce)));
  return absl::StrCat(BigEndian32(static_cast<int32_t>(digest.size())), digest,
                      BigEndian32(static_cast<int32_t>(client_nonce.size())), sv(client_nonce));
}

}  // namespace vesto::test
