#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// A client's side of the login conversation, written from the protocols' descriptions and not from
// the server's code: SCRAM-SHA-256 (RFC 7677), MD5, and Redshift's digest (code 13).
namespace vesto::test {

std::string BigEndian32(int32_t value);
int32_t ReadBigEndian32(std::string_view bytes);

class ScramClient {
 public:
  ScramClient(std::string password, std::string nonce)
      : password_(std::move(password)), nonce_(std::move(nonce)) {}

  // The body of SASLInitialResponse.
  std::string First(std::string_view gs2_header = "n,,", std::string_view user = "");
  // The body of SASLResponse to the server's first message; "" when that is not for this client.
  std::string Final(std::string_view server_first);
  // The signature that the server must show in its final message.
  const std::string& expected_signature() const { return signature_; }
  const std::string& server_nonce() const { return server_nonce_; }

 private:
  const std::string password_, nonce_;
  std::string header_, first_bare_, signature_, server_nonce_;
};

// The body of the password message for AuthenticationMD5Password's salt.
std::string Md5Answer(std::string_view user, std::string_view password, std::string_view salt);

// The body of the 'd' message for the body of AuthenticationDigest (code 13).
std::string DigestAnswer(std::string_view password, std::string_view challenge,
                         std::string_view client_nonce);

}  // namespace vesto::test
