#include <string>
#include <utility>
#include <vector>

#include "support/catch.h"
#include "support/wire_client.h"
#include "support/wire_endpoint.h"

// Messages that can be read but not obeyed are errors up to Sync, as in PostgreSQL 15; those that
// cannot be read end their connection (server_test.cc has more of these).
namespace vesto::test {
namespace {

struct BadMessageFixture {
  BadMessageFixture() {
    client.LogIn();
    client.Send('P', Parse("s", "SELECT $1::INT, $2::VARCHAR(5)"));
    client.Send('S', "");
    REQUIRE(TypesOf(client.ReadUntilReady()) == "1Z");
  }

  // What a message gets that is followed by one that is skipped, and by Sync.
  std::vector<WireClient::Message> Answer(char type, const std::string& body) {
    client.Send(type, body);
    client.Send('P', Parse("skipped", "SELECT 1"));
    client.Send('S', "");
    return client.ReadUntilReady();
  }
  void CheckError(char type, const std::string& body, const std::string& state,
                  const std::string& message) {
    INFO(type << " " << message);
    const auto answer = Answer(type, body);
    CHECK(TypesOf(answer) == "EZ");
    CHECK(ErrorField(answer, 'S') == "ERROR");
    CHECK(ErrorField(answer, 'C') == state);
    CHECK(ErrorField(answer, 'M') == message);
    CHECK(RowsOf(client.Query("SELECT 7")) == "7");
  }
  void CheckFatal(char type, const std::string& body) {
    WireClient other(endpoint.port());
    other.LogIn();
    other.Send(type, body);
    const auto answer = other.ReadUntilReady();
    CHECK(ErrorField(answer, 'S') == "FATAL");
    CHECK(ErrorField(answer, 'C') == "08P01");
    CHECK(other.Read().type == 0);
  }

