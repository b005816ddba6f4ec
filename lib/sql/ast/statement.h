#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sql/ast/expression.h"
#include "sql/ast/query.h"

// One struct per statement. Source: redshift/statements.md.
namespace vesto::sql {

struct Statement;

struct SelectStatement {
  QueryPtr query;
};

struct InsertStatement {
  std::optional<With> with;
  Name table;
  std::vector<std::string> columns;  // empty: not given
  bool default_values = false;
  QueryPtr query;  // VALUES is a query of kind kValues
};

struct SetClause {
  std::string column;
  ExpressionPtr value;
  int offset = 0;
};

struct UpdateStatement {
  std::optional<With> with;
  Name table;
  std::string alias;
  std::vector<SetClause> set;
  std::vector<TableRefPtr> from;
  ExpressionPtr where;
};

struct DeleteStatement {
  std::optional<With> with;
  Name table;
  std::string alias;
  std::vector<TableRefPtr> using_list;
  ExpressionPtr where;
};

struct MergeStatement {
  Name target;
  TableRefPtr source;
  ExpressionPtr on;
  bool matched_delete = false;  // WHEN MATCHED THEN DELETE
  bool has_matched = false, has_not_matched = false;
  std::vector<SetClause> matched_set;  // WHEN MATCHED THEN UPDATE SET
  std::vector<std::string> insert_columns;
  std::vector<ExpressionPtr> insert_values;
  bool remove_duplicates = false;
};

struct TruncateStatement {
  Name table;
};

struct ColumnDefinition {
  std::string name;
  TypeName type;
  ExpressionPtr default_value;
  std::string default_text;  // SQL text of DEFAULT
  bool identity = false, identity_by_default = false;
  int64_t identity_seed = 1, identity_step = 1;
  std::string encoding;  // "" = none given
  bool dist_key = false, sort_key = false;
  std::optional<bool> case_insensitive;  // COLLATE
  bool not_null = false, unique = false, primary_key = false;
  Name references;  // empty: none
  std::vector<std::string> referenced_columns;
  int offset = 0;
};

struct TableConstraint {
  enum class Kind : uint8_t { kPrimaryKey, kUnique, kForeignKey };
  Kind kind = Kind::kPrimaryKey;
  std::string name;
  std::vector<std::string> columns;
  Name references;
  std::vector<std::string> referenced_columns;
  int offset = 0;
};

// DISTSTYLE, DISTKEY, SORTKEY, ENCODE AUTO, BACKUP: shared by CREATE TABLE and CTAS.
struct TableAttributes {
  std::string dist_style;  // "", "auto", "even", "key", "all"
  std::string dist_key;    // column name; CTAS accepts a 1-based position as digits
  std::string sort_style;  // "", "auto", "compound", "interleaved"
  std::vector<std::string> sort_keys;
  bool encode_auto = false;
  std::optional<bool> backup;
};

struct CreateTableStatement {
  Name table;
  bool temporary = false, if_not_exists = false;
  std::vector<ColumnDefinition> columns;
  std::vector<TableConstraint> constraints;
  Name like;  // LIKE parent
  bool including_defaults = false;
  TableAttributes attributes;
};

struct CreateTableAsStatement {
  Name table;
  bool temporary = false, if_not_exists = false;
  std::vector<std::string> columns;
  TableAttributes attributes;
  QueryPtr query;
};

struct AlterTableStatement {
  enum class Action : uint8_t {
    kAddConstraint,
    kDropConstraint,
    kOwnerTo,
    kRenameTo,
    kRenameColumn,
    kAlterColumnType,
    kAlterColumnEncode,
    kAlterDistKey,
    kAlterDistStyle,
    kAlterSortKey,
    kAlterEncodeAuto,
    kAddColumn,
    kDropColumn,
    kSetSchema,
    kAppend,
  };
  Name table;
  Action action = Action::kAddColumn;
  std::string column, new_name, encoding;
  ColumnDefinition definition;  // kAddColumn
  TypeName type;                // kAlterColumnType
  TableConstraint constraint;
  // kAlterDistStyle, kAlterDistKey, kAlterSortKey (sort_style may be "none"). One statement may
  // change sort key and distribution together: `action` is then the first, and both are filled in.
  TableAttributes attributes;
  std::vector<std::pair<std::string, std::string>> encodings;  // kAlterColumnEncode
  Name source;                                                 // kAppend
  bool ignore_extra = false, fill_target = false;
  bool cascade = false;
};

enum class ObjectKind : uint8_t {
  kTable,
  kView,
  kSchema,
  kDatabase,
  kUser,
  kGroup,
  kMaterializedView,
  kFunction,
  kProcedure,
  kRole,
  kColumn,
  kConstraint,
  kLanguage,
};

struct DropStatement {
  ObjectKind kind = ObjectKind::kTable;
  std::vector<Name> names;
  bool if_exists = false, cascade = false;
};

struct CreateViewStatement {
  Name view;
  bool or_replace = false, no_schema_binding = false;
  std::vector<std::string> columns;
  QueryPtr query;
  std::string query_text;  // as written
};

struct CreateSchemaStatement {
  std::string schema;  // "" with AUTHORIZATION: the user's name
  bool if_not_exists = false;
  std::string authorization;
  std::string quota;  // as written; "" = none
};

struct CreateDatabaseStatement {
  std::string database;
  std::string owner;
  std::string isolation_level;  // "", "serializable", "snapshot"
  bool case_insensitive = false;
  std::string connection_limit;
};

// ALTER SCHEMA / DATABASE / GROUP / USER in their RENAME TO, OWNER TO, SET forms.
struct AlterObjectStatement {
  ObjectKind kind = ObjectKind::kSchema;
  Name name;
  std::string rename_to, owner_to, quota;
  // User options as in CreateUserStatement, "set <name>", "reset <name>", "reset session timeout";
  // database options "connection limit", "collate", "isolation level".
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<std::string> add_users, drop_users;  // groups
};

struct CreateUserStatement {
  ObjectKind kind = ObjectKind::kUser;  // kUser or kGroup
  std::string name;
  // "password", "password disable", "createdb", "nocreatedb", "createuser", "nocreateuser",
  // "syslog access", "in group" (one for each group), "valid until", "connection limit",
  // "session timeout", "externalid".
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<std::string> users;  // CREATE GROUP ... WITH USER
};

struct GrantStatement {
  // `grant_option`: REVOKE GRANT OPTION FOR; the one of GRANT stands beside its grantee.
  bool revoke = false, grant_option = false, cascade = false;
  std::vector<std::string> privileges;                      // lower case; "all"
  std::vector<std::vector<std::string>> privilege_columns;  // parallel to `privileges`
  ObjectKind object_kind = ObjectKind::kTable;
  bool all_in_schema = false;  // ON ALL TABLES IN SCHEMA: `objects` are schemas
  std::vector<Name> objects;
  std::vector<std::string> signatures;  // of functions, parallel to `objects`: "(int, varchar)"
  struct Grantee {
    enum class Kind : uint8_t { kUser, kGroup, kRole, kPublic };
    Kind kind = Kind::kUser;
    std::string name;
    bool grant_option = false;  // WITH GRANT OPTION
  };
  std::vector<Grantee> grantees;
  // ALTER DEFAULT PRIVILEGES [FOR USER u, ...] [IN SCHEMA s, ...]: there are no `objects` then.
  struct Defaults {
    std::vector<std::string> users, schemas;
  };
  std::optional<Defaults> defaults;
};

struct CommentStatement {
  ObjectKind kind = ObjectKind::kTable;
  Name name;  // COLUMN: table name and column; CONSTRAINT: constraint name
  Name on;    // CONSTRAINT c ON t
  std::optional<std::string> text;
};

// One option of COPY or UNLOAD: keyword in lower case ("delimiter", "ignoreheader", "quote",
// "iam_role", "null", "partition by", "include", ...) and its arguments, without AS and WITH.
// A format is always "format", with or without that word: {"format", {"csv"}}, {"format", {"json",
// "auto"}}; but FIXEDWIDTH and DELIMITER are options of their own. Words among the arguments are
// lower case: {"iam_role", {"default"}}, {"maxfilesize", {"5", "mb"}}, {"manifest", {"verbose"}}.
// Strings keep their backslash sequences ("\t" stays two bytes) for the reader of the file format;
// only doubled backslashes and quotes are resolved.
struct CopyOption {
  std::string name;
  std::vector<std::string> values;
  int offset = 0;
};

struct CopyStatement {
  Name table;
  std::vector<std::string> columns;
  std::string source;
  std::vector<CopyOption> options;
};

// COPY ... FROM STDIN and COPY ... TO STDOUT: rows over the client's connection, in PostgreSQL's
// formats. Options are named as in its parenthesised list, whichever way they were written: "format",
// "delimiter", "null", "header", "quote", "escape", "encoding", "force_quote" (no values: all columns),
// "force_not_null", "force_null".
// Source: PostgreSQL manual, COPY; Redshift has neither.
struct ClientCopyStatement {
  bool to_client = false;
  Name table;  // empty: COPY (query)
  std::vector<std::string> columns;
  QueryPtr query;  // TO STDOUT: as given, or SELECT of the columns FROM the table
  std::vector<CopyOption> options;
};

struct UnloadStatement {
  std::string query_text;
  QueryPtr query;  // parsed from query_text; its offsets count inside that text
  std::string destination;
  std::vector<CopyOption> options;
};

struct ExplainStatement {
  bool verbose = false;
  std::unique_ptr<Statement> statement;
};

struct AnalyzeStatement {
  Name table;  // empty: all
  std::vector<std::string> columns;
  bool verbose = false, compression = false, predicate_columns = false;
  std::optional<int64_t> sample_rows;  // COMPROWS
};

struct VacuumStatement {
  enum class Mode : uint8_t { kFull, kSortOnly, kDeleteOnly, kReindex, kRecluster };
  Mode mode = Mode::kFull;
  Name table;
  std::optional<int> to_percent;
  bool boost = false;
};

struct LockStatement {
  std::vector<Name> tables;
};

struct TransactionStatement {
  enum class Kind : uint8_t { kBegin, kCommit, kRollback };
  Kind kind = Kind::kBegin;
  bool read_only = false;
};

struct SetStatement {
  // Lower case; "timezone" for SET TIME ZONE; "session_authorization"; "seed"; "transaction" with
  // the value "read only" or "read write"; "session_characteristics", which is ignored.
  std::string name;
  std::vector<std::string> values;  // several for lists
  bool local = false;
  bool to_default = false;
};
struct ResetStatement {
  std::string name;  // "all"
};
struct ShowStatement {
  std::string name;  // "all"; or the object form below
  // "table", "view": SHOW TABLE t. The lists: "databases", "schemas", "tables", "columns",
  // "functions", "procedures"; "function parameters", "procedure parameters"; "primary keys",
  // "foreign keys", "exported keys"; "column grants", "database grants", "schema grants",
  // "table grants", "function grants", "grants" (of one user).
  std::string object_form;
  Name object;
  // The lists: FROM SCHEMA d.s LIKE 'p'. A name is a string literal or, from a driver, $n.
  std::vector<ExpressionPtr> path;
  std::vector<ExpressionPtr> arguments;  // PARAMETERS OF FUNCTION f(integer, $4): names of types
  std::optional<GrantStatement::Grantee> grantee;  // GRANTS ... FOR
  ExpressionPtr like;
  std::optional<int64_t> limit;
};

struct PrepareStatement {
  std::string name;
  std::vector<TypeName> types;
  std::unique_ptr<Statement> statement;
};
struct ExecuteStatement {
  std::string name;
  std::vector<ExpressionPtr> arguments;
};
struct DeallocateStatement {
  std::string name;  // "" = all
};
struct DeclareCursorStatement {
  std::string name;
  std::unique_ptr<Statement> statement;  // a SelectStatement
};
struct FetchStatement {
  std::string cursor;
  std::optional<int64_t> count;  // absent: ALL
};
struct CloseStatement {
  std::string cursor;  // "" = all
};
struct CancelStatement {
  int64_t pid = 0;
};

// What PostgreSQL's pools send between two users of a connection. Redshift has neither.
struct DiscardStatement {
  enum class What : uint8_t { kAll, kPlans, kSequences, kTemporary };
  What what = What::kAll;
};
struct UnlistenStatement {};

// A statement that Redshift has and Vesto does not yet run, or that Redshift rejects too: the
// binder answers 0A000 "<feature> is not supported".
struct UnsupportedStatement {
  std::string feature;  // e.g. "CREATE INDEX"
};

struct Statement {
  using Node =
      std::variant<SelectStatement, InsertStatement, UpdateStatement, DeleteStatement,
                   MergeStatement, TruncateStatement, CreateTableStatement, CreateTableAsStatement,
                   AlterTableStatement, DropStatement, CreateViewStatement, CreateSchemaStatement,
                   CreateDatabaseStatement, AlterObjectStatement, CreateUserStatement,
                   GrantStatement, CommentStatement, CopyStatement, ClientCopyStatement,
                   UnloadStatement, ExplainStatement, AnalyzeStatement, VacuumStatement, LockStatement,
                   TransactionStatement, SetStatement, ResetStatement, ShowStatement,
                   PrepareStatement, ExecuteStatement, DeallocateStatement, DeclareCursorStatement,
                   FetchStatement, CloseStatement, CancelStatement, DiscardStatement,
                   UnlistenStatement, UnsupportedStatement>;
  Node node;
  int offset = 0;          // of the first token
  int end_offset = 0;      // one past the last token (without the semicolon)
  int num_parameters = 0;  // highest $n
  // Where passwords and keys stand in the text, as (offset, end): logs show '***' instead.
  std::vector<std::pair<int, int>> secrets;
};

}  // namespace vesto::sql
