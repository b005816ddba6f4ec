#include "security/password.h"

#include <string>
#include <tuple>

#include "security/primitives.h"
#include "support/catch.h"
#include "support/status.h"

namespace vesto::security {
namespace {

// RFC 7677 §3: user "user", password "pencil".
constexpr const char* kRfcSalt = "W22ZaJ0SNY7soEsUEjb6gQ==";

TEST_CASE("a SCRAM verifier is the one of RFC 7677", "[security]") {
  const ScramVerifier verifier = MakeScramVerifier("pencil", *FromBase64(kRfcSalt), 4096);
  // What the RFC's proof and server signature need is checked by the conversation's test; here
  // the verifier's text, which PostgreSQL would store.
  const std::string text = ScramVerifierText(verifier);
  CHECK(text ==
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
        "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
        "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
  const auto read = ReadScramVerifier(text);
  REQUIRE(read.ok());
  CHECK(read->iterations == 4096);
  CHECK(read->stored_key == verifier.stored_key);
  CHECK(read->server_key == verifier.server_key);
  CHECK(read->salt == verifier.salt);
}

TEST_CASE("the rules of CREATE USER's clear passwords", "[security]") {
  const auto [password, message] = GENERATE(table<std::string, std::string>({
      {"Short1a", "password must be at least 8 characters"},
      {std::string(62, 'a') + "A12", "password must be at most 64 characters"},
      {"lowercase1", "password must contain an uppercase letter"},
      {"UPPERCASE1", "password must contain a lowercase letter"},
      {"NoDigitsHere", "password must contain a number"},
      {"Has space1", "password contains a character that is not allowed"},
      {"Has'quote1", "password contains a character that is not allowed"},
      {"Has\"quote1", "password contains a character that is not allowed"},
      {"Has\\back1", "password contains a character that is not allowed"},
      {"Has/slash1", "password contains a character that is not allowed"},
      {"Has@sign11", "password contains a character that is not allowed"},
      {"Umlaut\xc3\xa4" "1A", "password contains a character that is not allowed"},
  }));
  const absl::Status status = CheckPasswordRules(password);
  CHECK(SqlStateOf(status) == SqlState::kInvalidParameterValue);
  CHECK(status.message() == message);
  REQUIRE_OK(CheckPasswordRules("Abcdef12"));
  REQUIRE_OK(CheckPasswordRules(std::string(61, 'a') + "A1!"));
}

TEST_CASE("a clear password becomes verifiers and is found in none of them", "[security]") {
  const auto password = ReadPassword("Secret123", "ada", {});
  REQUIRE(password.ok());
  CHECK(password->verifiers.scram.starts_with("SCRAM-SHA-256$4096:"));
  CHECK(password->verifiers.digest.starts_with("sha256|"));
  CHECK(password->verifiers.md5.empty());
  CHECK_FALSE(password->md5_ignored);
  for (const std::string& text : {password->verifiers.scram, password->verifiers.digest}) {
    CHECK(text.find("Secret123") == std::string::npos);
  }
  const auto again = ReadPassword("Secret123", "ada", {});
  REQUIRE(again.ok());
  CHECK(again->verifiers.scram != password->verifiers.scram);
  CHECK(again->verifiers.digest != password->verifiers.digest);
  const auto allowed = ReadPassword("Secret123", "ada", {.allow_md5 = true});
  REQUIRE(allowed.ok());
  CHECK(allowed->verifiers.md5 == "md5" + *Md5Hex("Secret123ada"));
  // sha256|<clear> is clear text too, and so are its rules.
  CHECK(ReadPassword("sha256|Secret123", "ada", {})->verifiers.scram.size() > 0);
  CHECK(SqlStateOf(ReadPassword("sha256|weak", "ada", {}).status()) ==
        SqlState::kInvalidParameterValue);
}

TEST_CASE("prepared passwords are kept as they are", "[security]") {
  const std::string hash = Hex(Sha256("Secret123salt|with bar"));
  const auto salted = ReadPassword("sha256|" + hash + "|salt|with bar", "ada", {});
  REQUIRE(salted.ok());
  CHECK(salted->verifiers.scram.empty());
  const auto digest = ReadDigestVerifier(salted->verifiers.digest);
  REQUIRE(digest.ok());
  CHECK(digest->salt == "salt|with bar");
  CHECK(digest->hash == Sha256("Secret123salt|with bar"));

  const auto unsalted = ReadPassword("sha256|" + hash, "ada", {});
  REQUIRE(unsalted.ok());
  CHECK(ReadDigestVerifier(unsalted->verifiers.digest)->salt.empty());

  CHECK(SqlStateOf(ReadPassword("sha256|xyz|salt", "ada", {}).status()) ==
        SqlState::kInvalidParameterValue);

  const std::string md5 = "md5" + std::string(32, 'A');
  CHECK(ReadPassword(md5, "ada", {})->md5_ignored);
  CHECK(ReadPassword(md5, "ada", {})->verifiers.md5.empty());
  CHECK(ReadPassword(md5, "ada", {.allow_md5 = true})->verifiers.md5 ==
        "md5" + std::string(32, 'a'));
}

TEST_CASE("a SCRAM verifier is kept unless Redshift's rules hold", "[security]") {
  const std::string text = ScramVerifierText(MakeScramVerifier("secret", "salt", 4096));
  const auto password = ReadPassword(text, "ada", {});
  REQUIRE(password.ok());
  CHECK(password->verifiers.scram == text);
  CHECK(password->verifiers.digest.empty());
  for (const std::string& given : {text.substr(0, text.size() - 1), std::string("SCRAM-SHA-256$")}) {
    CHECK(SqlStateOf(ReadPassword(given, "ada", {}).status()) ==
          SqlState::kInvalidParameterValue);
  }
  CHECK(SqlStateOf(ReadPassword(text, "ada", {.allow_scram = false}).status()) ==
        SqlState::kInvalidParameterValue);
}

TEST_CASE("stored verifiers that are none are refused, not read past", "[security]") {
  for (const char* text : {"", "SCRAM-SHA-256", "SCRAM-SHA-256$4096:AA==$AA==:AA==",
                           "SCRAM-SHA-256$0:AA==$AA==:AA==", "SCRAM-SHA-1$4096:a$b:c"}) {
    CHECK_FALSE(ReadScramVerifier(text).ok());
  }
  for (const char* text : {"", "sha256", "sha256|", "sha256|00|salt", "sha512||"}) {
    CHECK_FALSE(ReadDigestVerifier(text).ok());
  }
}

TEST_CASE("passwords are prepared as clients prepare them", "[security]") {
  CHECK(SaslPrepared("plain") == "plain");
  CHECK(SaslPrepared("a\xc2\xad" "b") == "ab");                 // soft hyphen vanishes
  CHECK(SaslPrepared("a\xc2\xa0" "b") == "a b");                // no-break space is a blank
  CHECK(SaslPrepared("\xe2\x85\xa8") == "IX");                  // Roman numeral nine, NFKC
  CHECK(SaslPrepared("\xff" "raw") == "\xff" "raw");            // no UTF-8: as it is
}

TEST_CASE("base64 is canonical or nothing", "[security]") {
  CHECK(FromBase64("YQ==") == "a");
  for (const char* text : {"YQ", "YQ=", "YQ== ", "Y Q==", "YR==", "!!!!"}) {
    CHECK_FALSE(FromBase64(text).has_value());
  }
  CHECK(EqualInConstantTime("same", "same"));
  CHECK_FALSE(EqualInConstantTime("same", "sama"));
  CHECK_FALSE(EqualInConstantTime("same", "samelonger"));
}

}  // namespace
}  // namespace vesto::security
