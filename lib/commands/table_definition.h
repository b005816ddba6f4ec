#pragma once

#include "catalog/entries.h"
#include "commands/command.h"

// Parts of a table's definition that CREATE TABLE and ALTER TABLE share.
namespace vesto::commands {

// A column as its DDL defines it: type, default, identity, encoding, checked.
absl::StatusOr<catalog::ColumnEntry> DefineColumn(const sql::ColumnDefinition& column,
                                                  bool sort_key, bool temporary,
                                                  CommandContext& context);
// DISTSTYLE, DISTKEY and SORTKEY clauses, checked against the entry's columns.
absl::Status ApplyAttributes(const sql::TableAttributes& attributes, int offset,
                             catalog::TableEntry* entry);
absl::Status AddTableConstraint(const sql::TableConstraint& constraint, CommandContext& context,
                                catalog::TableEntry* entry);

}  // namespace vesto::commands
