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

// The relation of that name; monostate when there is none.
absl::StatusOr<catalog::RelationPtr> FindRelation(const sql::Name& name,
                                                  const CommandContext& context, int offset);
// 42P01 `relation "t" does not exist`, 42809 when it is a view.
absl::StatusOr<catalog::TablePtr> FindTable(const sql::Name& name, const CommandContext& context,
                                            int offset);

// Takes a table's lock for the rest of the transaction.
absl::Status Lock(const catalog::TableEntry& table, txn::LockMode mode, CommandContext& context,
                  bool writes = true);

}  // namespace vesto::commands
