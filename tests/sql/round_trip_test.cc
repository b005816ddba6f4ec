#include <string>
#include <string_view>
#include <utility>

#include "sql/parser/parser.h"
#include "support/status.h"

// ToSql prints the text that the tree means; reading it again gives the same tree.
namespace vesto::sql {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

void CheckQueries(const std::vector<Pair>& pairs) {
  for (const auto& [text, printed] : pairs) {
    INFO(text);
    const auto query = ParseQuery(text);
    REQUIRE_OK(query);
    CHECK(ToSql(**query) == printed);
    const auto again = ParseQuery(ToSql(**query));
    REQUIRE_OK(again);
    CHECK(ToSql(**again) == printed);
  }
}

void CheckExpressions(const std::vector<Pair>& pairs) {
  for (const auto& [text, printed] : pairs) {
    INFO(text);
    const auto expression = ParseExpression(text);
    REQUIRE_OK(expression);
    CHECK(ToSql(**expression) == printed);
    const auto again = ParseExpression(ToSql(**expression));
    REQUIRE_OK(again);
    CHECK(ToSql(**again) == printed);
  }
}

TEST_CASE("operators are grouped by precedence and printed with the fewest parentheses", "[sql]") {
  CheckExpressions({
      {"1+2*3", "1 + 2 * 3"},
      {"(1+2)*3", "(1 + 2) * 3"},
      {"1-(2-3)", "1 - (2 - 3)"},
      {"1-2-3", "1 - 2 - 3"},
      {"-a^2", "-a ^ 2"},
      {"-(a^2)", "-(a ^ 2)"},
      {"- - 1", "- -1"},
      {"~ -a + b", "~ -a + b"},
      {"(~a)+b", "(~ a) + b"},
      {"@ -5 + 1", "@ -5 + 1"},
      {"|/ 25 + 1", "|/ 25 + 1"},
      {"2 ^ ||/ 27", "2 ^ (||/ 27)"},
      {"a || b <> c || d", "a || b <> c || d"},
      {"a & 1 = 0", "a & 1 = 0"},
      {"a#b<<2", "a # b << 2"},
      {"NOT a = b AND c", "NOT a = b AND c"},
      {"NOT (a AND b)", "NOT (a AND b)"},
      {"a = NOT b", "a = (NOT b)"},
      {"NOT NOT a", "NOT NOT a"},
      {"a or b and c", "a OR b AND c"},
      {"(a or b) and c", "(a OR b) AND c"},
      {"a and b and c", "a AND b AND c"},
      {"a and (b and c)", "a AND (b AND c)"},
      {"a != b", "a <> b"},
      {"a = b is null", "a = b IS NULL"},
      {"a=(b is null)", "a = (b IS NULL)"},
      {"a::int::varchar(5)", "a::int::varchar(5)"},
      {"-1::int", "-1::int"},
      {"(-1)::int", "(-1)::int"},
      {"a at time zone 'UTC' + b", "a AT TIME ZONE 'UTC' + b"},
      {"a||b like c||d", "a || b LIKE c || d"},
      {"a !~~* 'x'", "a !~~* 'x'"},
      {"a ~ 'x' || 'y'", "a ~ 'x' || 'y'"},
  });
}

TEST_CASE("predicates keep their negation and operands", "[sql]") {
  CheckExpressions({
      {"a between 1 and 2 and b", "a BETWEEN 1 AND 2 AND b"},
      {"a not between (b and c) and d", "a NOT BETWEEN (b AND c) AND d"},
      {"a not like 'x%' escape '!'", "a NOT LIKE 'x%' ESCAPE '!'"},
      {"a ilike 'x'", "a ILIKE 'x'"},
      {"a similar to '(a|b)'", "a SIMILAR TO '(a|b)'"},
      {"a in (1,2)", "a IN (1, 2)"},
      {"(a,b) not in ((1,2),(3,4))", "(a, b) NOT IN ((1, 2), (3, 4))"},
      {"a in (select 1)", "a IN (SELECT 1)"},
      {"a in ((select 1))", "a IN (SELECT 1)"},
      {"a in ((select 1), 2)", "a IN ((SELECT 1), 2)"},
      {"(a,b) in (select 1,2)", "(a, b) IN (SELECT 1, 2)"},
      {"a = any (select 1)", "a = ANY (SELECT 1)"},
      {"a = some (select 1)", "a = ANY (SELECT 1)"},
      {"a <> all (select 1)", "a <> ALL (SELECT 1)"},
      {"not exists (select 1)", "NOT EXISTS (SELECT 1)"},
      {"a isnull", "a IS NULL"},
      {"a notnull", "a IS NOT NULL"},
      {"a is not true", "a IS NOT true"},
      {"a is unknown", "a IS unknown"},
      {"a is not distinct from b", "a IS NOT DISTINCT FROM b"},
  });
}

TEST_CASE("literals and types", "[sql]") {
  CheckExpressions({
      {"NULL", "NULL"},
      {"true", "TRUE"},
      {".5", ".5"},
      {"1.", "1."},
      {"1e10", "1e10"},
      {"1.5E-3", "1.5E-3"},
      {"'it''s'", "'it''s'"},
      {R"('it\'s')", "'it''s'"},
      {R"('\\')", R"('\\')"},
      {R"('\x41\102\q')", "'ABq'"},
      {"$$it's$$", "'it''s'"},
      {"$tag$ $$ $tag$", "' $$ '"},
      {"'a'\n  'b'", "'ab'"},
      {"E'\\t'", "'\t'"},
      {"$1", "$1"},
      {"date '2020-01-01'", "date '2020-01-01'"},
      {"timestamp with time zone 'x'", "timestamp with time zone 'x'"},
      {"timestamp(3) 'x'", "timestamp(3) 'x'"},
      {"time with time zone 'x'", "time with time zone 'x'"},
      {"double precision '1'", "double precision '1'"},
      {"interval '1 day'", "INTERVAL '1 day'"},
      {"interval '1' day to second(3)", "INTERVAL '1' day to second(3)"},
      {"cast(a as double precision)", "a::double precision"},
      {"cast(a as timestamp(3) with time zone)", "a::timestamp(3) with time zone"},
      {"cast(a as character varying(10))", "a::character varying(10)"},
      {"a::pg_catalog.int4", "a::int4"},
      {"a::interval year to month", "a::interval year to month"},
      {"convert(numeric(12,2), a)", "a::numeric(12, 2)"},
      {"try_cast(a as int)", "TRY_CAST(a AS int)"},
      {"a::varchar(max)", "a::varchar(MAX)"},
  });
}

TEST_CASE("functions and their own syntaxes", "[sql]") {
  CheckExpressions({
      {"f()", "f()"},
      {"pg_catalog.f(a, 1)", "pg_catalog.f(a, 1)"},
      {"count(*)", "count(*)"},
      {"COUNT(DISTINCT a)", "count(DISTINCT a)"},
      {"approximate count(distinct a)", "APPROXIMATE count(DISTINCT a)"},
      {"listagg(distinct a, ',') within group (order by b desc nulls first)",
       "listagg(DISTINCT a, ',') WITHIN GROUP (ORDER BY b DESC NULLS FIRST)"},
      {"lag(a, 1 ignore nulls) over (order by b)", "lag(a, 1) IGNORE NULLS OVER (ORDER BY b)"},
      {"lag(a) respect nulls over ()", "lag(a) OVER ()"},
      {"sum(a) over (partition by b, c order by d rows 3 preceding)",
       "sum(a) OVER (PARTITION BY b, c ORDER BY d ROWS BETWEEN 3 PRECEDING AND CURRENT ROW)"},
      {"sum(a) over (order by d range between unbounded preceding and unbounded following)",
       "sum(a) OVER (ORDER BY d RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"},
      {"extract(epoch from a)", "EXTRACT(epoch FROM a)"},
      {"extract('year' from a)", "EXTRACT(year FROM a)"},
      {"position('a' in b)", "position('a' IN b)"},
      {"substring(a from 2 for 3)", "substring(a, 2, 3)"},
      {"substring(a for 3)", "substring(a, 1, 3)"},
      {"trim(both 'x' from a)", "btrim(a, 'x')"},
      {"trim(leading from a)", "ltrim(a)"},
      {"trim(trailing 'x' from a)", "rtrim(a, 'x')"},
      {"trim(a)", "btrim(a)"},
      {"\"trim\"(a)", "\"trim\"(a)"},
      {"left(a, 1)", "left(a, 1)"},
      {"array(1, 2)", "array(1, 2)"},
      {"current_date", "current_date"},
      {"SYSDATE", "sysdate"},
      {"\"user\"", "\"user\""},
      {"dateadd(day, 1, a)", "dateadd(day, 1, a)"},
      {"datediff(year, a, b)", "datediff(year, a, b)"},
      {"case a when 1 then 2 else 3 end", "CASE a WHEN 1 THEN 2 ELSE 3 END"},
      {"case when a then b end", "CASE WHEN a THEN b END"},
      {"ROW(1)", "ROW(1)"},
      {"row(1, 2)", "(1, 2)"},
      {"a.b[0].c['k']", "a.b[0].c['k']"},
      {"(a).b", "(a).b"},
      {"(a::super).b", "(a::super).b"},
      {"f(a).b", "f(a).b"},
      {"t.a (+) = b", "t.a (+) = b"},
  });
}

TEST_CASE("what clients write for PostgreSQL", "[sql]") {
  CheckExpressions({
      {"a OPERATOR(pg_catalog.~) '^(x)$' COLLATE pg_catalog.default", "a ~ '^(x)$'"},
      {"a = ANY (ARRAY[1, 2])", "a IN (1, 2)"},
      {"a <> ALL (array[1])", "a NOT IN (1)"},
      {"a = ANY (t.list)", "array_contains(t.list, a)"},
      {"array[1::smallint]", "ARRAY[1::smallint]"},
      {"array[]", "ARRAY[]"},
      {"array(select a from t order by b)", "ARRAY(SELECT a FROM t ORDER BY b)"},
      {"'{1}'::int[]", "'{1}'::int[]"},
      {"(information_schema._pg_expandarray(i.indkey)).n",
       "information_schema._pg_expandarray(i.indkey).n"},
      {"current_schemas(true)[1]", "current_schemas(TRUE)[1]"},
      {"'\"s\".\"t\"'::regclass::oid", "'\"s\".\"t\"'::regclass::oid"},
      {"''::pg_catalog.\"char\"", "''::\"char\""},
  });
  CheckQueries({
      {"select * from pg_get_late_binding_view_cols() cols(view_schema name, col_num int)",
       "SELECT * FROM pg_get_late_binding_view_cols() AS cols (view_schema, col_num)"},
      {"select 1 from current_database() where 1", "SELECT 1 FROM current_database() WHERE 1"},
  });
}

TEST_CASE("names fold to lower case, quoted or not", "[sql]") {
  CheckExpressions({
      {"MyTable.MyColumn", "mytable.mycolumn"},
      {"\"MyTable\".\"My Column\"", "mytable.\"my column\""},
      {"\"a\"\"b\"", "\"a\"\"b\""},
      {"\"select\"", "\"select\""},
      {"t.\"select\"", "t.\"select\""},
      {"t.user", "t.\"user\""},
      {"year", "year"},
      {"\xC3\x9C"
       "ber",
       "\xC3\x9C"
       "ber"},
      {"a.b.c.d", "a.b.c.d"},
  });
}

TEST_CASE("queries", "[sql]") {
  CheckQueries({
      {"select 1", "SELECT 1"},
      {"select a x, b as \"y z\", t.*, * from t", "SELECT a AS x, b AS \"y z\", t.*, * FROM t"},
      {"select all a from t", "SELECT a FROM t"},
      {"select top 10 distinct a from t", "SELECT TOP 10 DISTINCT a FROM t"},
      {"select distinct top ($1) a from t", "SELECT TOP $1 DISTINCT a FROM t"},
      {"select * exclude a, b from t", "SELECT * EXCLUDE (a, b) FROM t"},
      {"select *, 1 as x exclude (a) from t", "SELECT *, 1 AS x EXCLUDE (a) FROM t"},
      {"select a into temp b from t", "SELECT a INTO TEMPORARY TABLE b FROM t"},
      {"select a into s.b from t", "SELECT a INTO TABLE s.b FROM t"},
      {"select 1 from a, b as c (d, e), (select 1) f",
       "SELECT 1 FROM a, b AS c (d, e), (SELECT 1) AS f"},
      {"select 1 from (select 1)", "SELECT 1 FROM (SELECT 1)"},
      {"select 1 from ((select 1) union select 2) x",
       "SELECT 1 FROM (SELECT 1 UNION SELECT 2) AS x"},
      {"select 1 from #tmp", "SELECT 1 FROM \"#tmp\""},
      {"select 1 from a join b on a.x = b.x left outer join c using (x, y)",
       "SELECT 1 FROM a INNER JOIN b ON a.x = b.x LEFT JOIN c USING (x, y)"},
      {"select 1 from a natural left join b cross join c full join d on true",
       "SELECT 1 FROM a NATURAL LEFT JOIN b CROSS JOIN c FULL JOIN d ON TRUE"},
      {"select 1 from a right join (b join c on true) on true",
       "SELECT 1 FROM a RIGHT JOIN (b INNER JOIN c ON TRUE) ON TRUE"},
      {"select 1 from a join b join c on 1=1 on 2=2",
       "SELECT 1 FROM a INNER JOIN (b INNER JOIN c ON 1 = 1) ON 2 = 2"},
      {"select 1 from (a join b on true) x", "SELECT 1 FROM (a INNER JOIN b ON TRUE) AS x"},
      {"select 1 from generate_series(1, 3) as g (n)",
       "SELECT 1 FROM generate_series(1, 3) AS g (n)"},
      {"select 1 from t, t.items as i at n", "SELECT 1 FROM t, t.items AS i AT n"},
      {"select 1 from t, t.items[0].lines l", "SELECT 1 FROM t, t.items[0].lines AS l"},
      {"select 1 from t, unpivot t.o as v at k", "SELECT 1 FROM t, UNPIVOT t.o AS v AT k"},
      {"select * from t pivot (sum(a) as s, count(*) for c in ('x' as y, null))",
       "SELECT * FROM t PIVOT (sum(a) AS s, count(*) FOR c IN ('x' AS y, NULL))"},
      {"select * from (select 1) q unpivot include nulls (v for n in (a, b as c)) as p",
       "SELECT * FROM (SELECT 1) AS q UNPIVOT INCLUDE NULLS (v FOR n IN (a, b AS c)) AS p"},
      {"select 1 group by a, (b, c), rollup(d, (e, f)), cube (g), grouping sets ((a), (), h)",
       "SELECT 1 GROUP BY a, (b, c), ROLLUP (d, (e, f)), CUBE (g), GROUPING SETS (a, (), h)"},
      {"select a, count(*) from t group by all having count(*) > 1",
       "SELECT a, count(*) FROM t GROUP BY ALL HAVING count(*) > 1"},
      {"select a from t where true qualify row_number() over (order by a) = 1",
       "SELECT a FROM t WHERE TRUE QUALIFY row_number() OVER (ORDER BY a) = 1"},
      {"select a from t x qualify a = 1", "SELECT a FROM t AS x QUALIFY a = 1"},
      {"select a from t order by a desc, 2 nulls first limit 5 offset 3",
       "SELECT a FROM t ORDER BY a DESC, 2 NULLS FIRST LIMIT 5 OFFSET 3"},
      {"select a from t offset 3 limit 5", "SELECT a FROM t LIMIT 5 OFFSET 3"},
      {"select a from t limit all", "SELECT a FROM t"},
      {"select level from e start with m is null connect by prior id = m",
       "SELECT level FROM e START WITH m IS NULL CONNECT BY PRIOR id = m"},
      {"values (1, default), (2, 'x')", "VALUES (1, DEFAULT), (2, 'x')"},
      {"select 1 union select 2 union select 3", "SELECT 1 UNION SELECT 2 UNION SELECT 3"},
      {"select 1 union select 2 union all select 3", "SELECT 1 UNION SELECT 2 UNION ALL SELECT 3"},
      {"select 1 union (select 2 union all select 3)",
       "SELECT 1 UNION (SELECT 2 UNION ALL SELECT 3)"},
      {"select 1 minus select 2 intersect select 3", "SELECT 1 EXCEPT SELECT 2 INTERSECT SELECT 3"},
      {"(select 1 except select 2) intersect select 3",
       "(SELECT 1 EXCEPT SELECT 2) INTERSECT SELECT 3"},
      {"(select 1 limit 1) union all (select 2 order by 1) order by 1",
       "(SELECT 1 LIMIT 1) UNION ALL (SELECT 2 ORDER BY 1) ORDER BY 1"},
      {"((select 1))", "SELECT 1"},
      {"with a (x) as (select 1), b as (select 2) select * from a, b",
       "WITH a (x) AS (SELECT 1), b AS (SELECT 2) SELECT * FROM a, b"},
      {"with recursive a (x) as (select 1 union all select x + 1 from a) select x from a",
       "WITH RECURSIVE a (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a) SELECT x FROM a"},
      {"select ((select 1) union select 2)", "SELECT (SELECT 1 UNION SELECT 2)"},
      {"select 1 -- comment\n /* and /* nested */ one */ + 2", "SELECT 1 + 2"},
  });
}

}  // namespace
}  // namespace vesto::sql
