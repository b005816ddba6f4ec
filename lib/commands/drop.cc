#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"

namespace vesto::commands {
namespace {

constexpr const char* kCascadeHint = "Use DROP ... CASCADE to drop the dependent objects too.";

void DropGrantsOn(catalog::Oid object, CommandContext& context) {
  std::vector<catalog::GrantEntry> grants = context.catalog->grants();
  const size_t count = grants.size();
  std::erase_if(grants, [object](const catalog::GrantEntry& grant) { return grant.object == object; });
  if (grants.size() != count) context.changes.SetGrants(std::move(grants));
}

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
  DropGrantsOn(oid, context);
  context.changes.DropRelation(oid);
  context.Refresh();
  return absl::OkStatus();
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
  DropGrantsOn(schema->oid, context);
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
    context.changes.DropDatabase(database->oid);
    return absl::OkStatus();
  }
  return SqlError(SqlState::kInvalidCatalogName,
                  absl::StrCat("database \"", name, "\" does not exist"))
      .At(offset);
}

absl::Status DropUser(const sql::DropStatement& node, const std::string& name, int offset,
                      CommandContext& context) {
  for (const auto& user : context.catalog->users()) {
    if (user->name != name) continue;
    bool owns = false;
    for (const auto& table : context.catalog->tables()) owns = owns || table->owner == user->id;
    for (const auto& view : context.catalog->views()) owns = owns || view->owner == user->id;
    for (const auto& schema : context.catalog->schemas()) owns = owns || schema->owner == user->id;
    if (owns || user->id == context.user_id) {
      return SqlError(SqlState::kObjectInUse,
                      absl::StrCat("user \"", name,
                                   "\" can't be dropped because the user owns some object"))
          .At(offset);
    }
    for (const catalog::GrantEntry& grant : context.catalog->grants()) {
      if (grant.grantee_kind == catalog::GrantEntry::Grantee::kUser && grant.grantee == user->id) {
        return SqlError(
                   SqlState::kObjectInUse,
                   absl::StrCat("user \"", name,
                                "\" can't be dropped because the user has a privilege on some "
                                "object"))
            .At(offset);
      }
    }
    context.changes.DropUser(user->id);
    return absl::OkStatus();
  }
  if (node.if_exists) {
    context.notice("INFO", absl::StrCat("User \"", name, "\" does not exist and will be skipped"));
    return absl::OkStatus();
  }
  return SqlError(SqlState::kUndefinedObject, absl::StrCat("user \"", name, "\" does not exist"))
      .At(offset);
}

absl::Status DropGroup(const std::string& name, int offset, CommandContext& context) {
  for (const auto& group : context.catalog->groups()) {
    if (group->name != name) continue;
    for (const catalog::GrantEntry& grant : context.catalog->grants()) {
      if (grant.grantee_kind == catalog::GrantEntry::Grantee::kGroup &&
          grant.grantee == group->id) {
        return SqlError(SqlState::kObjectInUse,
                        absl::StrCat("group \"", name,
                                     "\" can't be dropped because the group has a privilege on "
                                     "some object"))
            .At(offset);
      }
    }
    context.changes.DropGroup(group->id);
    return absl::OkStatus();
  }
  return SqlError(SqlState::kUndefinedObject, absl::StrCat("group \"", name, "\" does not exist"))
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
        VESTO_RETURN_IF_ERROR(DropUser(node, name.back(), offset, context));
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
