#include <memory>
#include <string>

#include "support/catch.h"
#include "support/wire_client.h"
#include "support/wire_endpoint.h"

// COPY over the connection, byte by byte.
namespace vesto::test {
namespace {

// The data of all CopyData messages.
std::string DataOf(const std::vector<WireClient::Message>& messages) {
  std::string data;
  for (const auto& message : messages) {
    if (message.type == 'd') data += message.body;
  }
  return data;
}

// An endpoint with a table `t (id INT, name VARCHAR(10))`, and a client that has logged in.
struct CopyFixture {
  explicit CopyFixture(ServerOptions options = {}) : endpoint(std::move(options)) {
    REQUIRE(TypesOf(client.LogIn()).back() == 'Z');
    REQUIRE(TagsOf(client.Query("CREATE TABLE t (id INT, name VARCHAR(10) DEFAULT 'none')")) ==
            "CREATE TABLE");
  }

  // Up to the server's CopyInResponse.
  void BeginCopyIn(const std::string& sql) {
    client.Send('Q', CString(sql));
    REQUIRE(client.Read().type == 'G');
  }
  // A whole COPY FROM STDIN with `data` in one message.
  std::vector<WireClient::Message> CopyIn(const std::string& sql, const std::string& data) {
    client.Send('Q', CString(sql));
    const WireClient::Message begin = client.Read();
    if (begin.type != 'G') {
      auto rest = client.ReadUntilReady();
      rest.insert(rest.begin(), begin);
      return rest;
    }
    client.Send('d', data);
    client.Send('c', "");
    return client.ReadUntilReady();
  }

