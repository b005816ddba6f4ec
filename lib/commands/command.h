#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/cancellation.h"
#include "binder/binder.h"
#include "catalog/catalog.h"
#include "security/access.h"
#include "security/password.h"
#include "settings/settings.h"
#include "sql/ast/statement.h"
#include "storage/shard_store.h"
#include "txn/lock_table.h"
#include "txn/snapshot.h"
#include "types/table_design.h"

// DDL and utility statements: everything without a plan. One file per statement or family.
namespace vesto::commands {

// Runs SQL inside the transaction of the command that asks (ALTER DISTKEY copies a table). Implemented
// by the cluster.
class StatementRunner {
 public:
  virtual ~StatementRunner() = default;
  // Runs an already bound plan; returns the rows it changed.
  virtual absl::StatusOr<int64_t> RunPlan(logical::NodePtr plan, expr::ColumnId next_column_id) = 0;
};

// What a command may touch. Made for one statement; used on the session's thread.
struct CommandContext {
  // Names as the statement sees them, its own transaction's changes included. After changing
  // `changes`, call Refresh() to see them.
  std::shared_ptr<const catalog::CatalogSnapshot> catalog;
  catalog::Changes& changes;
  catalog::Catalog& oids;  // NextOid
  storage::ShardDirectory& shards;
  txn::LockTable& locks;
  txn::Transaction& transaction;
  txn::Xid xid = 0;               // assigned
  types::Topology topology;
  settings::Settings& settings;   // the session's
  const binder::BindContext& bind;
  StatementRunner& runner;
  const base::Cancellation* cancellation = nullptr;
  bool in_transaction_block = false;  // inside BEGIN: VACUUM and others refuse
  int32_t user_id = catalog::kSuperuserId;
  security::PasswordPolicy password_policy;
  // The schema of the session's temporary tables, made on first use.
  std::function<absl::StatusOr<catalog::Oid>()> temporary_schema;
  std::function<void(std::string severity, std::string message)> notice;
  // The transaction's snapshot; taken on first call, after the locks that the command needs.
  std::function<const txn::Snapshot&()> snapshot;

  void Refresh() { catalog = oids.Snapshot(&changes); }
  // The user's rights in the light of `catalog`, which must stay as long as they are asked.
  security::Access Rights() const { return security::Access(*catalog, user_id); }
};

// What a command gives back: a tag, and rows for SHOW and the like.
struct CommandResult {
  std::string tag;  // "CREATE TABLE"
  std::vector<binder::ResultColumn> columns;  // CommandColumns
  std::vector<std::vector<Value>> rows;
  bool commits = false;  // TRUNCATE, VACUUM: the transaction commits after it, block or not
};

// Runs one command. 0A000 with its name for what is not built. BEGIN, COMMIT, ROLLBACK, PREPARE,
// EXECUTE, DEALLOCATE, DECLARE, FETCH, CLOSE and CANCEL belong to the session and never get here.
absl::StatusOr<CommandResult> RunCommand(const sql::Statement& statement, CommandContext& context);

// The columns of the rows that a command gives (SHOW, ANALYZE COMPRESSION), known before it runs. None:
// it gives no rows.
std::vector<binder::ResultColumn> CommandColumns(const sql::Statement& statement);

// The command tag of any statement: "SELECT", "CREATE TABLE", "BEGIN", ...
std::string CommandTag(const sql::Statement& statement);

// A parameter of ALTER USER ... SET as the default of a session. Errors: those of SET.
absl::Status SetUserParameter(const std::string& name, const std::string& value,
                              settings::Settings* settings);

// Makes a table's catalog entry real: its shards on every slice, within the transaction. Used by
// CREATE TABLE and CTAS. `entry` has everything but oid, schema and owner.
absl::StatusOr<catalog::TablePtr> CreateTable(catalog::TableEntry entry, CommandContext& context);

}  // namespace vesto::commands
