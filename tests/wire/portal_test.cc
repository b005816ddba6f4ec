#include <string>

#include "support/catch.h"
#include "support/wire_client.h"
#include "support/wire_endpoint.h"

// Portals of the extended query: those that are not read to their end, and cursors of SQL, which are
// portals too.
namespace vesto::test {
namespace {

// Binds `sql` to a portal and reads its first two rows, without Sync.
void ReadTwoRows(WireClient& client, const std::string& portal, const std::string& sql) {
  client.Send('P', Parse("", sql));
  client.Send('B', Bind(portal, ""));
  client.Send('E', Execute(portal, 2));
}

std::vector<WireClient::Message> Sync(WireClient& client) {
  client.Send('S', "");
  return client.ReadUntilReady();
}

// Half a million rows: more than the server computes ahead.
void CreateMany(WireClient& client) {
  const auto answer = client.Query(
      "CREATE TABLE d (a INT); INSERT INTO d VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9); "
      "CREATE TABLE many AS SELECT 1 AS a FROM d a, d b, d c, d d, d e, d f");
  REQUIRE(TagsOf(answer) == "CREATE TABLE;INSERT 0 10;SELECT");
}

}  // namespace

TEST_CASE("a portal that is closed half read keeps its transaction", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn();
  CreateMany(client);
  client.Query("CREATE TABLE t (a INT)");

  SECTION("by Close") {
    client.Query("BEGIN; INSERT INTO t VALUES (1)");
    ReadTwoRows(client, "p", "SELECT a FROM many");
    CHECK(TypesOf(Sync(client)) == "12DDsZ");
    client.Send('C', "P" + CString("p"));
    const auto closed = Sync(client);
    CHECK(TypesOf(closed) == "3Z");
    CHECK(closed.back().body == "T");
    CHECK(TagsOf(client.Query("COMMIT")) == "COMMIT");
  }
  SECTION("by another Bind of its name") {
    client.Query("BEGIN; INSERT INTO t VALUES (1)");
    ReadTwoRows(client, "", "SELECT a FROM many");
    Sync(client);
    ReadTwoRows(client, "", "SELECT a FROM many");
    const auto again = Sync(client);
    CHECK(TypesOf(again) == "12DDsZ");
    CHECK(again.back().body == "T");
    CHECK(TagsOf(client.Query("COMMIT")) == "COMMIT");
  }
  SECTION("by the Sync that commits what else its pipeline did") {
    client.Send('P', Parse("", "INSERT INTO t VALUES (1)"));
    client.Send('B', Bind("", ""));
    client.Send('E', Execute(""));
    ReadTwoRows(client, "p", "SELECT a FROM many");
    const auto ended = Sync(client);
    CHECK(TypesOf(ended) == "12C12DDsZ");
    CHECK(ended.back().body == "I");
  }
  CHECK(RowsOf(client.Query("SELECT a FROM t")) == "1");
  // The history has it as any other statement that ended well.
  CHECK(RowsOf(client.Query("SELECT DISTINCT aborted FROM stl_query WHERE querytxt = 'SELECT a FROM many'")) == "0");
}

TEST_CASE("a portal closed after an error leaves the transaction failed", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn();
  CreateMany(client);
  client.Query("BEGIN");
  ReadTwoRows(client, "p", "SELECT a FROM many");
  Sync(client);
  client.Send('P', Parse("", "SELECT nothing"));
  CHECK(ErrorField(Sync(client), 'C') == "42703");
  client.Send('C', "P" + CString("p"));
  CHECK(Sync(client).back().body == "E");
  CHECK(TagsOf(client.Query("COMMIT")) == "ROLLBACK");
}

TEST_CASE("a portal that failed says so once", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn();
  ReadTwoRows(client, "", "SELECT 1 / (a - 1) FROM generate_series(1, 2) AS s(a)");
  CHECK(TypesOf(Sync(client)) == "12EZ");
  ReadTwoRows(client, "", "SELECT 1");
  CHECK(TypesOf(Sync(client)) == "12DCZ");
}

TEST_CASE("COMMIT and ROLLBACK wait for no portal", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn();
  client.Query("CREATE TABLE kept (a INT)");
  const bool simple = GENERATE(true, false);
  const std::string end = GENERATE("COMMIT", "  rollback;");
  client.Query("BEGIN; INSERT INTO kept VALUES (1)");
  // What is left of it fails when it is read.
  ReadTwoRows(client, "p", "SELECT 1 / (50000 - a) FROM generate_series(1, 100000) AS s(a)");
  Sync(client);
  if (simple) {
    CHECK(TypesOf(client.Query(end)) == "CZ");
  } else {
    client.Send('P', Parse("", end));
    client.Send('B', Bind("", ""));
    client.Send('E', Execute(""));
    CHECK(TypesOf(Sync(client)) == "12CZ");
  }
  CHECK(RowsOf(client.Query("SELECT COUNT(*) FROM kept")) == (end == "COMMIT" ? "1" : "0"));
}

TEST_CASE("a portal gives no rows of a transaction that has failed", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn();
  client.Query("BEGIN");
  ReadTwoRows(client, "p", "SELECT a FROM generate_series(1, 100000) AS s(a)");
  Sync(client);
  client.Send('P', Parse("", "SELECT nothing"));
  CHECK(ErrorField(Sync(client), 'C') == "42703");
  client.Send('E', Execute("p"));
  CHECK(ErrorField(Sync(client), 'C') == "25P02");
  CHECK(TagsOf(client.Query("ROLLBACK")) == "ROLLBACK");
}

TEST_CASE("the parameters of open portals are bounded", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn();
  client.Query("BEGIN");
  client.Send('P', Parse("s", "SELECT LENGTH($1::VARCHAR)"));
  const std::string large(30 << 20, 'x');
  std::string error;
  for (int i = 0; i < 3; ++i) {
    client.Send('B', Bind("p" + std::to_string(i), "s", {large}));
    error = ErrorField(Sync(client), 'C');
    if (!error.empty()) break;
  }
  CHECK(error == "53200");
}

TEST_CASE("a cursor of SQL is a portal", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn();
  client.Query("BEGIN; DECLARE \"Cc\" CURSOR FOR SELECT a FROM generate_series(1, 5) AS s(a)");

  client.Send('D', "P" + CString("Cc"));
  auto answer = Sync(client);
  REQUIRE(TypesOf(answer) == "TZ");
  CHECK(answer[0].body.substr(2, 2) == CString("a"));
  client.Send('E', Execute("Cc", 2));
  answer = Sync(client);
  CHECK(TypesOf(answer) == "DDsZ");
  CHECK(RowsOf(answer) == "1;2");
  // Both ways read the same cursor.
  CHECK(RowsOf(client.Query("FETCH 1 FROM \"Cc\"")) == "3");
  client.Send('E', Execute("Cc"));
  answer = Sync(client);
  CHECK(RowsOf(answer) == "4;5");
  CHECK(TagsOf(answer) == "SELECT");
  client.Send('E', Execute("Cc", 2));
  CHECK(TypesOf(Sync(client)) == "CZ");

  SECTION("Close closes it") {
    client.Send('C', "P" + CString("Cc"));
    CHECK(TypesOf(Sync(client)) == "3Z");
    client.Send('D', "P" + CString("Cc"));
    CHECK(ErrorField(Sync(client), 'M') == "portal \"Cc\" does not exist");
  }
  SECTION("its name is taken") {
    client.Send('P', Parse("", "SELECT 1"));
    client.Send('B', Bind("Cc", ""));
    CHECK(ErrorField(Sync(client), 'C') == "42P03");
    // What has failed may still be closed.
    client.Send('C', "P" + CString("Cc"));
    CHECK(TypesOf(Sync(client)) == "3Z");
    client.Send('E', Execute("Cc"));
    CHECK(ErrorField(Sync(client), 'C') == "34000");  // it went with what failed
  }
  SECTION("it ends with its transaction") {
    client.Query("COMMIT");
    client.Send('E', Execute("Cc"));
    CHECK(ErrorField(Sync(client), 'C') == "34000");
  }
}

}  // namespace vesto::test
