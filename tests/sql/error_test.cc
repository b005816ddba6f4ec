#include <string>
#include <thread>

#include "sql/parser/parser.h"
#include "support/status.h"

// Wrong texts, and texts at the limits.
namespace vesto::sql {
namespace {

struct Wrong {
  std::string_view text;
  SqlState state;
  std::string_view message;
  int offset;
};

TEST_CASE("errors name the token and its place", "[sql]") {
  const Wrong wrongs[] = {
      {"SELEC 1", SqlState::kSyntaxError, "syntax error at or near \"SELEC\"", 0},
      {"select from t", SqlState::kSyntaxError, "syntax error at or near \"from\"", 7},
      {"select 1 +", SqlState::kSyntaxError, "syntax error at end of input", 10},
      {"select a b c", SqlState::kSyntaxError, "syntax error at or near \"c\"", 11},
      {"select 'a' 'b'", SqlState::kSyntaxError, "syntax error at or near \"'b'\"", 11},
      {"select 1;\nselect \"A\" \"B\" x", SqlState::kSyntaxError, "near \"x\"", 25},
      {"select (1", SqlState::kSyntaxError, "syntax error at end of input", 9},
      {"select a in ()", SqlState::kSyntaxError, "near \")\"", 13},
      {"select * + 1", SqlState::kSyntaxError, "near \"+\"", 9},
      {"select f(*, 1)", SqlState::kSyntaxError, "near \"*\"", 9},
      {"select a from t qualify b = 1", SqlState::kSyntaxError, "near \"b\"", 24},
      {"select 1 as from t", SqlState::kSyntaxError, "near \"t\"", 17},
      {"create table t (select int)", SqlState::kSyntaxError, "near \"select\"", 16},
      {"create table t (a)", SqlState::kSyntaxError, "end of input", 18},
      {"insert into t (a, b)", SqlState::kSyntaxError, "end of input", 20},
      {"update t set a.b = 1", SqlState::kSyntaxError, "near \".\"", 14},
      {"select ?", SqlState::kSyntaxError, "near \"?\"", 7},
      {"select 'abc", SqlState::kSyntaxError, "unterminated quoted string at or near \"'abc\"", 7},
      {"select \"abc", SqlState::kSyntaxError, "unterminated quoted identifier", 7},
      {"select /* abc", SqlState::kSyntaxError, "unterminated /* comment", 7},
      {"select $a$ abc", SqlState::kSyntaxError, "unterminated dollar-quoted string", 7},
      {"select \"\"", SqlState::kSyntaxError, "zero-length delimited identifier", 7},
      {"select 1 limit 1 limit 2", SqlState::kSyntaxError, "multiple LIMIT", 17},
      {"(select 1 order by 1) order by 1", SqlState::kSyntaxError, "multiple ORDER BY", 22},
      {"select $0", SqlState::kUndefinedParameter, "there is no parameter $0", 7},
      {"select $99999999999", SqlState::kUndefinedParameter, "there is no parameter", 7},
      {"select '\\000'", SqlState::kCharacterNotInRepertoire,
       "invalid byte sequence for encoding \"UTF8\": 0x00", 7},
      {"unload ('select from') to 'x'", SqlState::kSyntaxError, "near \"from\"", 16},
      {"select distinct on (a) b", SqlState::kFeatureNotSupported, "SELECT DISTINCT ON", 16},
      {"select * from lateral (select 1) x", SqlState::kFeatureNotSupported, "LATERAL", 14},
      {"select * from t tablesample x (1)", SqlState::kFeatureNotSupported, "TABLESAMPLE", 16},
      {"select 1 fetch first 1 row only", SqlState::kSyntaxError, "near \"first\"", 15},
      {"select a from t fetch first 1 row only", SqlState::kFeatureNotSupported, "FETCH FIRST", 16},
      {"select 1 from t for update", SqlState::kFeatureNotSupported, "FOR UPDATE", 16},
      {"select count(*) filter (where a)", SqlState::kFeatureNotSupported, "FILTER", 16},
      {"select sum(a) over w from t", SqlState::kFeatureNotSupported, "WINDOW clause", 14},
      {"select 1 intersect all select 2", SqlState::kFeatureNotSupported, "INTERSECT ALL", 9},
      {"insert into t values (1) returning a", SqlState::kFeatureNotSupported, "RETURNING", 25},
      {"insert into t values (1) on conflict do nothing", SqlState::kFeatureNotSupported,
       "ON CONFLICT", 25},
      {"create table t (a int check (a > 0))", SqlState::kFeatureNotSupported, "CHECK", 22},
  };
  for (const Wrong& wrong : wrongs) {
    INFO(wrong.text);
    const auto outcome = Parse(wrong.text);
    CHECK_SQL_ERROR(outcome, wrong.state, std::string(wrong.message));
    CHECK(OffsetOf(outcome.status()) == wrong.offset);
  }
}

TEST_CASE("texts that are no clean UTF-8 or too long are refused", "[sql]") {
  CHECK_SQL_ERROR(Parse("select '\xFF'"), SqlState::kCharacterNotInRepertoire,
                  "invalid byte sequence for encoding \"UTF8\": 0xff");
  CHECK_SQL_ERROR(Parse("select '\xC3'"), SqlState::kCharacterNotInRepertoire);
  CHECK_SQL_ERROR(Parse("select '\xED\xA0\x80'"), SqlState::kCharacterNotInRepertoire);
  CHECK_SQL_ERROR(Parse(std::string_view("select \0 1", 10)), SqlState::kCharacterNotInRepertoire);
  CHECK_SQL_ERROR(Parse(std::string((16u << 20) + 1, ' ')), SqlState::kProgramLimitExceeded);
  REQUIRE_OK(Parse(std::string(16u << 20, ' ')));
}

TEST_CASE("identifiers are cut at 127 bytes, between characters", "[sql]") {
  const std::string name = std::string(126, 'a') + "\xC3\xA4";
  const auto e = ParseExpression(name);
  REQUIRE_OK(e);
  CHECK((*e)->name[0] == std::string(126, 'a'));
}

std::string Repeat(std::string_view unit, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += unit;
  return text;
}

TEST_CASE("long chains need no stack to be read, printed and freed", "[sql]") {
  constexpr int kLength = 60'000;
  const std::string_view units[] = {"+1",    " and a",           "||'x'",
                                    "::int", " is null",         "[1]",
                                    " = 1",  " between 1 and 2", " at time zone 'x'"};
  for (std::string_view unit : units) {
    INFO(unit);
    const auto e = ParseExpression("a" + Repeat(unit, kLength));
    REQUIRE_OK(e);
    const std::string printed = ToSql(**e);
    const auto again = ParseExpression(printed);
    REQUIRE_OK(again);
    CHECK(ToSql(**again) == printed);
  }
  for (std::string_view unit : {" union select 1", " union select 1 union all select 1",
                                " intersect select 1", " cross join a", ", a"}) {
    INFO(unit);
    const auto q = ParseQuery("select 1 from a" + Repeat(unit, kLength / 4));
    REQUIRE_OK(q);
    const std::string printed = ToSql(**q);
    const auto again = ParseQuery(printed);
    REQUIRE_OK(again);
    CHECK(ToSql(**again) == printed);
  }
  REQUIRE_OK(ParseExpression(Repeat("not ", kLength) + "a"));
  REQUIRE_OK(ParseExpression(Repeat("- ", kLength) + "a"));
  REQUIRE_OK(Parse("insert into t values (1, 'a')" + Repeat(", (1, 'a')", kLength)));
  REQUIRE_OK(Parse(Repeat("select 1;", kLength / 4)));
}

TEST_CASE("deep nesting is refused, not crashed upon", "[sql]") {
  const std::string_view openings[] = {
      "(",
      "f(",
      "case when ",
      "cast(",
      "a in (",
      "a[",
      "(select ",
      "not (",
      "- (",
      "a between (",
      "exists (select 1 where ",
      "coalesce(1, ",
      "a + (",
      "1 ^ (",
      "sum(a) over (partition by ",
  };
  for (std::string_view opening : openings) {
    INFO(opening);
    CHECK_SQL_ERROR(ParseExpression(Repeat(opening, 100'000)), SqlState::kStatementTooComplex);
    // On a small stack as well.
    std::thread([&] {
      CHECK_SQL_ERROR(ParseExpression(Repeat(opening, 100'000)), SqlState::kStatementTooComplex);
    }).join();
  }
  for (std::string_view opening : {"(", "select * from (", "with a as ("}) {
    INFO(opening);
    CHECK_SQL_ERROR(Parse(Repeat(opening, 100'000)), SqlState::kStatementTooComplex);
  }
  // EXPLAIN explains no EXPLAIN.
  CHECK_SQL_ERROR(Parse(Repeat("explain ", 100'000)), SqlState::kSyntaxError);
  CHECK_SQL_ERROR(Parse("select * from a" + Repeat(" join a", 100'000)),
                  SqlState::kStatementTooComplex);
  CHECK_SQL_ERROR(Parse("select 1 group by " + Repeat("rollup(", 100'000)),
                  SqlState::kStatementTooComplex);
  REQUIRE_OK(ParseExpression(Repeat("(", 300) + "a" + Repeat(")", 300)));
}

}  // namespace
}  // namespace vesto::sql
