#include "security/login_conversation.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "security/primitives.h"
#include "support/catch.h"
#include "support/login_client.h"
#include "support/status.h"

namespace vesto::security {
namespace {

using test::BigEndian32;
using test::DigestAnswer;
using test::Md5Answer;
using test::ScramClient;

const std::string kMockKey(32, 'k');

catalog::UserPtr UserWith(std::string_view password) {
  auto user = std::make_shared<catalog::UserEntry>();
  user->id = 105;
  user->name = "ada";
  user->password = *VerifiersOf(password, "ada", {.allow_md5 = true});
  return user;
}

LoginConversation Begin(ProofMethod method, catalog::UserPtr entry, int64_t now = 0) {
  return LoginConversation({.method = method,
                            .user = "ada",
                            .entry = std::move(entry),
                            .now_micros = now,
                            .mock_key = kMockKey});
}

// The client's last answer for a password, after the server's messages up to there.
std::string Answer(LoginConversation& login, ProofMethod method, const std::string& password) {
  const auto first = login.Next("");
  REQUIRE_OK(first);
  switch (method) {
    case ProofMethod::kScram: {
      CHECK(first->code == kAuthSasl);
      CHECK(first->body == std::string("SCRAM-SHA-256\0\0", 15));
      ScramClient client(password, "clientnonce");
      const auto server_first = login.Next(client.First());
      REQUIRE_OK(server_first);
      CHECK(server_first->code == kAuthSaslContinue);
      return client.Final(server_first->body);
    }
    case ProofMethod::kDigest:
      CHECK(first->code == kAuthDigest);
      return DigestAnswer(password, first->body, "1700000000000");
    case ProofMethod::kMd5:
      CHECK(first->code == kAuthMd5);
      CHECK(first->body.size() == 4);
      return Md5Answer("ada", password, first->body);
  }
  return "";
}

TEST_CASE("SCRAM says what RFC 7677 prints", "[security]") {
  auto user = std::make_shared<catalog::UserEntry>();
  user->name = "user";
  user->password.scram = ScramVerifierText(
      MakeScramVerifier("pencil", *FromBase64("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096));
  LoginConversation login({.method = ProofMethod::kScram,
                           .user = "user",
                           .entry = user,
                           .mock_key = kMockKey});
  login.SetServerNonce("%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
  REQUIRE_OK(login.Next(""));
  const std::string client_first = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
  const auto server_first = login.Next(
      absl::StrCat("SCRAM-SHA-256", absl::string_view("\0", 1),
                   BigEndian32(static_cast<int32_t>(client_first.size())), client_first));
  REQUIRE_OK(server_first);
  CHECK(server_first->body ==
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
  const auto server_final =
      login.Next("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                 "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
  REQUIRE_OK(server_final);
  CHECK(server_final->code == kAuthSaslFinal);
  CHECK(server_final->body == "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  CHECK_FALSE(login.accepted());
  const auto ok = login.Next("");
  REQUIRE_OK(ok);
  CHECK(ok->code == kAuthOk);
  CHECK(login.accepted());
}

TEST_CASE("each method accepts its password and no other", "[security]") {
  const auto method =
      GENERATE(ProofMethod::kScram, ProofMethod::kDigest, ProofMethod::kMd5);
  const auto user = UserWith("Secret123");
  auto right = Begin(method, user);
  auto accepted = right.Next(Answer(right, method, "Secret123"));
  REQUIRE_OK(accepted);
  if (method == ProofMethod::kScram) {
    CHECK(accepted->code == kAuthSaslFinal);
    accepted = right.Next("");
    REQUIRE_OK(accepted);
  }
  CHECK(accepted->code == kAuthOk);
  CHECK(right.accepted());

  for (const char* password : {"Secret124", "", "secret123"}) {
    auto wrong = Begin(method, user);
    CHECK_SQL_ERROR(wrong.Next(Answer(wrong, method, password)), SqlState::kInvalidPassword,
                    "password authentication failed for user \"ada\"");
    CHECK_FALSE(wrong.accepted());
  }
}

TEST_CASE("the server proves itself to a SCRAM client too", "[security]") {
  auto login = Begin(ProofMethod::kScram, UserWith("Secret123"));
  REQUIRE_OK(login.Next(""));
  ScramClient client("Secret123", "abc");
  const auto server_first = login.Next(client.First("y,,"));
  REQUIRE_OK(server_first);
  const auto server_final = login.Next(client.Final(server_first->body));
  REQUIRE_OK(server_final);
  CHECK(server_final->body == "v=" + client.expected_signature());
}

TEST_CASE("nobody can tell an unknown user from a wrong password", "[security]") {
  const auto method =
      GENERATE(ProofMethod::kScram, ProofMethod::kDigest, ProofMethod::kMd5);
  auto disabled = std::make_shared<catalog::UserEntry>(*UserWith("Secret123"));
  disabled->password = {};
  auto expired = std::make_shared<catalog::UserEntry>(*UserWith("Secret123"));
  expired->valid_until_micros = 1000;
  for (const catalog::UserPtr& entry : {catalog::UserPtr(), catalog::UserPtr(disabled),
                                        catalog::UserPtr(expired)}) {
    auto login = Begin(method, entry, /*now=*/1000);
    CHECK_SQL_ERROR(login.Next(Answer(login, method, "Secret123")), SqlState::kInvalidPassword,
                    "password authentication failed for user \"ada\"");
  }
  auto valid = Begin(method, catalog::UserPtr(expired), /*now=*/999);
  REQUIRE_OK(valid.Next(Answer(valid, method, "Secret123")));
}

TEST_CASE("an unknown user's salt is always the same, as a real one is", "[security]") {
  const auto salt_of = [](const std::string& user) {
    LoginConversation login(
        {.method = ProofMethod::kScram, .user = user, .entry = nullptr, .mock_key = kMockKey});
    REQUIRE_OK(login.Next(""));
    ScramClient client("x", "abc");
    const auto first = login.Next(client.First());
    REQUIRE_OK(first);
    return first->body.substr(first->body.find(",s="));
  };
  CHECK(salt_of("nobody") == salt_of("nobody"));
  CHECK(salt_of("nobody") != salt_of("noone"));
}

TEST_CASE("an answer cannot be replayed", "[security]") {
  const auto method =
      GENERATE(ProofMethod::kScram, ProofMethod::kDigest, ProofMethod::kMd5);
  const auto user = UserWith("Secret123");
  auto first = Begin(method, user);
  const std::string answer = Answer(first, method, "Secret123");
  REQUIRE_OK(first.Next(answer));
  auto second = Begin(method, user);
  Answer(second, method, "Secret123");
  const auto replayed = second.Next(answer);
  CHECK_FALSE(replayed.ok());
  CHECK_FALSE(second.accepted());
}

TEST_CASE("a SCRAM client must keep to its nonce and its header", "[security]") {
  const auto begin = [](ScramClient& client, std::string* server_first) {
    auto login = Begin(ProofMethod::kScram, UserWith("Secret123"));
    REQUIRE_OK(login.Next(""));
    const auto message = login.Next(client.First());
    REQUIRE_OK(message);
    *server_first = message->body;
    return login;
  };
  ScramClient client("Secret123", "abc");
  std::string server_first;
  SECTION("another nonce") {
    auto login = begin(client, &server_first);
    std::string final = client.Final(server_first);
    final.replace(final.find("r=abc"), 5, "r=abd");
    CHECK_SQL_ERROR(login.Next(final), SqlState::kProtocolViolation);
  }
  SECTION("the client's nonce alone") {
    auto login = begin(client, &server_first);
    CHECK_SQL_ERROR(login.Next("c=biws,r=abc,p=" + Base64(std::string(32, 'x'))),
                    SqlState::kProtocolViolation);
  }
  SECTION("another header than at first") {
    auto login = begin(client, &server_first);
    std::string final = client.Final(server_first);
    final.replace(final.find("c=biws"), 6, "c=eSws");
    CHECK_SQL_ERROR(login.Next(final), SqlState::kProtocolViolation);
  }
  SECTION("a proof of another length") {
    auto login = begin(client, &server_first);
    const std::string final = client.Final(server_first);
    CHECK_SQL_ERROR(login.Next(final.substr(0, final.find(",p=") + 3) + "AAAA"),
                    SqlState::kProtocolViolation);
  }
}

std::string Initial(std::string_view mechanism, std::string_view message) {
  return absl::StrCat(absl::string_view(mechanism.data(), mechanism.size()),
                      absl::string_view("\0", 1),
                      BigEndian32(static_cast<int32_t>(message.size())),
                      absl::string_view(message.data(), message.size()));
}

TEST_CASE("malformed SASL messages are protocol violations", "[security]") {
  const std::string body = GENERATE(values<std::string>({
      "",
      std::string(1, '\0'),
      "SCRAM-SHA-256",
      std::string("SCRAM-SHA-256\0", 14),
      std::string("SCRAM-SHA-256\0\xff\xff\xff\xff", 18),
      std::string("SCRAM-SHA-256\0\x7f\xff\xff\xffn,,n=,r=abc", 29),
      Initial("SCRAM-SHA-1", "n,,n=,r=abc"),
      Initial("SCRAM-SHA-256-PLUS", "p=tls-unique,,n=,r=abc"),
      Initial("SCRAM-SHA-256", ""),
      Initial("SCRAM-SHA-256", "n"),
      Initial("SCRAM-SHA-256", "n,"),
      Initial("SCRAM-SHA-256", "n,,"),
      Initial("SCRAM-SHA-256", "n,,r=abc"),
      Initial("SCRAM-SHA-256", "n,,n=ada"),
      Initial("SCRAM-SHA-256", "n,,n=ada,r="),
      Initial("SCRAM-SHA-256", "n,,n=ada,r=a b"),
      Initial("SCRAM-SHA-256", "n,,n=ada,r=\xc3\xa4"),
      Initial("SCRAM-SHA-256", "p=tls-unique,,n=ada,r=abc"),
      Initial("SCRAM-SHA-256", std::string("n,,n=ada,r=a\0b", 14)),
      Initial("SCRAM-SHA-256", "n,,n=ada,r=abc") + "more",
      std::string(100'000, 'x'),
  }));
  auto login = Begin(ProofMethod::kScram, UserWith("Secret123"));
  REQUIRE_OK(login.Next(""));
  CHECK_SQL_ERROR(login.Next(body), SqlState::kProtocolViolation);
}

TEST_CASE("malformed digest and MD5 messages", "[security]") {
  const std::string digest(32, 'd');
  for (const std::string& body : std::vector<std::string>{
           "", "abc", BigEndian32(32), BigEndian32(32) + digest, BigEndian32(-1) + digest,
           BigEndian32(0x7fffffff) + digest + BigEndian32(0),
           BigEndian32(31) + digest + BigEndian32(0),
           BigEndian32(32) + digest + BigEndian32(5) + "abc",
           BigEndian32(32) + digest + BigEndian32(-5),
           BigEndian32(32) + digest + BigEndian32(3) + "abcd"}) {
    auto login = Begin(ProofMethod::kDigest, UserWith("Secret123"));
    REQUIRE_OK(login.Next(""));
    CHECK_SQL_ERROR(login.Next(body), SqlState::kProtocolViolation);
  }
  for (const std::string& body :
       std::vector<std::string>{"", "md5", std::string("md5\0x\0", 6)}) {
    auto login = Begin(ProofMethod::kMd5, UserWith("Secret123"));
    REQUIRE_OK(login.Next(""));
    CHECK_SQL_ERROR(login.Next(body), SqlState::kProtocolViolation);
  }
  auto login = Begin(ProofMethod::kMd5, UserWith("Secret123"));
  REQUIRE_OK(login.Next(""));
  CHECK_SQL_ERROR(login.Next(std::string("Secret123\0", 10)), SqlState::kInvalidPassword);
}

// Damages good answers at random: 08P01, 28P01 or 0A000, never a crash and never a login.
TEST_CASE("damaged answers never log anybody in", "[security]") {
  const auto method =
      GENERATE(ProofMethod::kScram, ProofMethod::kDigest, ProofMethod::kMd5);
  const uint32_t seed = 20240229;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto user = UserWith("Secret123");
  const auto damage = [&random](std::string text) {
    const std::string before = text;
    while (text == before) {
      const int edits = 1 + static_cast<int>(random() % 3);
      for (int i = 0; i < edits; ++i) {
        const size_t at = text.empty() ? 0 : random() % text.size();
        switch (random() % 4) {
          case 0: text.resize(at); break;
          case 1: text.insert(at, 1, static_cast<char>(random())); break;
          case 2: if (!text.empty()) text[at] = static_cast<char>(random()); break;
          case 3: if (!text.empty()) text.erase(at, 1 + random() % 4); break;
        }
      }
    }
    return text;
  };
  for (int round = 0; round < 2000; ++round) {
    auto login = Begin(method, user);
    const bool early = method == ProofMethod::kScram && round % 2 == 0;
    absl::StatusOr<ProofMessage> outcome = ProofMessage{};
    if (early) {
      REQUIRE_OK(login.Next(""));
      ScramClient client("Secret123", "clientnonce");
      outcome = login.Next(damage(client.First("n,,", "ada")));
      // The name, and even the nonce, may be what they like: the proof is still to come.
      if (outcome.ok()) continue;
    } else {
      outcome = login.Next(damage(Answer(login, method, "Secret123")));
    }
    REQUIRE_FALSE(login.accepted());
    REQUIRE_FALSE(outcome.ok());
    const SqlState state = SqlStateOf(outcome.status());
    CHECK((state == SqlState::kProtocolViolation || state == SqlState::kInvalidPassword ||
           state == SqlState::kFeatureNotSupported));
  }
}

}  // namespace
}  // namespace vesto::security
