#include "sql/text_shape.h"

#include <string>
#include <vector>

#include "support/catch.h"

namespace vesto::sql {
namespace {

std::string KeyOf(std::string_view text) {
  const auto shape = ShapeOf(text);
  return shape.has_value() ? shape->key : "(none)";
}

TEST_CASE("numbers that WHERE compares with leave the key", "[text_shape]") {
  const auto shape = ShapeOf("SELECT a FROM t WHERE b = 42 AND (c=7) ");
  REQUIRE(shape.has_value());
  CHECK(shape->key == "SELECT a FROM t WHERE b = ?? AND (c=?) ");
  REQUIRE(shape->numbers.size() == 2);
  CHECK(shape->numbers[0].offset == 26);
  CHECK(shape->numbers[0].value == 42);
  CHECK(shape->numbers[1].value == 7);
  // Another length is another key: offsets stay what they are.
  CHECK(KeyOf("SELECT a FROM t WHERE b = 421") == "SELECT a FROM t WHERE b = ???");
  CHECK(KeyOf("select a from t where b = 999999999 limit 5;") ==
        "select a from t where b = ????????? limit 5;");
}

TEST_CASE("all other numbers belong to the key", "[text_shape]") {
  for (const char* text :
       {"SELECT 1", "SELECT 1 = 1", "SELECT a = 5 FROM t", "SELECT a FROM t WHERE b > 5",
        "SELECT a FROM t WHERE b >= 5", "SELECT a FROM t WHERE b != 5", "SELECT a FROM t WHERE b <=5",
        "SELECT a FROM t WHERE b = 5 + 1", "SELECT a FROM t WHERE b = 5::BIGINT",
        "SELECT a FROM t WHERE b = 5.5", "SELECT a FROM t WHERE b = 5e3",
        "SELECT a FROM t WHERE b = -5", "SELECT a FROM t WHERE b = 1234567890",
        "SELECT a FROM t WHERE b = '42'", "SELECT a FROM t WHERE \"b = 42\" > 1",
        "SELECT a FROM t WHERE x = 'it''s = 42'", "SELECT a FROM t ORDER BY b = 5",
        "SELECT a, COUNT(*) FROM t WHERE b = 5 GROUP BY a",
        "SELECT a FROM t WHERE b = 5 UNION SELECT a FROM t",
        "SELECT a FROM t WHERE b = 5 AND EXISTS (SELECT 1 FROM u)",
        "SELECT a FROM t JOIN u ON t.b = 5", "SELECT a FROM t WHERE b5 = b6"}) {
    CHECK(KeyOf(text) == text);
  }
}

TEST_CASE("what is no single plain SELECT has no shape", "[text_shape]") {
  for (const char* text :
       {"", " ", "INSERT INTO t VALUES (1)", "SELECT a INTO u FROM t", "SELECT $1", "SELECT a$b FROM t WHERE c = $1",
        "SELECT 1; SELECT 2", "SELECT 1 -- x", "SELECT /* x */ 1", "SELECT 'a\\b'", "SELECT 'open",
        "SELECT \"open", "WITH x AS (SELECT 1) SELECT * FROM x", "(SELECT 1)", "SELECTED 1", "=", "'"}) {
    CHECK(KeyOf(text) == "(none)");
  }
  CHECK(KeyOf("SELECT '" + std::string(2000, 'x') + "'") == "(none)");
}

}  // namespace
}  // namespace vesto::sql
