#include <string>

#include "sql/ast/values_rows.h"
#include "sql/parser/parser.h"
#include "support/status.h"

// The shape of trees where the printed text alone would not show it.
namespace vesto::sql {
namespace {

template <typename T>
T ParseOne(std::string_view text) {
  auto statements = Parse(text);
  INFO(text);
  REQUIRE_OK(statements);
  REQUIRE(statements->size() == 1);
  REQUIRE(std::holds_alternative<T>(statements->front().node));
  return std::get<T>(std::move(statements->front().node));
}

std::string Feature(std::string_view text) { return ParseOne<UnsupportedStatement>(text).feature; }

std::vector<std::string> Words(const CopyOption& option) {
  std::vector<std::string> words = {option.name};
  words.insert(words.end(), option.values.begin(), option.values.end());
  return words;
}

using Strings = std::vector<std::string>;

TEST_CASE("statements know their place and their parameters", "[sql]") {
  const auto statements = Parse("  SELECT $2 + $1 ;; -- nothing\n ;EXPLAIN SELECT $3;select 1");
  REQUIRE_OK(statements);
  REQUIRE(statements->size() == 3);
  CHECK((*statements)[0].offset == 2);
  CHECK((*statements)[0].end_offset == 16);
  CHECK((*statements)[0].num_parameters == 2);
  CHECK((*statements)[1].num_parameters == 3);
  CHECK((*statements)[2].num_parameters == 0);
  CHECK(Parse("").value().empty());
  CHECK(Parse("  ;; /* */ ").value().empty());
}

TEST_CASE("nodes carry the offset that an error about them points at", "[sql]") {
  const auto e = ParseExpression("a  +  f(b) AND  c IS NULL");
  REQUIRE_OK(e);
  CHECK((*e)->kind == ExpressionKind::kAnd);
  CHECK((*e)->args[0]->offset == 3);           // the operator
  CHECK((*e)->args[0]->args[1]->offset == 6);  // f
  CHECK((*e)->args[1]->args[0]->offset == 16);
}

TEST_CASE("chains are flat where order does not matter", "[sql]") {
  const auto e = ParseExpression("a AND b AND c OR d OR e");
  REQUIRE_OK(e);
  CHECK((*e)->kind == ExpressionKind::kOr);
  CHECK((*e)->args.size() == 3);
  CHECK((*e)->args[0]->args.size() == 3);
  const auto q = ParseQuery("select 1 union all select 2 union all select 3");
  REQUIRE_OK(q);
  CHECK((*q)->inputs.size() == 3);
}

TEST_CASE("packed literals of VALUES unpack to the trees that other places have", "[sql]") {
  const std::string text = "VALUES (1, -2.5, 'it''s', NULL, true), (- 3, +4e1, (false), '', 2 + 1)";
  const auto query = ParseQuery(text);
  REQUIRE_OK(query);
  const ValuesRows& rows = *(*query)->rows;
  REQUIRE(rows.size() == 2);
  CHECK(rows.width(1) == 5);
  ExpressionPtr room;
  const Expression& signed_number = rows.Tree(0, 1, &room);
  CHECK(signed_number.kind == ExpressionKind::kUnary);
  CHECK(signed_number.op == "-");
  CHECK(signed_number.offset == 11);
  REQUIRE(signed_number.args.size() == 1);
  CHECK(signed_number.args[0]->kind == ExpressionKind::kNumber);
  CHECK(signed_number.args[0]->offset == 12);
  CHECK(signed_number.args[0]->text == "2.5");
  // The room is used again: nothing of the last value stays.
  const Expression& string = rows.Tree(0, 2, &room);
  CHECK(string.kind == ExpressionKind::kString);
  CHECK(string.text == "it's");
  CHECK(string.args.empty());
  CHECK(rows.Tree(0, 3, &room).kind == ExpressionKind::kNull);
  CHECK(rows.Tree(0, 4, &room).boolean);
  CHECK(rows.Unpacked(1, 0) != nullptr);  // a blank after the sign: two offsets
  CHECK_FALSE(rows.Tree(1, 2, &room).boolean);
  CHECK(rows.Unpacked(1, 4) != nullptr);
  CHECK(rows.offset(1, 4) == static_cast<int>(text.find("+ 1)")));
  CHECK(ToSql(**query) == "VALUES (1, -2.5, 'it''s', NULL, TRUE), (-3, +4e1, FALSE, '', 2 + 1)");
}

TEST_CASE("INSERT", "[sql]") {
  auto insert = ParseOne<InsertStatement>("INSERT INTO s.t (a, b) VALUES (1, DEFAULT), (2, $1)");
  CHECK(insert.table == Name{"s", "t"});
  CHECK(insert.columns == Strings{"a", "b"});
  CHECK(insert.query->rows->size() == 2);
  ExpressionPtr room;
  CHECK(insert.query->rows->Tree(0, 1, &room).kind == ExpressionKind::kDefault);
  CHECK(insert.query->rows->Tree(1, 1, &room).kind == ExpressionKind::kParameter);
  CHECK(ParseOne<InsertStatement>("insert into t default values").default_values);
  CHECK(ParseOne<InsertStatement>("insert into t (select 1)").columns.empty());
  CHECK(ParseOne<InsertStatement>("with q as (select 1) insert into t select * from q").with);
}

TEST_CASE("UPDATE, DELETE, MERGE, TRUNCATE", "[sql]") {
  auto update =
      ParseOne<UpdateStatement>("UPDATE t x SET a = 1, b = DEFAULT FROM u WHERE x.a = u.a");
  CHECK(update.alias == "x");
  CHECK(update.set.size() == 2);
  CHECK(update.from.size() == 1);
  CHECK(ParseOne<UpdateStatement>("update t set a = 1").alias.empty());
  auto remove = ParseOne<DeleteStatement>("DELETE t USING u, v WHERE t.a = u.a");
  CHECK(remove.using_list.size() == 2);
  auto merge = ParseOne<MergeStatement>(
      "MERGE INTO t USING (SELECT 1 a) s ON t.a = s.a WHEN NOT MATCHED THEN INSERT (a) VALUES "
      "(s.a) "
      "WHEN MATCHED THEN UPDATE SET a = s.a");
  CHECK(merge.has_matched);
  CHECK(merge.has_not_matched);
  CHECK(merge.source->alias == "s");
  CHECK(ParseOne<MergeStatement>("merge into t using s on t.a = s.a remove duplicates")
            .remove_duplicates);
  CHECK(ParseOne<TruncateStatement>("truncate table a.b").table == Name{"a", "b"});
}

TEST_CASE("CREATE TABLE keeps every attribute", "[sql]") {
  auto create = ParseOne<CreateTableStatement>(
      "CREATE TEMP TABLE IF NOT EXISTS t ("
      " id BIGINT IDENTITY(5, -2) NOT NULL DISTKEY,"
      " g INT GENERATED BY DEFAULT AS IDENTITY,"
      " v VARCHAR(MAX) COLLATE case_insensitive ENCODE zstd DEFAULT 'a' || 'b' NULL SORTKEY,"
      " r INT REFERENCES s.u (x) UNIQUE,"
      " CONSTRAINT pk PRIMARY KEY (id), UNIQUE (v, r), FOREIGN KEY (r) REFERENCES u)"
      " BACKUP NO DISTSTYLE KEY INTERLEAVED SORTKEY (id, v) ENCODE AUTO");
  CHECK(create.temporary);
  CHECK(create.if_not_exists);
  REQUIRE(create.columns.size() == 4);
  CHECK(create.columns[0].identity);
  CHECK(create.columns[0].identity_step == -2);
  CHECK(create.columns[0].dist_key);
  CHECK(create.columns[1].identity_by_default);
  CHECK(create.columns[2].type.modifiers == std::vector<int>{kMaxModifier});
  CHECK(create.columns[2].default_text == "'a' || 'b'");
  CHECK(create.columns[2].case_insensitive == true);
  CHECK_FALSE(create.columns[2].not_null);
  CHECK(create.columns[3].references == Name{"s", "u"});
  REQUIRE(create.constraints.size() == 3);
  CHECK(create.constraints[0].name == "pk");
  CHECK(create.constraints[2].referenced_columns.empty());
  CHECK(create.attributes.dist_style == "key");
  CHECK(create.attributes.sort_style == "interleaved");
  CHECK(create.attributes.sort_keys == Strings{"id", "v"});
  CHECK(create.attributes.backup == false);
  CHECK(create.attributes.encode_auto);
  CHECK(ParseOne<CreateTableStatement>("create table t (like s.u including defaults)").like ==
        Name{"s", "u"});
}

TEST_CASE("CREATE TABLE AS, CREATE VIEW", "[sql]") {
  auto table = ParseOne<CreateTableAsStatement>(
      "create table t (a, b) distkey(1) compound sortkey(2, a) as select 1, 2");
  CHECK(table.columns == Strings{"a", "b"});
  CHECK(table.attributes.dist_key == "1");
  CHECK(table.attributes.sort_keys == Strings{"2", "a"});
  auto view = ParseOne<CreateViewStatement>(
      "CREATE OR REPLACE VIEW v (x) AS  SELECT  A FROM s.T  WITH NO SCHEMA BINDING");
  CHECK(view.or_replace);
  CHECK(view.no_schema_binding);
  CHECK(view.query_text == "SELECT  A FROM s.T");
}

TEST_CASE("ALTER TABLE", "[sql]") {
  using Action = AlterTableStatement::Action;
  const auto action = [](std::string_view rest) {
    return ParseOne<AlterTableStatement>("ALTER TABLE t " + std::string(rest)).action;
  };
  CHECK(action("ADD COLUMN c INT DEFAULT 0 NOT NULL") == Action::kAddColumn);
  CHECK(action("ADD CONSTRAINT k PRIMARY KEY (a)") == Action::kAddConstraint);
  CHECK(action("DROP c CASCADE") == Action::kDropColumn);
  CHECK(action("DROP CONSTRAINT k") == Action::kDropConstraint);
  CHECK(action("RENAME TO u") == Action::kRenameTo);
  CHECK(action("RENAME COLUMN a TO b") == Action::kRenameColumn);
  CHECK(action("OWNER TO u") == Action::kOwnerTo);
  CHECK(action("ALTER COLUMN c TYPE VARCHAR(9)") == Action::kAlterColumnType);
  CHECK(action("ALTER DISTSTYLE EVEN") == Action::kAlterDistStyle);
  CHECK(action("ALTER SORTKEY NONE") == Action::kAlterSortKey);
  CHECK(action("ALTER ENCODE AUTO") == Action::kAlterEncodeAuto);
  CHECK(action("APPEND FROM s IGNOREEXTRA") == Action::kAppend);
  auto both = ParseOne<AlterTableStatement>("alter table t alter distkey a, alter sortkey (b)");
  CHECK(both.action == Action::kAlterDistKey);
  CHECK(both.attributes.dist_key == "a");
  CHECK(both.attributes.sort_keys == Strings{"b"});
  auto encode = ParseOne<AlterTableStatement>(
      "alter table t alter column a encode lzo, alter column b encode raw");
  CHECK(encode.encodings.size() == 2);
}

TEST_CASE("COPY and UNLOAD options are lists of words and values", "[sql]") {
  auto copy = ParseOne<CopyStatement>(
      "COPY t (a, b) FROM 's3://b/k' IAM_ROLE default FORMAT AS CSV QUOTE AS '%' DELIMITER '\\t', "
      "NULL AS '\\\\N' IGNOREHEADER 1 GZIP COMPUPDATE OFF MANIFEST WITH CREDENTIALS AS 'x=y'");
  CHECK(copy.columns == Strings{"a", "b"});
  CHECK(copy.source == "s3://b/k");
  REQUIRE(copy.options.size() == 10);
  CHECK(Words(copy.options[0]) == Strings{"iam_role", "default"});
  CHECK(Words(copy.options[1]) == Strings{"format", "csv"});
  CHECK(Words(copy.options[2]) == Strings{"quote", "%"});
  CHECK(Words(copy.options[3]) == Strings{"delimiter", "\\t"});
  CHECK(Words(copy.options[4]) == Strings{"null", "\\N"});
  CHECK(Words(copy.options[5]) == Strings{"ignoreheader", "1"});
  CHECK(Words(copy.options[6]) == Strings{"gzip"});
  CHECK(Words(copy.options[7]) == Strings{"compupdate", "off"});
  CHECK(Words(copy.options[8]) == Strings{"manifest"});
  CHECK(Words(copy.options[9]) == Strings{"credentials", "x=y"});
  CHECK(!ParseOne<ClientCopyStatement>("copy t from stdin csv").to_client);
  auto pg =
      ParseOne<ClientCopyStatement>("COPY  t FROM STDIN WITH (FORMAT csv, HEADER true, NULL 'x')");
  REQUIRE(pg.options.size() == 3);
  CHECK(Words(pg.options[1]) == Strings{"header", "true"});
  auto words = ParseOne<ClientCopyStatement>(
      "COPY t (a, b) TO STDOUT WITH CSV HEADER DELIMITER AS E'\t' FORCE QUOTE a, b");
  CHECK(words.to_client);
  CHECK(ToSql(*words.query) == "SELECT a, b FROM t");
  REQUIRE(words.options.size() == 4);
  CHECK(Words(words.options[1]) == Strings{"header"});
  CHECK(Words(words.options[2]) == Strings{"delimiter", "\t"});
  CHECK(Words(words.options[3]) == Strings{"force_quote", "a", "b"});
  CHECK(Words(ParseOne<CopyStatement>("copy t from 's' json 'auto'").options[0]) ==
        Strings{"format", "json", "auto"});
  CHECK(Words(ParseOne<CopyStatement>("copy t from 's' format fixedwidth 'a:1'").options[0]) ==
        Strings{"fixedwidth", "a:1"});

  auto unload = ParseOne<UnloadStatement>(
      "UNLOAD ('SELECT ''a'' FROM t') TO 's3://b/p' PARTITION BY (x, y) INCLUDE MAXFILESIZE AS 5 "
      "MB "
      "MANIFEST VERBOSE PARALLEL OFF PARQUET");
  CHECK(unload.query_text == "SELECT 'a' FROM t");
  CHECK(ToSql(*unload.query) == "SELECT 'a' FROM t");
  REQUIRE(unload.options.size() == 6);
  CHECK(Words(unload.options[0]) == Strings{"partition by", "x", "y"});
  CHECK(Words(unload.options[1]) == Strings{"include"});
  CHECK(Words(unload.options[2]) == Strings{"maxfilesize", "5", "mb"});
  CHECK(Words(unload.options[3]) == Strings{"manifest", "verbose"});
  CHECK(Words(unload.options[4]) == Strings{"parallel", "off"});
}

TEST_CASE("GRANT, REVOKE, users and comments", "[sql]") {
  auto grant = ParseOne<GrantStatement>(
      "GRANT SELECT (a, b), UPDATE (c) ON TABLE s.t TO u, GROUP g, ROLE r, PUBLIC");
  CHECK(grant.privileges == Strings{"select", "update"});
  CHECK(grant.privilege_columns[0] == Strings{"a", "b"});
  CHECK(grant.grantees.size() == 4);
  CHECK(grant.grantees[2].kind == GrantStatement::Grantee::Kind::kRole);
  auto all = ParseOne<GrantStatement>("grant all privileges on all tables in schema a, b to u");
  CHECK(all.privileges == Strings{"all"});
  CHECK(all.all_in_schema);
  CHECK(all.objects.size() == 2);
  auto revoke = ParseOne<GrantStatement>("revoke grant option for select on t from u cascade");
  CHECK(revoke.revoke);
  CHECK(revoke.grant_option);
  CHECK(revoke.cascade);
  CHECK(ParseOne<CreateUserStatement>("create user \"Bob\" password 'x' in group a, b")
            .options.size() == 3);
  CHECK(ParseOne<CreateUserStatement>("create user \"Bob\" createdb").name == "Bob");
  CHECK(ParseOne<CommentStatement>("comment on column t.c is null").text == std::nullopt);
  CHECK(ParseOne<CommentStatement>("comment on constraint c on t is 'x'").on == Name{"t"});
}

TEST_CASE("session statements", "[sql]") {
  CHECK(ParseOne<SetStatement>("SET search_path TO a, \"$user\", 'public'").values ==
        Strings{"a", "$user", "public"});
  CHECK(ParseOne<SetStatement>("SET LOCAL x = -1.5").local);
  CHECK(ParseOne<SetStatement>("SET LOCAL x = -1.5").values == Strings{"-1.5"});
  CHECK(ParseOne<SetStatement>("set my.var to default").to_default);
  CHECK(ParseOne<SetStatement>("set my.var to default").name == "my.var");
  CHECK(ParseOne<SetStatement>("set time zone 'UTC'").name == "timezone");
  CHECK(ParseOne<SetStatement>("set session authorization \"Bob\"").values == Strings{"Bob"});
  CHECK(ParseOne<ShowStatement>("show search_path").name == "search_path");
  auto tables = ParseOne<ShowStatement>("show tables from schema d.s like 'x%' limit 5");
  CHECK(tables.object_form == "tables");
  REQUIRE(tables.path.size() == 2);
  CHECK(ToSql(*tables.path[1]) == "'s'");
  CHECK(ToSql(*tables.like) == "'x%'");
  CHECK(tables.limit == 5);
  auto columns = ParseOne<ShowStatement>("SHOW COLUMNS FROM TABLE $1.$2.\"T\" LIKE $3");
  REQUIRE(columns.path.size() == 3);
  CHECK(ToSql(*columns.path[0]) == "$1");
  CHECK(ToSql(*columns.path[2]) == "'t'");
  CHECK(ToSql(*columns.like) == "$3");
  CHECK(!Parse("SHOW TABLES FROM SCHEMA a.b.c").ok());
  auto parameters =
      ParseOne<ShowStatement>("show parameters of function d.s.f(varchar (9), timestamp with time zone, $1) like 'x'");
  CHECK(parameters.object_form == "function parameters");
  REQUIRE(parameters.path.size() == 3);
  REQUIRE(parameters.arguments.size() == 3);
  CHECK(ToSql(*parameters.arguments[0]) == "'varchar (9)'");
  CHECK(ToSql(*parameters.arguments[1]) == "'timestamp with time zone'");
  CHECK(ToSql(*parameters.arguments[2]) == "$1");
  CHECK(ParseOne<ShowStatement>("show parameters of procedure s.p()").arguments.empty());
  auto grants = ParseOne<ShowStatement>("show grants on table s.t for group g limit 3");
  CHECK(grants.object_form == "table grants");
  CHECK(grants.grantee->kind == GrantStatement::Grantee::Kind::kGroup);
  CHECK(ParseOne<ShowStatement>("show column grants on table t").object_form == "column grants");
  CHECK(ParseOne<ShowStatement>("show grants for role sys:dba").grantee->name == "sys:dba");
  CHECK(ParseOne<ShowStatement>("show constraints foreign keys exported from table t").object_form == "exported keys");
  CHECK(ParseOne<DiscardStatement>("discard temp").what == DiscardStatement::What::kTemporary);
  CHECK(!Parse("DISCARD everything").ok());
  REQUIRE_OK(Parse("DECLARE \"n\" CURSOR WITHOUT HOLD FOR SELECT 1"));
  CHECK(ParseOne<TransactionStatement>("begin isolation level serializable read only").read_only);
  CHECK(ParseOne<TransactionStatement>("end work").kind == TransactionStatement::Kind::kCommit);
  CHECK(ParseOne<TransactionStatement>("abort").kind == TransactionStatement::Kind::kRollback);
  CHECK(ParseOne<FetchStatement>("fetch forward 10 from c").count == 10);
  CHECK(ParseOne<FetchStatement>("fetch all from c").count == std::nullopt);
  CHECK(ParseOne<FetchStatement>("fetch next").cursor == "next");
  CHECK(ParseOne<VacuumStatement>("vacuum delete only t to 75 percent boost").to_percent == 75);
  CHECK(ParseOne<AnalyzeStatement>("analyze verbose t (a) predicate columns").predicate_columns);
  CHECK(ParseOne<PrepareStatement>("prepare p (int, text) as select $1, $2")
            .statement->num_parameters == 2);
}

TEST_CASE("what Redshift or PostgreSQL has and the tree has not is named", "[sql]") {
  CHECK(Feature("CREATE INDEX i ON t (a)") == "CREATE INDEX");
  CHECK(Feature("create or replace procedure p() as $$ begin; end; $$ language plpgsql") ==
        "CREATE PROCEDURE");
  CHECK(Feature("create materialized view v as select 1") == "CREATE MATERIALIZED VIEW");
  CHECK(Feature("SAVEPOINT x") == "SAVEPOINT");
  CHECK(Feature("drop index i") == "DROP INDEX");
  CHECK(Feature("grant role r to u") == "GRANT ROLE");
  CHECK(Feature("call p(1)") == "CALL");
}

TEST_CASE("the shell asks for more input inside a statement", "[sql]") {
  for (std::string_view text :
       {"select 1", "select '", "select ';", "/* ;", "select $$ ;", "\"a;"}) {
    INFO(text);
    CHECK(NeedsMoreInput(text));
  }
  for (std::string_view text :
       {"", "  ", "-- c", "select 1;", "select 1; -- c", "select ';';", "\x01"}) {
    INFO(text);
    CHECK_FALSE(NeedsMoreInput(text));
  }
}

}  // namespace
}  // namespace vesto::sql