  Endpoint endpoint;
  WireClient client{endpoint.port()};
};

struct StrictCopyFixture : CopyFixture {
  StrictCopyFixture() : CopyFixture({.strict = true}) {}
};

TEST_CASE_METHOD(CopyFixture, "COPY FROM STDIN loads what the client sends", "[wire]") {
  client.Send('Q', CString("COPY t FROM STDIN"));
  const auto begin = client.Read();
  REQUIRE(begin.type == 'G');
  CHECK(begin.body == std::string(1, '\0') + Int16(2) + Int16(0) + Int16(0));
  client.Send('d', "1\ton");  // rows and messages need not coincide
  client.Send('d', "e\n2\t");
  client.Send('H', "");  // a Flush means nothing here
  client.Send('d', "\\N\n3\tthree");
  client.Send('c', "");
  const auto end = client.ReadUntilReady();
  CHECK(TypesOf(end) == "CZ");
  CHECK(TagsOf(end) == "COPY 3");
  CHECK(RowsOf(client.Query("SELECT * FROM t ORDER BY 1")) == "1|one;2|NULL;3|three");

  CHECK(TagsOf(CopyIn("COPY t (id) FROM STDIN", "4\n")) == "COPY 1");
  CHECK(RowsOf(client.Query("SELECT name FROM t WHERE id = 4")) == "none");
  CHECK(TagsOf(CopyIn("COPY t FROM STDIN", "")) == "COPY 0");

  // A batch goes on after its COPY.
  const auto batch = CopyIn("COPY t FROM STDIN; SELECT COUNT(*) FROM t", "5\tx\n");
  CHECK(TagsOf(batch) == "COPY 1;SELECT");
  CHECK(RowsOf(batch) == "5");
}

TEST_CASE_METHOD(CopyFixture, "a COPY that fails leaves no rows and a usable connection",
                 "[wire]") {
  client.Query("CREATE TABLE narrow (id INT NOT NULL, name VARCHAR(3))");
  const auto bad = CopyIn("COPY narrow FROM STDIN", "1\ta\n2\tb\nx\tc\n");
  CHECK(TypesOf(bad) == "EZ");
  CHECK(ErrorField(bad, 'C') == "22P02");
  CHECK(ErrorField(bad, 'W') == "COPY narrow, line 3, column id: \"x\"");
  CHECK(ErrorField(CopyIn("COPY narrow FROM STDIN", "1\tabcd\n"), 'C') == "22001");
  const auto shorter = CopyIn("COPY narrow FROM STDIN", "1\ta\n1\n");
  CHECK(ErrorField(shorter, 'C') == "22P04");
  CHECK(ErrorField(shorter, 'W') == "COPY narrow, line 2");
  // The first bad line counts, whatever is wrong with it.
  CHECK(ErrorField(CopyIn("COPY narrow FROM STDIN", "x\ta\n1\n"), 'C') == "22P02");
  CHECK(ErrorField(CopyIn("COPY narrow FROM STDIN", "\\N\ta\n"), 'C') == "23502");
  CHECK(ErrorField(CopyIn("COPY narrow FROM STDIN", "1\t\xff\n"), 'C') == "22021");

  // The client gives up.
  BeginCopyIn("COPY narrow FROM STDIN");
  client.Send('d', "1\ta\n");
  client.Send('f', CString("I changed my mind"));
  const auto failed = client.ReadUntilReady();
  CHECK(ErrorField(failed, 'C') == "57014");
  CHECK(ErrorField(failed, 'M') == "COPY from stdin failed: I changed my mind");
  CHECK(RowsOf(client.Query("SELECT COUNT(*) FROM narrow")) == "0");

  // Within a block the error fails the block.
  client.Query("BEGIN");
  CHECK(ErrorField(CopyIn("COPY narrow FROM STDIN", "x\ta\n"), 'C') == "22P02");
  CHECK(ErrorField(client.Query("SELECT 1"), 'C') == "25P02");
  client.Query("ROLLBACK");

  // Anything but COPY messages ends the connection.
  BeginCopyIn("COPY narrow FROM STDIN");
  client.Send('Q', CString("SELECT 1"));
  CHECK(ErrorField({client.Read()}, 'C') == "08P01");
  CHECK(client.Read().type == 0);
}

TEST_CASE_METHOD(CopyFixture, "a connection that ends in the middle of a COPY leaves no rows",
                 "[wire]") {
  {
    WireClient loader(endpoint.port());
    loader.LogIn();
    loader.Send('Q', CString("COPY t FROM STDIN"));
    REQUIRE(loader.Read().type == 'G');
    loader.Send('d', "1\ta\n2\tb\n");
  }
  CHECK(RowsOf(client.Query("SELECT COUNT(*) FROM t")) == "0");
}

TEST_CASE_METHOD(CopyFixture, "a COPY that waits for its client can be cancelled and timed out",
                 "[wire]") {
  BeginCopyIn("COPY t FROM STDIN");
  WireClient second(endpoint.port());
  second.SendBytes(Int32(16) + Int32(80877102) + Int32(client.pid) + Int32(client.key));
  CHECK(ErrorField(client.ReadUntilReady(), 'C') == "57014");

  client.Query("SET statement_timeout TO 200");
  BeginCopyIn("COPY t FROM STDIN");
  CHECK(ErrorField(client.ReadUntilReady(), 'C') == "57014");
}

TEST_CASE_METHOD(CopyFixture, "COPY TO STDOUT sends a message for each row", "[wire]") {
  client.Query("INSERT INTO t VALUES (1, 'a\tb'), (2, NULL)");
  const auto text = client.Query("COPY (SELECT * FROM t ORDER BY id) TO STDOUT");
  CHECK(TypesOf(text) == "HddcCZ");
  CHECK(DataOf(text) == "1\ta\\tb\n2\t\\N\n");
  CHECK(TagsOf(text) == "COPY 2");
  CHECK(DataOf(client.Query("COPY t (name) TO STDOUT WITH (FORMAT csv, HEADER)")).starts_with("name\n"));

  const auto binary = client.Query("COPY (SELECT 7::INT) TO STDOUT (FORMAT binary)");
  const std::string signature("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
  CHECK(DataOf(binary) == signature + Int16(1) + Int32(4) + Int32(7) + Int16(-1));
  // What was written in binary is read back.
  client.Query("CREATE TABLE back (LIKE t)");
  const std::string rows = DataOf(client.Query("COPY t TO STDOUT (FORMAT binary)"));
  CHECK(TagsOf(CopyIn("COPY back FROM STDIN BINARY", rows)) == "COPY 2");
  CHECK(RowsOf(client.Query("SELECT * FROM back ORDER BY 1")) == "1|a\tb;2|NULL");

  const auto failed = client.Query("COPY (SELECT 1 / (id - 2) FROM t ORDER BY 1) TO STDOUT");
  CHECK(ErrorField(failed, 'C') == "22012");
}

TEST_CASE_METHOD(CopyFixture, "COPY runs in the extended protocol too", "[wire]") {
  const auto start = [this](std::string_view sql) {
    client.Send('P', CString("") + CString(sql) + Int16(0));
    client.Send('B', CString("") + CString("") + Int16(0) + Int16(0) + Int16(0));
    client.Send('D', "P" + CString(""));
    client.Send('E', CString("") + Int32(0));
  };
  start("COPY t (id) FROM STDIN");
  client.Send('S', "");  // as libpq does before it knows: ignored
  client.Send('d', "1\n2\n");
  client.Send('c', "");
  client.Send('S', "");
  const auto loaded = client.ReadUntilReady();
  CHECK(TypesOf(loaded) == "12nGCZ");
  CHECK(TagsOf(loaded) == "COPY 2");
  start("COPY t (id) TO STDOUT");
  client.Send('S', "");
  CHECK(TypesOf(client.ReadUntilReady()) == "12nHddcCZ");
  // After an error everything up to Sync is skipped.
  start("COPY t (id) FROM STDIN");
  client.Send('d', "x\n");
  client.Send('c', "");
  client.Send('S', "");
  CHECK(ErrorField(client.ReadUntilReady(), 'C') == "22P02");
  CHECK(RowsOf(client.Query("SELECT COUNT(*) FROM t")) == "2");
}

TEST_CASE_METHOD(StrictCopyFixture, "a strict endpoint refuses COPY over the connection",
                 "[wire]") {
  CHECK(ErrorField(client.Query("COPY t FROM STDIN"), 'C') == "0A000");
  CHECK(ErrorField(client.Query("DISCARD ALL"), 'C') == "42601");
  client.Query("RESET ALL");
  CHECK(ErrorField(client.Query("COPY t TO STDOUT"), 'C') == "0A000");
}

}  // namespace
}  // namespace vesto::test
