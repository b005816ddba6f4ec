#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"

// TRUNCATE, LOCK, ANALYZE and VACUUM.
namespace vesto::commands {
namespace {

// The tables that ANALYZE and VACUUM work on: the one named, or all permanent ones of the user's.
absl::StatusOr<std::vector<catalog::TablePtr>> Targets(const sql::Name& name, int offset,
                                                       const CommandContext& context) {
  const security::Access rights = context.Rights();
  if (name.empty()) {
    std::vector<catalog::TablePtr> tables;
    for (const catalog::TablePtr& table : context.catalog->tables()) {
      if (!table->temporary && rights.Owns(table->owner)) tables.push_back(table);
    }
    return tables;
  }
  VESTO_ASSIGN_OR_RETURN(catalog::TablePtr table, FindTable(name, context, offset));
  VESTO_RETURN_IF_ERROR(
      rights.CheckOwner(security::Target::kRelation, table->owner, table->name));
  return std::vector<catalog::TablePtr>{std::move(table)};
}

}  // namespace

Result RunTruncate(const sql::TruncateStatement& node, int offset, CommandContext& context) {
  VESTO_ASSIGN_OR_RETURN(const catalog::TablePtr table, FindTable(node.table, context, offset));
  const security::Access rights = context.Rights();
  if ((rights.Held(security::Target::kRelation, table->oid) & catalog::kTruncate) == 0) {
    VESTO_RETURN_IF_ERROR(
        rights.CheckOwner(security::Target::kRelation, table->owner, table->name));
  }
  VESTO_RETURN_IF_ERROR(Lock(*table, txn::LockMode::kAccessExclusive, context));
  for (int slice = 0; slice < context.shards.num_slices(); ++slice) {
    auto shard = context.shards.store(slice).FindForWrite(context.xid, table->oid);
    if (shard == nullptr) return absl::InternalError("the table has no shard on a slice");
    VESTO_RETURN_IF_ERROR(shard->Truncate(context.xid));
  }
  CommandResult result;
  result.commits = true;  // and everything before it in the block (statements.md E)
  return result;
}

Result RunLock(const sql::LockStatement& node, int offset, CommandContext& context) {
  if (!context.in_transaction_block) {
    return SqlError(SqlState::kNoActiveSqlTransaction,
                    "LOCK TABLE can only be used in transaction blocks")
        .At(offset);
  }
  for (const sql::Name& name : node.tables) {
    VESTO_ASSIGN_OR_RETURN(const catalog::TablePtr table, FindTable(name, context, offset));
    VESTO_RETURN_IF_ERROR(context.Rights().Check(security::Target::kRelation, table->oid,
                                                 table->name,
                                                 catalog::kUpdate | catalog::kDelete));
    VESTO_RETURN_IF_ERROR(Lock(*table, txn::LockMode::kAccessExclusive, context));
  }
  return CommandResult{};
}

// Statistics are exact at every moment: storage keeps bounds, counts and sketches as rows arrive.
// ANALYZE has only to check its arguments.
Result RunAnalyze(const sql::AnalyzeStatement& node, int offset, CommandContext& context) {
  if (node.compression) return RunAnalyzeCompression(node, offset, context);
  VESTO_ASSIGN_OR_RETURN(const auto tables, Targets(node.table, offset, context));
  for (const std::string& column : node.columns) {
    if (tables.front()->FindColumn(column) < 0) {
      return SqlError(SqlState::kUndefinedColumn,
                      absl::StrCat("column \"", column, "\" of relation \"", tables.front()->name,
                                   "\" does not exist"))
          .At(offset);
    }
  }
  return CommandResult{};
}

Result RunVacuum(const sql::VacuumStatement& node, int offset, CommandContext& context) {
  if (context.in_transaction_block) {
    return SqlError(SqlState::kActiveSqlTransaction,
                    "VACUUM cannot run inside a transaction block");
  }
  storage::VacuumMode mode = storage::VacuumMode::kFull;
  switch (node.mode) {
    case sql::VacuumStatement::Mode::kFull:
    case sql::VacuumStatement::Mode::kRecluster: break;
    case sql::VacuumStatement::Mode::kSortOnly: mode = storage::VacuumMode::kSortOnly; break;
    case sql::VacuumStatement::Mode::kDeleteOnly: mode = storage::VacuumMode::kDeleteOnly; break;
    case sql::VacuumStatement::Mode::kReindex: mode = storage::VacuumMode::kReindex; break;
  }
  VESTO_ASSIGN_OR_RETURN(const auto tables, Targets(node.table, offset, context));
  for (const catalog::TablePtr& table : tables) {
    const bool interleaved = table->design.sort_style == types::SortStyle::kInterleaved;
    if (node.mode == sql::VacuumStatement::Mode::kReindex && !interleaved) {
      return SqlError(SqlState::kWrongObjectType,
                      absl::StrCat("VACUUM REINDEX needs an interleaved sort key: table \"",
                                   table->name, "\" has none"))
          .At(offset);
    }
    if (node.mode == sql::VacuumStatement::Mode::kRecluster &&
        (interleaved || table->design.dist_style == types::DistStyle::kAll)) {
      return SqlError(SqlState::kFeatureNotSupported,
                      absl::StrCat("VACUUM RECLUSTER of a table with ",
                                   interleaved ? "an interleaved sort key" : "DISTSTYLE ALL",
                                   " is not supported"))
          .At(offset);
    }
    VESTO_RETURN_IF_ERROR(
        Lock(*table, txn::LockMode::kShareRowExclusive, context, /*writes=*/false));
    const txn::Snapshot& snapshot = context.snapshot();
    for (int slice = 0; slice < context.shards.num_slices(); ++slice) {
      auto shard = context.shards.store(slice).FindForWrite(context.xid, table->oid);
      if (shard == nullptr) continue;
      VESTO_RETURN_IF_ERROR(shard->Vacuum(context.xid, snapshot, mode).status());
    }
  }
  CommandResult result;
  result.commits = true;
  return result;
}

}  // namespace vesto::commands
