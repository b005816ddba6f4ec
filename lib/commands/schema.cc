#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"

// CREATE SCHEMA, CREATE DATABASE, and ALTER of schemas and databases.
namespace vesto::commands {
namespace {

// What gives an object to another user takes a superuser, or the user himself.
absl::StatusOr<int32_t> NewOwner(const std::string& name, const CommandContext& context,
                                 int offset) {
  VESTO_ASSIGN_OR_RETURN(const auto user, FindUser(name, context, offset));
  if (user->id != context.user_id) {
    VESTO_RETURN_IF_ERROR(context.Rights().CheckSuperuser("must be superuser to change owner"));
  }
  return user->id;
}

absl::Status CheckCreateSchemas(const CommandContext& context) {
  const auto database = context.catalog->FindDatabase(context.bind.database);
  return context.Rights().Check(security::Target::kDatabase,
                                database == nullptr ? 0 : database->oid, context.bind.database,
                                catalog::kCreate);
}

absl::Status AlterSchema(const sql::AlterObjectStatement& node, int offset,
                         CommandContext& context) {
  const catalog::SchemaPtr schema = context.catalog->FindSchema(node.name.back());
  if (schema == nullptr) {
    return SqlError(SqlState::kInvalidSchemaName,
                    absl::StrCat("schema \"", node.name.back(), "\" does not exist"))
        .At(offset);
  }
  VESTO_RETURN_IF_ERROR(
      context.Rights().CheckOwner(security::Target::kSchema, schema->owner, schema->name));
  auto changed = std::make_shared<catalog::SchemaEntry>(*schema);
  if (!node.rename_to.empty()) {
    VESTO_RETURN_IF_ERROR(CheckCreateSchemas(context));
    if (context.catalog->FindSchema(node.rename_to) != nullptr) {
      return SqlError(SqlState::kDuplicateSchema,
                      absl::StrCat("schema \"", node.rename_to, "\" already exists"))
          .At(offset);
    }
    changed->name = node.rename_to;
  }
  if (!node.owner_to.empty()) {
    VESTO_ASSIGN_OR_RETURN(changed->owner, NewOwner(node.owner_to, context, offset));
    PassAccessList(schema->oid, schema->owner, changed->owner, context);
  }
  if (!node.quota.empty()) changed->quota = node.quota;
  context.changes.PutSchema(std::move(changed));
  return absl::OkStatus();
}

absl::Status AlterDatabase(const sql::AlterObjectStatement& node, int offset,
                           CommandContext& context) {
  if (context.in_transaction_block) {
    return SqlError(SqlState::kActiveSqlTransaction,
                    "ALTER DATABASE cannot run inside a transaction block");
  }
  for (const auto& database : context.catalog->databases()) {
    if (database->name != node.name.back()) continue;
    VESTO_RETURN_IF_ERROR(
        context.Rights().CheckOwner(security::Target::kDatabase, database->owner, database->name));
    auto changed = std::make_shared<catalog::DatabaseEntry>(*database);
    if (!node.rename_to.empty()) {
      if (database->name == context.bind.database) {
        return SqlError(SqlState::kObjectInUse, "current database may not be renamed").At(offset);
      }
      if (database->name == "dev") {
        return SqlError(SqlState::kFeatureNotSupported, "database dev may not be renamed")
            .At(offset);
      }
      if (context.catalog->FindDatabase(node.rename_to) != nullptr) {
        return SqlError(SqlState::kDuplicateDatabase,
                        absl::StrCat("database \"", node.rename_to, "\" already exists"))
            .At(offset);
      }
      changed->name = node.rename_to;
    }
    if (!node.owner_to.empty()) {
      VESTO_ASSIGN_OR_RETURN(changed->owner, NewOwner(node.owner_to, context, offset));
      PassAccessList(database->oid, database->owner, changed->owner, context);
    }
    for (const auto& [key, value] : node.options) {
      if (key == "connection limit") changed->connection_limit = value;
      if (key != "isolation level") continue;
      if (database->name == "dev") {
        return SqlError(SqlState::kFeatureNotSupported,
                        "the isolation level of database dev cannot be altered")
            .At(offset);
      }
      changed->snapshot_isolation = value == "snapshot";
    }
    context.changes.PutDatabase(std::move(changed));
    return absl::OkStatus();
  }
  return SqlError(SqlState::kInvalidCatalogName,
                  absl::StrCat("database \"", node.name.back(), "\" does not exist"))
      .At(offset);
}

}  // namespace

Result RunCreateSchema(const sql::CreateSchemaStatement& node, int offset,
                       CommandContext& context) {
  const std::string name = node.schema.empty() ? node.authorization : node.schema;
  VESTO_RETURN_IF_ERROR(CheckCreateSchemas(context));
  if (context.catalog->FindSchema(name) != nullptr) {
    if (node.if_not_exists) {
      context.notice("INFO",
                     absl::StrCat("Schema \"", name, "\" already exists and will be skipped"));
      return CommandResult{};
    }
    return SqlError(SqlState::kDuplicateSchema,
                    absl::StrCat("schema \"", name, "\" already exists"))
        .At(offset);
  }
  if (name.starts_with("pg_")) {
    return SqlError(SqlState::kInvalidName, absl::StrCat("unacceptable schema name \"", name, "\""))
        .At(offset)
        .Detail("The prefix \"pg_\" is reserved for system schemas.");
  }
  auto schema = std::make_shared<catalog::SchemaEntry>();
  schema->oid = context.oids.NextOid();
  schema->name = name;
  schema->owner = context.user_id;
  schema->quota = node.quota;
  if (!node.authorization.empty()) {
    VESTO_ASSIGN_OR_RETURN(schema->owner, NewOwner(node.authorization, context, offset));
  }
  context.changes.PutSchema(std::move(schema));
  return CommandResult{};
}

Result RunCreateDatabase(const sql::CreateDatabaseStatement& node, int offset,
                         CommandContext& context) {
  if (context.in_transaction_block) {
    return SqlError(SqlState::kActiveSqlTransaction,
                    "CREATE DATABASE cannot run inside a transaction block");
  }
  if (!context.Rights().can_create_databases()) {
    return SqlError(SqlState::kInsufficientPrivilege, "permission denied to create database");
  }
  const auto& name = node.database;
  if (name == "template0" || name == "template1" || name == "padb_harvest") {
    return SqlError(SqlState::kDuplicateDatabase,
                    absl::StrCat("database \"", name, "\" already exists"))
        .At(offset)
        .Detail("The name belongs to a system database.");
  }
  for (const auto& database : context.catalog->databases()) {
    if (database->name == node.database) {
      return SqlError(SqlState::kDuplicateDatabase,
                      absl::StrCat("database \"", node.database, "\" already exists"))
          .At(offset);
    }
  }
  auto database = std::make_shared<catalog::DatabaseEntry>();
  database->oid = context.oids.NextOid();
  database->name = node.database;
  database->owner = context.user_id;
  if (!node.owner.empty()) {
    VESTO_ASSIGN_OR_RETURN(database->owner, NewOwner(node.owner, context, offset));
  }
  database->snapshot_isolation = node.isolation_level == "snapshot";
  database->connection_limit = node.connection_limit;
  if (node.case_insensitive) return NotSupported("CREATE DATABASE COLLATE CASE_INSENSITIVE", offset);
  // Everybody may have temporary tables.
  auto list = std::make_shared<catalog::AccessList>();
  list->target = security::Target::kDatabase;
  list->object = database->oid;
  list->grants.push_back({catalog::Grantee{catalog::Grantee::Kind::kPublic, 0}, database->owner, "",
                          catalog::kTemporary, 0});
  context.changes.PutAccessList(std::move(list));
  context.changes.PutDatabase(std::move(database));
  return CommandResult{};
}

Result RunAlterObject(const sql::AlterObjectStatement& node, int offset, CommandContext& context) {
  switch (node.kind) {
    case sql::ObjectKind::kSchema:
      VESTO_RETURN_IF_ERROR(AlterSchema(node, offset, context));
      return CommandResult{};
    case sql::ObjectKind::kDatabase:
      VESTO_RETURN_IF_ERROR(AlterDatabase(node, offset, context));
      return CommandResult{};
    case sql::ObjectKind::kUser:
      VESTO_RETURN_IF_ERROR(AlterUser(node, offset, context));
      return CommandResult{};
    case sql::ObjectKind::kGroup:
      VESTO_RETURN_IF_ERROR(AlterGroup(node, offset, context));
      return CommandResult{};
    default: return NotSupported("ALTER of this object", offset);
  }
}

}  // namespace vesto::commands
