#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "catalog/entries.h"

// Passwords as CREATE USER gives them, and the verifiers that are kept of them. A clear password
// lives in the statement that brings it and nowhere else.
// Source: redshift/statements.md D; RFC 5802 and RFC 7677 for SCRAM; clients.md §2 for the digest.
namespace vesto::security {

struct PasswordPolicy {
  bool allow_md5 = false;   // keep MD5 verifiers beside the others
  bool allow_scram = true;  // take a SCRAM verifier for a password, which Redshift does not
};

struct NewPassword {
  catalog::PasswordVerifiers verifiers;
  bool md5_ignored = false;  // an 'md5...' password that the policy does not keep
};

// The verifiers of a PASSWORD literal in any of its forms: clear text (checked against Redshift's
// rules), 'sha256|<clear>', 'sha256|<hex>|<salt>', 'sha256|<hex>' (no salt), 'md5<hex>', and
// PostgreSQL's 'SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>'.
// Errors: 22023 with what the rules ask for. The text of the password is in no error.
absl::StatusOr<NewPassword> ReadPassword(std::string_view given, std::string_view user,
                                         const PasswordPolicy& policy);

// The verifiers of any clear text, without rules: the superuser of ClusterOptions.
absl::StatusOr<catalog::PasswordVerifiers> VerifiersOf(std::string_view clear,
                                                       std::string_view user,
                                                       const PasswordPolicy& policy);

// 8 to 64 characters from ASCII 33-126 without ' " \ / @, with an upper-case letter, a lower-case
// one and a digit.
absl::Status CheckPasswordRules(std::string_view clear);

// The parts of a SCRAM verifier.
struct ScramVerifier {
  int iterations = 0;
  std::string salt, stored_key, server_key;  // bytes
};
inline constexpr int kScramIterations = 4096;
ScramVerifier MakeScramVerifier(std::string_view password, std::string salt, int iterations);
std::string ScramVerifierText(const ScramVerifier& verifier);
absl::StatusOr<ScramVerifier> ReadScramVerifier(std::string_view text);

// The parts of a digest verifier: SHA-256(password || salt), and the salt as the client gets it.
struct DigestVerifier {
  std::string hash;  // 32 bytes
  std::string salt;
};
std::string DigestVerifierText(const DigestVerifier& verifier);
absl::StatusOr<DigestVerifier> ReadDigestVerifier(std::string_view text);

// RFC 4013 for what passwords contain in practice; the text itself where it cannot be prepared, as
// PostgreSQL and its clients do.
std::string SaslPrepared(std::string_view password);

}  // namespace vesto::security
