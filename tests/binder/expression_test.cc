#include "binder/binding.h"
#include "support/catch.h"

// Expressions: types, conversions, names of results, and what is refused.
// The expected text is the plan as DebugString prints it, or "<SQLSTATE>@<offset> <message>".
namespace vesto::binder {

TEST_CASE("a constant takes the type of the column beside it when nothing is lost", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT l.a FROM t l WHERE l.d <= date '1998-12-01' - interval '90' day)sql") == R"(
Project [a#7 := a#0]
  Filter (d#3 <= '1998-09-02'::date)
    Scan t l [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT f = 0.5, f > 3, e < '2024-01-01', d = e, d = '2024-01-01 00:00:00'::timestamp, g = 'ab' FROM t)sql") == R"(
Project [?column?#7 := (f#5 = 0.5), ?column?#8 := (f#5 > 3), ?column?#9 := (e#4 < '2024-01-01 00:00:00'::timestamp without time zone), ?column?#10 := ((d#3)::timestamp without time zone = e#4), ?column?#11 := (d#3 = '2024-01-01'::date), ?column?#12 := (g#6 = 'ab'::bpchar)]
  Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t WHERE a > 5.5 AND a = 6.0 AND f = 3 AND g LIKE 'a')sql") == R"(
Project [a#7 := a#0]
  Filter (((a#0)::numeric(11,1) > 5.5) AND (a#0 = 6) AND (f#5 = 3) AND (g#6 ~~ 'a'::text))
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t WHERE c = '24.555' AND a = '12')sql") == R"(
Project [a#7 := a#0]
  Filter (((c#2)::numeric(13,3) = 24.555) AND (a#0 = 12))
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT c BETWEEN 1 AND 2.5, a BETWEEN 1 AND 2 FROM t)sql") == R"(
Project [?column?#7 := ((c#2 <= 2.50) AND (c#2 >= 1.00)), ?column?#8 := ((a#0 <= 2) AND (a#0 >= 1))]
  Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT a IN (1, 2, 3), a NOT IN (1, NULL), b IN ('x', 'yy'), (a, b) IN ((1, 'x')) FROM t)sql") == R"(
Project [?column?#7 := ((a#0 = 1) OR (a#0 = 2) OR (a#0 = 3)), ?column?#8 := ((a#0 <> 1) AND (a#0 <> NULL::integer)), ?column?#9 := (((b#1)::text = 'x'::text) OR ((b#1)::text = 'yy'::text)), ?column?#10 := ((a#0 = 1) AND ((b#1)::text = 'x'::text))]
  Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t WHERE b = 5)sql") == R"(
Project [a#7 := a#0]
  Filter ((b#1)::text = '5'::text)
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT a = TRUE FROM t)sql") == R"(
Project [?column?#7 := ((a#0)::boolean = true)]
  Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
}

TEST_CASE("conditional expressions settle one type", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT CASE WHEN a > 1 THEN 'x' ELSE b END, coalesce(a, 0), nvl2(a, 1, 2), nullif(a, 3), decode(a, 1, 'one', NULL, 'none', 'many') FROM t)sql") == R"(
Project [case#7 := CASE WHEN (a#0 > 1) THEN 'x'::text ELSE b#1 END, coalesce#8 := COALESCE(a#0, 0), case#9 := CASE WHEN (a#0 IS NOT NULL) THEN 1 ELSE 2 END, a#10 := CASE WHEN (a#0 = 3) THEN NULL::integer ELSE a#0 END, case#11 := CASE WHEN (a#0 = 1) THEN 'one'::text WHEN (a#0 IS NULL) THEN 'none'::text ELSE 'many'::text END]
  Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT greatest(a, c), least(1,2) FROM t)sql") == R"(
Project [greatest#7 := greatest((a#0)::numeric(12,2), c#2), least#8 := 1]
  Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
}

TEST_CASE("dates move by intervals, parts and days", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT d + interval '1 month 2 days' FROM t)sql") == R"(
Project [?column?#7 := (((d#3)::timestamp without time zone + '0 years 1 mons'::interval year to month) + '2 days 0 hours 0 mins 0.0 secs'::interval day to second)]
  Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT a + interval '1 month 2 days' FROM t)sql") ==
        R"(42883@9 operator does not exist: integer + interval year to month)");
  CHECK(binding.Plan(R"sql(SELECT -interval '1 month', interval '1 month' * 2, e - e, e - interval '1 hour', d + 1, 1 + d FROM t)sql") == R"(
Project [?column?#7 := '0 years -1 mons'::interval year to month, ?column?#8 := '0 years 2 mons'::interval year to month, ?column?#9 := (e#4 - e#4), ?column?#10 := (e#4 - '0 days 1 hours 0 mins 0.0 secs'::interval day to second), ?column?#11 := (d#3 + 1), ?column?#12 := (1 + d#3)]
  Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT date_trunc('nope', e) FROM t)sql") ==
        R"(22023@18 date part "nope" not recognized)");
  CHECK(binding.Plan(R"sql(SELECT interval '1 year 2 months', interval '3 days', interval '2' year)sql") == R"(
Project [interval#0 := '1 years 2 mons'::interval year to month, interval#1 := '3 days 0 hours 0 mins 0.0 secs'::interval day to second, intervaly2m#2 := '2 years 0 mons'::interval year to month]
  Values [] ()
)");
}

TEST_CASE("casts refuse what Redshift refuses", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT a::varchar, c::int, '5'::int, cast(d as timestamp), '2024-01-31'::date FROM t)sql") == R"(
Project [a#7 := (a#0)::text, c#8 := (c#2)::integer, int4#9 := 5, d#10 := (d#3)::timestamp without time zone, date#11 := '2024-01-31'::date]
  Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT a::boolean, true::varchar FROM t)sql") ==
        R"(42846@19 cannot cast type boolean to character varying)");
  CHECK(binding.Plan(R"sql(SELECT c::boolean FROM t)sql") ==
        R"(42846@7 cannot cast type numeric to boolean)");
  CHECK(binding.Plan(R"sql(SELECT 'abc'::int)sql") ==
        R"(22P02@7 invalid input syntax for integer: "abc")");
  CHECK(binding.Plan(R"sql(SELECT 1 FROM t WHERE b)sql") ==
        R"(42804@22 argument of WHERE must be type boolean, not type varchar)");
  CHECK(binding.Plan(R"sql(SELECT a IS DISTINCT FROM d FROM t)sql") ==
        R"(42883@9 operator does not exist: integer = date)");
}

TEST_CASE("functions resolve by their arguments", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT nofunc(1))sql") ==
        R"(42883@7 function nofunc(integer) does not exist)");
  CHECK(binding.Plan(R"sql(SELECT length(a, b) FROM t)sql") ==
        R"(42883@7 function length(integer, character varying) does not exist)");
  CHECK(binding.Plan(R"sql(SELECT pg_catalog.len('x'), foo.bar(1))sql") ==
        R"(42883@28 function foo.bar(integer) does not exist)");
  CHECK(binding.Plan(R"sql(SELECT count(*), sum(*) FROM t)sql") ==
        R"(42601@17 sum(*) is not allowed)");
  CHECK(binding.Plan(R"sql(SELECT rank() FROM t)sql") ==
        R"(42883@7 function rank() does not exist)");
  CHECK(binding.Plan(R"sql(SELECT b ~ '^a', b NOT ILIKE 'x_', b SIMILAR TO '(a|b)%' FROM t)sql") == R"(
Project [?column?#7 := ((b#1)::text ~ '^a'::text), ?column?#8 := ((b#1)::text !~~* 'x_'::text), ?column?#9 := ((b#1)::text SIMILAR TO '(a|b)%'::text)]
  Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
}

}  // namespace vesto::binder
