#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "catalog/entries.h"
#include "security/password.h"

// The server's side of proving a password, as PostgreSQL's protocol carries it.
// Source: RFC 5802, RFC 7677; PostgreSQL manual, "SASL Authentication"; clients.md §2 for code 13.
namespace vesto::security {

enum class ProofMethod : uint8_t { kScram, kDigest, kMd5 };

// PostgreSQL's AuthenticationRequest codes.
inline constexpr int32_t kAuthOk = 0, kAuthMd5 = 5, kAuthSasl = 10, kAuthSaslContinue = 11,
                         kAuthSaslFinal = 12, kAuthDigest = 13;

struct ProofRequest {
  ProofMethod method = ProofMethod::kScram;
  std::string user;           // as the client sent it
  catalog::UserPtr entry;     // null: there is no such user
  int64_t now_micros = 0;     // for VALID UNTIL
  std::string_view mock_key;  // the cluster's secret, from which invented salts come
};

struct ProofMessage {
  int32_t code = kAuthOk;
  std::string body;
};

// One conversation. Where the password cannot be right - no such user, no verifier of this kind, no
// longer valid - it goes on with an invented verifier, does the same work and fails at the end like a
// wrong password. The invented salt of a name is always the same, as a real one is.
//
//   SCRAM:   -> 10 mechanisms   <- client-first   -> 11 server-first   <- client-final   -> 12 -> 0
//   digest:  -> 13 salt, nonce  <- digest, nonce  -> 0
//   MD5:     -> 5 salt          <- "md5<hex>"     -> 0
//
// Thread-safety: one thread at a time.
class LoginConversation {
 public:
  explicit LoginConversation(ProofRequest request);

  // The message after `answer`; "" at the start and after code 12. 28P01, 08P01; the caller stops at
  // the first error.
  absl::StatusOr<ProofMessage> Next(std::string_view answer);
  bool accepted() const { return step_ == Step::kAccepted; }

  // Fixes what the server invents: for tests with published vectors.
  void SetServerNonce(std::string nonce) { nonce_ = std::move(nonce); }

 private:
  enum class Step : uint8_t { kBegin, kClientFirst, kClientFinal, kDigest, kMd5, kFinish, kAccepted };

  absl::StatusOr<ProofMessage> Begin();
  absl::StatusOr<ProofMessage> ReadClientFirst(std::string_view answer);
  absl::StatusOr<ProofMessage> ReadClientFinal(std::string_view answer);
  absl::StatusOr<ProofMessage> ReadDigest(std::string_view answer);
  absl::StatusOr<ProofMessage> ReadMd5(std::string_view answer);
  absl::Status Wrong() const;

  const std::string user_;
  const ProofMethod method_;
  bool doomed_ = false;  // no answer can be right
  Step step_ = Step::kBegin;
  ScramVerifier scram_;
  DigestVerifier digest_;
  std::string md5_;  // 32 hex digits
  std::string nonce_;
  std::string gs2_header_, client_first_bare_, server_first_;
};

}  // namespace vesto::security
