#include "binder/binding.h"
#include "support/catch.h"

// Plans of queries: what the tree becomes.
// The expected text is the plan as DebugString prints it, or "<SQLSTATE>@<offset> <message>".
namespace vesto::binder {

TEST_CASE("a select list, conditions, order and limit follow the order of evaluation", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT 1)sql") == R"(
Project [?column?#0 := 1]
  Values [] ()
)");
  CHECK(binding.Plan(R"sql(SELECT a, b AS bee, a + 1 FROM t WHERE c < 24 AND d >= '1998-01-01' ORDER BY 2 DESC LIMIT 5)sql") == R"(
Limit 5
  Sort bee#8 DESC
    Project [a#7 := a#0, bee#8 := b#1, ?column?#9 := (a#0 + 1)]
      Filter ((c#2 < 24.00) AND (d#3 >= '1998-01-01'::date))
        Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t ORDER BY c)sql") == R"(
Project [a#9 := a#7]
  Sort ?order?#8
    Project [a#7 := a#0, ?order?#8 := c#2]
      Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT TOP 3 a FROM t ORDER BY a)sql") == R"(
Limit 3
  Sort a#7
    Project [a#7 := a#0]
      Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t ORDER BY a LIMIT 3 OFFSET 2)sql") == R"(
Limit 3 offset 2
  Sort a#7
    Project [a#7 := a#0]
      Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT * EXCLUDE (b, c) FROM t)sql") == R"(
Project [a#7 := a#0, d#8 := d#3, e#9 := e#4, f#10 := f#5, g#11 := g#6]
  Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
}

TEST_CASE("an alias serves later items, WHERE and QUALIFY, unless FROM has such a column", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT a AS x, x + 1 AS y FROM t WHERE x > 3)sql") == R"(
Project [x#7 := a#0, y#8 := (a#0 + 1)]
  Filter (a#0 > 3)
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT sum(a) AS s, s * 2 FROM t)sql") == R"(
Project [s#8 := sum#7, ?column?#9 := (sum#7 * 2)]
  Aggregate keys [] items [sum#7 := sum(a#0)]
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT b, s / 2 AS h, sum(a) AS s FROM t GROUP BY b)sql") ==
        R"(42703@10 column "s" does not exist)");
  CHECK(binding.Plan(R"sql(SELECT a, row_number() OVER (ORDER BY a) AS rn FROM t WHERE true QUALIFY rn = 1)sql") == R"(
Project [a#8 := a#0, rn#9 := row_number#7]
  Filter (row_number#7 = 1)
    Window partition by [] order by [a#0] items [row_number#7 := row_number() ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING]
      Filter true
        Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT random() AS r, r FROM t)sql") == R"(
Project [r#7 := random(), r#8 := random()]
  Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
}

TEST_CASE("above an aggregation only keys and aggregates stand", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT b, count(*), sum(c * (1 - f)) FROM t GROUP BY b HAVING count(*) > 3 ORDER BY sum(c) DESC)sql") == R"(
Project [b#15 := b#11, count#16 := count#12, sum#17 := sum#13]
  Sort ?order?#14 DESC
    Project [b#11 := b#7, count#12 := count#8, sum#13 := sum#9, ?order?#14 := sum#10]
      Filter (count#8 > 3)
        Aggregate keys [#7 := b#1] items [count#8 := count(*), sum#9 := sum((c#2 * (1 - f#5))), sum#10 := sum(c#2)]
          Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT a, count(*) FROM t GROUP BY 1 ORDER BY 2)sql") == R"(
Sort count#10
  Project [a#9 := a#7, count#10 := count#8]
    Aggregate keys [#7 := a#0] items [count#8 := count(*)]
      Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT b, count(*) FROM t GROUP BY ALL)sql") == R"(
Project [b#9 := b#8, count#10 := count#7]
  Aggregate keys [#8 := b#1] items [count#7 := count(*)]
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT a, b FROM t GROUP BY a)sql") ==
        R"(42803@10 column "t.b" must appear in the GROUP BY clause or be used in an aggregate function)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t HAVING a > 1)sql") ==
        R"(42803@7 column "t.a" must appear in the GROUP BY clause or be used in an aggregate function)");
  CHECK(binding.Plan(R"sql(SELECT max(a) FROM t ORDER BY a)sql") ==
        R"(42803@30 column "t.a" must appear in the GROUP BY clause or be used in an aggregate function)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t WHERE sum(a) > 1)sql") ==
        R"(42803@22 aggregates not allowed in WHERE clause)");
  CHECK(binding.Plan(R"sql(SELECT sum(sum(a)) FROM t)sql") ==
        R"(42803@11 aggregate function calls may not be nested)");
  CHECK(binding.Plan(R"sql(SELECT b FROM t GROUP BY 0)sql") ==
        R"(42601@25 non-integer constant in GROUP BY)");
  CHECK(binding.Plan(R"sql(SELECT count(DISTINCT a), listagg(b, ',') WITHIN GROUP (ORDER BY a), median(c) FROM t)sql") == R"(
Project [count#10 := count#7, listagg#11 := listagg#8, median#12 := median#9]
  Aggregate keys [] items [count#7 := count(DISTINCT a#0), listagg#8 := listagg(b#1, ','::text) WITHIN GROUP (a#0), median#9 := median(c#2)]
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT percentile_cont(0.25) WITHIN GROUP (ORDER BY c DESC) FROM t)sql") == R"(
Project [percentile_cont#8 := percentile_cont#7]
  Aggregate keys [] items [percentile_cont#7 := percentile_cont(0.75, c#2)]
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT listagg(b) WITHIN GROUP (ORDER BY a), listagg(b) WITHIN GROUP (ORDER BY c) FROM t)sql") ==
        R"(0A000@45 within group ORDER BY clauses for aggregate functions must be the same)");
}

TEST_CASE("grouping sets number what is aggregated away", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT b, GROUPING(b), sum(a) FROM t GROUP BY ROLLUP(b, g))sql") == R"(
Project [b#11 := b#7, grouping#12 := (((grouping id#9 / 1) % 2))::integer, sum#13 := sum#10]
  Aggregate keys [#7 := b#1, #8 := g#6] items [sum#10 := sum(a#0)] sets (0, 1) (0) () grouping #9
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT a, grouping_id(a, b) FROM t GROUP BY GROUPING SETS ((a, b), (a), ()))sql") == R"(
Project [a#10 := a#7, grouping_id#11 := (((((grouping id#9 / 1) % 2) * 2) + ((grouping id#9 / 2) % 2)))::integer]
  Aggregate keys [#7 := a#0, #8 := b#1] items [] sets (0, 1) (0) () grouping #9
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT grouping(c) FROM t GROUP BY CUBE (a, b))sql") ==
        R"(42803@7 arguments to GROUPING must be grouping expressions of the query)");
}

TEST_CASE("joins keep equalities apart and merge the columns of USING", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT * FROM t JOIN u USING (a))sql") == R"(
Project [a#9 := a#0, b#10 := b#1, c#11 := c#2, d#12 := d#3, e#13 := e#4, f#14 := f#5, g#15 := g#6, x#16 := x#8]
  Join Inner on (a#0)::bigint = a#7
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
    Scan u [a#7, x#8]
)");
  CHECK(binding.Plan(R"sql(SELECT * FROM t FULL JOIN u USING (a))sql") == R"(
Project [a#9 := COALESCE((a#0)::bigint, a#7), b#10 := b#1, c#11 := c#2, d#12 := d#3, e#13 := e#4, f#14 := f#5, g#15 := g#6, x#16 := x#8]
  Join Full on (a#0)::bigint = a#7
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
    Scan u [a#7, x#8]
)");
  CHECK(binding.Plan(R"sql(SELECT t.a FROM t LEFT JOIN u ON t.a = u.a AND u.x > 3)sql") == R"(
Project [a#9 := a#0]
  Join Left on (a#0)::bigint = a#7 residual (x#8 > 3)
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
    Scan u [a#7, x#8]
)");
  CHECK(binding.Plan(R"sql(SELECT t.a FROM t, u WHERE t.a = u.a(+) AND u.x(+) = 3 AND t.b = 'x')sql") == R"(
Project [a#9 := a#0]
  Filter ((b#1)::text = 'x'::text)
    Join Left on (a#0)::bigint = a#7 residual (x#8 = 3)
      Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
      Scan u [a#7, x#8]
)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t, u)sql") ==
        R"(42702@7 column reference "a" is ambiguous)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t, t)sql") ==
        R"(42712@17 table name "t" specified more than once)");
}

TEST_CASE("subqueries become dependent joins", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT t.a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a) AND t.a NOT IN (SELECT x FROM u))sql") == R"(
Project [a#13 := a#0]
  DependentJoin NullAwareAnti on a#0 = x#12
    DependentJoin Semi correlated #0
      Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
      Filter (a#7 = (a#0)::bigint)
        Scan u [a#7, x#8]
    Project [x#12 := x#11]
      Scan u [a#10, x#11]
)");
  CHECK(binding.Plan(R"sql(SELECT t.a FROM t WHERE t.c > (SELECT avg(x) FROM u WHERE u.a = t.a) OR t.a IN (SELECT x FROM u))sql") == R"(
Project [a#15 := a#0]
  Filter (((c#2)::numeric(21,2) > (avg#10)::numeric(21,2)) OR mark#14)
    DependentJoin Mark on a#0 = x#13 mark #14
      DependentJoin Single correlated #0
        Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
        Project [avg#10 := avg#9]
          Aggregate keys [] items [avg#9 := avg(x#8)]
            Filter (a#7 = (a#0)::bigint)
              Scan u [a#7, x#8]
      Project [x#13 := x#12]
        Scan u [a#11, x#12]
)");
  CHECK(binding.Plan(R"sql(SELECT a, (SELECT max(x) FROM u WHERE u.a = t.a) FROM t GROUP BY a)sql") == R"(
Project [a#12 := a#7, ?column?#13 := max#11]
  DependentJoin Single correlated #7
    Aggregate keys [#7 := a#0] items []
      Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
    Project [max#11 := max#10]
      Aggregate keys [] items [max#10 := max(x#9)]
        Filter (a#8 = (a#7)::bigint)
          Scan u [a#8, x#9]
)");
  CHECK(binding.Plan(R"sql(SELECT b, (SELECT max(x) FROM u WHERE u.a = t.a) FROM t GROUP BY b)sql") ==
        R"(42803@-1 subquery uses ungrouped column "t.a" from outer query)");
  CHECK(binding.Plan(R"sql(SELECT t.a, (SELECT count(*) FROM u WHERE u.a = t.a AND EXISTS (SELECT 1 FROM sales s WHERE s.id = t.a AND s.qty = u.x)) FROM t)sql") == R"(
Project [a#16 := a#0, ?column?#17 := count#15]
  DependentJoin Single correlated #0
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
    Project [count#15 := count#14]
      Aggregate keys [] items [count#14 := count(*)]
        DependentJoin Semi correlated #8
          Filter (a#7 = (a#0)::bigint)
            Scan u [a#7, x#8]
          Filter ((id#9 = a#0) AND ((qty#11)::integer = x#8))
            Scan sales s [id#9, day#10, qty#11, note#12]
)");
  CHECK(binding.Plan(R"sql(SELECT b FROM t GROUP BY b HAVING sum(a) > (SELECT avg(x) FROM u WHERE u.a > 3) AND b IN (SELECT note FROM sales))sql") == R"(
Project [b#18 := b#7]
  Filter (sum#8 > avg#12)
    DependentJoin Semi on b#7 = note#17
      DependentJoin Single
        Aggregate keys [#7 := b#1] items [sum#8 := sum(a#0)]
          Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
        Project [avg#12 := avg#11]
          Aggregate keys [] items [avg#11 := avg(x#10)]
            Filter (a#9 > 3)
              Scan u [a#9, x#10]
      Project [note#17 := note#16]
        Scan sales [id#13, day#14, qty#15, note#16]
)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t WHERE (a, b) IN (SELECT x, 'q' FROM u))sql") == R"(
Project [a#11 := a#0]
  DependentJoin Semi on a#0 = x#9 AND b#1 = ?column?#10
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
    Project [x#9 := x#8, ?column?#10 := 'q'::text]
      Scan u [a#7, x#8]
)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t WHERE (a, a) NOT IN (SELECT x, x FROM u))sql") == R"(
Project [a#11 := a#0]
  DependentJoin NullAwareAnti on a#0 = x#9 AND a#0 = x#10
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
    Project [x#9 := x#8, x#10 := x#8]
      Scan u [a#7, x#8]
)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t WHERE a = ANY (SELECT x FROM u) AND a <> ALL (SELECT x FROM u))sql") == R"(
Project [a#13 := a#0]
  DependentJoin NullAwareAnti on a#0 = x#12
    DependentJoin Semi on a#0 = x#9
      Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
      Project [x#9 := x#8]
        Scan u [a#7, x#8]
    Project [x#12 := x#11]
      Scan u [a#10, x#11]
)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t WHERE a < ANY (SELECT x FROM u))sql") == R"(
Project [a#13 := a#0]
  Filter CASE WHEN (count#10 = 0) THEN false WHEN (a#0 < max#12) THEN true WHEN (count#11 < count#10) THEN NULL::boolean ELSE (a#0 < max#12) END
    DependentJoin Single
      Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
      Aggregate keys [] items [count#10 := count(*), count#11 := count(x#9), max#12 := max(x#9)]
        Project [x#9 := x#8]
          Scan u [a#7, x#8]
)");
  CHECK(binding.Plan(R"sql(SELECT CASE WHEN EXISTS (SELECT 1 FROM u WHERE u.a = t.a) THEN 1 ELSE 0 END FROM t)sql") == R"(
Project [case#11 := CASE WHEN mark#10 THEN 1 ELSE 0 END]
  DependentJoin Mark correlated #0 mark #10
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
    Filter (a#7 = (a#0)::bigint)
      Scan u [a#7, x#8]
)");
}

TEST_CASE("windows of one specification share a node, and ORDER BY needs a frame", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT sum(a) OVER (ORDER BY b ROWS UNBOUNDED PRECEDING), lag(a) OVER (ORDER BY b) FROM t)sql") == R"(
Project [sum#9 := sum#7, lag#10 := lag#8]
  Window partition by [] order by [b#1] items [sum#7 := sum(a#0) ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW, lag#8 := lag(a#0, 1) ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING]
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT b, sum(a) AS s, rank() OVER (ORDER BY sum(a) DESC) FROM t GROUP BY b)sql") == R"(
Project [b#10 := b#7, s#11 := sum#8, rank#12 := rank#9]
  Window partition by [] order by [sum#8 DESC] items [rank#9 := rank() ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING]
    Aggregate keys [#7 := b#1] items [sum#8 := sum(a#0)]
      Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT sum(a) OVER (ORDER BY b) FROM t)sql") ==
        R"(0A000@7 Aggregate window functions with an ORDER BY clause require a frame clause)");
  CHECK(binding.Plan(R"sql(SELECT lag(a, 1, 0) OVER (ORDER BY a) FROM t)sql") ==
        R"(0A000@7 Default parameter not be supported for window function lag)");
  CHECK(binding.Plan(R"sql(SELECT sum(a) OVER (ORDER BY a RANGE UNBOUNDED PRECEDING) FROM t)sql") ==
        R"(0A000@31 RANGE clause of window functions not yet implemented)");
  CHECK(binding.Plan(R"sql(SELECT sum(a) OVER (PARTITION BY 1) FROM t)sql") ==
        R"(0A000@33 constant expressions are not supported in partition by clauses)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t WHERE rank() OVER (ORDER BY a) = 1)sql") ==
        R"(42P20@22 window functions not allowed in WHERE clause)");
}

TEST_CASE("WITH defines shared and recursive tables", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(WITH w AS (SELECT a FROM t) SELECT x.a FROM w x, w y WHERE x.a = y.a)sql") == R"(
CteDefinition w@1
  Project [a#7 := a#0]
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
  Project [a#10 := a#8]
    Filter (a#8 = a#9)
      Join Inner
        CteScan w@1 [a#8] from (#7)
        CteScan w@1 [a#9] from (#7)
)");
  CHECK(binding.Plan(R"sql(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n)sql") == R"(
CteDefinition n@2
  RecursiveCte n@1 [i#1] from (#0) (#3)
    Project [?column?#0 := 1]
      Values [] ()
    Project [?column?#3 := (i#2 + 1)]
      Filter (i#2 < 10)
        CteScan n@1 [i#2] from (#1)
  Project [i#5 := i#4]
    CteScan n@2 [i#4] from (#1)
)");
}

TEST_CASE("set operations agree on types", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT a FROM t UNION ALL SELECT a FROM u UNION ALL SELECT 5)sql") == R"(
UnionAll [a#12] from (#7) (#10) (#11)
  Project [a#7 := (a#0)::bigint]
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
  Project [a#10 := a#8]
    Scan u [a#8, x#9]
  Project [?column?#11 := 5]
    Values [] ()
)");
  CHECK(binding.Plan(R"sql(SELECT 'a' AS z, 1 UNION ALL SELECT b, 2.5 FROM t ORDER BY z LIMIT 3)sql") == R"(
Limit 3
  Sort z#11
    UnionAll [z#11, ?column?#12] from (#0, #1) (#9, #10)
      Project [z#0 := 'a'::text, ?column?#1 := 1.0]
        Values [] ()
      Project [b#9 := b#3, ?column?#10 := 2.5]
        Scan t [a#2, b#3, c#4, d#5, e#6, f#7, g#8]
)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t EXCEPT SELECT x FROM u EXCEPT SELECT 3)sql") == R"(
Except [a#13] from (#12) (#11)
  Except [a#12] from (#7) (#10)
    Project [a#7 := a#0]
      Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
    Project [x#10 := x#9]
      Scan u [a#8, x#9]
  Project [?column?#11 := 3]
    Values [] ()
)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t UNION SELECT b FROM t)sql") ==
        R"(42804@22 UNION types integer and character varying cannot be matched)");
  CHECK(binding.Plan(R"sql((SELECT a FROM t LIMIT 1) UNION ALL SELECT x FROM u)sql") ==
        R"(0A000@23 LIMIT may not be used within input to set operations.)");
  CHECK(binding.Plan(R"sql(SELECT DISTINCT b FROM t ORDER BY a)sql") ==
        R"(42P10@34 for SELECT DISTINCT, ORDER BY expressions must appear in select list)");
  CHECK(binding.Plan(R"sql(VALUES (1, 'x'), (2.5, NULL))sql") == R"(
Values [column1#0, column2#1] (1.0, 'x'::text) (2.5, NULL::character varying(1))
)");
}

TEST_CASE("views bind in their own text and path", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT k, n FROM v WHERE n > 1)sql") == R"(
Project [k#11 := k#9, n#12 := n#10]
  Filter (n#10 > 1)
    Project [k#9 := a#7, n#10 := count#8]
      Aggregate keys [#7 := a#0] items [count#8 := count(*)]
        Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT * FROM late)sql") == R"(
Project [x#3 := x#2]
  Project [x#2 := x#1]
    Scan u [a#0, x#1]
)");
  CHECK(binding.Plan(R"sql(SELECT * FROM loop)sql") ==
        R"(42P19@14 infinite recursion detected in rules for relation "loop")");
  CHECK(binding.Plan(R"sql(SELECT name FROM svv_names)sql") == R"(
Project [name#3 := name#2]
  Project [name#2 := relname#1]
    SourceScan pg_catalog.pg_class [oid#0, relname#1]
)");
}

TEST_CASE("PIVOT and UNPIVOT are aggregations and products", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT * FROM (SELECT a, b FROM t) PIVOT (sum(a) AS s FOR b IN ('x', 'y' AS why)))sql") == R"(
Project [x_s#11 := x_s#9, why_s#12 := why_s#10]
  Aggregate keys [] items [x_s#9 := sum(CASE WHEN ((b#8)::text = 'x'::text) THEN a#7 ELSE NULL::integer END), why_s#10 := sum(CASE WHEN ((b#8)::text = 'y'::text) THEN a#7 ELSE NULL::integer END)]
    Project [a#7 := a#0, b#8 := b#1]
      Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(SELECT * FROM (SELECT a, c, f FROM t) UNPIVOT (v FOR n IN (c, f)))sql") == R"(
Project [a#14 := a#11, n#15 := n#12, v#16 := v#13]
  Filter (v#13 IS NOT NULL)
    Project [a#11 := a#7, n#12 := CASE WHEN (n#10 = 0) THEN 'c'::text WHEN (n#10 = 1) THEN 'f'::text ELSE NULL::character varying(1) END, v#13 := CASE WHEN (n#10 = 0) THEN (c#8)::double precision WHEN (n#10 = 1) THEN f#9 ELSE NULL::double precision END]
      Join Inner
        Project [a#7 := a#0, c#8 := c#2, f#9 := f#5]
          Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
        Values [n#10] (0) (1)
)");
}

TEST_CASE("names that mean nothing are refused where they stand", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT nope FROM t)sql") ==
        R"(42703@7 column "nope" does not exist)");
  CHECK(binding.Plan(R"sql(SELECT a FROM nope)sql") ==
        R"(42P01@14 relation "nope" does not exist)");
  CHECK(binding.Plan(R"sql(SELECT t.nope FROM t)sql") ==
        R"(42703@7 column t.nope does not exist)");
  CHECK(binding.Plan(R"sql(SELECT q.a FROM t)sql") ==
        R"(42P01@7 missing FROM-clause entry for table "q")");
  CHECK(binding.Plan(R"sql(SELECT * FROM nosuch.t)sql") ==
        R"(3F000@14 schema "nosuch" does not exist)");
  CHECK(binding.Plan(R"sql(SELECT * FROM other.public.t)sql") ==
        R"(0A000@14 a cross-database reference to "other.public.t" is not supported)");
  CHECK(binding.Plan(R"sql(SELECT *)sql") ==
        R"(42601@7 SELECT * with no tables specified is not valid)");
  CHECK(binding.Plan(R"sql(SELECT b FROM t ORDER BY 3)sql") ==
        R"(42P10@25 ORDER BY position 3 is not in select list)");
  CHECK(binding.Plan(R"sql(SELECT a FROM t LIMIT -1)sql") ==
        R"(22023@22 LIMIT must not be negative)");
}

TEST_CASE("leader-only functions do not meet user tables", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SELECT now())sql") == R"(
Project [now#0 := now()]
  Values [] ()
)");
  CHECK(binding.Plan(R"sql(SELECT now() FROM t)sql") ==
        R"(0A000@-1 Specified types or functions (one per INFO message) not supported on Redshift tables.)");
  CHECK(binding.Plan(R"sql(SELECT now(), node FROM stv_slices)sql") ==
        R"(0A000@-1 Specified types or functions (one per INFO message) not supported on Redshift tables.)");
}

}  // namespace vesto::binder
