#include <string>

#include "support/open_cluster.h"

// Texts that come again share a plan, with integers as parameters: nothing but time may tell.
namespace vesto {
namespace {

std::string One(Session& session, const std::string& sql) {
  const auto result = session.Execute(sql);
  if (!result.ok()) return std::string(result.status().sqlstate());
  return result->num_rows() == 1 && !result->row(0).IsNull(0)
             ? result->row(0).Get<std::string>(0)
             : std::to_string(result->num_rows()) + " rows";
}

struct Repeated {
  std::unique_ptr<Cluster> cluster = OpenCluster();
  Session session = Connect(*cluster);
  Session other = Connect(*cluster);
};

TEST_CASE_METHOD(Repeated, "each text gets the answer to its own number", "[repeated_texts]") {
  Run(session, "CREATE TABLE t (id INT SORTKEY, v VARCHAR(20)); "
               "INSERT INTO t VALUES (1, 'one'), (2, 'two'), (30, 'thirty'), (31, 'more')");
  for (int round = 0; round < 3; ++round) {
    CHECK(One(session, "SELECT v FROM t WHERE id = 1") == "one");
    CHECK(One(session, "SELECT v FROM t WHERE id = 2") == "two");
    CHECK(One(session, "SELECT v FROM t WHERE id = 30") == "thirty");
    CHECK(One(session, "SELECT v FROM t WHERE id = 31 AND 1 = 1") == "more");
    CHECK(One(session, "SELECT v FROM t WHERE id = 31 AND 1 = 2") == "0 rows");
    CHECK(One(session, "SELECT v FROM t WHERE id = 9") == "0 rows");
    CHECK(One(session, "SELECT COUNT(*) FROM t WHERE id = 1 OR id = 2") == "2");
  }
  Run(other, "INSERT INTO t VALUES (9, 'nine')");
  CHECK(One(session, "SELECT v FROM t WHERE id = 9") == "nine");
  CHECK(One(session, "SELECT COUNT(*) FROM stl_query WHERE querytxt = 'SELECT v FROM t WHERE id = 9'") == "4");
}

// A literal may be more than a parameter of its type.
TEST_CASE_METHOD(Repeated, "a number keeps what it means to columns of any type",
                 "[repeated_texts]") {
  Run(session, "CREATE TABLE t (b BOOLEAN, s VARCHAR(5), c CHAR(3), n DECIMAL(20,4), d DATE, si SMALLINT, r REAL); "
               "INSERT INTO t VALUES (TRUE, '5', '5', 5, '2024-01-01', 5, 5)");
  for (const char* column : {"b", "s", "c", "n", "d", "si", "r"}) {
    const std::string text = std::string("SELECT COUNT(*) FROM t WHERE ") + column + " = 5";
    const std::string first = One(session, text);
    for (int round = 0; round < 4; ++round) CHECK(One(session, text) == first);
  }
}

TEST_CASE_METHOD(Repeated, "a column may change its type between two texts", "[repeated_texts]") {
  Run(session, "CREATE TABLE t (a INT); INSERT INTO t VALUES (5)");
  const std::string text = "SELECT COUNT(*) FROM t WHERE a = 5";
  for (int round = 0; round < 3; ++round) CHECK(One(session, text) == "1");
  Run(other, "DROP TABLE t; CREATE TABLE t (a BOOLEAN); INSERT INTO t VALUES (TRUE)");
  const std::string fresh = One(other, text);
  for (int round = 0; round < 3; ++round) CHECK(One(session, text) == fresh);
  Run(other, "DROP TABLE t; CREATE TABLE t (a VARCHAR(5)); INSERT INTO t VALUES ('5')");
  const std::string varchar = One(other, text);
  for (int round = 0; round < 3; ++round) CHECK(One(session, text) == varchar);
  Run(session, "BEGIN; DROP TABLE t; CREATE TABLE t (a INT); INSERT INTO t VALUES (5), (5)");
  for (int round = 0; round < 3; ++round) CHECK(One(session, text) == "2");
  Run(session, "ROLLBACK");
  CHECK(One(session, text) == varchar);
}

TEST_CASE_METHOD(Repeated, "errors tell of the text that was sent", "[repeated_texts]") {
  Run(session, "CREATE TABLE t (a INT); INSERT INTO t VALUES (0)");
  for (int a = 10; a < 15; ++a) {
    const auto result = session.Execute("SELECT 1 / b FROM t WHERE a = " + std::to_string(a));
    REQUIRE_FALSE(result.ok());
    CHECK(result.status().sqlstate() == "42703");
    CHECK(result.status().position() == 12);
  }
  for (int round = 0; round < 3; ++round) CHECK(One(session, "SELECT 1 / a FROM t WHERE a = 0") == "22012");
  for (int round = 0; round < 3; ++round) CHECK(One(session, "SELECT 1 FROM") == "42601");
}

TEST_CASE_METHOD(Repeated, "rights and settings are looked at each time", "[repeated_texts]") {
  Run(session, "CREATE TABLE t (a INT); INSERT INTO t VALUES (5); CREATE USER ada PASSWORD DISABLE; "
               "GRANT SELECT ON t TO ada; CREATE SCHEMA s; CREATE TABLE s.t (a INT)");
  auto as_ada = cluster->Connect({.user = "ada"});
  REQUIRE(as_ada.ok());
  const std::string text = "SELECT COUNT(*) FROM t WHERE a = 5";
  for (int round = 0; round < 3; ++round) CHECK(One(*as_ada, text) == "1");
  Run(session, "REVOKE SELECT ON t FROM ada");
  for (int round = 0; round < 3; ++round) CHECK(One(*as_ada, text) == "42501");
  for (int round = 0; round < 3; ++round) CHECK(One(session, text) == "1");
  Run(session, "SET search_path TO s");
  for (int round = 0; round < 3; ++round) CHECK(One(session, text) == "0");
  Run(session, "DISCARD ALL");
  CHECK(One(session, text) == "1");
  for (int round = 0; round < 3; ++round) CHECK(One(session, "SELECT CURRENT_USER") == "awsuser");
  Run(session, "SET SESSION AUTHORIZATION ada");
  CHECK(One(session, "SELECT CURRENT_USER") == "ada");
}

}  // namespace
}  // namespace vesto
