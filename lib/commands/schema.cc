#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"

// CREATE SCHEMA, CREATE DATABASE, and ALTER of schemas, databases, users and groups.
namespace vesto::commands {
namespace {

absl::StatusOr<int32_t> UserId(const std::string& name, const CommandContext& context,
                               int offset) {
  for (const auto& user : context.catalog->users()) {
    if (user->name == name) return user->id;
  }
  return SqlError(SqlState::kUndefinedObject, absl::StrCat("user \"", name, "\" does not exist"))
      .At(offset);
}

absl::Status AlterSchema(const sql::AlterObjectStatement& node, int offset,
                         CommandContext& context) {
  const catalog::SchemaPtr schema = context.catalog->FindSchema(node.name.back());
  if (schema == nullptr) {
    return SqlError(SqlState::kInvalidSchemaName,
                    absl::StrCat("schema \"", node.name.back(), "\" does not exist"))
        .At(offset);
  }
  auto changed = std::make_shared<catalog::SchemaEntry>(*schema);
  if (!node.rename_to.empty()) {
    if (context.catalog->FindSchema(node.rename_to) != nullptr) {
      return SqlError(SqlState::kDuplicateSchema,
                      absl::StrCat("schema \"", node.rename_to, "\" already exists"))
          .At(offset);
    }
    changed->name = node.rename_to;
  }
  if (!node.owner_to.empty()) {
    VESTO_ASSIGN_OR_RETURN(changed->owner, UserId(node.owner_to, context, offset));
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
    auto changed = std::make_shared<catalog::DatabaseEntry>(*database);
    if (!node.rename_to.empty()) {
      if (database->name == context.bind.database) {
        return SqlError(SqlState::kObjectInUse, "current database may not be renamed").At(offset);
      }
      if (database->name == "dev") {
        return SqlError(SqlState::kFeatureNotSupported, "database dev may not be renamed")
            .At(offset);
      }
      changed->name = node.rename_to;
    }
    if (!node.owner_to.empty()) {
      VESTO_ASSIGN_OR_RETURN(changed->owner, UserId(node.owner_to, context, offset));
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

absl::Status AlterUser(const sql::AlterObjectStatement& node, int offset,
                       CommandContext& context) {
  for (const auto& user : context.catalog->users()) {
    if (user->name != node.name.back()) continue;
    auto changed = std::make_shared<catalog::UserEntry>(*user);
    if (!node.rename_to.empty()) {
      changed->name = node.rename_to;
      changed->password.clear();
    }
    for (const auto& [key, value] : node.options) {
      if (key == "createdb") changed->create_db = true;
      if (key == "nocreatedb") changed->create_db = false;
      if (key == "createuser") changed->superuser = true;
      if (key == "nocreateuser") changed->superuser = false;
      // Authentication comes with the endpoint; until then a password is accepted and forgotten,
      // so that it stands in no view, log or dump.
      if (key == "password") continue;
      std::erase_if(changed->options, [&](const auto& option) { return option.first == key; });
      changed->options.emplace_back(key, value);
    }
    context.changes.PutUser(std::move(changed));
    return absl::OkStatus();
  }
  return SqlError(SqlState::kUndefinedObject,
                  absl::StrCat("user \"", node.name.back(), "\" does not exist"))
      .At(offset);
}

absl::Status AlterGroup(const sql::AlterObjectStatement& node, int offset,
                        CommandContext& context) {
  for (const auto& group : context.catalog->groups()) {
    if (group->name != node.name.back()) continue;
    auto changed = std::make_shared<catalog::GroupEntry>(*group);
    if (!node.rename_to.empty()) changed->name = node.rename_to;
    for (const std::string& name : node.add_users) {
      VESTO_ASSIGN_OR_RETURN(const int32_t id, UserId(name, context, offset));
      std::erase(changed->members, id);
      changed->members.push_back(id);
    }
    for (const std::string& name : node.drop_users) {
      VESTO_ASSIGN_OR_RETURN(const int32_t id, UserId(name, context, offset));
      std::erase(changed->members, id);
    }
    context.changes.PutGroup(std::move(changed));
    return absl::OkStatus();
  }
  return SqlError(SqlState::kUndefinedObject,
                  absl::StrCat("group \"", node.name.back(), "\" does not exist"))
      .At(offset);
}

}  // namespace

Result RunCreateSchema(const sql::CreateSchemaStatement& node, int offset,
                       CommandContext& context) {
  const std::string name = node.schema.empty() ? node.authorization : node.schema;
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
    VESTO_ASSIGN_OR_RETURN(schema->owner, UserId(node.authorization, context, offset));
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
    VESTO_ASSIGN_OR_RETURN(database->owner, UserId(node.owner, context, offset));
  }
  database->snapshot_isolation = node.isolation_level == "snapshot";
  database->connection_limit = node.connection_limit;
  if (node.case_insensitive) return NotSupported("CREATE DATABASE COLLATE CASE_INSENSITIVE", offset);
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