  Endpoint endpoint;
  WireClient client{endpoint.port()};
};

std::string Forms(const std::vector<int>& forms) {
  std::string bytes = Int16(static_cast<int>(forms.size()));
  for (const int form : forms) bytes += Int16(form);
  return bytes;
}

// A Bind of the statement `s` with two parameters.
std::string BindForms(const std::vector<int>& parameter_forms, const std::vector<int>& result_forms) {
  return CString("") + CString("s") + Forms(parameter_forms) + Int16(2) + Int32(1) + "1" + Int32(1) +
         "x" + Forms(result_forms);
}

TEST_CASE_METHOD(BadMessageFixture, "a Bind that does not fit its statement is an error", "[wire]") {
  CheckError('B', Bind("", "s", {"1"}), "08P01",
             "bind message supplies 1 parameters, but prepared statement \"s\" requires 2");
  CheckError('B', Bind("", "s", {"1", "x", "y"}), "08P01",
             "bind message supplies 3 parameters, but prepared statement \"s\" requires 2");
  CheckError('B', BindForms({0, 0, 0}, {}), "08P01",
             "bind message has 3 parameter formats but 2 parameters");
  CheckError('B', BindForms({}, {0, 0, 0}), "08P01",
             "bind message has 3 result formats but query has 2 columns");
  CheckError('B', BindForms({7}, {}), "22023", "unsupported format code: 7");
  CheckError('B', BindForms({0, -1}, {}), "22023", "unsupported format code: -1");
  CheckError('B', BindForms({}, {2}), "22023", "unsupported format code: 2");
  // A statement that does not exist is the first thing to be wrong.
  CheckError('B', CString("") + CString("none") + Forms({9, 9, 9}) + Int16(0) + Forms({}), "26000",
             "prepared statement \"none\" does not exist");
  // The forms of columns that are not there do not matter.
  client.Send('P', Parse("begin", "BEGIN"));
  client.Send('B', CString("") + CString("begin") + Forms({}) + Int16(0) + Forms({5, 0}));
  client.Send('S', "");
  CHECK(TypesOf(client.ReadUntilReady()) == "12Z");
  // The block of BEGIN is failed, as by any other error.
  client.Query("BEGIN");
  CHECK(Answer('B', Bind("", "s", {"1"})).back().body == "E");
}

TEST_CASE_METHOD(BadMessageFixture, "Describe and Close are of statements and portals", "[wire]") {
  CheckError('D', "X" + CString("s"), "08P01", "invalid DESCRIBE message subtype 88");
  CheckError('C', std::string(1, '\xff') + CString("s"), "08P01", "invalid CLOSE message subtype 255");
}

TEST_CASE_METHOD(BadMessageFixture, "what cannot be read ends the connection", "[wire]") {
  CheckFatal('B', CString("") + CString("s") + Int16(2) + Int16(0));
  CheckFatal('B', BindForms({}, {}) + "more");
  CheckFatal('B', CString("") + CString("s") + Int16(0) + Int16(1) + Int32(-2) + Int16(0));
  CheckFatal('D', "S");
  CheckFatal('C', "S" + CString("s") + "more");
  // Messages that say all by their type.
  CheckFatal('S', "more");
  CheckFatal('H', "more");
  CheckFatal('X', "more");
}

TEST_CASE_METHOD(BadMessageFixture, "names and texts of messages are UTF-8", "[wire]") {
  const auto message = [](const std::string& bytes) {
    return "invalid byte sequence for encoding \"UTF8\": " + bytes;
  };
  CheckError('P', Parse("\xff", "SELECT 1"), "22021", message("0xff"));
  CheckError('P', Parse("p", "SELECT '\xf8'"), "22021", message("0xf8"));
  CheckError('B', Bind("\xc3(", "s", {"1", "x"}), "22021", message("0xc3 0x28"));
  CheckError('B', Bind("", "\xe2\x82", {"1", "x"}), "22021", message("0xe2 0x82"));
  CheckError('D', "S" + CString("\xf0\x9f"), "22021", message("0xf0 0x9f"));
  CheckError('C', "P" + CString("a\x80"), "22021", message("0x80"));
  CheckError('E', Execute("\xed\xa0\x80"), "22021", message("0xed 0xa0 0x80"));
  // Text of any type, so that no error about a value repeats such bytes.
  CheckError('B', Bind("", "s", {"1", "a\xffz"}), "22021", message("0xff"));
  CheckError('B', Bind("", "s", {"\xff", "x"}), "22021", message("0xff"));
  CheckError('B', Bind("", "s", {"1", std::string("a\0b", 3)}), "22021", message("0x00"));
  // Names that are UTF-8 are names.
  client.Send('P', Parse("größe", "SELECT 1"));
  client.Send('D', "S" + CString("größe"));
  client.Send('S', "");
  CHECK(TypesOf(client.ReadUntilReady()) == "1tTZ");

  CHECK(ErrorField(client.Query("SELECT '\xff'"), 'M') == message("0xff"));
  CHECK(ErrorField(client.Query("SELECT '\\377'"), 'M') == message("0xff"));
  client.Query("CREATE TABLE t (id INT, name VARCHAR(5), bytes VARBYTE(5))");
  for (const char* row : {"\xff\ta\t00\n", "1\t\xff\t00\n", "1\ta\t\xff\n"}) {
    client.Send('Q', CString("COPY t FROM STDIN"));
    client.Send('d', row);
    client.Send('c', "");
    const auto answer = client.ReadUntilReady();
    CHECK(ErrorField(answer, 'C') == "22021");
    CHECK(ErrorField(answer, 'M') == message("0xff"));
  }
  client.Send('Q', CString("COPY t FROM STDIN"));
  client.Send('f', CString("because \xff"));
  CHECK(ErrorField(client.ReadUntilReady(), 'C') == "22021");
}

TEST_CASE("what a startup packet says is UTF-8", "[wire]") {
  Endpoint endpoint;
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"user", "\xff"},      {"database", "\xff"}, {"application_name", "\xff"},
      {"some\xff", "thing"}, {"os_version", "\xff"}, {"client_encoding", "\xff"}};
  for (const auto& text : texts) {
    INFO(text.first);
    WireClient client(endpoint.port());
    client.SendStartup({text, {"user", "awsuser"}, {"database", "dev"}});
    const auto answer = client.ReadUntilReady();
    CHECK(ErrorField(answer, 'S') == "FATAL");
    CHECK(ErrorField(answer, 'C') == "22021");
    CHECK(ErrorField(answer, 'M') == "invalid byte sequence for encoding \"UTF8\": 0xff");
  }
}

}  // namespace
}  // namespace vesto::test
