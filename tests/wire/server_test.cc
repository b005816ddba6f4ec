#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.h"
#include "support/wire_client.h"
#include "support/wire_endpoint.h"
#include "vesto/cluster.h"
#include "vesto/server.h"

// The endpoint as a client meets it, byte by byte.
namespace vesto::test {
namespace {

using std::chrono::milliseconds;

// A table `n` of the numbers from 0 to 999.
void CreateNumbers(WireClient& client) {
  const auto answer = client.Query(
      "CREATE TABLE d (a INT); INSERT INTO d VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9); "
      "CREATE TABLE n AS SELECT x.a + 10 * y.a + 100 * z.a AS a FROM d x, d y, d z");
  REQUIRE(TagsOf(answer) == "CREATE TABLE;INSERT 0 10;SELECT");
}

void RequireAlive(const Endpoint& endpoint) {
  WireClient client(endpoint.port());
  REQUIRE(TypesOf(client.LogIn()).back() == 'Z');
  CHECK(RowsOf(client.Query("SELECT 1")) == "1");
}

}  // namespace

TEST_CASE("login tells the client what server it has met", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  const auto messages = client.LogIn({{"client_protocol_version", "2"},
                                      {"application_name", "test"},
                                      {"some_driver_option", "whatever"}});
  std::vector<std::string> parameters;
  for (const auto& message : messages) {
    if (message.type == 'S') parameters.push_back(message.body);
  }
  const auto reported = [&](const std::string& name, const std::string& value) {
    return std::find(parameters.begin(), parameters.end(), CString(name) + CString(value)) !=
           parameters.end();
  };
  CHECK(reported("server_version", "8.0.2"));
  CHECK(reported("client_encoding", "UTF8"));
  CHECK(reported("DateStyle", "ISO, MDY"));
  CHECK(reported("integer_datetimes", "on"));
  CHECK(reported("session_authorization", "awsuser"));
  CHECK(reported("is_superuser", "on"));
  CHECK(reported("server_protocol_version", "2"));
  CHECK(reported("show_discovery", "4"));
  CHECK(client.pid != 0);
  CHECK(RowsOf(client.Query("SHOW application_name")) == "test");
}

TEST_CASE("SHOW for metadata is offered to Amazon's drivers that can use it", "[wire]") {
  Endpoint endpoint;
  const auto offered = [&](const std::vector<std::pair<std::string, std::string>>& parameters) {
    WireClient client(endpoint.port());
    const auto messages = client.LogIn(parameters);
    return std::any_of(messages.begin(), messages.end(), [](const auto& message) {
      return message.type == 'S' && message.body == CString("show_discovery") + CString("4");
    });
  };
  CHECK(offered({{"client_protocol_version", "3"}, {"driver_version", "Redshift JDBC Driver 2.1.0.33"}}));
  CHECK(!offered({{"client_protocol_version", "3"}, {"driver_version", "Redshift JDBC Driver 2.1.0.32"}}));
  CHECK(!offered({}));
}

TEST_CASE("unknown users and databases are refused", "[wire]") {
  Endpoint endpoint;
  WireClient nobody(endpoint.port());
  nobody.SendStartup({{"user", "nobody"}, {"database", "dev"}});
  CHECK(ErrorField(nobody.ReadUntilReady(), 'S') == "FATAL");
  WireClient lost(endpoint.port());
  lost.SendStartup({{"user", "awsuser"}, {"database", "nowhere"}});
  CHECK(ErrorField(lost.ReadUntilReady(), 'C') == "3D000");
  RequireAlive(endpoint);
}

TEST_CASE("a simple query answers each of its statements", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn();
  const auto answer = client.Query(
      "CREATE TABLE t (a INT, b VARCHAR(10)); INSERT INTO t VALUES (1, 'x'), (2, NULL); "
      "SELECT * FROM t ORDER BY a");
  CHECK(TypesOf(answer) == "CCTDDCZ");
  CHECK(TagsOf(answer) == "CREATE TABLE;INSERT 0 2;SELECT");
  CHECK(RowsOf(answer) == "1|x;2|NULL");
  CHECK(TypesOf(client.Query("")) == "IZ");
  CHECK(TypesOf(client.Query(" ; ")) == "IZ");

  SECTION("an error undoes the statements before it and skips those after it") {
    const auto failed = client.Query("INSERT INTO t VALUES (3, 'y'); SELECT 1/0; SELECT 5");
    CHECK(ErrorField(failed, 'C') == "22012");
    CHECK(RowsOf(failed).empty());
    CHECK(RowsOf(client.Query("SELECT COUNT(*) FROM t")) == "2");
  }
  SECTION("ReadyForQuery tells of the transaction") {
    CHECK(client.Query("BEGIN").back().body == "T");
    CHECK(client.Query("SELECT 1/0").back().body == "E");
    CHECK(ErrorField(client.Query("SELECT 1"), 'C') == "25P02");
    CHECK(client.Query("ROLLBACK").back().body == "I");
  }
  SECTION("a SET of a reported parameter is told") {
    const auto set = client.Query("SET timezone TO 'America/New_York'");
    CHECK(TypesOf(set) == "SCZ");
  }
  SECTION("warnings come as notices") {
    const auto notice = client.Query("COMMIT");
    CHECK(TypesOf(notice) == "NCZ");
    CHECK(ErrorField(notice, 'S') == "WARNING");
  }
}

TEST_CASE("the extended query binds, describes and executes", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn();
  client.Send('P', Parse("s", "SELECT $1::INT + 1 AS next, $2::VARCHAR(5)"));
  client.Send('D', "S" + CString("s"));
  client.Send('B', Bind("", "s", {"41", "abc"}));
  client.Send('E', Execute(""));
  client.Send('S', "");
  const auto answer = client.ReadUntilReady();
  CHECK(TypesOf(answer) == "1tT2DCZ");
  CHECK(answer[1].body == Int16(2) + Int32(23) + Int32(1043));
  CHECK(RowsOf(answer) == "42|abc");

  SECTION("a portal gives its rows in parts") {
    client.Query("BEGIN");
    client.Send('P', Parse("", "SELECT * FROM generate_series(1, 5)"));
    client.Send('B', Bind("p", ""));
    client.Send('E', Execute("p", 2));
    client.Send('S', "");
    auto part = client.ReadUntilReady();
    CHECK(TypesOf(part) == "12DDsZ");
    // Other statements may run in between.
    CHECK(RowsOf(client.Query("SELECT 'between'")) == "between");
    client.Send('E', Execute("p", 2));
    client.Send('S', "");
    part = client.ReadUntilReady();
    CHECK(RowsOf(part) == "3;4");
    client.Send('E', Execute("p", 0));
    client.Send('S', "");
    part = client.ReadUntilReady();
    CHECK(RowsOf(part) == "5");
    CHECK(TypesOf(part) == "DCZ");
    client.Query("COMMIT");
    client.Send('E', Execute("p", 0));
    client.Send('S', "");
    CHECK(ErrorField(client.ReadUntilReady(), 'C') == "34000");
  }
  SECTION("an error skips to Sync and undoes the pipeline") {
    client.Query("CREATE TABLE t (a INT)");
    client.Send('P', Parse("", "INSERT INTO t VALUES (1)"));
    client.Send('B', Bind("", ""));
    client.Send('E', Execute(""));
    client.Send('P', Parse("", "SELECT 1/0"));
    client.Send('B', Bind("", ""));
    client.Send('E', Execute(""));
    client.Send('P', Parse("", "INSERT INTO t VALUES (2)"));
    client.Send('B', Bind("", ""));
    client.Send('E', Execute(""));
    client.Send('S', "");
    const auto failed = client.ReadUntilReady();
    CHECK(ErrorField(failed, 'C') == "22012");
    CHECK(failed.back().body == "I");
    CHECK(RowsOf(client.Query("SELECT COUNT(*) FROM t")) == "0");
  }
  SECTION("names that do not exist, or exist already, are errors") {
    client.Send('B', Bind("", "unknown"));
    client.Send('S', "");
    CHECK(ErrorField(client.ReadUntilReady(), 'C') == "26000");
    client.Send('P', Parse("s", "SELECT 1"));
    client.Send('S', "");
    CHECK(ErrorField(client.ReadUntilReady(), 'C') == "42P05");
    client.Send('C', "S" + CString("s"));
    client.Send('P', Parse("s", "SELECT 1"));
    client.Send('S', "");
    CHECK(TypesOf(client.ReadUntilReady()) == "31Z");
  }
  SECTION("DEALLOCATE drops what Parse named") {
    CHECK(TypesOf(client.Query("DEALLOCATE s")) == "CZ");
    CHECK(ErrorField(client.Query("DEALLOCATE s"), 'C') == "26000");
    client.Send('P', Parse("_PLAN0x7", "SELECT 1"));
    client.Send('S', "");
    client.ReadUntilReady();
    CHECK(TypesOf(client.Query("DEALLOCATE \"_PLAN0x7\"")) == "CZ");
    client.Send('P', Parse("s", "SELECT 1"));
    client.Send('P', Parse("r", "DEALLOCATE ALL"));
    client.Send('B', Bind("", "r"));
    client.Send('E', Execute(""));
    client.Send('B', Bind("", "s"));
    client.Send('S', "");
    CHECK(ErrorField(client.ReadUntilReady(), 'C') == "26000");
  }
  SECTION("parameters that are no value of their type are errors") {
    client.Send('B', Bind("", "s", {"forty", "x"}));
    client.Send('S', "");
    CHECK(ErrorField(client.ReadUntilReady(), 'C') == "22P02");
    client.Send('B', Bind("", "s", {"1", "\xff\xfe"}));
    client.Send('S', "");
    CHECK(ErrorField(client.ReadUntilReady(), 'C') == "22021");
  }
  SECTION("an empty statement has an answer of its own") {
    client.Send('P', Parse("", ""));
    client.Send('B', Bind("", ""));
    client.Send('D', "P" + CString(""));
    client.Send('E', Execute(""));
    client.Send('S', "");
    CHECK(TypesOf(client.ReadUntilReady()) == "12nIZ");
  }
}

TEST_CASE("an error of a prepared statement is told once", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn();
  client.Query("BEGIN");
  client.Send('P', Parse("", "SELECT 1 / $1::INT"));
  client.Send('B', Bind("", "", {"0"}));
  client.Send('E', Execute(""));
  client.Send('S', "");
  CHECK(ErrorField(client.ReadUntilReady(), 'C') == "22012");
  CHECK(ErrorField(client.Query("SELECT 1"), 'C') == "25P02");
  CHECK(TagsOf(client.Query("ROLLBACK")) == "ROLLBACK");
  CHECK(RowsOf(client.Query("SELECT 1")) == "1");
}

TEST_CASE("a prepared statement answers what was described, or an error", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn();
  client.Query("CREATE TABLE t (x INT, y INT); INSERT INTO t VALUES (1, 2)");
  client.Send('P', Parse("s", "SELECT * FROM t"));
  client.Send('D', "S" + CString("s"));
  const auto run = [&] {
    client.Send('B', Bind("", "s"));
    client.Send('E', Execute(""));
    client.Send('S', "");
    return client.ReadUntilReady();
  };
  CHECK(RowsOf(run()) == "1|2");
  WireClient other(endpoint.port());
  other.LogIn();
  const std::string change =
      GENERATE("DROP TABLE t; CREATE TABLE t (x VARCHAR(10), y INT); INSERT INTO t VALUES ('a', 2)",
               "ALTER TABLE t ADD COLUMN z INT", "ALTER TABLE t RENAME COLUMN x TO w");
  other.Query(change);
  const auto changed = run();
  CHECK(ErrorField(changed, 'C') == "0A000");
  CHECK(ErrorField(changed, 'R') == "RevalidateCachedQuery");
  CHECK(TypesOf(changed) == "2EZ");
}

TEST_CASE("a portal that has begun goes on after a REVOKE", "[wire]") {
  Endpoint endpoint;
  WireClient owner(endpoint.port()), ada(endpoint.port());
  owner.LogIn();
  owner.Query("CREATE USER ada PASSWORD 'Secret123'; CREATE TABLE t (id INT); GRANT SELECT ON t TO ada; "
              "INSERT INTO t VALUES (1), (2), (3)");
  ada.SendStartup({{"user", "ada"}, {"database", "dev"}});
  REQUIRE(TypesOf(ada.ReadUntilReady()).back() == 'Z');
  ada.Query("BEGIN");
  ada.Send('P', Parse("s", "SELECT id FROM t ORDER BY id"));
  ada.Send('B', Bind("begun", "s"));
  ada.Send('E', Execute("begun", 1));
  ada.Send('B', Bind("bound", "s"));
  ada.Send('S', "");
  REQUIRE(TypesOf(ada.ReadUntilReady()) == "12Ds2Z");
  REQUIRE(TagsOf(owner.Query("REVOKE SELECT ON t FROM ada")) == "REVOKE");
  ada.Send('E', Execute("begun"));
  ada.Send('S', "");
  CHECK(RowsOf(ada.ReadUntilReady()) == "2;3");
  ada.Send('E', Execute("bound"));
  ada.Send('S', "");
  const auto refused = ada.ReadUntilReady();
  CHECK(ErrorField(refused, 'C') == "42501");
  CHECK(ErrorField(refused, 'M') == "permission denied for relation t");
}

TEST_CASE("rows carry Redshift's extension to who asked for it", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn({{"client_protocol_version", "1"}});
  client.Query("CREATE TABLE t (a INT NOT NULL)");
  const auto answer = client.Query("SELECT a FROM t");
  REQUIRE(TypesOf(answer) == "TCZ");
  const std::string& body = answer[0].body;
  const std::string origin =
      CString("public") + CString("t") + CString("a") + CString("dev") + Int16(1 | 1 << 12);
  REQUIRE(body.size() > origin.size());
  CHECK(body.substr(body.size() - origin.size()) == origin);
}

TEST_CASE("malformed messages end their own connection only", "[wire]") {
  Endpoint endpoint;
  const std::vector<std::string> garbage = {
      std::string("\0\0\0\0", 4),             // a length below its own size
      std::string("\xff\xff\xff\xff junk", 9),  // a length beyond all bounds
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
      Int32(8) + Int32(12345),                // no protocol of that number
      Int32(12) + Int32(196608) + "user",     // a name without an end
      Int32(16) + Int32(80877102) + Int32(1) + Int32(2),  // cancels nobody
  };
  for (const std::string& bytes : garbage) {
    WireClient client(endpoint.port());
    client.SendBytes(bytes);
    client.CloseWriting();
    client.ReadUntilReady();
  }
  const std::vector<std::pair<char, std::string>> bodies = {
      {'Q', "no end"},       {'P', "x"},   {'B', std::string("\0\0\0\7", 4)},
      {'E', "portal"},       {'D', "Xx"},  {'C', ""},
      {'\x01', "what"},      {'B', CString("") + CString("") + Int16(0) + Int16(1) + Int32(1 << 30)},
  };
  for (const auto& [type, body] : bodies) {
    WireClient client(endpoint.port());
    client.LogIn();
    client.Send(type, body);
    const auto answer = client.ReadUntilReady();
    CHECK(ErrorField(answer, 'C') == "08P01");
    CHECK(client.Read().type == 0);
  }
  WireClient half(endpoint.port());
  half.LogIn();
  half.SendBytes(std::string("Q\0\0\1\0SEL", 8));  // the rest never comes
  RequireAlive(endpoint);
}

TEST_CASE("who does not log in is disconnected", "[wire]") {
  Endpoint endpoint({.login_timeout = milliseconds(100)});
  WireClient silent(endpoint.port());
  const auto last = silent.ReadUntilReady();
  CHECK(ErrorField(last, 'S') == "FATAL");
  CHECK(ErrorField(last, 'C') == "57014");
  CHECK(ErrorField(last, 'M') == "canceling authentication due to timeout");
  RequireAlive(endpoint);
}

TEST_CASE("idle sessions end by their timeout", "[wire]") {
  Endpoint endpoint({.login_timeout = milliseconds(400), .idle_timeout = milliseconds(200)});
  WireClient client(endpoint.port());
  client.LogIn();
  CHECK(ErrorField({client.Read()}, 'C') == "57P05");
  CHECK(client.Read().type == 0);
}

TEST_CASE("MD5 logins need a cluster that keeps MD5 passwords", "[wire]") {
  auto cluster = Cluster::Open({.superuser_password = "Secret123"});
  REQUIRE(cluster.ok());
  const auto refused = Server::Start(**cluster, {.port = 0, .auth = LoginMethod::kMd5});
  REQUIRE(!refused.ok());
  CHECK(refused.status().sqlstate() == "22023");
  CHECK(refused.status().hint() == "Open it with ClusterOptions::allow_md5_passwords.");
}

TEST_CASE("a connection too many is told so", "[wire]") {
  Endpoint endpoint({.max_connections = 2});
  WireClient first(endpoint.port()), second(endpoint.port());
  first.LogIn();
  second.LogIn();
  WireClient third(endpoint.port());
  CHECK(ErrorField(third.LogIn(), 'C') == "53300");
  CHECK(RowsOf(first.Query("SELECT 1")) == "1");
}

TEST_CASE("the last connections are kept for superusers", "[wire]") {
  // A quarter of eight.
  Endpoint endpoint({.max_connections = 8});
  std::vector<std::unique_ptr<WireClient>> clients;
  const auto log_in = [&](const std::string& user) {
    clients.push_back(std::make_unique<WireClient>(endpoint.port()));
    clients.back()->SendStartup({{"user", user}, {"database", "dev"}});
    return clients.back()->ReadUntilReady();
  };
  REQUIRE(TypesOf(log_in("awsuser")).back() == 'Z');
  clients.back()->Query("CREATE USER ada PASSWORD 'Secret123'");
  for (int i = 0; i < 5; ++i) REQUIRE(TypesOf(log_in("ada")).back() == 'Z');
  const auto refused = log_in("ada");
  CHECK(ErrorField(refused, 'S') == "FATAL");
  CHECK(ErrorField(refused, 'C') == "53300");
  CHECK(ErrorField(refused, 'M') == "connection limit \"6\" exceeded for non-bootstrap users");
  CHECK(ErrorField(refused, 'H') == "The last 2 connections are kept for superusers.");
  clients.pop_back();
  CHECK(TypesOf(log_in("awsuser")).back() == 'Z');
  CHECK(TypesOf(log_in("awsuser")).back() == 'Z');
  CHECK(ErrorField(log_in("awsuser"), 'M') == "connection limit \"8\" exceeded");
  clients.pop_back();
  CHECK(ErrorField(log_in("ada"), 'C') == "53300");
  CHECK(RowsOf(clients.front()->Query("SELECT COUNT(*) FROM stv_sessions")) == "8");
}

TEST_CASE("a statement is cancelled from a second connection", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn();
  CreateNumbers(client);
  client.Send('Q', CString("SELECT COUNT(*) FROM n a, n b, n c, n d WHERE a.a + b.a + c.a = d.a"));
  std::vector<WireClient::Message> answer;
  std::thread reader([&] { answer = client.ReadUntilReady(); });
  WireClient wrong(endpoint.port());
  wrong.SendBytes(Int32(16) + Int32(80877102) + Int32(client.pid) + Int32(client.key + 1));
  // The statement may not have begun when a request comes: ask until it has ended.
  std::atomic<bool> ended{false};
  std::thread canceller([&] {
    while (!ended) {
      WireClient cancel(endpoint.port());
      cancel.SendBytes(Int32(16) + Int32(80877102) + Int32(client.pid) + Int32(client.key));
      std::this_thread::sleep_for(milliseconds(20));
    }
  });
  reader.join();
  ended = true;
  canceller.join();
  CHECK(ErrorField(answer, 'C') == "57014");
  CHECK(RowsOf(client.Query("SELECT 1")) == "1");
}

TEST_CASE("one session ends another", "[wire]") {
  Endpoint endpoint;
  WireClient victim(endpoint.port()), killer(endpoint.port());
  victim.LogIn();
  killer.LogIn();
  CHECK(RowsOf(killer.Query("SELECT pg_terminate_backend(" + std::to_string(victim.pid) + ")")) ==
        "t");
  CHECK(ErrorField({victim.Read()}, 'C') == "57P01");
  CHECK(victim.Read().type == 0);
  CHECK(RowsOf(killer.Query("SELECT COUNT(*) FROM stv_sessions")) == "1");
}

TEST_CASE("a client that does not read holds up nobody but itself", "[wire]") {
  Endpoint endpoint;
  WireClient slow(endpoint.port());
  slow.LogIn();
  CreateNumbers(slow);
  slow.Send('Q', CString("SELECT a.a, b.a, 'some longer text to fill the buffers' FROM n a, n b"));
  RequireAlive(endpoint);
  // Its locks and its memory go when it is ended, although it never reads.
  endpoint.server->Stop(milliseconds(0));
  CHECK(endpoint.server->num_connections() == 0);
}

TEST_CASE("a slow reader is told that its session was ended", "[wire]") {
  Endpoint endpoint;
  WireClient slow(endpoint.port()), killer(endpoint.port());
  slow.LogIn();
  killer.LogIn();
  SECTION("in the middle of a result") {
    CreateNumbers(slow);
    slow.Send('Q', CString("SELECT a.a, b.a, 'some longer text to fill the buffers' FROM n a, n b"));
  }
  SECTION("outside any statement") {
    std::string columns;
    for (int i = 0; i < 1000; ++i) columns += (i > 0 ? ", 1 AS " : "1 AS ") + std::string(90, 'c') + std::to_string(i);
    slow.Send('P', Parse("", "SELECT " + columns));
    slow.Send('H', "");
    REQUIRE(slow.Read().type == '1');
    // All in one piece: what the server has not read when it closes would make its kernel forget what
    // the client has not read.
    std::string describe;
    while (describe.size() < 4000) describe += "D" + Int32(6) + "P" + CString("");
    slow.Send('B', Bind("", ""));
    slow.SendBytes(describe);
    REQUIRE(slow.Read().type == '2');
  }
  REQUIRE(slow.Read().type == 'T');
  // By then the server waits for the reader.
  std::this_thread::sleep_for(milliseconds(200));
  CHECK(RowsOf(killer.Query("SELECT pg_terminate_backend(" + std::to_string(slow.pid) + ")")) == "t");
  WireClient::Message last;
  for (WireClient::Message next = slow.Read(); next.type != 0; next = slow.Read()) last = next;
  CHECK(ErrorField({last}, 'S') == "FATAL");
  CHECK(ErrorField({last}, 'C') == "57P01");
}

TEST_CASE("stopping lets a running statement finish and tells idle clients", "[wire]") {
  Endpoint endpoint;
  WireClient idle(endpoint.port());
  idle.LogIn();
  endpoint.server->Stop(std::chrono::seconds(10));
  CHECK(ErrorField({idle.Read()}, 'C') == "57P01");
  endpoint.server->Stop(milliseconds(0));
  WireClient late(endpoint.port());
  late.SendStartup({{"user", "awsuser"}});
  CHECK(late.Read().type == 0);
}

// More of them than cores: whoever would leave, and so set the others free, must get a thread too.
TEST_CASE("sessions that wait for a lock keep no other waiting", "[wire]") {
  Endpoint endpoint;
  WireClient holder(endpoint.port());
  holder.LogIn();
  holder.Query("CREATE TABLE t (a INT)");
  REQUIRE(TagsOf(holder.Query("BEGIN; LOCK t")) == "BEGIN;LOCK TABLE");
  std::vector<std::unique_ptr<WireClient>> waiting;
  for (size_t i = 0; i < std::thread::hardware_concurrency() + 8; ++i) {
    waiting.push_back(std::make_unique<WireClient>(endpoint.port()));
    waiting.back()->LogIn();
    waiting.back()->Send('Q', CString("INSERT INTO t VALUES (1)"));
  }
  WireClient other(endpoint.port());
  other.LogIn();
  for (int i = 0; i < 100; ++i) REQUIRE(RowsOf(other.Query("SELECT 1")) == "1");
  REQUIRE(TagsOf(holder.Query("COMMIT")) == "COMMIT");
  for (const auto& client : waiting) CHECK(TagsOf(client->ReadUntilReady()) == "INSERT 0 1");
}

TEST_CASE("hundreds of silent clients need no thread each", "[wire]") {
  Endpoint endpoint;
  std::vector<std::unique_ptr<WireClient>> clients;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(std::make_unique<WireClient>(endpoint.port()));
    REQUIRE(TypesOf(clients.back()->LogIn()).back() == 'Z');
  }
  CHECK(endpoint.server->num_connections() == 200);
  for (auto& client : clients) CHECK(RowsOf(client->Query("SELECT 7")) == "7");
}

