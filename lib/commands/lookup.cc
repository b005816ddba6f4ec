#include "commands/lookup.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "security/granting.h"

namespace vesto::commands {
namespace {

// The schema part of a name; "" when there is none.
absl::StatusOr<std::string> SchemaPart(const sql::Name& name, const CommandContext& context,
                                       int offset) {
  if (name.size() > 3) {
    return SqlError(SqlState::kSyntaxError,
                    absl::StrCat("improper qualified name (too many dotted names): ",
                                 DisplayName(name)))
        .At(offset);
  }
  if (name.size() == 3 && name[0] != context.bind.database) {
    return SqlError(SqlState::kFeatureNotSupported,
                    absl::StrCat("cross-database reference to \"", DisplayName(name),
                                 "\" is not supported"))
        .At(offset);
  }
  return name.size() >= 2 ? name[name.size() - 2] : std::string();
}

absl::Status NoSchema(const std::string& name, int offset) {
  return SqlError(SqlState::kInvalidSchemaName,
                  absl::StrCat("schema \"", name, "\" does not exist"))
      .At(offset);
}

}  // namespace

std::string DisplayName(const sql::Name& name) { return absl::StrJoin(name, "."); }

absl::StatusOr<catalog::SchemaPtr> SchemaForNew(const sql::Name& name,
                                                const CommandContext& context, int offset) {
  VESTO_ASSIGN_OR_RETURN(const std::string schema_name, SchemaPart(name, context, offset));
  if (!schema_name.empty()) {
    catalog::SchemaPtr schema = context.catalog->FindSchema(schema_name);
    if (schema == nullptr) return NoSchema(schema_name, offset);
    if (schema->oid == catalog::kPgCatalogSchemaOid ||
        schema->oid == catalog::kInformationSchemaOid) {
      return SqlError(SqlState::kInsufficientPrivilege,
                      absl::StrCat("permission denied for schema ", schema_name))
          .At(offset);
    }
    return schema;
  }
  for (const std::string& entry : context.bind.search_path) {
    const std::string& path_name = entry == "$user" ? context.bind.user : entry;
    if (catalog::SchemaPtr schema = context.catalog->FindSchema(path_name)) return schema;
  }
  return SqlError(SqlState::kInvalidSchemaName, "no schema has been selected to create in")
      .At(offset);
}

absl::Status CheckMayCreateIn(const catalog::SchemaEntry& schema, const CommandContext& context) {
  return context.Rights().Check(security::Target::kSchema, schema.oid, schema.name,
                                catalog::kCreate);
}

absl::Status CheckMayHaveTemporary(const CommandContext& context) {
  const auto database = context.catalog->FindDatabase(context.bind.database);
  return context.Rights().Check(security::Target::kDatabase,
                                database == nullptr ? 0 : database->oid, context.bind.database,
                                catalog::kTemporary);
}

absl::StatusOr<catalog::RelationPtr> FindRelation(const sql::Name& name,
                                                  const CommandContext& context, int offset) {
  VESTO_ASSIGN_OR_RETURN(const std::string schema_name, SchemaPart(name, context, offset));
  if (!schema_name.empty()) {
    const catalog::SchemaPtr schema = context.catalog->FindSchema(schema_name);
    if (schema == nullptr) return NoSchema(schema_name, offset);
    return context.catalog->FindRelation(schema->oid, name.back());
  }
  if (context.bind.temp_schema != 0) {
    catalog::RelationPtr found =
        context.catalog->FindRelation(context.bind.temp_schema, name.back());
    if (!std::holds_alternative<std::monostate>(found)) return found;
  }
  for (const std::string& entry : context.bind.search_path) {
    const std::string& path_name = entry == "$user" ? context.bind.user : entry;
    const catalog::SchemaPtr schema = context.catalog->FindSchema(path_name);
    if (schema == nullptr) continue;
    catalog::RelationPtr found = context.catalog->FindRelation(schema->oid, name.back());
    if (!std::holds_alternative<std::monostate>(found)) return found;
  }
  return catalog::RelationPtr();
}

absl::StatusOr<catalog::TablePtr> FindTable(const sql::Name& name, const CommandContext& context,
                                            int offset) {
  VESTO_ASSIGN_OR_RETURN(const catalog::RelationPtr relation,
                         FindRelation(name, context, offset));
  if (const auto* table = std::get_if<catalog::TablePtr>(&relation)) return *table;
  if (std::holds_alternative<catalog::ViewPtr>(relation)) {
    return SqlError(SqlState::kWrongObjectType,
                    absl::StrCat("\"", DisplayName(name), "\" is not a table"))
        .At(offset);
  }
  return SqlError(SqlState::kUndefinedTable,
                  absl::StrCat("relation \"", DisplayName(name), "\" does not exist"))
      .At(offset);
}

void PutInitialAccessList(security::Target target, catalog::Oid object, catalog::Oid schema,
                          int32_t owner, CommandContext& context) {
  auto list = security::InitialAccessList(*context.catalog, target, object, schema, owner);
  if (list != nullptr) context.changes.PutAccessList(std::move(list));
}

void DropAccessList(catalog::Oid object, CommandContext& context) {
  if (context.catalog->FindAccessList(object) != nullptr) context.changes.DropAccessList(object);
}

void PassAccessList(catalog::Oid object, int32_t former, int32_t owner, CommandContext& context) {
  const auto list = context.catalog->FindAccessList(object);
  if (list == nullptr || former == owner) return;
  auto changed = std::make_shared<catalog::AccessList>(*list);
  security::ChangeOwner(former, owner, changed.get());
  context.changes.PutAccessList(std::move(changed));
}

absl::Status Lock(const catalog::TableEntry& table, txn::LockMode mode, CommandContext& context,
                  bool writes) {
  return context.locks.Acquire(context.transaction, table.oid, mode,
                               {.cancellation = context.cancellation, .writes = writes});
}

}  // namespace vesto::commands
