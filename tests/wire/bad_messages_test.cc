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

}  // namespace
}  // namespace vesto::test
