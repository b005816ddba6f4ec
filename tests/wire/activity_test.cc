#include <chrono>
#include <string>
#include <thread>

#include "support/catch.h"
#include "support/wire_client.h"
#include "support/wire_endpoint.h"

// What system views tell of sessions and of what they run.
namespace vesto::test {
namespace {

// Waits until `sql` gives `rows`, ten seconds at most.
bool Becomes(WireClient& client, const std::string& sql, const std::string& rows) {
  for (int i = 0; i < 1000; ++i) {
    if (RowsOf(client.Query(sql)) == rows) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST_CASE("a running statement is in STV_INFLIGHT and STV_RECENTS", "[wire]") {
  Endpoint endpoint;
  WireClient worker(endpoint.port()), watcher(endpoint.port());
  worker.LogIn();
  watcher.LogIn();
  watcher.Query("CREATE TABLE t (id INT); INSERT INTO t VALUES (1)");
  // Another session holds the table: the statement waits for it.
  watcher.Query("BEGIN; LOCK t");
  worker.Send('Q', CString("SET query_group TO 'nightly'; INSERT INTO t VALUES (2)"));
  const std::string pid = std::to_string(worker.pid);
  CHECK(Becomes(watcher, "SELECT label, text FROM stv_inflight WHERE pid = " + pid,
                "nightly|INSERT INTO t VALUES (2)"));
  CHECK(RowsOf(watcher.Query("SELECT status, user_name, db_name, duration > 0 FROM stv_recents WHERE pid = " +
                             pid)) == "Running|awsuser|dev|t");
  watcher.Query("COMMIT");
  CHECK(TagsOf(worker.ReadUntilReady()) == "SET;INSERT 0 1");
  CHECK(RowsOf(watcher.Query("SELECT COUNT(*) FROM stv_inflight WHERE pid = " + pid)) == "0");
  // The leader's own statements are in STV_RECENTS alone.
  CHECK(RowsOf(watcher.Query("SELECT COUNT(*) FROM stv_recents WHERE status = 'Running'")) == "1");
}

TEST_CASE("a statement ends when its client is gone, whatever the client had sent ahead", "[wire]") {
  Endpoint endpoint;
  WireClient watcher(endpoint.port());
  watcher.LogIn();
  watcher.Query("CREATE TABLE d (a INT); INSERT INTO d VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)");
  // Minutes, if nobody ended it.
  const std::string endless =
      "SELECT COUNT(*) FROM d a, d b, d c, d d, d e, d f, d g, d h, d i, d j, d k, d l";
  const std::string running = "SELECT COUNT(*) FROM stv_inflight WHERE text LIKE 'SELECT COUNT(*) FROM d a%'";
  for (const bool sends_ahead : {false, true}) {
    {
      WireClient client(endpoint.port());
      client.LogIn();
      client.Send('P', Parse("", endless));
      client.Send('B', Bind("", ""));
      client.Send('H', "");
      // What it has not read when it closes would be answered with a reset, which is seen at once.
      REQUIRE(client.Read().type == '1');
      REQUIRE(client.Read().type == '2');
      client.Send('E', Execute(""));
      REQUIRE(Becomes(watcher, running, "1"));
      if (sends_ahead) client.Send('S', "");
    }
    CHECK(Becomes(watcher, running, "0"));
    CHECK(Becomes(watcher, "SELECT COUNT(*) FROM stv_sessions", "1"));
  }
}

TEST_CASE("STL_CONNECTION_LOG tells of logins and sessions", "[wire]") {
  Endpoint endpoint;
  WireClient client(endpoint.port());
  client.LogIn({{"application_name", "loader"}, {"driver_version", "X 1.0"}});
  const std::string query =
      "SELECT event, remotehost, dbname, username, authmethod, application_name, driver_version "
      "FROM stl_connection_log WHERE pid = " + std::to_string(client.pid) + " ORDER BY recordtime, event";
  CHECK(RowsOf(client.Query(query)) ==
        "authenticated|127.0.0.1|dev|awsuser|trust|loader|X 1.0;"
        "initiating session|127.0.0.1|dev|awsuser|trust|loader|X 1.0");
  {
    WireClient short_lived(endpoint.port());
    short_lived.LogIn();
    short_lived.Send('X', "");
    short_lived.Read();
  }
  CHECK(Becomes(client, "SELECT COUNT(*) FROM stl_connection_log WHERE event = 'disconnecting session' AND duration > 0",
                "1"));
  WireClient stranger(endpoint.port());
  stranger.SendStartup({{"user", "nobody"}, {"database", "dev"}});
  CHECK(stranger.Read().type == 'E');
  CHECK(Becomes(client, "SELECT username FROM stl_connection_log WHERE event = 'authentication failure'", "nobody"));
}

TEST_CASE("SESSION TIMEOUT ends a user's idle session", "[wire]") {
  Endpoint endpoint;
  auto session = endpoint.cluster->Connect();
  REQUIRE(session.ok());
  REQUIRE(session->Execute("CREATE USER ada PASSWORD 'Secret123' SESSION TIMEOUT 60").ok());
  auto ada = endpoint.cluster->Connect({.user = "ada"});
  REQUIRE(ada.ok());
  // The endpoint asks for this, as for its own --idle-timeout, which has a test in server_test.cc.
  CHECK(ada->idle_timeout() == std::chrono::seconds(60));
  CHECK(session->idle_timeout() == std::chrono::seconds(0));
}

}  // namespace
}  // namespace vesto::test
