#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"

namespace vesto::commands {
namespace {

constexpr const char* kCascadeHint = "Use DROP ... CASCADE to drop the dependent objects too.";

// Drops a relation with the views that read it (`cascade`), or refuses because of them.
absl::Status DropRelation(catalog::Oid oid, const std::string& name, bool is_table, bool cascade,
                          int offset, CommandContext& context) {
  for (const catalog::ViewPtr& view : context.catalog->views()) {
    if (std::find(view->depends_on.begin(), view->depends_on.end(), oid) ==
        view->depends_on.end()) {
      continue;
    }
    if (!cascade) {
      return SqlError(SqlState::kDependentObjectsStillExist,
                      absl::StrCat("cannot drop ", is_table ? "table " : "view ", name,
                                   " because other objects depend on it"))
          .At(offset)
          .Hint(kCascadeHint);
    }
    // An earlier round of the cascade may have dropped it already.
    if (context.catalog->FindView(view->oid) == nullptr) continue;
    VESTO_RETURN_IF_ERROR(DropRelation(view->oid, view->name, false, true, offset, context));
  }
  if (is_table) {
    for (const catalog::TablePtr& other : context.catalog->tables()) {
      if (other->oid == oid) continue;
      const bool refers = std::any_of(
          other->constraints.begin(), other->constraints.end(),
          [oid](const catalog::ConstraintEntry& c) { return c.referenced_table == oid; });
      if (!refers) continue;
      if (!cascade) {
        return SqlError(SqlState::kDependentObjectsStillExist,
                        absl::StrCat("cannot drop table ", name,
                                     " because other objects depend on it"))
            .At(offset)
            .Hint(kCascadeHint);
      }
      auto changed = std::make_shared<catalog::TableEntry>(*other);
      std::erase_if(changed->constraints, [oid](const catalog::ConstraintEntry& c) {
        return c.referenced_table == oid;
      });
      context.changes.PutTable(std::move(changed));
    }
    const catalog::TablePtr table = context.catalog->FindTable(oid);
    VESTO_RETURN_IF_ERROR(Lock(*table, txn::LockMode::kAccessExclusive, context));
    for (int slice = 0; slice < context.shards.num_slices(); ++slice) {
      VESTO_RETURN_IF_ERROR(context.shards.store(slice).Drop(context.xid, oid));
    }
  }
  DropAccessList(oid, context);
  context.changes.DropRelation(oid);
  context.Refresh();
  return absl::OkStatus();
}

// The owners of a relation and of its schema may drop it, and who was granted DROP.
absl::Status CheckMayDrop(catalog::Oid oid, const std::string& name, CommandContext& context) {
  const security::Access rights = context.Rights();
  const auto table = context.catalog->FindTable(oid);
  const auto view = context.catalog->FindView(oid);
  const catalog::RelationBase& relation =
      table != nullptr ? static_cast<const catalog::RelationBase&>(*table) : *view;
  const auto schema = context.catalog->FindSchema(relation.schema);
  if (schema != nullptr && rights.Owns(schema->owner)) return absl::OkStatus();
  if ((rights.Held(security::Target::kRelation, oid) & catalog::kDrop) != 0) {
    return absl::OkStatus();
  }
  return rights.CheckOwner(security::Target::kRelation, relation.owner, name);
}

absl::Status DropOneRelation(const sql::DropStatement& node, const sql::Name& name, int offset,
                             CommandContext& context) {
  const bool wants_table = node.kind == sql::ObjectKind::kTable;
  absl::StatusOr<catalog::RelationPtr> relation = FindRelation(name, context, offset);
  // A missing schema is a missing relation to IF EXISTS.
  if (!relation.ok() && !(node.if_exists &&
                          SqlStateOf(relation.status()) == SqlState::kInvalidSchemaName)) {
    return relation.status();
  }
  if (!relation.ok() || std::holds_alternative<std::monostate>(*relation)) {
    const std::string display = DisplayName(name);
    if (node.if_exists) {
      context.notice("INFO", absl::StrCat(wants_table ? "Table \"" : "View \"", display,
                                          "\" does not exist and will be skipped"));
      return absl::OkStatus();
    }
    return SqlError(SqlState::kUndefinedTable,
                    absl::StrCat(wants_table ? "Table \"" : "View \"", display,
                                 "\" does not exist"))
        .At(offset);
  }
  const bool is_table = std::holds_alternative<catalog::TablePtr>(*relation);
  if (is_table != wants_table) {
    return SqlError(SqlState::kWrongObjectType,
                    absl::StrCat("\"", DisplayName(name), "\" is not a ",
                                 wants_table ? "table" : "view"))
        .At(offset)
        .Hint(is_table ? "Use DROP TABLE to remove a table." : "Use DROP VIEW to remove a view.");
  }
  const catalog::Oid oid = is_table ? std::get<catalog::TablePtr>(*relation)->oid
                                    : std::get<catalog::ViewPtr>(*relation)->oid;
  VESTO_RETURN_IF_ERROR(CheckMayDrop(oid, name.back(), context));
  return DropRelation(oid, name.back(), is_table, node.cascade, offset, context);
}

absl::Status DropSchema(const sql::DropStatement& node, const std::string& name, int offset,
                        CommandContext& context) {
  const catalog::SchemaPtr schema = context.catalog->FindSchema(name);
  if (schema == nullptr) {
    if (node.if_exists) {
      context.notice("INFO",
                     absl::StrCat("Schema \"", name, "\" does not exist and will be skipped"));
      return absl::OkStatus();
    }
    return SqlError(SqlState::kInvalidSchemaName,
                    absl::StrCat("schema \"", name, "\" does not exist"))
        .At(offset);
  }
  if (schema->oid == catalog::kPgCatalogSchemaOid ||
      schema->oid == catalog::kInformationSchemaOid) {
    return SqlError(SqlState::kInsufficientPrivilege,
                    absl::StrCat("permission denied for schema ", name))
        .At(offset);
  }
  const security::Access rights = context.Rights();
  if ((rights.Held(security::Target::kSchema, schema->oid) & catalog::kDrop) == 0) {
    VESTO_RETURN_IF_ERROR(rights.CheckOwner(security::Target::kSchema, schema->owner, name));
  }
  const auto refuse_or = [&](bool any) -> absl::Status {
    if (!any || node.cascade) return absl::OkStatus();
    return SqlError(SqlState::kDependentObjectsStillExist,
                    absl::StrCat("cannot drop schema ", name, " because other objects depend on it"))
        .At(offset)
        .Hint(kCascadeHint);
  };
  for (const catalog::ViewPtr& view : context.catalog->views()) {
    if (view->schema != schema->oid) continue;
    VESTO_RETURN_IF_ERROR(refuse_or(true));
    if (context.catalog->FindView(view->oid) == nullptr) continue;
    VESTO_RETURN_IF_ERROR(DropRelation(view->oid, view->name, false, true, offset, context));
  }
  for (const catalog::TablePtr& table : context.catalog->tables()) {
    if (table->schema != schema->oid) continue;
    VESTO_RETURN_IF_ERROR(refuse_or(true));
    VESTO_RETURN_IF_ERROR(DropRelation(table->oid, table->name, true, true, offset, context));
  }
  DropAccessList(schema->oid, context);
  for (const auto& defaults : context.catalog->default_access_lists()) {
    if (defaults->schema == schema->oid) context.changes.DropDefaultAccessList(defaults->oid);
  }
  context.changes.DropSchema(schema->oid);
  context.Refresh();
  return absl::OkStatus();
}

absl::Status DropDatabase(const std::string& name, int offset, CommandContext& context) {
  if (context.in_transaction_block) {
    return SqlError(SqlState::kActiveSqlTransaction,
                    "DROP DATABASE cannot run inside a transaction block");
  }
  if (name == context.bind.database) {
    return SqlError(SqlState::kObjectInUse, "cannot drop the currently open database").At(offset);
  }
  for (const auto& database : context.catalog->databases()) {
    if (database->name != name) continue;
    VESTO_RETURN_IF_ERROR(
        context.Rights().CheckOwner(security::Target::kDatabase, database->owner, name));
    DropAccessList(database->oid, context);
    context.changes.DropDatabase(database->oid);
    return absl::OkStatus();
  }
  return SqlError(SqlState::kInvalidCatalogName,
                  absl::StrCat("database \"", name, "\" does not exist"))
      .At(offset);
}

}  // namespace

Result RunDrop(const sql::DropStatement& node, int offset, CommandContext& context) {
  for (const sql::Name& name : node.names) {
    switch (node.kind) {
      case sql::ObjectKind::kTable:
      case sql::ObjectKind::kView:
        VESTO_RETURN_IF_ERROR(DropOneRelation(node, name, offset, context));
        break;
      case sql::ObjectKind::kSchema:
        VESTO_RETURN_IF_ERROR(DropSchema(node, name.back(), offset, context));
        break;
      case sql::ObjectKind::kDatabase:
        VESTO_RETURN_IF_ERROR(DropDatabase(name.back(), offset, context));
        break;
      case sql::ObjectKind::kUser:
        VESTO_RETURN_IF_ERROR(DropUser(name.back(), node.if_exists, offset, context));
        break;
      case sql::ObjectKind::kGroup:
        VESTO_RETURN_IF_ERROR(DropGroup(name.back(), offset, context));
        break;
      case sql::ObjectKind::kMaterializedView:
        return NotSupported("DROP MATERIALIZED VIEW", offset);
      case sql::ObjectKind::kFunction: return NotSupported("DROP FUNCTION", offset);
      case sql::ObjectKind::kProcedure: return NotSupported("DROP PROCEDURE", offset);
      case sql::ObjectKind::kRole: return NotSupported("DROP ROLE", offset);
      case sql::ObjectKind::kColumn:
      case sql::ObjectKind::kConstraint:
      case sql::ObjectKind::kLanguage: return NotSupported("DROP of this object", offset);
    }
  }
  return CommandResult{};
}

}  // namespace vesto::commands
