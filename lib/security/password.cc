#include "security/password.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "security/primitives.h"

namespace vesto::security {
namespace {

constexpr std::string_view kScramName = "SCRAM-SHA-256";
constexpr std::string_view kDigestName = "sha256";
constexpr size_t kSaltBytes = 16;

bool IsHex(std::string_view text, size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return absl::ascii_isxdigit(c);
         });
}

absl::Status RuleBroken(std::string_view rule) {
  return SqlError(SqlState::kInvalidParameterValue, std::string(rule))
      .Detail("A password has 8 to 64 characters, with at least one upper-case letter, one "
              "lower-case letter and one digit. It consists of ASCII characters from 33 to 126 "
              "other than ' \" \\ / @.");
}

std::string DigestText(std::string_view clear, std::string salt) {
  std::string salted = absl::StrCat(sv(clear), salt);
  std::string text = DigestVerifierText({Sha256(salted), std::move(salt)});
  Wipe(&salted);
  return text;
}

absl::StatusOr<std::string> Md5Text(std::string_view clear, std::string_view user) {
  std::string salted = absl::StrCat(sv(clear), sv(user));
  absl::StatusOr<std::string> hash = Md5Hex(salted);
  Wipe(&salted);
  if (!hash.ok()) return hash.status();
  return absl::StrCat("md5", *hash);
}

}  // namespace

absl::Status CheckPasswordRules(std::string_view clear) {
  if (clear.size() < 8) return RuleBroken("password must be at least 8 characters");
  if (clear.size() > 64) return RuleBroken("password must be at most 64 characters");
  bool upper = false, lower = false, digit = false;
  for (unsigned char c : clear) {
    upper = upper || absl::ascii_isupper(c);
    lower = lower || absl::ascii_islower(c);
    digit = digit || absl::ascii_isdigit(c);
    if (c < 33 || c > 126 || c == '\'' || c == '"' || c == '\\' || c == '/' || c == '@') {
      return RuleBroken("password contains a character that is not allowed");
    }
  }
  if (!upper) return RuleBroken("password must contain an uppercase letter");
  if (!lower) return RuleBroken("password must contain a lowercase letter");
  if (!digit) return RuleBroken("password must contain a number");
  return absl::OkStatus();
}

absl::StatusOr<catalog::PasswordVerifiers> VerifiersOf(std::string_view clear,
                                                       std::string_view user,
                                                       const PasswordPolicy& policy) {
  catalog::PasswordVerifiers verifiers;
  std::string prepared = SaslPrepared(clear);
  verifiers.scram = ScramVerifierText(
      MakeScramVerifier(prepared, RandomBytes(kSaltBytes), kScramIterations));
  Wipe(&prepared);
  // A salt of plain text: it travels in a literal of CREATE USER too.
  verifiers.digest = DigestText(clear, Hex(RandomBytes(kSaltBytes)));
  if (policy.allow_md5) {
    VESTO_ASSIGN_OR_RETURN(verifiers.md5, Md5Text(clear, user));
  }
  return verifiers;
}

absl::StatusOr<NewPassword> ReadPassword(std::string_view given, std::string_view user,
                                         const PasswordPolicy& policy) {
  NewPassword result;
  if (given.size() == 35 && given.starts_with("md5") && IsHex(given.substr(3), 32)) {
    if (policy.allow_md5) {
      result.verifiers.md5 = absl::AsciiStrToLower(sv(given));
    } else {
      result.md5_ignored = true;
    }
    return result;
  }
  // As clients of PostgreSQL send it, who never say the password itself (psql's \password).
  if (policy.allow_scram && given.starts_with(absl::StrCat(sv(kScramName), "$"))) {
    const absl::StatusOr<ScramVerifier> verifier = ReadScramVerifier(given);
    if (!verifier.ok()) {
      return SqlError(SqlState::kInvalidParameterValue, "the password's SCRAM verifier is not valid")
          .Hint("Write 'SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>'.");
    }
    result.verifiers.scram = ScramVerifierText(*verifier);
    return result;
  }
  std::string_view clear = given;
  if (given.starts_with("sha256|")) {
    const std::string_view rest = given.substr(7);
    const size_t bar = rest.find('|');
    const std::string_view hash = rest.substr(0, bar);
    if (bar != std::string_view::npos || IsHex(hash, 64)) {
      const std::string_view salt =
          bar == std::string_view::npos ? std::string_view() : rest.substr(bar + 1);
      if (!IsHex(hash, 64)) {
        return SqlError(SqlState::kInvalidParameterValue, "the password's digest is not valid")
            .Hint("Write 'sha256|<64 hexadecimal digits>|<salt>'.");
      }
      if (salt.size() > 1024) {
        return SqlError(SqlState::kInvalidParameterValue, "the password's salt is too long");
      }
      result.verifiers.digest =
          absl::StrCat(sv(kDigestName), "|", absl::AsciiStrToLower(sv(hash)), "|", sv(salt));
      return result;
    }
    clear = rest;
  }
  VESTO_RETURN_IF_ERROR(CheckPasswordRules(clear));
  VESTO_ASSIGN_OR_RETURN(result.verifiers, VerifiersOf(clear, user, policy));
  return result;
}

