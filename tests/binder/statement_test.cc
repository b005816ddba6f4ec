#include "binder/binding.h"
#include "support/catch.h"

// Writes, COPY, UNLOAD and CREATE TABLE AS.
// The expected text is the plan as DebugString prints it, or "<SQLSTATE>@<offset> <message>".
namespace vesto::binder {

TEST_CASE("INSERT gives every column its value, converted by assignment", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(INSERT INTO sales VALUES (1, '2024-01-31', 2, 'abc'), (DEFAULT, NULL, 3, 'ab   '))sql") == R"(
Insert sales (#0, #1, #2, #3)
  Values [id#0, day#1, qty#2, note#3] (1, '2024-01-31'::date, 2, 'abc'::text) (7, NULL::date, 3, 'ab '::text)
)");
  CHECK(binding.Plan(R"sql(INSERT INTO sales (id, qty) VALUES (1.6, 99999))sql") == R"(
Insert sales (#2, #3, #4, #5)
  Project [id#2 := id#0, day#3 := NULL::date, qty#4 := qty#1, note#5 := NULL::character varying(3)]
    Values [id#0, qty#1] (2, (99999)::smallint)
)");
  CHECK(binding.Plan(R"sql(INSERT INTO sales (day, note) SELECT d, b FROM t)sql") == R"(
Insert sales (#9, #10, #11, #12)
  Project [id#9 := 7, day#10 := day#7, qty#11 := NULL::smallint, note#12 := note#8]
    Project [d#7 := d#3, b#8 := (b#1)::text]
      Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(INSERT INTO sales (day, note) SELECT d, 'toolong' FROM t)sql") ==
        R"(22001@40 value too long for type character varying(3))");
  CHECK(binding.Plan(R"sql(INSERT INTO sales VALUES (1, '2024-01-31', 2, 'abcd'))sql") ==
        R"(22001@46 value too long for type character varying(3))");
  CHECK(binding.Plan(R"sql(INSERT INTO sales (day) VALUES (true))sql") ==
        R"(42804@32 column "day" is of type date but expression is of type boolean)");
  CHECK(binding.Plan(R"sql(INSERT INTO sales DEFAULT VALUES)sql") == R"(
Insert sales (#0, #1, #2, #3)
  Project [id#0 := 7, day#1 := NULL::date, qty#2 := NULL::smallint, note#3 := NULL::character varying(3)]
    Values [] ()
)");
  CHECK(binding.Plan(R"sql(INSERT INTO sales (id) VALUES ((SELECT max(a) FROM t)))sql") == R"(
Insert sales (#10, #11, #12, #13)
  Project [id#10 := id#9, day#11 := NULL::date, qty#12 := NULL::smallint, note#13 := NULL::character varying(3)]
    Project [id#9 := max#8]
      DependentJoin Single
        Values [] ()
        Project [max#8 := max#7]
          Aggregate keys [] items [max#7 := max(a#0)]
            Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(INSERT INTO sales (id) VALUES ((SELECT max(a) FROM t)), (2))sql") ==
        R"(0A000@23 can't use subqueries in multi-row VALUES)");
  CHECK(binding.Plan(R"sql(INSERT INTO ids VALUES (1), (2))sql") == R"(
Insert ids (#-1, #0)
  Values [v#0] (1) (2)
)");
  CHECK(binding.Plan(R"sql(INSERT INTO ids (id) VALUES (1))sql") ==
        R"(0A000@29 cannot set an identity column to a value)");
  CHECK(binding.Plan(R"sql(INSERT INTO sales (id, id) VALUES (1, 2))sql") ==
        R"(42701@0 column "id" specified more than once)");
  CHECK(binding.Plan(R"sql(INSERT INTO sales (nope) VALUES (1))sql") ==
        R"(42703@0 column "nope" of relation "sales" does not exist)");
  CHECK(binding.Plan(R"sql(INSERT INTO sales VALUES (1, 2, 3, 4, 5))sql") ==
        R"(42601@38 INSERT has more expressions than target columns)");
  CHECK(binding.Plan(R"sql(INSERT INTO v VALUES (1))sql") ==
        R"(42809@0 cannot insert into a view)");
}

TEST_CASE("UPDATE and DELETE scan the target with its row ids", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(UPDATE sales SET qty = qty + 1, note = 'x' FROM u WHERE u.a = sales.id)sql") == R"(
Update sales row #7 (#8, #9, #10, #11)
  Project [row id#7 := row id#4, id#8 := id#0, day#9 := day#1, qty#10 := ((qty#2 + 1))::smallint, note#11 := 'x'::text]
    Filter (a#5 = (id#0)::bigint)
      Join Inner
        Scan sales [id#0, day#1, qty#2, note#3, row id#4]
        Scan u [a#5, x#6]
)");
  CHECK(binding.Plan(R"sql(UPDATE sales s SET id = DEFAULT, day = (SELECT max(d) FROM t WHERE t.a = s.id) WHERE s.qty = 3)sql") == R"(
Update sales row #14 (#15, #16, #17, #18)
  Project [row id#14 := row id#4, id#15 := 7, day#16 := max#13, qty#17 := qty#2, note#18 := note#3]
    DependentJoin Single correlated #0
      Filter (qty#2 = 3)
        Scan sales s [id#0, day#1, qty#2, note#3, row id#4]
      Project [max#13 := max#12]
        Aggregate keys [] items [max#12 := max(d#8)]
          Filter (a#5 = id#0)
            Scan t [a#5, b#6, c#7, d#8, e#9, f#10, g#11]
)");
  CHECK(binding.Plan(R"sql(UPDATE sales SET nope = 1)sql") ==
        R"(42703@17 column "nope" of relation "sales" does not exist)");
  CHECK(binding.Plan(R"sql(UPDATE sales SET id = 1, id = 2)sql") ==
        R"(42601@25 multiple assignments to same column "id")");
  CHECK(binding.Plan(R"sql(DELETE FROM sales)sql") == R"(
Delete sales row #5
  Project [row id#5 := row id#4]
    Scan sales [id#0, day#1, qty#2, note#3, row id#4]
)");
  CHECK(binding.Plan(R"sql(DELETE FROM sales USING u WHERE u.a = sales.id)sql") == R"(
Delete sales row #7
  Project [row id#7 := row id#4]
    Filter (a#5 = (id#0)::bigint)
      Join Inner
        Scan sales [id#0, day#1, qty#2, note#3, row id#4]
        Scan u [a#5, x#6]
)");
  CHECK(binding.Plan(R"sql(WITH w AS (SELECT 3 AS i) DELETE FROM sales WHERE id IN (SELECT i FROM w))sql") == R"(
Delete sales row #8
  CteDefinition w@1
    Project [i#0 := 3]
      Values [] ()
    Project [row id#8 := row id#5]
      DependentJoin Semi on id#1 = i#7
        Scan sales [id#1, day#2, qty#3, note#4, row id#5]
        Project [i#7 := i#6]
          CteScan w@1 [i#6] from (#0)
)");
}

TEST_CASE("MERGE chooses per row between the update and the insert", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(MERGE INTO sales USING u ON sales.id = u.a WHEN MATCHED THEN UPDATE SET qty = u.x WHEN NOT MATCHED THEN INSERT (id, qty) VALUES (u.a, u.x))sql") == R"(
Merge sales row #7 (#8, #9, #10, #11)
  Project [row id#7 := row id#6, id#8 := CASE WHEN (row id#6 IS NOT NULL) THEN id#2 ELSE (a#0)::integer END, day#9 := CASE WHEN (row id#6 IS NOT NULL) THEN day#3 ELSE NULL::date END, qty#10 := CASE WHEN (row id#6 IS NOT NULL) THEN (x#1)::smallint ELSE (x#1)::smallint END, note#11 := CASE WHEN (row id#6 IS NOT NULL) THEN note#5 ELSE NULL::character varying(3) END]
    Join Left on a#0 = (id#2)::bigint
      Scan u [a#0, x#1]
      Scan sales [id#2, day#3, qty#4, note#5, row id#6]
)");
  CHECK(binding.Plan(R"sql(MERGE INTO sales USING u ON sales.id = u.a WHEN MATCHED THEN DELETE)sql") ==
        R"(0A000@0 MERGE statement with a single WHEN clause is not enabled.)");
  CHECK(binding.Plan(R"sql(MERGE INTO sales USING sales s2 ON sales.id = s2.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1))sql") ==
        R"(0A000@23 Source view/subquery in Merge statement cannot reference target table.)");
  CHECK(binding.Plan(R"sql(MERGE INTO u USING (SELECT a, c::int FROM t) s ON u.a = s.a REMOVE DUPLICATES)sql") == R"(
Merge u row #19 (#20, #21) matched delete
  UnionAll [row id#19, a#20, x#21] from (#13, #15, #17) (#14, #16, #18)
    Project [row id#13 := row id#12, a#15 := NULL::bigint, x#17 := NULL::integer]
      Distinct
        Project [row id#12 := row id#11]
          Join Inner on (a#7)::bigint = a#9
            Project [a#7 := a#0, c#8 := (c#2)::integer]
              Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
            Scan u [a#9, x#10, row id#11]
    Project [row id#14 := NULL::bigint, a#16 := (a#7)::bigint, x#18 := c#8]
      Project [a#7 := a#0, c#8 := (c#2)::integer]
        Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
}

TEST_CASE("COPY and UNLOAD refuse options that do not go together", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(COPY sales FROM 's3://b/p' IAM_ROLE default FORMAT AS PARQUET)sql") ==
        R"(0A000@44 COPY with FORMAT PARQUET is not supported)");
  CHECK(binding.Plan(R"sql(COPY sales FROM 's3://b' IAM_ROLE default CSV ESCAPE)sql") ==
        R"(42601@0 CSV is not compatible with ESCAPE)");
  CHECK(binding.Plan(R"sql(COPY sales FROM 's3://b' IAM_ROLE default FIXEDWIDTH 'a:1,b:2')sql") ==
        R"(22023@42 FIXEDWIDTH has 2 fields but 4 columns are loaded)");
  CHECK(binding.Plan(R"sql(COPY sales FROM 's3://b' IAM_ROLE default MAXERROR 100001)sql") ==
        R"(22023@42 Invalid value for MAXERROR: 100001 (must be between 0 and 100000))");
  CHECK(binding.Plan(R"sql(COPY sales FROM 's3://b' IAM_ROLE default NONSENSE)sql") ==
        R"(42601@42 syntax error at or near "nonsense")");
  CHECK(binding.Plan(R"sql(COPY ids (id) FROM 's3://b' IAM_ROLE default)sql") ==
        R"(42601@0 cannot set an identity column to a value: column "id" requires EXPLICIT_IDS)");
  CHECK(binding.Plan(R"sql(UNLOAD ('select a, b from t') TO 's3://b/x' IAM_ROLE default PARALLEL OFF HEADER)sql") == R"(
Unload to s3://b/x
  Project [a#7 := a#0, b#8 := b#1]
    Scan t [a#0, b#1, c#2, d#3, e#4, f#5, g#6]
)");
  CHECK(binding.Plan(R"sql(UNLOAD ('select a from t limit 3') TO 's3://b' IAM_ROLE default)sql") ==
        R"(0A000@0 Limit clause is not supported in UNLOAD. Please use the limit clause in a nested select statement.)");
}

TEST_CASE("CREATE TABLE AS refuses names that exist", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(CREATE TABLE t AS SELECT 1)sql") ==
        R"(42P07@0 Relation "t" already exists)");
  CHECK(binding.Plan(R"sql(CREATE TABLE n AS SELECT id, id FROM sales)sql") ==
        R"(42701@0 column "id" duplicated)");
}

TEST_CASE("other statements are commands or refused by name", "[binder]") {
  Binding binding;
  CHECK(binding.Plan(R"sql(SHOW search_path)sql") ==
        R"(command)");
  CHECK(binding.Plan(R"sql(CREATE INDEX i ON t (a))sql") ==
        R"(0A000@0 CREATE INDEX is not supported)");
}

}  // namespace vesto::binder
