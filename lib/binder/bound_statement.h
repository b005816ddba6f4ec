#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/entries.h"
#include "format/client_copy.h"
#include "logical/copy_spec.h"
#include "logical/plan.h"
#include "security/access.h"
#include "sql/ast/statement.h"
#include "vesto/type.h"

namespace vesto::binder {

enum class StatementKind : uint8_t {
  kQuery,          // rows flow to the client
  kInsert, kUpdate, kDelete, kMerge,  // the plan outputs one BIGINT: the rows changed
  kCopy,           // likewise: the rows loaded
  kUnload,         // likewise: the rows written
  kCopyFromClient, // `client_copy`; with rows of the client, the plan of their INSERT
  kCopyToClient,   // `client_copy`; the plan's rows are its columns
  kCreateTableAs,  // CTAS and SELECT INTO: `create_table`, then the plan's rows into it
  kCommand,        // no plan: `commands` runs `command`
};

// What the statement needs; the leader has `security` check the list at every execution.
using security::RequiredPrivilege;

enum class RelationUse : uint8_t { kRead, kWrite };

// A relation that the statement names, directly or through views: for locks, the result cache and
// the dependencies of a view.
struct RelationReference {
  catalog::Oid oid = 0;
  RelationUse use = RelationUse::kRead;
  bool direct = true;   // named by the statement itself, not inside a view
  bool is_view = false;
};

struct ResultColumn {
  std::string name;
  Type type;
  // The table column that the result shows unchanged; 0 and -1 for anything computed.
  catalog::Oid table = 0;
  int table_column = -1;
};

// The table that CTAS or SELECT INTO makes. `entry` has everything but its oid and owner.
struct TableDefinition {
  std::shared_ptr<catalog::TableEntry> entry;
  bool if_not_exists = false;
};

// COPY FROM STDIN and TO STDOUT.
struct ClientCopy {
  format::ClientCopyOptions options;
  bool from_client = false;
  std::string table;  // empty: COPY (query)
  std::vector<ResultColumn> columns;
};

enum class NoticeSeverity : uint8_t { kInfo, kNotice, kWarning };

struct Notice {
  NoticeSeverity severity = NoticeSeverity::kInfo;
  std::string message;
};

// A statement whose names and types are settled.
// Ownership: `command` points into the sql::Statement that was bound, which must outlive this.
struct BoundStatement {
  StatementKind kind = StatementKind::kCommand;
  logical::NodePtr plan;                // null for commands
  std::vector<ResultColumn> columns;    // kQuery: parallel to plan->output
  const sql::Statement* command = nullptr;
  std::optional<TableDefinition> create_table;
  std::optional<ClientCopy> client_copy;

  bool explain = false, explain_verbose = false;

  std::vector<RequiredPrivilege> privileges;
  std::vector<RelationReference> relations;
  std::vector<Notice> notices;
  std::vector<Type> parameter_types;    // $1 is [0]; unknown where nothing says

  bool touches_user_tables = false;     // user tables and STL/STV/SVL/SVV: runs on slices
  bool touches_sources = false;         // system views or other virtual relations
  bool leader_only = false;             // runs on the leader alone
  // The result may be kept by the result cache and constants folded into a cached plan stay true.
  bool has_stable_functions = false, has_volatile_functions = false;

  expr::ColumnId next_column_id = 0;    // ids from here on are free for the optimizer
};

}  // namespace vesto::binder