ScramVerifier MakeScramVerifier(std::string_view password, std::string salt, int iterations) {
  ScramVerifier verifier;
  verifier.iterations = iterations;
  std::string salted = Pbkdf2Sha256(password, salt, iterations);
  verifier.salt = std::move(salt);
  std::string client_key = HmacSha256(salted, "Client Key");
  verifier.stored_key = Sha256(client_key);
  verifier.server_key = HmacSha256(salted, "Server Key");
  Wipe(&client_key);
  Wipe(&salted);
  return verifier;
}

std::string ScramVerifierText(const ScramVerifier& verifier) {
  return absl::StrCat(sv(kScramName), "$", verifier.iterations, ":", Base64(verifier.salt), "$",
                      Base64(verifier.stored_key), ":", Base64(verifier.server_key));
}

absl::StatusOr<ScramVerifier> ReadScramVerifier(std::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(sv(text), absl::ByAnyChar("$:"));
  ScramVerifier verifier;
  if (parts.size() == 5 && parts[0] == kScramName &&
      absl::SimpleAtoi(parts[1], &verifier.iterations) && verifier.iterations > 0) {
    const auto salt = FromBase64(parts[2]), stored = FromBase64(parts[3]),
               server = FromBase64(parts[4]);
    if (salt.has_value() && stored.has_value() && server.has_value() &&
        stored->size() == kSha256Bytes && server->size() == kSha256Bytes) {
      verifier.salt = *salt;
      verifier.stored_key = *stored;
      verifier.server_key = *server;
      return verifier;
    }
  }
  return absl::InternalError("a stored SCRAM verifier is malformed");
}

std::string DigestVerifierText(const DigestVerifier& verifier) {
  return absl::StrCat(sv(kDigestName), "|", Hex(verifier.hash), "|", verifier.salt);
}

absl::StatusOr<DigestVerifier> ReadDigestVerifier(std::string_view text) {
  // The salt may contain anything, bars included.
  const size_t first = text.find('|');
  const size_t second = first == std::string_view::npos ? first : text.find('|', first + 1);
  if (second == std::string_view::npos || text.substr(0, first) != kDigestName ||
      !IsHex(text.substr(first + 1, second - first - 1), 64)) {
    return absl::InternalError("a stored password digest is malformed");
  }
  return DigestVerifier{
      absl::HexStringToBytes(sv(text.substr(first + 1, second - first - 1))),
      std::string(text.substr(second + 1))};
}

std::string SaslPrepared(std::string_view password) {
  if (std::all_of(password.begin(), password.end(), [](unsigned char c) { return c < 128; })) {
    return std::string(password);
  }
  // Spaces of other scripts become blanks, invisible characters vanish, NFKC does the rest.
  std::vector<utf8proc_int32_t> points;
  for (size_t at = 0; at < password.size();) {
    utf8proc_int32_t point = 0;
    const auto size = utf8proc_iterate(
        reinterpret_cast<const utf8proc_uint8_t*>(password.data()) + at,
        static_cast<utf8proc_ssize_t>(password.size() - at), &point);
    if (size <= 0) return std::string(password);
    at += static_cast<size_t>(size);
    const bool nothing = point == 0x00AD || point == 0x034F || point == 0x1806 ||
                         (point >= 0x180B && point <= 0x180D) ||
                         (point >= 0x200B && point <= 0x200D) || point == 0x2060 ||
                         (point >= 0xFE00 && point <= 0xFE0F) || point == 0xFEFF;
    if (nothing) continue;
    if (point >= 128 && utf8proc_category(point) == UTF8PROC_CATEGORY_ZS) point = ' ';
    points.push_back(point);
  }
  std::string mapped;
  for (utf8proc_int32_t point : points) {
    utf8proc_uint8_t bytes[4];
    const auto size = utf8proc_encode_char(point, bytes);
    mapped.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  }
  utf8proc_uint8_t* normal = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(mapped.data()),
      static_cast<utf8proc_ssize_t>(mapped.size()), &normal,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
  std::string prepared = size > 0 ? std::string(reinterpret_cast<char*>(normal),
                                                static_cast<size_t>(size))
                                  : std::string(password);
  if (normal != nullptr) {
    if (size > 0) std::fill_n(normal, size, utf8proc_uint8_t{0});
    std::free(normal);
  }
  Wipe(&mapped);
  return prepared;
}

}  // namespace vesto::security
