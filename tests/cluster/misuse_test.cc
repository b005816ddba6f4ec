#include <memory>
#include <optional>
#include <utility>

#include "support/catch.h"
#include "support/status.h"
#include "vesto/cluster.h"

// Handles used when they should not be: an error, never a crash.
namespace vesto {
namespace {

std::unique_ptr<Cluster> OpenCluster() {
  auto cluster = Cluster::Open({.compute_nodes = 2, .slices_per_node = 2});
  REQUIRE(cluster.ok());
  return *std::move(cluster);
}

Session Connect(Cluster& cluster) {
  auto session = cluster.Connect();
  REQUIRE(session.ok());
  return *std::move(session);
}

TEST_CASE("handles that outlive their cluster answer 57P01", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  REQUIRE(session.Execute("CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2)").ok());
  auto prepared = session.Prepare("SELECT a FROM t WHERE a > $1");
  REQUIRE(prepared.ok());
  Session streaming = Connect(*cluster), appending = Connect(*cluster);
  auto stream = streaming.Stream("SELECT a FROM t");
  REQUIRE(stream.ok());
  auto appender = appending.Append("t");
  REQUIRE(appender.ok());
  REQUIRE(appender->AppendRow({Value::Integer(3)}).ok());
  const auto result = session.Execute("SELECT MAX(a) FROM t");
  REQUIRE(result.ok());
  auto login = cluster->BeginLogin({.user = "awsuser", .method = LoginMethod::kTrust});
  REQUIRE(login.ok());

  cluster.reset();
  CHECK(session.Execute("SELECT 1").status().state() == SqlState::kAdminShutdown);
  CHECK(prepared->Execute({Value::Integer(1)}).status().state() == SqlState::kAdminShutdown);
  CHECK(session.terminated());
  // What was open ends, one way or the other; what was read stays.
  while (true) {
    auto batch = stream->Next();
    if (!batch.ok() || !batch->has_value()) break;
  }
  (void)appender->Close();
  CHECK(result->At(0, 0).integer() == 2);
  CHECK(login->Next("").ok());
}

TEST_CASE("a handle that was moved from answers 55000", "[cluster]") {
  auto cluster = OpenCluster();
  Session from = Connect(*cluster);
  REQUIRE(from.Execute("CREATE TABLE t (a INT)").ok());
  auto prepared = from.Prepare("SELECT 1");
  auto stream = from.Stream("SELECT 1");
  REQUIRE((prepared.ok() && stream.ok()));
  ResultStream moved_stream = *std::move(stream);
  CHECK(stream->Next().status().state() == SqlState::kObjectNotInPrerequisiteState);
  CHECK(stream->columns().empty());
  CHECK(stream->command_tag().empty());
  while (moved_stream.Next()->has_value()) {
  }
  PreparedStatement moved_prepared = *std::move(prepared);
  CHECK(prepared->Execute().status().state() == SqlState::kObjectNotInPrerequisiteState);
  CHECK(prepared->columns().empty());
  auto appender = from.Append("t");
  REQUIRE(appender.ok());
  Appender moved_appender = *std::move(appender);
  CHECK(appender->AppendRow({Value::Integer(1)}).state() ==
        SqlState::kObjectNotInPrerequisiteState);
  CHECK(appender->rows() == 0);
  CHECK(moved_appender.Close().ok());

  const Session to = std::move(from);
  CHECK(from.Execute("SELECT 1").status().state() == SqlState::kObjectNotInPrerequisiteState);
  CHECK(from.Prepare("SELECT 1").status().state() == SqlState::kObjectNotInPrerequisiteState);
  from.Cancel();
  from.Terminate();
  from.OnNotice(nullptr);
  CHECK(from.pid() == 0);
  CHECK(!from.in_transaction());
}

TEST_CASE("an appender ends with its transaction", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  REQUIRE(session.Execute("CREATE TABLE t (a INT)").ok());
  REQUIRE(session.Execute("BEGIN").ok());
  auto appender = session.Append("t");
  REQUIRE(appender.ok());
  REQUIRE(appender->AppendRow({Value::Integer(1)}).ok());
  const bool by_error = GENERATE(true, false);
  if (by_error) {
    REQUIRE_FALSE(session.Execute("SELECT 1 / 0").ok());
  } else {
    REQUIRE(session.Execute("ROLLBACK").ok());
    REQUIRE(session.Execute("BEGIN; INSERT INTO t VALUES (7)").ok());
  }
  CHECK(appender->AppendRow({Value::Integer(2)}).sqlstate() == "55000");
  CHECK(appender->Close().sqlstate() == "55000");
  REQUIRE(session.Execute("COMMIT").ok());
  const auto rows = session.Execute("SELECT COUNT(*) FROM t");
  REQUIRE(rows.ok());
  CHECK(rows->row(0).Get<int64_t>(0) == (by_error ? 0 : 1));
}

TEST_CASE("rows and columns that are not there read as NULL", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  const auto result = session.Execute("SELECT 1 AS a, 'x' AS b");
  REQUIRE(result.ok());
  CHECK(result->row(0).IsNull(2));
  CHECK(result->row(0).IsNull(-1));
  CHECK(result->row(0).Get<int32_t>(9) == 0);
  CHECK(result->row(0).Get<std::string_view>(9).empty());
  CHECK(result->row(5).IsNull(0));
  CHECK(result->row(-1).Get<std::string>(0).empty());
  CHECK(result->At(5, 0).is_null());
  CHECK(result->row(0).Get<int32_t>(1) == 0);  // a string is no number
}

TEST_CASE("impossible options are refused when a cluster opens", "[cluster]") {
  CHECK(Cluster::Open({.memory_per_node_bytes = 1}).status().state() ==
        SqlState::kInvalidParameterValue);
  CHECK(Cluster::Open({.database = ""}).status().state() == SqlState::kInvalidParameterValue);
  CHECK(Cluster::Open({.superuser = ""}).status().state() == SqlState::kInvalidParameterValue);
}

}  // namespace
}  // namespace vesto
