#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "commands/command.h"

// How commands find the objects that they name, by the session's search path.
namespace vesto::commands {

// "s.t" as the user wrote it, for messages.
std::string DisplayName(const sql::Name& name);

// The schema of a qualified name, or the first usable one of the search path for a new object.
// 3F000 when it does not exist; 0A000 for another database.
absl::StatusOr<catalog::SchemaPtr> SchemaForNew(const sql::Name& name, const CommandContext& context,
                                                int offset);

// 42501 unless the user may make relations there, or temporary ones.
absl::Status CheckMayCreateIn(const catalog::SchemaEntry& schema, const CommandContext& context);
absl::Status CheckMayHaveTemporary(const CommandContext& context);

// The relation of that name; monostate when there is none.
absl::StatusOr<catalog::RelationPtr> FindRelation(const sql::Name& name,
                                                  const CommandContext& context, int offset);
// 42P01 `relation "t" does not exist`, 42809 when it is a view.
absl::StatusOr<catalog::TablePtr> FindTable(const sql::Name& name, const CommandContext& context,
                                            int offset);

// 42704 `user "u" does not exist`.
absl::StatusOr<catalog::UserPtr> FindUser(const std::string& name, const CommandContext& context,
                                          int offset);

// The access list that a new object starts with, by the default privileges of its owner.
void PutInitialAccessList(security::Target target, catalog::Oid object, catalog::Oid schema,
                          int32_t owner, CommandContext& context);
// The access list of an object goes with it, or to its new owner.
void DropAccessList(catalog::Oid object, CommandContext& context);
void PassAccessList(catalog::Oid object, int32_t former, int32_t owner, CommandContext& context);

// Takes a table's lock for the rest of the transaction.
absl::Status Lock(const catalog::TableEntry& table, txn::LockMode mode, CommandContext& context,
                  bool writes = true);

}  // namespace vesto::commands
