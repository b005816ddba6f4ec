#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"

// COMMENT ON {TABLE | VIEW | COLUMN | CONSTRAINT | DATABASE}. Everybody may read it: PG_DESCRIPTION,
// SVV_TABLES, SVV_COLUMNS. Source: redshift/statements.md E.
namespace vesto::commands {
namespace {

absl::Status OnRelation(const sql::CommentStatement& node, int offset, CommandContext& context) {
  VESTO_ASSIGN_OR_RETURN(const catalog::RelationPtr relation,
                         FindRelation(node.name, context, offset));
  const auto* table = std::get_if<catalog::TablePtr>(&relation);
  const auto* view = std::get_if<catalog::ViewPtr>(&relation);
  if (table == nullptr && view == nullptr) {
    return SqlError(SqlState::kUndefinedTable,
                    absl::StrCat("relation \"", DisplayName(node.name), "\" does not exist"))
        .At(offset);
  }
  if ((table == nullptr) != (node.kind == sql::ObjectKind::kView)) {
    return SqlError(SqlState::kWrongObjectType,
                    absl::StrCat("\"", DisplayName(node.name), "\" is not a ",
                                 table == nullptr ? "table" : "view"))
        .At(offset);
  }
  const catalog::RelationBase& found =
      table != nullptr ? static_cast<const catalog::RelationBase&>(**table) : **view;
  VESTO_RETURN_IF_ERROR(
      context.Rights().CheckOwner(security::Target::kRelation, found.owner, found.name));
  if (table != nullptr) {
    auto changed = std::make_shared<catalog::TableEntry>(**table);
    changed->comment = node.text;
    context.changes.PutTable(std::move(changed));
  } else {
    auto changed = std::make_shared<catalog::ViewEntry>(**view);
    changed->comment = node.text;
    context.changes.PutView(std::move(changed));
  }
  return absl::OkStatus();
}

absl::Status OnColumn(const sql::CommentStatement& node, int offset, CommandContext& context) {
  if (node.name.size() < 2) {
    return SqlError(SqlState::kSyntaxError, "column name must be qualified").At(offset);
  }
  const sql::Name table_name(node.name.begin(), node.name.end() - 1);
  VESTO_ASSIGN_OR_RETURN(const catalog::TablePtr table, FindTable(table_name, context, offset));
  VESTO_RETURN_IF_ERROR(
      context.Rights().CheckOwner(security::Target::kRelation, table->owner, table->name));
  auto changed = std::make_shared<catalog::TableEntry>(*table);
  const int column = table->FindColumn(node.name.back());
  if (column < 0) {
    return SqlError(SqlState::kUndefinedColumn,
                    absl::StrCat("column \"", node.name.back(), "\" of relation \"",
                                 table->name, "\" does not exist"))
        .At(offset);
  }
  changed->columns[column].comment = node.text;
  context.changes.PutTable(std::move(changed));
  return absl::OkStatus();
}

absl::Status OnConstraint(const sql::CommentStatement& node, int offset, CommandContext& context) {
  VESTO_ASSIGN_OR_RETURN(const catalog::TablePtr table, FindTable(node.on, context, offset));
  VESTO_RETURN_IF_ERROR(
      context.Rights().CheckOwner(security::Target::kRelation, table->owner, table->name));
  auto changed = std::make_shared<catalog::TableEntry>(*table);
  for (catalog::ConstraintEntry& constraint : changed->constraints) {
    if (node.name.size() != 1 || constraint.name != node.name[0]) continue;
    constraint.comment = node.text;
    context.changes.PutTable(std::move(changed));
    return absl::OkStatus();
  }
  return SqlError(SqlState::kUndefinedObject,
                  absl::StrCat("constraint \"", DisplayName(node.name), "\" for table \"",
                               table->name, "\" does not exist"))
      .At(offset);
}

absl::Status OnDatabase(const sql::CommentStatement& node, int offset, CommandContext& context) {
  const std::string& name = node.name.back();
  for (const auto& database : context.catalog->databases()) {
    if (node.name.size() != 1 || database->name != name) continue;
    if (name != context.bind.database) {
      return SqlError(SqlState::kFeatureNotSupported,
                      "database comments may only be applied to the current database")
          .At(offset);
    }
    VESTO_RETURN_IF_ERROR(
        context.Rights().CheckOwner(security::Target::kDatabase, database->owner, name));
    auto changed = std::make_shared<catalog::DatabaseEntry>(*database);
    changed->comment = node.text;
    context.changes.PutDatabase(std::move(changed));
    return absl::OkStatus();
  }
  return SqlError(SqlState::kInvalidCatalogName,
                  absl::StrCat("database \"", DisplayName(node.name), "\" does not exist"))
      .At(offset);
}

}  // namespace

Result RunComment(const sql::CommentStatement& node, int offset, CommandContext& context) {
  switch (node.kind) {
    case sql::ObjectKind::kTable:
    case sql::ObjectKind::kView:
      VESTO_RETURN_IF_ERROR(OnRelation(node, offset, context));
      return CommandResult{};
    case sql::ObjectKind::kColumn:
      VESTO_RETURN_IF_ERROR(OnColumn(node, offset, context));
      return CommandResult{};
    case sql::ObjectKind::kConstraint:
      VESTO_RETURN_IF_ERROR(OnConstraint(node, offset, context));
      return CommandResult{};
    case sql::ObjectKind::kDatabase:
      VESTO_RETURN_IF_ERROR(OnDatabase(node, offset, context));
      return CommandResult{};
    default: return NotSupported("COMMENT ON this object", offset);
  }
}

}  // namespace vesto::commands
