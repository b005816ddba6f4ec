#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"
#include "commands/table_definition.h"
#include "types/type_rules.h"

namespace vesto::commands {
namespace {

constexpr int kMaxColumns = 1600;
constexpr size_t kMaxCompoundKeys = 400, kMaxInterleavedKeys = 8;

absl::Status ColumnMissing(const std::string& column, int offset) {
  return SqlError(SqlState::kUndefinedColumn,
                  absl::StrCat("column \"", column, "\" named in key does not exist"))
      .At(offset);
}

absl::StatusOr<int> KeyColumn(const catalog::TableEntry& entry, const std::string& name,
                              int offset) {
  const int column = entry.FindColumn(name);
  if (column < 0) return ColumnMissing(name, offset);
  if (!types::CanBeKey(entry.columns[column].type)) {
    return SqlError(SqlState::kInvalidTableDefinition,
                    absl::StrCat("column \"", name, "\" of type ",
                                 entry.columns[column].type.ToString(),
                                 " cannot be a distribution or sort key"))
        .At(offset);
  }
  return column;
}

absl::Status CopyParent(const sql::CreateTableStatement& node, int offset, CommandContext& context,
                        catalog::TableEntry* entry) {
  VESTO_ASSIGN_OR_RETURN(const catalog::TablePtr parent, FindTable(node.like, context, offset));
  VESTO_RETURN_IF_ERROR(context.Rights().Check(security::Target::kRelation, parent->oid,
                                               parent->name, catalog::kSelect));
  entry->columns = parent->columns;
  entry->design = parent->design;
  entry->backup = parent->backup;
  entry->encode_auto = parent->encode_auto;
  for (catalog::ColumnEntry& column : entry->columns) {
    column.comment.reset();
    column.identity = column.identity_by_default = false;
    if (!node.including_defaults) column.default_text.clear();
  }
  return absl::OkStatus();
}

absl::Status AddConstraint(const sql::TableConstraint& constraint, CommandContext& context,
                           catalog::TableEntry* entry) {
  using Kind = catalog::ConstraintEntry::Kind;
  catalog::ConstraintEntry added;
  added.name = constraint.name;
  for (const std::string& name : constraint.columns) {
    const int column = entry->FindColumn(name);
    if (column < 0) return ColumnMissing(name, constraint.offset);
    added.columns.push_back(column);
  }
  switch (constraint.kind) {
    case sql::TableConstraint::Kind::kPrimaryKey:
      added.kind = Kind::kPrimaryKey;
      for (const catalog::ConstraintEntry& other : entry->constraints) {
        if (other.kind == Kind::kPrimaryKey) {
          return SqlError(SqlState::kInvalidTableDefinition,
                          absl::StrCat("multiple primary keys for table \"", entry->name,
                                       "\" are not allowed"))
              .At(constraint.offset);
        }
      }
      // The one enforced effect of a primary key.
      for (int column : added.columns) entry->columns[column].not_null = true;
      if (added.name.empty()) added.name = absl::StrCat(entry->name, "_pkey");
      break;
    case sql::TableConstraint::Kind::kUnique:
      added.kind = Kind::kUnique;
      if (added.name.empty()) {
        added.name = absl::StrCat(entry->name, "_", constraint.columns.front(), "_key");
      }
      break;
    case sql::TableConstraint::Kind::kForeignKey: {
      added.kind = Kind::kForeignKey;
      VESTO_ASSIGN_OR_RETURN(const catalog::TablePtr target,
                             FindTable(constraint.references, context, constraint.offset));
      VESTO_RETURN_IF_ERROR(context.Rights().Check(security::Target::kRelation, target->oid,
                                                   target->name, catalog::kReferences));
      added.referenced_table = target->oid;
      for (const std::string& name : constraint.referenced_columns) {
        const int column = target->FindColumn(name);
        if (column < 0) return ColumnMissing(name, constraint.offset);
        added.referenced_columns.push_back(column);
      }
      if (added.referenced_columns.empty()) {
        for (const catalog::ConstraintEntry& other : target->constraints) {
          if (other.kind == Kind::kPrimaryKey) added.referenced_columns = other.columns;
        }
      }
      if (!target->IsUniqueKey(added.referenced_columns)) {
        return SqlError(SqlState::kInvalidTableDefinition,
                        absl::StrCat("there is no unique constraint matching given keys for "
                                     "referenced table \"",
                                     target->name, "\""))
            .At(constraint.offset);
      }
      if (added.name.empty()) {
        added.name = absl::StrCat(entry->name, "_", constraint.columns.front(), "_fkey");
      }
      break;
    }
  }
  entry->constraints.push_back(std::move(added));
  return absl::OkStatus();
}

absl::Status ColumnConstraints(const sql::CreateTableStatement& node, CommandContext& context,
                               catalog::TableEntry* entry) {
  for (const sql::ColumnDefinition& column : node.columns) {
    sql::TableConstraint constraint;
    constraint.columns = {column.name};
    constraint.offset = column.offset;
    if (column.primary_key) {
      constraint.kind = sql::TableConstraint::Kind::kPrimaryKey;
      VESTO_RETURN_IF_ERROR(AddConstraint(constraint, context, entry));
    }
    if (column.unique) {
      constraint.kind = sql::TableConstraint::Kind::kUnique;
      VESTO_RETURN_IF_ERROR(AddConstraint(constraint, context, entry));
    }
    if (!column.references.empty()) {
      constraint.kind = sql::TableConstraint::Kind::kForeignKey;
      constraint.references = column.references;
      constraint.referenced_columns = column.referenced_columns;
      VESTO_RETURN_IF_ERROR(AddConstraint(constraint, context, entry));
    }
  }
  for (const sql::TableConstraint& constraint : node.constraints) {
    VESTO_RETURN_IF_ERROR(AddConstraint(constraint, context, entry));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<catalog::ColumnEntry> DefineColumn(const sql::ColumnDefinition& column,
                                                  bool sort_key, bool temporary,
                                                  CommandContext& context) {
  catalog::ColumnEntry entry;
  entry.name = column.name;
  absl::StatusOr<Type> type = types::ResolveType(column.type.name, column.type.modifiers);
  if (!type.ok()) return WithOffset(type.status(), column.type.offset);
  entry.type = *type;
  if (types::IsLeaderOnly(entry.type)) {
    return SqlError(SqlState::kFeatureNotSupported,
                    absl::StrCat("Column \"", column.name, "\" has unsupported type \"",
                                 column.type.name, "\"."))
        .At(column.type.offset);
  }
  if (entry.type.id == TypeId::kSuper) return NotSupported("type SUPER", column.type.offset);
  if (column.case_insensitive.has_value()) {
    if (entry.type.id != TypeId::kChar && entry.type.id != TypeId::kVarchar) {
      return SqlError(SqlState::kDatatypeMismatch,
                      absl::StrCat("collations are not supported by type ",
                                   entry.type.ToString()))
          .At(column.offset);
    }
    entry.type.case_insensitive = *column.case_insensitive;
  }
  entry.not_null = column.not_null || column.identity || column.primary_key;
  entry.identity = column.identity;
  entry.identity_by_default = column.identity_by_default;
  entry.identity_seed = column.identity_seed;
  entry.identity_step = column.identity_step;
  if (column.identity && entry.type.id != TypeId::kInteger && entry.type.id != TypeId::kBigint) {
    return SqlError(SqlState::kInvalidColumnDefinition,
                    "identity column must be of type INT or BIGINT")
        .At(column.offset);
  }
  if (column.default_value != nullptr) {
    // Bound once to refuse what no INSERT could use; its text is what the catalog keeps.
    VESTO_RETURN_IF_ERROR(
        binder::BindScalar(*column.default_value, entry.type, context.bind).status());
    entry.default_text = column.default_text;
  }
  if (!column.encoding.empty()) {
    const auto encoding = types::ParseEncoding(column.encoding);
    if (!encoding.has_value()) {
      return SqlError(SqlState::kInvalidParameterValue,
                      absl::StrCat("unknown encoding \"", column.encoding, "\""))
          .At(column.offset);
    }
    if (!types::EncodingAccepts(*encoding, entry.type)) {
      return SqlError(SqlState::kInvalidTableDefinition,
                      absl::StrCat("Invalid encode type ", column.encoding, " for column type ",
                                   entry.type.ToString(), "."))
          .At(column.offset);
    }
    entry.encoding = *encoding;
    entry.encoding_explicit = true;
  } else {
    entry.encoding = types::DefaultEncoding(entry.type, sort_key, temporary);
  }
  return entry;
}

absl::Status ApplyAttributes(const sql::TableAttributes& attributes, int offset,
                             catalog::TableEntry* entry) {
  types::TableDesign& design = entry->design;
  if (!attributes.dist_key.empty()) {
    if (!attributes.dist_style.empty() && attributes.dist_style != "key") {
      return SqlError(SqlState::kInvalidTableDefinition,
                      "DISTKEY is only allowed with DISTSTYLE KEY")
          .At(offset);
    }
    VESTO_ASSIGN_OR_RETURN(design.dist_key, KeyColumn(*entry, attributes.dist_key, offset));
    design.dist_style = types::DistStyle::kKey;
  } else if (attributes.dist_style == "key" && design.dist_key < 0) {
    return SqlError(SqlState::kInvalidTableDefinition, "DISTSTYLE KEY needs a DISTKEY").At(offset);
  } else if (attributes.dist_style == "even") {
    design.dist_style = types::DistStyle::kEven;
  } else if (attributes.dist_style == "all") {
    design.dist_style = types::DistStyle::kAll;
  } else if (attributes.dist_style == "auto") {
    design.dist_style = types::DistStyle::kAuto;
  }
  if (!attributes.sort_keys.empty()) {
    const bool interleaved = attributes.sort_style == "interleaved";
    if (attributes.sort_keys.size() > (interleaved ? kMaxInterleavedKeys : kMaxCompoundKeys)) {
      return SqlError(SqlState::kInvalidTableDefinition,
                      interleaved ? "an interleaved sort key has at most 8 columns"
                                  : "a compound sort key has at most 400 columns")
          .At(offset);
    }
    design.sort_keys.clear();
    for (const std::string& name : attributes.sort_keys) {
      VESTO_ASSIGN_OR_RETURN(const int column, KeyColumn(*entry, name, offset));
      design.sort_keys.push_back(column);
    }
    design.sort_style =
        interleaved ? types::SortStyle::kInterleaved : types::SortStyle::kCompound;
  } else if (attributes.sort_style == "auto") {
    design.sort_style = types::SortStyle::kAuto;
  }
  if (attributes.backup.has_value()) entry->backup = *attributes.backup;
  if (attributes.encode_auto) entry->encode_auto = true;
  return absl::OkStatus();
}

absl::StatusOr<catalog::TablePtr> CreateTable(catalog::TableEntry entry, CommandContext& context) {
  entry.oid = context.oids.NextOid();
  entry.owner = context.user_id;
  entry.created_micros = context.bind.eval.statement_start_micros;
  // The table's first generator goes by the table's own oid.
  catalog::Oid sequence = entry.oid;
  for (catalog::ColumnEntry& column : entry.columns) {
    if (!column.identity) continue;
    column.identity_sequence = sequence != 0 ? sequence : context.oids.NextOid();
    sequence = 0;
  }
  if (entry.temporary) {
    VESTO_ASSIGN_OR_RETURN(entry.schema, context.temporary_schema());
  } else if (entry.schema == 0) {
    VESTO_ASSIGN_OR_RETURN(const auto schema, SchemaForNew({entry.name}, context, -1));
    entry.schema = schema->oid;
  }
  if (!std::holds_alternative<std::monostate>(
          context.catalog->FindRelation(entry.schema, entry.name))) {
    return SqlError(SqlState::kDuplicateTable,
                    absl::StrCat("Relation \"", entry.name, "\" already exists"));
  }
  auto table = std::make_shared<const catalog::TableEntry>(std::move(entry));
  storage::TableShape shape;
  for (const catalog::ColumnEntry& column : table->columns) shape.columns.push_back(column.type);
  shape.sort_keys = table->design.sort_keys;
  for (int slice = 0; slice < context.shards.num_slices(); ++slice) {
    VESTO_RETURN_IF_ERROR(context.shards.store(slice).Create(context.xid, table->oid, shape));
  }
  context.changes.PutTable(table);
  PutInitialAccessList(security::Target::kRelation, table->oid, table->schema, table->owner,
                       context);
  // Nobody else can see the table yet; the lock keeps it that way of its later life too.
  VESTO_RETURN_IF_ERROR(Lock(*table, txn::LockMode::kAccessExclusive, context));
  context.Refresh();
  return table;
}

Result RunCreateTable(const sql::CreateTableStatement& node, int offset, CommandContext& context) {
  catalog::TableEntry entry;
  entry.name = node.table.back();
  // A name that begins with # is a temporary table's.
  entry.temporary = node.temporary || entry.name.starts_with('#');
  if (entry.temporary && node.table.size() > 1 && !node.table[0].starts_with("pg_temp")) {
    return SqlError(SqlState::kInvalidTableDefinition,
                    "cannot create temporary relation in non-temporary schema")
        .At(offset);
  }
  if (entry.temporary) {
    VESTO_RETURN_IF_ERROR(CheckMayHaveTemporary(context));
    VESTO_ASSIGN_OR_RETURN(entry.schema, context.temporary_schema());
    context.Refresh();
  } else {
    VESTO_ASSIGN_OR_RETURN(const auto schema, SchemaForNew(node.table, context, offset));
    entry.schema = schema->oid;
    VESTO_RETURN_IF_ERROR(CheckMayCreateIn(*schema, context));
  }
  if (!std::holds_alternative<std::monostate>(
          context.catalog->FindRelation(entry.schema, entry.name))) {
    if (!node.if_not_exists) {
      return SqlError(SqlState::kDuplicateTable,
                      absl::StrCat("Relation \"", entry.name, "\" already exists"))
          .At(offset);
    }
    context.notice("INFO", absl::StrCat("Relation \"", entry.name,
                                        "\" already exists and will be skipped"));
    return CommandResult{};
  }
  if (!node.like.empty()) {
    const sql::TableAttributes& given = node.attributes;
    if (!given.dist_style.empty() || !given.dist_key.empty() || !given.sort_style.empty() ||
        !given.sort_keys.empty() || given.encode_auto) {
      return SqlError(SqlState::kSyntaxError, "table attributes are not allowed with LIKE")
          .At(offset);
    }
    VESTO_RETURN_IF_ERROR(CopyParent(node, offset, context, &entry));
  }

  sql::TableAttributes attributes;
  attributes.dist_style = node.attributes.dist_style;
  attributes.dist_key = node.attributes.dist_key;
  attributes.sort_style = node.attributes.sort_style;
  attributes.sort_keys = node.attributes.sort_keys;
  attributes.backup = node.attributes.backup;
  attributes.encode_auto = node.attributes.encode_auto;
  for (const sql::ColumnDefinition& column : node.columns) {
    if (column.dist_key) {
      if (!attributes.dist_key.empty()) {
        return SqlError(SqlState::kInvalidTableDefinition, "a table has only one DISTKEY column")
            .At(column.offset);
      }
      attributes.dist_key = column.name;
    }
    if (column.sort_key) attributes.sort_keys.push_back(column.name);
  }
  bool any_encoding = false;
  for (const sql::ColumnDefinition& column : node.columns) {
    if (entry.FindColumn(column.name) >= 0) {
      return SqlError(SqlState::kDuplicateColumn,
                      absl::StrCat("column \"", column.name, "\" duplicated"))
          .At(column.offset);
    }
    const bool sort_key = std::find(attributes.sort_keys.begin(), attributes.sort_keys.end(),
                                    column.name) != attributes.sort_keys.end();
    VESTO_ASSIGN_OR_RETURN(catalog::ColumnEntry defined,
                           DefineColumn(column, sort_key, entry.temporary, context));
    any_encoding = any_encoding || defined.encoding_explicit;
    entry.columns.push_back(std::move(defined));
  }
  if (entry.columns.empty()) {
    return SqlError(SqlState::kInvalidTableDefinition, "a table needs at least one column")
        .At(offset);
  }
  if (entry.columns.size() > kMaxColumns) {
    return SqlError(SqlState::kTooManyColumns, "tables can have at most 1600 columns").At(offset);
  }
  // Any explicit ENCODE turns ENCODE AUTO off for the table.
  entry.encode_auto = !any_encoding || attributes.encode_auto;
  VESTO_RETURN_IF_ERROR(ApplyAttributes(attributes, offset, &entry));
  VESTO_RETURN_IF_ERROR(ColumnConstraints(node, context, &entry));
  VESTO_RETURN_IF_ERROR(CreateTable(std::move(entry), context).status());
  return CommandResult{};
}

absl::Status AddTableConstraint(const sql::TableConstraint& constraint, CommandContext& context,
                                catalog::TableEntry* entry) {
  return AddConstraint(constraint, context, entry);
}

}  // namespace vesto::commands
