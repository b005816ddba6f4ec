#include <memory>
#include <string>
#include <vector>

#include "security/primitives.h"
#include "support/catch.h"
#include "support/login_client.h"
#include "support/status.h"
#include "vesto/cluster.h"

// The login conversation as an endpoint leads it.
namespace vesto {
namespace {

std::unique_ptr<Cluster> OpenCluster(ClusterOptions options = {}) {
  auto cluster = Cluster::Open(std::move(options));
  REQUIRE(cluster.ok());
  return *std::move(cluster);
}

TEST_CASE("a trusted login needs a user, no password", "[login]") {
  auto cluster = OpenCluster();
  auto login = cluster->BeginLogin(
      {.user = "awsuser", .database = "dev", .method = LoginMethod::kTrust});
  REQUIRE(login.ok());
  CHECK_FALSE(login->done());
  auto message = login->Next("");
  REQUIRE(message.ok());
  CHECK(message->code == 0);
  CHECK(message->body.empty());
  CHECK(login->done());
  CHECK(login->Next("").status().state() == SqlState::kObjectNotInPrerequisiteState);
  auto session = cluster->Connect(*std::move(login));
  REQUIRE(session.ok());
  auto user = session->Execute("SELECT CURRENT_USER");
  REQUIRE(user.ok());
  CHECK(user->row(0).Get<std::string>(0) == "awsuser");
}

TEST_CASE("a login that is not complete opens no session", "[login]") {
  auto cluster = OpenCluster();
  auto login = cluster->BeginLogin({.user = "awsuser", .method = LoginMethod::kTrust});
  REQUIRE(login.ok());
  CHECK(cluster->Connect(*std::move(login)).status().state() ==
        SqlState::kObjectNotInPrerequisiteState);
  auto other = OpenCluster();
  auto foreign = other->BeginLogin({.user = "awsuser", .method = LoginMethod::kTrust});
  REQUIRE(foreign->Next("").ok());
  CHECK(cluster->Connect(*std::move(foreign)).status().state() ==
        SqlState::kObjectNotInPrerequisiteState);
}

TEST_CASE("an unknown database is an error after the login", "[login]") {
  auto cluster = OpenCluster();
  auto login = cluster->BeginLogin(
      {.user = "awsuser", .database = "nowhere", .method = LoginMethod::kTrust});
  REQUIRE(login->Next("").ok());
  CHECK(cluster->Connect(*std::move(login)).status().state() == SqlState::kInvalidCatalogName);
}

// What a client with this password hears: the last code, or the error.
Status LogIn(Cluster& cluster, LoginRequest request, const std::string& password,
             std::vector<int32_t>* codes = nullptr) {
  auto login = cluster.BeginLogin(request);
  if (!login.ok()) return login.status();
  test::ScramClient scram(password, "clientnonce");
  std::string answer;
  while (true) {
    auto message = login->Next(answer);
    if (!message.ok()) return message.status();
    if (codes != nullptr) codes->push_back(message->code);
    switch (message->code) {
      case 0: {
        REQUIRE(login->done());
        auto session = cluster.Connect(*std::move(login));
        if (!session.ok()) return session.status();
        auto user = session->Execute("SELECT CURRENT_USER");
        REQUIRE(user.ok());
        CHECK(user->row(0).Get<std::string>(0) == request.user);
        return OkStatus();
      }
      case 5: answer = test::Md5Answer(request.user, password, message->body); break;
      case 10: answer = scram.First(); break;
      case 11: answer = scram.Final(message->body); break;
      case 12:
        CHECK(message->body == "v=" + scram.expected_signature());
        answer = "";
        break;
      case 13: answer = test::DigestAnswer(password, message->body, "1700000000000"); break;
      default: FAIL("an unknown code");
    }
  }
}

void RunSql(Cluster& cluster, std::string_view sql) {
  auto session = cluster.Connect();
  REQUIRE(session.ok());
  const auto result = session->Execute(sql);
  INFO(result.status().ToString());
  REQUIRE(result.ok());
}

using Codes = std::vector<int32_t>;

TEST_CASE("the method that is asked for, or the one that suits", "[login]") {
  auto cluster = OpenCluster({.superuser_password = "any text at all", .allow_md5_passwords = true});
  RunSql(*cluster, "CREATE USER ada PASSWORD 'Secret123'");
  RunSql(*cluster, "CREATE USER digester PASSWORD "
                   "'sha256|b2cc2bbed7e8ae61de4ba6ae4b1efbbbe7ef16a5f7f6eba4b49d3a4b6d0c2f0e|s'");
  RunSql(*cluster, "CREATE USER elder PASSWORD 'md5" + *security::Md5Hex("Secret123elder") + "'");
  const auto codes_of = [&](LoginRequest request, const std::string& password) {
    Codes codes;
    request.database = "dev";
    REQUIRE_OK(LogIn(*cluster, request, password, &codes));
    return codes;
  };
  CHECK(codes_of({.user = "ada"}, "Secret123") == Codes{10, 11, 12, 0});
  CHECK(codes_of({.user = "ada", .amazon_driver = true}, "Secret123") == Codes{13, 0});
  CHECK(codes_of({.user = "ada", .method = LoginMethod::kMd5}, "Secret123") == Codes{5, 0});
  CHECK(codes_of({.user = "ada", .amazon_driver = true, .method = LoginMethod::kScram},
                 "Secret123") == Codes{10, 11, 12, 0});
  CHECK(codes_of({.user = "ada", .method = LoginMethod::kDigest}, "Secret123") == Codes{13, 0});
  CHECK(codes_of({.user = "elder"}, "Secret123") == Codes{5, 0});
  CHECK(codes_of({.user = "elder", .amazon_driver = true}, "Secret123") == Codes{5, 0});
  CHECK(codes_of({.user = "awsuser"}, "any text at all") == Codes{10, 11, 12, 0});
  CHECK(codes_of({.user = "awsuser", .method = LoginMethod::kTrust}, "") == Codes{0});
}

TEST_CASE("wrong passwords, unknown users and disabled ones are alike", "[login]") {
  auto cluster = OpenCluster({.superuser_password = "Secret123"});
  RunSql(*cluster, "CREATE USER disabled PASSWORD DISABLE; CREATE USER none");
  RunSql(*cluster, "CREATE USER ada PASSWORD 'Secret123'; ALTER USER ada PASSWORD DISABLE");
  const auto method = GENERATE(LoginMethod::kAuto, LoginMethod::kScram, LoginMethod::kDigest,
                               LoginMethod::kMd5);
  const bool amazon = GENERATE(false, true);
  for (const char* user : {"awsuser", "nobody", "disabled", "none", "ada"}) {
    Codes codes;
    const Status status = LogIn(
        *cluster, {.user = user, .database = "dev", .amazon_driver = amazon, .method = method},
        "Wrong1234", &codes);
    CHECK(status.state() == SqlState::kInvalidPassword);
    CHECK(status.message() ==
          "password authentication failed for user \"" + std::string(user) + "\"");
    Codes expected = {10, 11};
    if (method == LoginMethod::kMd5) expected = {5};
    if (method == LoginMethod::kDigest || (method == LoginMethod::kAuto && amazon)) {
      expected = {13};
    }
    CHECK(codes == expected);
  }
}

TEST_CASE("without a password the superuser comes in by trust alone", "[login]") {
  auto cluster = OpenCluster();
  CHECK(LogIn(*cluster, {.user = "awsuser", .database = "dev"}, "").state() ==
        SqlState::kInvalidPassword);
  CHECK(LogIn(*cluster, {.user = "nobody", .database = "dev", .method = LoginMethod::kTrust}, "")
            .state() == SqlState::kInvalidAuthorization);
  CHECK(LogIn(*cluster, {.user = "", .database = "dev"}, "").state() ==
        SqlState::kInvalidAuthorization);
}

TEST_CASE("MD5 verifiers are kept where that is allowed, and end with the name", "[login]") {
  auto strict = OpenCluster();
  RunSql(*strict, "CREATE USER ada PASSWORD 'Secret123'");
  CHECK(LogIn(*strict, {.user = "ada", .database = "dev", .method = LoginMethod::kMd5},
              "Secret123").state() == SqlState::kInvalidPassword);
  auto lenient = OpenCluster({.allow_md5_passwords = true});
  RunSql(*lenient, "CREATE USER ada PASSWORD 'Secret123'");
  const LoginRequest by_md5{.user = "ada", .database = "dev", .method = LoginMethod::kMd5};
  REQUIRE_OK(LogIn(*lenient, by_md5, "Secret123"));
  RunSql(*lenient, "ALTER USER ada RENAME TO eve");
  CHECK(LogIn(*lenient, {.user = "eve", .database = "dev", .method = LoginMethod::kMd5},
              "Secret123").state() == SqlState::kInvalidPassword);
  // The others are not salted with the name.
  REQUIRE_OK(LogIn(*lenient, {.user = "eve", .database = "dev"}, "Secret123"));
}

class FakeClock : public Clock {
 public:
  int64_t NowMicros() override { return now; }
  int64_t now = 1'700'000'000'000'000;  // 2023-11-14
};

TEST_CASE("a password is valid until its time", "[login]") {
  auto clock = std::make_shared<FakeClock>();
  auto cluster = OpenCluster({.clock = clock});
  RunSql(*cluster, "CREATE USER ada PASSWORD 'Secret123' VALID UNTIL '2024-01-01 00:00:00+00'");
  REQUIRE_OK(LogIn(*cluster, {.user = "ada", .database = "dev"}, "Secret123"));
  clock->now = 1'704'067'199'000'000;  // the last second of 2023
  REQUIRE_OK(LogIn(*cluster, {.user = "ada", .database = "dev"}, "Secret123"));
  clock->now = 1'704'067'200'000'000;
  CHECK(LogIn(*cluster, {.user = "ada", .database = "dev"}, "Secret123").state() ==
        SqlState::kInvalidPassword);
  RunSql(*cluster, "ALTER USER ada VALID UNTIL 'infinity'");
  REQUIRE_OK(LogIn(*cluster, {.user = "ada", .database = "dev"}, "Secret123"));
}

TEST_CASE("connection limits count sessions of a user and of a database", "[login]") {
  auto cluster = OpenCluster();
  RunSql(*cluster, "CREATE USER ada PASSWORD 'Secret123' CONNECTION LIMIT 1");
  RunSql(*cluster, "CREATE USER bob PASSWORD 'Secret123'");
  RunSql(*cluster, "CREATE DATABASE small CONNECTION LIMIT 1");
  const LoginRequest ada{.user = "ada", .database = "dev", .method = LoginMethod::kTrust};
  {
    auto held = cluster->Connect({.user = "ada"});
    REQUIRE(held.ok());
    const Status status = LogIn(*cluster, ada, "");
    CHECK(status.state() == SqlState::kTooManyConnections);
    CHECK(status.message() == "too many connections for user \"ada\"");
  }
  REQUIRE_OK(LogIn(*cluster, ada, ""));
  auto held = cluster->Connect({.user = "bob", .database = "small"});
  REQUIRE(held.ok());
  const Status status = cluster->Connect({.user = "ada", .database = "small"}).status();
  CHECK(status.state() == SqlState::kTooManyConnections);
  CHECK(status.message() == "too many connections for database \"small\"");
  // Superusers always come in.
  CHECK(cluster->Connect({.database = "small"}).ok());
}

TEST_CASE("a login ends with its first error", "[login]") {
  auto cluster = OpenCluster({.superuser_password = "Secret123"});
  auto login = cluster->BeginLogin({.user = "awsuser", .database = "dev"});
  REQUIRE(login.ok());
  REQUIRE(login->Next("").ok());
  CHECK(login->Next("nonsense").status().state() == SqlState::kProtocolViolation);
  test::ScramClient client("Secret123", "abc");
  CHECK(login->Next(client.First()).status().state() == SqlState::kProtocolViolation);
  CHECK_FALSE(login->done());
  CHECK(cluster->Connect(*std::move(login)).status().state() ==
        SqlState::kObjectNotInPrerequisiteState);
}

TEST_CASE("a password is in no answer, no view and not in the options", "[login]") {
  auto cluster = OpenCluster({.superuser_password = "MarkerSuper1", .allow_md5_passwords = true});
  CHECK(cluster->options().superuser_password.empty());
  auto session = cluster->Connect();
  REQUIRE(session.ok());
  const auto failing = [&](std::string_view sql) {
    const Status status = session->Execute(sql).status();
    CHECK_FALSE(status.ok());
    CHECK(status.ToString().find("Marker") == std::string::npos);
  };
  REQUIRE(session->Execute("CREATE USER ada PASSWORD 'MarkerAda1'").ok());
  failing("CREATE USER ada PASSWORD 'MarkerTwo2'");
  failing("CREATE USER bob PASSWORD 'Markerrr'");
  failing("CREATE USER bob PASSWORD 'sha256|Marker|x'");
  failing("CREATE USER bob PASSWORD MarkerThree3");
  failing("CREATE USER bob PASSWORD 'MarkerFour4");
  failing("CREATE USER bob PASSWORD 'MarkerFive5' SESSION TIMEOUT 1");
  auto prepared = session->Prepare("ALTER USER ada PASSWORD 'MarkerSix6'");
  REQUIRE(prepared.ok());
  REQUIRE(prepared->Execute().ok());
  for (const char* view : {"stl_query", "stl_querytext", "svl_statementtext", "svl_qlog",
                           "stv_recents", "pg_user", "svl_user_info"}) {
    auto rows = session->Execute(std::string("SELECT * FROM ") + view);
    INFO(view << ": " << rows.status().ToString());
    REQUIRE(rows.ok());
    for (const Row& row : *rows) {
      for (int i = 0; i < rows->num_columns(); ++i) {
        if (!row.IsNull(i)) CHECK(row.Get<std::string>(i).find("Marker") == std::string::npos);
      }
    }
  }
}

TEST_CASE("rights are asked of every way in", "[login]") {
  auto cluster = OpenCluster();
  RunSql(*cluster, "CREATE USER ada; CREATE TABLE t (n INT)");
  auto session = cluster->Connect({.user = "ada"});
  REQUIRE(session.ok());
  const auto denied = [](const Status& status) {
    return status.state() == SqlState::kInsufficientPrivilege &&
           status.message() == "permission denied for relation t";
  };
  CHECK(denied(session->Execute("SELECT * FROM t").status()));
  CHECK(denied(session->Stream("SELECT * FROM t").status()));
  CHECK(denied(session->Append("t").status()));
  auto prepared = session->Prepare("SELECT n FROM t WHERE n = $1");
  REQUIRE(prepared.ok());
  CHECK(denied(prepared->Execute({Value::Integer(1)}).status()));
  CHECK(denied(prepared->Stream({Value::Integer(1)}).status()));
  RunSql(*cluster, "GRANT SELECT, INSERT ON t TO ada");
  CHECK(prepared->Execute({Value::Integer(1)}).ok());
  {
    auto appender = session->Append("t");
    REQUIRE(appender.ok());
    REQUIRE(appender->AppendRow({Value::Integer(1)}).ok());
    REQUIRE(appender->Close().ok());
  }
  RunSql(*cluster, "REVOKE SELECT, INSERT ON t FROM ada");
  CHECK(denied(prepared->Execute({Value::Integer(1)}).status()));
  CHECK(denied(session->Append("t").status()));
}

// Two transactions that grant on one object do not lose each other's work.
TEST_CASE("grants of two transactions", "[login]") {
  auto cluster = OpenCluster();
  RunSql(*cluster, "CREATE USER ada; CREATE USER bob; CREATE TABLE t (n INT); CREATE TABLE u (n INT)");
  auto first = cluster->Connect(), second = cluster->Connect();
  REQUIRE(first->Execute("BEGIN; GRANT SELECT ON t TO ada").ok());
  REQUIRE(second->Execute("GRANT SELECT ON u TO bob").ok());
  REQUIRE(first->Execute("COMMIT").ok());
  const auto has = [&](const std::string& question) {
    auto result = second->Execute("SELECT has_table_privilege(" + question + ", 'select')");
    REQUIRE(result.ok());
    return result->row(0).Get<bool>(0);
  };
  CHECK(has("'ada', 't'"));
  CHECK(has("'bob', 'u'"));
  REQUIRE(first->Execute("BEGIN; GRANT SELECT ON t TO bob").ok());
  REQUIRE(second->Execute("REVOKE SELECT ON t FROM ada").ok());
  CHECK_FALSE(first->Execute("COMMIT").ok());
  CHECK_FALSE(has("'ada', 't'"));
  CHECK_FALSE(has("'bob', 't'"));
}

}  // namespace
}  // namespace vesto
