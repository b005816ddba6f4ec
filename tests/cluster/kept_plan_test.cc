#include <string>
#include <vector>

#include "support/open_cluster.h"

// A prepared statement keeps its plan: whatever the plan was decided by may change between two
// executions, and the second must answer as a new statement would.
namespace vesto {
namespace {

PreparedStatement Prepare(Session& session, std::string_view sql,
                          const std::vector<Type>& types = {}) {
  auto prepared = session.Prepare(sql, types);
  INFO(prepared.status().ToString());
  REQUIRE(prepared.ok());
  return *std::move(prepared);
}

std::string One(PreparedStatement& prepared, const std::vector<Value>& parameters = {}) {
  const auto result = prepared.Execute(parameters);
  if (!result.ok()) return std::string(result.status().sqlstate());
  REQUIRE(result->num_rows() == 1);
  return result->row(0).IsNull(0) ? "NULL" : result->row(0).Get<std::string>(0);
}

struct Fixture {
  std::unique_ptr<Cluster> cluster = OpenCluster();
  Session session = Connect(*cluster);
  Session other = Connect(*cluster);
};

TEST_CASE_METHOD(Fixture, "a kept plan takes new parameters and sees new rows", "[kept_plan]") {
  Run(session, "CREATE TABLE t (id INT SORTKEY, v VARCHAR(20)); INSERT INTO t VALUES (1, 'one'), (2, 'two')");
  auto by_id = Prepare(session, "SELECT MAX(v) FROM t WHERE id = $1");
  CHECK(One(by_id, {Value::Integer(1)}) == "one");
  CHECK(One(by_id, {Value::Integer(2)}) == "two");
  CHECK(One(by_id, {Value::Integer(3)}) == "NULL");
  CHECK(One(by_id, {Value::Null(Type::Integer())}) == "NULL");
  Run(other, "INSERT INTO t VALUES (3, 'three'); DELETE FROM t WHERE id = 1");
  CHECK(One(by_id, {Value::Integer(3)}) == "three");
  CHECK(One(by_id, {Value::Integer(1)}) == "NULL");
  Run(session, "TRUNCATE t");
  CHECK(One(by_id, {Value::Integer(3)}) == "NULL");
  CHECK(One(by_id) == "42P02");
}

// The forms of wide decimals rely on the bounds of the values that there are.
TEST_CASE_METHOD(Fixture, "a kept plan knows of values beyond the old bounds", "[kept_plan]") {
  Run(session, "CREATE TABLE t (id INT, a DECIMAL(38,0)); INSERT INTO t VALUES (1, 5), (2, 7)");
  auto sum = Prepare(session, "SELECT SUM(a * 2) FROM t");
  auto most = Prepare(session, "SELECT MAX(a) FROM t WHERE a > 0");
  for (int i = 0; i < 2; ++i) {
    CHECK(One(sum) == "24");
    CHECK(One(most) == "7");
  }
  Run(other, "INSERT INTO t VALUES (3, 40000000000000000000000000000000000)");
  CHECK(One(sum) == "80000000000000000000000000000000024");
  CHECK(One(most) == "40000000000000000000000000000000000");
  Run(session, "BEGIN; INSERT INTO t VALUES (4, 50000000000000000000000000000000000)");
  CHECK(One(most) == "50000000000000000000000000000000000");
  Run(session, "ROLLBACK");
  CHECK(One(most) == "40000000000000000000000000000000000");
}

TEST_CASE_METHOD(Fixture, "a kept plan ends with the definitions that it was made of",
                 "[kept_plan]") {
  Run(session, "CREATE TABLE t (id INT, v INT); INSERT INTO t VALUES (1, 10)");
  Run(session, "CREATE VIEW w AS SELECT v FROM t");
  auto of_table = Prepare(session, "SELECT MAX(v) FROM t");
  auto of_view = Prepare(session, "SELECT MAX(v) FROM w");
  CHECK(One(of_table) == "10");
  CHECK(One(of_view) == "10");
  Run(other, "CREATE OR REPLACE VIEW w AS SELECT v + 1 AS v FROM t");
  CHECK(One(of_view) == "11");
  Run(session, "BEGIN; CREATE OR REPLACE VIEW w AS SELECT v + 2 AS v FROM t");
  CHECK(One(of_view) == "12");
  Run(session, "ROLLBACK");
  CHECK(One(of_view) == "11");
  Run(other, "DROP VIEW w");
  CHECK(One(of_view) == "42P01");
  Run(session, "CREATE TEMP TABLE t (v INT); INSERT INTO t VALUES (99)");
  CHECK(One(of_table) == "99");
  Run(session, "DROP TABLE t");
  CHECK(One(of_table) == "10");
  Run(other, "DROP TABLE t; CREATE TABLE t (v INT); INSERT INTO t VALUES (77)");
  CHECK(One(of_table) == "77");
}

TEST_CASE_METHOD(Fixture, "a kept plan ends with the settings that it was made under",
                 "[kept_plan]") {
  Run(session, "CREATE SCHEMA s; CREATE TABLE t (v INT); CREATE TABLE s.t (v INT); "
               "INSERT INTO t VALUES (1); INSERT INTO s.t VALUES (2)");
  auto value = Prepare(session, "SELECT MAX(v) FROM t");
  CHECK(One(value) == "1");
  Run(session, "SET search_path TO s, public");
  CHECK(One(value) == "2");
  Run(session, "RESET search_path");
  CHECK(One(value) == "1");
  auto folded = Prepare(session, "SELECT '01/02/2024'::DATE::VARCHAR");
  CHECK(One(folded) == "2024-01-02");
  Run(session, "SET datestyle TO 'ISO, DMY'");
  CHECK(One(folded) == "2024-02-01");
}

TEST_CASE_METHOD(Fixture, "rights are checked at each run of a kept plan", "[kept_plan]") {
  Run(session, "CREATE TABLE t (v INT); INSERT INTO t VALUES (1); CREATE USER ada PASSWORD DISABLE; "
               "GRANT SELECT ON t TO ada");
  auto as_ada = cluster->Connect({.user = "ada"});
  REQUIRE(as_ada.ok());
  auto value = Prepare(*as_ada, "SELECT MAX(v) FROM t");
  CHECK(One(value) == "1");
  Run(session, "REVOKE SELECT ON t FROM ada");
  CHECK(One(value) == "42501");
  Run(session, "GRANT SELECT ON t TO ada");
  CHECK(One(value) == "1");
  auto mine = Prepare(session, "SELECT MAX(v) FROM t");
  CHECK(One(mine) == "1");
  Run(session, "REVOKE SELECT ON t FROM ada; SET SESSION AUTHORIZATION ada");
  CHECK(One(mine) == "42501");
  Run(session, "RESET SESSION AUTHORIZATION");
  CHECK(One(mine) == "1");
}

TEST_CASE_METHOD(Fixture, "what changes by itself is not kept", "[kept_plan]") {
  auto query_id = Prepare(session, "SELECT CURRENT_USER || GETDATE()::VARCHAR");
  CHECK(One(query_id).starts_with("awsuser"));
  Run(session, "CREATE USER ada PASSWORD DISABLE; SET SESSION AUTHORIZATION ada");
  CHECK(One(query_id).starts_with("ada"));
  Run(session, "RESET SESSION AUTHORIZATION");
  auto random = Prepare(session, "SELECT RANDOM()");
  CHECK(One(random) != One(random));
  auto tables = Prepare(session, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'");
  CHECK(One(tables) == "0");
  Run(session, "CREATE TABLE t (v INT)");
  CHECK(One(tables) == "1");
}

TEST_CASE_METHOD(Fixture, "writes keep their plans too", "[kept_plan]") {
  Run(session, "CREATE TABLE t (id INT IDENTITY(1,1), v INT, at TIMESTAMP DEFAULT GETDATE())");
  auto insert = Prepare(session, "INSERT INTO t (v) VALUES ($1)");
  auto update = Prepare(session, "UPDATE t SET v = v + $1 WHERE id = $2");
  auto remove = Prepare(session, "DELETE FROM t WHERE v < $1");
  for (int i = 1; i <= 50; ++i) {
    auto inserted = insert.Execute({Value::Integer(i)});
    REQUIRE(inserted.ok());
    CHECK(inserted->affected_rows() == 1);
  }
  for (int i = 1; i <= 50; ++i) {
    auto updated = update.Execute({Value::Integer(100), Value::Integer(i)});
    REQUIRE(updated.ok());
    CHECK(updated->affected_rows() == 1);
  }
  const ResultSet sums =
      Run(session, "SELECT COUNT(DISTINCT id), MIN(id), MAX(id), SUM(v) FROM t WHERE at IS NOT NULL");
  CHECK(sums.row(0).Get<int64_t>(0) == 50);
  CHECK(sums.row(0).Get<int64_t>(1) == 1);
  CHECK(sums.row(0).Get<int64_t>(2) == 50);
  CHECK(sums.row(0).Get<int64_t>(3) == 50 * 51 / 2 + 5000);
  auto removed = remove.Execute({Value::Integer(126)});
  REQUIRE(removed.ok());
  CHECK(removed->affected_rows() == 25);
  Run(session, "BEGIN READ ONLY");
  CHECK(insert.Execute({Value::Integer(1)}).status().sqlstate() == "25006");
  Run(session, "ROLLBACK");
}

TEST_CASE_METHOD(Fixture, "a kept plan owns its rows", "[kept_plan]") {
  Run(session, "CREATE TABLE t (v INT)");
  std::string text = "INSERT INTO t VALUES (0)";
  for (int i = 1; i < 3000; ++i) text += ",(" + std::to_string(i) + ")";
  {
    auto insert = Prepare(session, text);
    for (int i = 0; i < 3; ++i) REQUIRE(insert.Execute().ok());
  }
  CHECK(Run(session, "SELECT SUM(v) FROM t").row(0).Get<int64_t>(0) == 3LL * 3000 * 2999 / 2);
}

TEST_CASE("prepared statements are bounded by the cluster's memory", "[kept_plan]") {
  auto cluster = Cluster::Open({.memory_per_node_bytes = 8 << 20});
  REQUIRE(cluster.ok());
  Session session = Connect(**cluster);
  std::vector<PreparedStatement> statements;
  Status last = OkStatus();
  while (last.ok() && statements.size() < 10'000) {
    auto prepared = session.Prepare("SELECT 1 AS a, 2 AS b, 3 AS c");
    last = prepared.status();
    if (!last.ok()) break;
    (void)prepared->Execute();
    statements.push_back(*std::move(prepared));
  }
  CHECK(last.sqlstate() == "53200");
  CHECK(statements.size() > 100);
  CHECK(One(statements.front()) == "1");  // what there is goes on
  statements.clear();
  auto after = session.Prepare("SELECT 1");
  REQUIRE(after.ok());
  CHECK(One(*after) == "1");
}

TEST_CASE_METHOD(Fixture, "parameters of another type make another plan", "[kept_plan]") {
  auto twice = Prepare(session, "SELECT $1 || '!'");
  CHECK(One(twice, {Value::Varchar("a")}) == "a!");
  CHECK(One(twice, {Value::Varchar(std::string(1000, 'b'))}) == std::string(1000, 'b') + "!");
  CHECK(One(twice, {Value::Null(Type::Varchar(5))}) == "NULL");
  auto plus = Prepare(session, "SELECT $1 + 1", {Type::Integer()});
  CHECK(One(plus, {Value::Integer(1)}) == "2");
  CHECK(One(plus, {Value::Decimal(150, 10, 2)}) == "2.50");
  CHECK(One(plus, {Value::Integer(2)}) == "3");
}

TEST_CASE_METHOD(Fixture, "EXECUTE keeps the plan of PREPARE", "[kept_plan]") {
  Run(session, "CREATE TABLE t (id INT, v INT); INSERT INTO t VALUES (1, 10), (2, 20)");
  Run(session, "PREPARE p (INT) AS SELECT v FROM t WHERE id = $1");
  for (int i = 0; i < 3; ++i) {
    CHECK(Run(session, "EXECUTE p (1)").row(0).Get<int64_t>(0) == 10);
    CHECK(Run(session, "EXECUTE p (2)").row(0).Get<int64_t>(0) == 20);
  }
  Run(session, "INSERT INTO t VALUES (3, 30)");
  CHECK(Run(session, "EXECUTE p (3)").row(0).Get<int64_t>(0) == 30);
}

}  // namespace
}  // namespace vesto
