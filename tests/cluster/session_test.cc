#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/open_cluster.h"

// The C++ API as an embedding program uses it.
namespace vesto {
namespace {

// A statement that would take minutes.
constexpr const char* kEndless =
    "SELECT COUNT(*) FROM digits a, digits b, digits c, digits d, digits e, digits f, digits g, "
    "digits h, digits i, digits j";

void MakeDigits(Session& session) {
  Run(session, "CREATE TABLE digits (d INT); INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)");
}

TEST_CASE("parameters, rows, columns and batches show the same values", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  Run(session, "CREATE TABLE t (id INT DISTKEY, name VARCHAR(20), amount DECIMAL(12,2), day DATE)");
  Run(session, "INSERT INTO t VALUES ($1, $2, $3, $4)",
      {Value::Integer(7), Value::Varchar("ada"), Value::Decimal(1250, 12, 2), Date(2024, 2, 29)});
  const ResultSet result = Run(session, "SELECT id, name, amount, day, NULL::INT FROM t");
  REQUIRE(result.num_rows() == 1);
  REQUIRE(result.num_columns() == 5);
  const Row row = result.row(0);
  CHECK(row.Get<int64_t>(0) == 7);
  CHECK(row.Get<std::string_view>(1) == "ada");
  CHECK(row.Get<Decimal>(2) == Decimal{1250, 2});
  CHECK(row.Get<double>(2) == 12.5);
  CHECK(row.Get<std::string>(3) == "2024-02-29");
  CHECK(row.IsNull(4));
  int rows = 0;
  for (const Batch& batch : result.batches()) rows += batch.num_rows();
  CHECK(rows == 1);
  CHECK(result.columns()[2].type == Type::Decimal(12, 2));
}

TEST_CASE("several statements are one transaction unless they say BEGIN", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  Run(session, "CREATE TABLE t (x INT)");
  auto failed = session.Execute("INSERT INTO t VALUES (1); INSERT INTO t VALUES (1/0)");
  REQUIRE(!failed.ok());
  CHECK(failed.status().sqlstate() == "22012");
  CHECK(Run(session, "SELECT COUNT(*) FROM t").row(0).Get<int64_t>(0) == 0);
  CHECK(Run(session, "INSERT INTO t VALUES (1); SELECT COUNT(*) FROM t").row(0).Get<int64_t>(0) == 1);
}

TEST_CASE("an error carries its state, position and hint", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  const auto result = session.Execute("SELECT 1 FROM nowhere");
  REQUIRE(!result.ok());
  CHECK(result.status().state() == SqlState::kUndefinedTable);
  CHECK(result.status().position() == 15);
}

TEST_CASE("a data error of the slices has Redshift's block as its detail", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  Run(session, "CREATE TABLE t (s VARCHAR(20)); INSERT INTO t VALUES ('12x')");
  const auto failed = session.Execute("SELECT s::INT FROM t");
  REQUIRE(!failed.ok());
  CHECK(failed.status().state() == SqlState::kInvalidTextRepresentation);
  CHECK(failed.status().position() == 8);
  const std::string query =
      std::to_string(Run(session, "SELECT MAX(query) FROM stl_query WHERE aborted = 1").row(0).Get<int64_t>(0));
  CHECK(failed.status().detail() ==
        "\n  -----------------------------------------------"
        "\n  error:  Invalid digit, Value 'x', Pos 2, Type: Integer "
        "\n  code:      1207"
        "\n  context:   12x"
        "\n  query:     " + query +
        "\n  location:  "
        "\n  process:   query0_" + query + " [pid=" + std::to_string(session.pid()) + "]"
        "\n  -----------------------------------------------");
  // What the leader finds has none, nor what is no matter of data.
  const auto leader = session.Execute("SELECT '12x'::INT");
  REQUIRE(!leader.ok());
  CHECK(leader.status().detail().empty());
  const auto unknown = session.Execute("SELECT nothing FROM t");
  REQUIRE(!unknown.ok());
  CHECK(unknown.status().detail().empty());
}

TEST_CASE("a prepared statement runs with other parameters", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  Run(session, "CREATE TABLE t (x INT); INSERT INTO t VALUES (1), (2), (3)");
  auto prepared = session.Prepare("SELECT COUNT(*) FROM t WHERE x >= $1");
  REQUIRE(prepared.ok());
  REQUIRE(prepared->parameter_types().size() == 1);
  for (int from = 1; from <= 4; ++from) {
    auto result = prepared->Execute({Value::Integer(from)});
    REQUIRE(result.ok());
    CHECK(result->row(0).Get<int64_t>(0) == 4 - from);
  }
  CHECK(!prepared->Execute({}).ok());
}

TEST_CASE("a prepared statement of any kind knows the columns of its rows", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  Run(session, "CREATE TABLE t (x INT); CREATE VIEW v AS SELECT x FROM t; PREPARE p AS SELECT x, 1 AS one FROM t");
  const std::string statement = GENERATE(as<std::string>(), "SELECT x FROM t", "SHOW search_path", "SHOW ALL", "SHOW TABLE t",
      "SHOW VIEW v", "SHOW TABLES", "EXPLAIN SELECT x FROM t", "EXPLAIN DELETE FROM t", "EXECUTE p",
      "ANALYZE COMPRESSION t", "ANALYZE t", "SET search_path TO public", "INSERT INTO t VALUES (1)",
      "CREATE TABLE u AS SELECT x FROM t", "DROP VIEW v");
  INFO(statement);
  const auto prepared = session.Prepare(statement);
  REQUIRE(prepared.ok());
  const ResultSet result = Run(session, statement);
  REQUIRE(static_cast<int>(prepared->columns().size()) == result.num_columns());
  for (int i = 0; i < result.num_columns(); ++i) {
    CHECK(prepared->columns()[i].name == result.columns()[i].name);
    CHECK(prepared->columns()[i].type == result.columns()[i].type);
  }
}

TEST_CASE("SHOW takes names, patterns and types as parameters", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  Run(session, "CREATE TABLE p (a INT PRIMARY KEY); CREATE TABLE f (a INT REFERENCES p); GRANT SELECT ON p TO PUBLIC");
  const auto rows = [&session](const char* statement, const std::vector<std::string>& names) {
    INFO(statement);
    auto prepared = session.Prepare(statement);
    REQUIRE(prepared.ok());
    REQUIRE(prepared->parameter_types().size() == names.size());
    std::vector<Value> parameters;
    for (const std::string& name : names) parameters.push_back(Value::Varchar(name));
    const auto result = prepared->Execute(parameters);
    REQUIRE(result.ok());
    return result->num_rows();
  };
  CHECK(rows("SHOW TABLES FROM SCHEMA $1.$2 LIKE $3", {"dev", "public", "p"}) == 1);
  CHECK(rows("SHOW CONSTRAINTS PRIMARY KEYS FROM TABLE $1.$2.$3", {"dev", "public", "p"}) == 1);
  CHECK(rows("SHOW CONSTRAINTS FOREIGN KEYS FROM TABLE $1.$2.$3", {"dev", "public", "f"}) == 1);
  CHECK(rows("SHOW CONSTRAINTS FOREIGN KEYS EXPORTED FROM TABLE $1.$2.$3", {"dev", "public", "p"}) == 1);
  CHECK(rows("SHOW GRANTS ON TABLE $1.$2.$3", {"dev", "public", "p"}) == 1);
  CHECK(rows("SHOW COLUMN GRANTS ON TABLE $1.$2.$3", {"dev", "public", "p"}) == 0);
  CHECK(rows("SHOW PROCEDURES FROM SCHEMA $1.$2", {"dev", "public"}) == 0);
  CHECK(rows("SHOW FUNCTIONS FROM SCHEMA $1.$2 LIKE $3", {"dev", "pg_catalog", "initcap"}) == 1);
  CHECK(rows("SHOW PARAMETERS OF FUNCTION $1.$2.$3($4, $5) LIKE $6",
             {"dev", "pg_catalog", "substring", "character varying", "integer", "%"}) == 3);
  CHECK(rows("SHOW PARAMETERS OF PROCEDURE $1.$2.$3()", {"dev", "public", "p"}) == 0);
}

TEST_CASE("a stream gives every row once and holds the session meanwhile", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  MakeDigits(session);
  {
    auto stream = session.Stream("SELECT a.d * 1000 + b.d * 100 + c.d * 10 + e.d FROM digits a, digits b, digits c, digits e");
    REQUIRE(stream.ok());
    const auto busy = session.Execute("SELECT 1");
    REQUIRE(!busy.ok());
    CHECK(busy.status().sqlstate() == "55006");
    std::vector<bool> seen(10000, false);
    int64_t rows = 0;
    while (true) {
      auto batch = stream->Next();
      REQUIRE(batch.ok());
      if (!batch->has_value()) break;
      for (int i = 0; i < (*batch)->num_rows(); ++i) seen[(*batch)->column(0).Int64(i)] = true;
      rows += (*batch)->num_rows();
    }
    CHECK(rows == 10000);
    CHECK(std::find(seen.begin(), seen.end(), false) == seen.end());
  }
  CHECK(session.Execute("SELECT 1").ok());
}

TEST_CASE("a stream that is dropped early frees its session", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  MakeDigits(session);
  {
    auto stream = session.Stream(
        "SELECT a.d FROM digits a, digits b, digits c, digits d, digits e, digits f, digits g");
    REQUIRE(stream.ok());
    REQUIRE(stream->Next().ok());
  }
  CHECK(session.Execute("SELECT 1").ok());
}

TEST_CASE("a stream that is closed early has ended well", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  MakeDigits(session);
  Run(session, "BEGIN");
  Run(session, "INSERT INTO digits VALUES (10)");
  auto stream = session.Stream("SELECT a.d FROM digits a, digits b, digits c, digits d, digits e, digits f");
  REQUIRE(stream.ok());
  REQUIRE(stream->Next().ok());
  CHECK(stream->Close().ok());
  CHECK(stream->command_tag() == "SELECT");
  auto rest = stream->Next();
  REQUIRE(rest.ok());
  CHECK(!rest->has_value());
  CHECK(stream->Close().ok());
  CHECK(!session.transaction_failed());
  Run(session, "COMMIT");
  CHECK(Run(session, "SELECT COUNT(*) FROM digits").row(0).Get<int64_t>(0) == 11);

  // What changes rows has no rows to leave: it runs to its end.
  auto insert = session.Stream("INSERT INTO digits VALUES (11), (12)");
  REQUIRE(insert.ok());
  CHECK(insert->Close().ok());
  CHECK(insert->affected_rows() == 2);
  CHECK(Run(session, "SELECT COUNT(*) FROM digits").row(0).Get<int64_t>(0) == 13);

  // A result that is in memory already.
  auto kept = session.Stream("SELECT d FROM digits");
  REQUIRE(kept.ok());
  REQUIRE(kept->Materialize().ok());
  CHECK(kept->Close().ok());
  auto nothing = kept->Next();
  REQUIRE(nothing.ok());
  CHECK(!nothing->has_value());

  auto copy = session.Stream("COPY digits FROM STDIN");
  REQUIRE(copy.ok());
  CHECK(copy->Close().sqlstate() == "55000");
  REQUIRE(copy->PutCopyData("13\n").ok());
  REQUIRE(copy->EndCopyData().ok());
}

TEST_CASE("cancel from another thread ends the statement with 57014", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  MakeDigits(session);
  std::atomic<bool> ended{false};
  std::thread canceller([&] {
    while (!ended) {
      session.Cancel();
      std::this_thread::yield();
    }
  });
  const auto result = session.Execute(kEndless);
  ended = true;
  canceller.join();
  REQUIRE(!result.ok());
  CHECK(result.status().sqlstate() == "57014");
  CHECK(session.Execute("SELECT 1").ok());
}

TEST_CASE("a statement timeout ends the statement with 57014", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  MakeDigits(session);
  Run(session, "SET statement_timeout TO 50");
  const auto result = session.Execute(kEndless);
  REQUIRE(!result.ok());
  CHECK(result.status().sqlstate() == "57014");
}

TEST_CASE("one row that takes for ever can be cancelled, and its session ended", "[cluster]") {
  // Folded on the session's own thread: nothing but the kernel can look at the flag.
  constexpr auto kLongRow = "SELECT REGEXP_COUNT(REPEAT('z', 1000000), 'z*+[xy]', 1, 'p')";
  const bool terminate = GENERATE(false, true);
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  std::atomic<bool> started{false};
  std::thread other([&] {
    while (!started) std::this_thread::yield();
    // A request that comes before the statement runs is lost: they are repeated.
    Session superuser = Connect(*cluster);
    const std::string call = terminate ? "pg_terminate_backend(" : "pg_cancel_backend(";
    while (started) {
      CHECK(superuser.Execute("SELECT " + call + std::to_string(session.pid()) + ")").ok());
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
  started = true;
  const auto result = session.Execute(kLongRow);
  started = false;
  other.join();
  REQUIRE(!result.ok());
  CHECK(result.status().sqlstate() == (terminate ? "57P01" : "57014"));
}

TEST_CASE("a progress callback may stop the statement", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  MakeDigits(session);
  int calls = 0;
  session.OnProgress([&](const Progress&) { return ++calls < 2; });
  const auto result = session.Execute(kEndless);
  REQUIRE(!result.ok());
  CHECK(result.status().sqlstate() == "57014");
  CHECK(calls == 2);
}

TEST_CASE("an appender's rows appear together, or not at all", "[cluster]") {
  auto cluster = OpenCluster();
  Session session = Connect(*cluster);
  Session other = Connect(*cluster);
  Run(session, "CREATE TABLE t (id BIGINT DISTKEY, name VARCHAR(5) NOT NULL)");
  {
    auto appender = session.Append("t");
    REQUIRE(appender.ok());
    for (int i = 0; i < 5000; ++i) {
      REQUIRE(appender->AppendRow({Value::Integer(i), Value::Varchar("x")}).ok());
    }
    CHECK(Run(other, "SELECT COUNT(*) FROM t").row(0).Get<int64_t>(0) == 0);
    REQUIRE(appender->Close().ok());
  }
  CHECK(Run(other, "SELECT COUNT(*), COUNT(DISTINCT id) FROM t").row(0).Get<int64_t>(1) == 5000);
  {
    auto appender = session.Append("t");
    REQUIRE(appender.ok());
    REQUIRE(appender->AppendRow({Value::Integer(1), Value::Null()}).ok());
    const Status closed = appender->Close();
    CHECK(closed.sqlstate() == "23502");
  }
  CHECK(Run(other, "SELECT COUNT(*) FROM t").row(0).Get<int64_t>(0) == 5000);
}

TEST_CASE("a result outlives its session and its cluster", "[cluster]") {
  ResultSet result;
  {
    auto cluster = OpenCluster();
    Session session = Connect(*cluster);
    Run(session, "CREATE TABLE t (name VARCHAR(60)); INSERT INTO t VALUES ('a name that is too long to be inline')");
    result = Run(session, "SELECT name FROM t");
  }
  CHECK(result.row(0).Get<std::string>(0) == "a name that is too long to be inline");
}

TEST_CASE("clusters of one process never meet", "[cluster]") {
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i, &right] {
      auto cluster = Cluster::Open({.compute_nodes = 1 + i % 2, .slices_per_node = 2});
      if (!cluster.ok()) return;
      auto session = (*cluster)->Connect();
      if (!session.ok()) return;
      for (int k = 0; k < 20; ++k) {
        const std::string sql = "CREATE TABLE t" + std::to_string(k) + " (x INT); INSERT INTO t" +
                                std::to_string(k) + " VALUES (" + std::to_string(i) +
                                "); SELECT MAX(x) FROM t" + std::to_string(k);
        auto result = session->Execute(sql);
        if (result.ok() && result->row(0).Get<int64_t>(0) == i) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 80);
}

TEST_CASE("sessions that read and write one table at the same time keep it whole", "[cluster]") {
  auto cluster = OpenCluster();
  Session setup = Connect(*cluster);
  Run(setup, "CREATE TABLE t (id INT DISTKEY, v INT); INSERT INTO t SELECT 1, 0");
  constexpr int kRounds = 30;
  std::atomic<int> inserted{0};
  std::atomic<bool> saw_half{false};
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 2; ++writer) {
    threads.emplace_back([&, writer] {
      auto session = cluster->Connect();
      for (int i = 0; session.ok() && i < kRounds; ++i) {
        auto result = session->Execute("INSERT INTO t VALUES ($1, 1), ($2, 1)",
                                       {Value::Integer(writer), Value::Integer(100000 + i)});
        if (result.ok()) inserted += 2;
      }
    });
  }
  threads.emplace_back([&] {
    auto session = cluster->Connect();
    for (int i = 0; session.ok() && i < kRounds; ++i) {
      auto result = session->Execute("SELECT COUNT(*) FROM t");
      // Statements insert two rows at a time: a reader never sees one of them alone.
      if (result.ok() && result->row(0).Get<int64_t>(0) % 2 != 1) saw_half = true;
    }
  });
  for (std::thread& thread : threads) thread.join();
  CHECK(!saw_half);
  CHECK(Run(setup, "SELECT COUNT(*) FROM t").row(0).Get<int64_t>(0) == 1 + inserted);
}

TEST_CASE("an impossible topology and a directory are refused", "[cluster]") {
  CHECK(Cluster::Open({.compute_nodes = 0}).status().sqlstate() == "22023");
  CHECK(Cluster::Open({.directory = "/tmp/somewhere"}).status().sqlstate() == "0A000");
}

}  // namespace
}  // namespace vesto
