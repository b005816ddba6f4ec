#include <string>

#include "support/catch.h"
#include "support/wire_client.h"
#include "support/wire_endpoint.h"

// Parameters in the types and forms that clients give them.
namespace vesto::test {
namespace {

constexpr int kIntervalOid = 1186;

std::string Int64(int64_t value) { return Int32(value >> 32) + Int32(value & 0xffffffff); }

// The answer to `sql` with one parameter.
std::vector<WireClient::Message> Ask(WireClient& client, const std::string& sql, int oid, bool binary,
                                     const std::string& value) {
  client.Send('P', CString("") + CString(sql) + Int16(1) + Int32(oid));
  client.Send('B', CString("") + CString("") + Int16(1) + Int16(binary ? 1 : 0) + Int16(1) +
                       Int32(static_cast<int64_t>(value.size())) + value + Int16(0));
  client.Send('E', Execute(""));
  client.Send('S', "");
  return client.ReadUntilReady();
}

}  // namespace

// psycopg 3 sends a timedelta so, pgJDBC its PGInterval as text.
TEST_CASE("PostgreSQL's interval is an interval of days and seconds", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn();
  const std::string day = Int64(5'000'000) + Int32(1) + Int32(0);
  CHECK(RowsOf(Ask(client, "SELECT $1", kIntervalOid, true, day)) == "1 days 0 hours 0 mins 5.0 secs");
  CHECK(RowsOf(Ask(client, "SELECT '2024-02-28'::TIMESTAMP + $1", kIntervalOid, true, day)) ==
        "2024-02-29 00:00:05");
  CHECK(RowsOf(Ask(client, "SELECT $1", kIntervalOid, true, Int64(-1) + Int32(-1) + Int32(0))) ==
        "-1 days 0 hours 0 mins -0.000001 secs");
  CHECK(RowsOf(Ask(client, "SELECT $1", kIntervalOid, false, "0 years 0 mons 1 days 2 hours 3 mins 4.5 secs")) ==
        "1 days 2 hours 3 mins 4.5 secs");

  SECTION("months are none of those") {
    for (const bool binary : {true, false}) {
      const auto refused = Ask(client, "SELECT $1", kIntervalOid, binary,
                               binary ? Int64(0) + Int32(1) + Int32(2) : "2 mons 1 days");
      CHECK(ErrorField(refused, 'C') == "22007");
      CHECK(ErrorField(refused, 'M') == "Interval Day To Second literal cannot contain year-month parts.");
    }
  }
  SECTION("other bytes are no value") {
    CHECK(ErrorField(Ask(client, "SELECT $1", kIntervalOid, true, "1234567"), 'C') == "22P03");
    CHECK(ErrorField(Ask(client, "SELECT $1", kIntervalOid, true, Int64(INT64_MAX) + Int32(INT32_MAX) + Int32(0)),
                     'C') == "22008");
    CHECK(ErrorField(Ask(client, "SELECT $1", kIntervalOid, false, "a while"), 'C') == "22007");
  }
  SECTION("Amazon's drivers know months and microseconds") {
    WireClient amazon(endpoint.port());
    amazon.LogIn({{"client_protocol_version", "2"}});
    CHECK(RowsOf(Ask(amazon, "SELECT $1", kIntervalOid, true, Int64(5'000'000) + Int32(0))) ==
          "0 days 0 hours 0 mins 5.0 secs");
    CHECK(ErrorField(Ask(amazon, "SELECT $1", kIntervalOid, true, Int64(0) + Int32(1)), 'C') == "22007");
    CHECK(ErrorField(Ask(amazon, "SELECT $1", kIntervalOid, true, day), 'C') == "22P03");
  }
}

}  // namespace vesto::test