TEST_CASE("TLS is required where it says so, and nothing may come ahead of it", "[wire]") {
  Endpoint endpoint({.tls = TlsMode::kRequire});
  WireClient plain(endpoint.port());
  CHECK(ErrorField(plain.LogIn(), 'C') == "28000");
  WireClient early(endpoint.port());
  early.SendBytes(Int32(8) + Int32(80877103) + Int32(9) + "early");
  CHECK(early.ReadBytes(1) == "E");
  WireClient proper(endpoint.port());
  proper.SendBytes(Int32(8) + Int32(80877103));
  CHECK(proper.ReadBytes(1) == "S");
}

TEST_CASE("impossible options are refused with their reason", "[wire]") {
  auto cluster = Cluster::Open();
  REQUIRE(cluster.ok());
  const auto refusal = [&](ServerOptions options) {
    const Status status = Server::Start(**cluster, std::move(options)).status();
    CHECK(status.state() == SqlState::kInvalidParameterValue);
    return std::string(status.message());
  };
  CHECK(refusal({.port = 70000}) == "a server's port is from 0 to 65535, not 70000");
  CHECK(refusal({.max_connections = 0}) == "a server's max_connections is at least 1, not 0");
  CHECK(refusal({.login_timeout = milliseconds(0)}) == "a server's login_timeout is more than 0 ms, not 0");
  CHECK(refusal({.idle_timeout = milliseconds(-5)}) == "a server's idle_timeout is at least 0 ms, not -5");
  CHECK(Server::Start(**cluster, {.host = "192.0.2.1", .port = 0}).status().state() ==
        SqlState::kIoError);
  CHECK(Server::Start(**cluster, {.port = 0,
                                  .tls = TlsMode::kOn,
                                  .tls_certificate_file = "/no/such/file",
                                  .tls_key_file = "/no/such/file"})
            .status()
            .state() == SqlState::kUndefinedFile);
}

}  // namespace vesto::test
