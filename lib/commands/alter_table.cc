#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"
#include "commands/table_definition.h"
#include "expr/evaluator.h"
#include "logical/plan.h"
#include "storage/shard_scan.h"
#include "types/type_rules.h"

namespace vesto::commands {
namespace {

using Action = sql::AlterTableStatement::Action;
using MutableTable = std::shared_ptr<catalog::TableEntry>;

absl::StatusOr<int> ColumnOf(const catalog::TableEntry& table, const std::string& name,
                             int offset) {
  const int column = table.FindColumn(name);
  if (column < 0) {
    return SqlError(SqlState::kUndefinedColumn, absl::StrCat("column \"", name, "\" of relation \"",
                                                             table.name, "\" does not exist"))
        .At(offset);
  }
  return column;
}

// Runs `change` on the table's shard of every slice.
template <typename Change>
absl::Status OnEveryShard(const catalog::TableEntry& table, CommandContext& context,
                          Change&& change) {
  for (int slice = 0; slice < context.shards.num_slices(); ++slice) {
    auto shard = context.shards.store(slice).FindForWrite(context.xid, table.oid);
    if (shard == nullptr) return absl::InternalError("the table has no shard on a slice");
    VESTO_RETURN_IF_ERROR(change(*shard));
  }
  return absl::OkStatus();
}

// INSERT INTO target SELECT * FROM source, for tables of the same columns.
absl::Status CopyRows(const catalog::TablePtr& source, const catalog::TablePtr& target,
                      CommandContext& context) {
  auto scan = std::make_unique<logical::Scan>();
  auto insert = std::make_unique<logical::Insert>();
  expr::ColumnId next = 0;
  scan->table = source;
  for (size_t i = 0; i < source->columns.size(); ++i) {
    scan->columns.push_back(static_cast<int>(i));
    scan->output.push_back({next, source->columns[i].type, source->columns[i].name});
    insert->input.push_back(next++);
  }
  insert->table = target;
  insert->output.push_back({next++, Type::Bigint(), "rows"});
  insert->children.push_back(std::move(scan));
  return context.runner.RunPlan(std::move(insert), next).status();
}

// Spreads the rows by another design: out into a table that lives for a moment, and back.
absl::Status Redistribute(const catalog::TablePtr& before, const catalog::TablePtr& after,
                          CommandContext& context) {
  storage::TableShape shape;
  for (const catalog::ColumnEntry& column : after->columns) shape.columns.push_back(column.type);
  auto passing = std::make_shared<catalog::TableEntry>(*after);
  passing->oid = context.oids.NextOid();
  for (int slice = 0; slice < context.shards.num_slices(); ++slice) {
    VESTO_RETURN_IF_ERROR(context.shards.store(slice).Create(context.xid, passing->oid, shape));
  }
  VESTO_RETURN_IF_ERROR(CopyRows(before, passing, context));
  VESTO_RETURN_IF_ERROR(OnEveryShard(*before, context, [&](storage::TableShard& shard) {
    return shard.Truncate(context.xid);
  }));
  VESTO_RETURN_IF_ERROR(CopyRows(passing, after, context));
  for (int slice = 0; slice < context.shards.num_slices(); ++slice) {
    VESTO_RETURN_IF_ERROR(context.shards.store(slice).Drop(context.xid, passing->oid));
  }
  return absl::OkStatus();
}

absl::Status AddColumn(const sql::AlterTableStatement& node, CommandContext& context,
                       const MutableTable& table) {
  const sql::ColumnDefinition& definition = node.definition;
  if (table->FindColumn(definition.name) >= 0) {
    return SqlError(SqlState::kDuplicateColumn,
                    absl::StrCat("column \"", definition.name, "\" of relation \"", table->name,
                                 "\" already exists"))
        .At(definition.offset);
  }
  if (definition.dist_key || definition.sort_key || definition.unique || definition.primary_key ||
      definition.identity || !definition.references.empty()) {
    return SqlError(SqlState::kFeatureNotSupported,
                    "ALTER TABLE ADD COLUMN with DISTKEY, SORTKEY, UNIQUE, PRIMARY KEY, REFERENCES "
                    "or IDENTITY is not supported")
        .At(definition.offset);
  }
  if (definition.not_null && definition.default_value == nullptr) {
    return SqlError(SqlState::kInvalidTableDefinition,
                    "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default "
                    "expression")
        .At(definition.offset);
  }
  VESTO_ASSIGN_OR_RETURN(catalog::ColumnEntry column,
                         DefineColumn(definition, false, table->temporary, context));
  Value fill = Value::Null(column.type);
  if (definition.default_value != nullptr) {
    VESTO_ASSIGN_OR_RETURN(
        const expr::ExprPtr bound,
        binder::BindScalar(*definition.default_value, column.type, context.bind));
    VESTO_ASSIGN_OR_RETURN(fill, expr::EvaluateConstant(*bound, context.bind.eval));
  }
  VESTO_RETURN_IF_ERROR(OnEveryShard(*table, context, [&](storage::TableShard& shard) {
    return shard.AddColumn(context.xid, column.type, fill);
  }));
  table->columns.push_back(std::move(column));
  return absl::OkStatus();
}

absl::Status DropColumn(const sql::AlterTableStatement& node, int offset, CommandContext& context,
                        const MutableTable& table) {
  VESTO_ASSIGN_OR_RETURN(const int column, ColumnOf(*table, node.column, offset));
  if (table->columns.size() == 1) {
    return SqlError(SqlState::kInvalidTableDefinition, "cannot drop the only column of a table")
        .At(offset);
  }
  types::TableDesign& design = table->design;
  const bool is_key =
      design.dist_key == column || std::find(design.sort_keys.begin(), design.sort_keys.end(),
                                             column) != design.sort_keys.end();
  if (is_key) {
    return SqlError(SqlState::kInvalidTableDefinition,
                    absl::StrCat("cannot drop distkey or sortkey column \"", node.column, "\""))
        .At(offset);
  }
  const auto blocked = [&]() -> absl::Status {
    return SqlError(SqlState::kDependentObjectsStillExist,
                    absl::StrCat("cannot drop table ", table->name, " column ", node.column,
                                 " because other objects depend on it"))
        .Hint("Use DROP ... CASCADE to drop the dependent objects too.");
  };
  if (!node.cascade) {
    for (const catalog::ViewPtr& view : context.catalog->views()) {
      if (std::find(view->depends_on.begin(), view->depends_on.end(), table->oid) !=
          view->depends_on.end()) {
        return blocked();
      }
    }
    for (const catalog::ConstraintEntry& constraint : table->constraints) {
      if (std::find(constraint.columns.begin(), constraint.columns.end(), column) !=
          constraint.columns.end()) {
        return blocked();
      }
    }
  }
  VESTO_RETURN_IF_ERROR(OnEveryShard(*table, context, [&](storage::TableShard& shard) {
    return shard.DropColumn(context.xid, column);
  }));
  table->columns.erase(table->columns.begin() + column);
  const auto shift = [column](int& index) {
    if (index > column) --index;
  };
  shift(design.dist_key);
  for (int& key : design.sort_keys) shift(key);
  std::erase_if(table->constraints, [column](const catalog::ConstraintEntry& constraint) {
    return std::find(constraint.columns.begin(), constraint.columns.end(), column) !=
           constraint.columns.end();
  });
  for (catalog::ConstraintEntry& constraint : table->constraints) {
    for (int& index : constraint.columns) shift(index);
  }
  return absl::OkStatus();
}

// Bytes of the longest string of a column.
absl::StatusOr<size_t> LongestText(const catalog::TableEntry& table, int column,
                                   CommandContext& context) {
  size_t longest = 0;
  for (int slice = 0; slice < context.shards.num_slices(); ++slice) {
    const auto shard = context.shards.store(slice).Find(table.oid);
    if (shard == nullptr) continue;
    storage::ScanOptions options;
    options.outputs.push_back({column, types::PhysicalType::kString});
    storage::ShardScan scan(shard->version(), context.snapshot(), std::move(options));
    const auto reader = scan.NewReader();
    column::Batch batch;
    while (true) {
      VESTO_ASSIGN_OR_RETURN(const bool more, reader->Next(&batch));
      if (!more) break;
      const column::Vector texts = batch.columns[0].Flatten(batch.rows);
      for (int i = 0; i < batch.rows; ++i) {
        longest = std::max(longest, texts.data<column::StringRef>()[i].view().size());
      }
    }
  }
  return longest;
}

absl::Status AlterType(const sql::AlterTableStatement& node, int offset, CommandContext& context,
                       const MutableTable& table) {
  if (context.in_transaction_block) {
    return SqlError(SqlState::kActiveSqlTransaction,
                    "ALTER TABLE ALTER COLUMN cannot run inside a transaction block");
  }
  VESTO_ASSIGN_OR_RETURN(const int column, ColumnOf(*table, node.column, offset));
  VESTO_ASSIGN_OR_RETURN(const Type type,
                         types::ResolveType(node.type.name, node.type.modifiers));
  catalog::ColumnEntry& entry = table->columns[column];
  if (entry.type.id != TypeId::kVarchar || type.id != TypeId::kVarchar) {
    return SqlError(SqlState::kFeatureNotSupported,
                    "ALTER COLUMN TYPE of a column that is not VARCHAR is not supported")
        .At(offset);
  }
  switch (entry.encoding) {
    case types::Encoding::kBytedict:
    case types::Encoding::kRunlength:
    case types::Encoding::kText255:
    case types::Encoding::kText32k:
      return SqlError(SqlState::kFeatureNotSupported,
                      absl::StrCat("ALTER COLUMN TYPE of a column with encoding ",
                                   sv(types::EncodingName(entry.encoding)), " is not supported"))
          .At(offset);
    default: break;
  }
  const bool constrained = std::any_of(
      table->constraints.begin(), table->constraints.end(),
      [column](const catalog::ConstraintEntry& constraint) {
        return std::find(constraint.columns.begin(), constraint.columns.end(), column) !=
               constraint.columns.end();
      });
  if (constrained || !entry.default_text.empty()) {
    return SqlError(SqlState::kFeatureNotSupported,
                    absl::StrCat("ALTER COLUMN TYPE of a column with a ",
                                 constrained ? "UNIQUE, PRIMARY KEY or FOREIGN KEY constraint"
                                             : "default value",
                                 " is not supported"))
        .At(offset);
  }
  if (type.length < entry.type.length) {
    VESTO_ASSIGN_OR_RETURN(const size_t longest, LongestText(*table, column, context));
    if (longest > static_cast<size_t>(type.length)) {
      return SqlError(SqlState::kStringDataRightTruncation,
                      absl::StrCat("column \"", entry.name, "\" holds a value of ", longest,
                                   " bytes, too long for type ", type.ToString()))
          .At(offset);
    }
  }
  Type changed = type;
  changed.case_insensitive = entry.type.case_insensitive;
  VESTO_RETURN_IF_ERROR(OnEveryShard(*table, context, [&](storage::TableShard& shard) {
    return shard.AlterType(context.xid, column, changed);
  }));
  entry.type = changed;
  return absl::OkStatus();
}

absl::Status AlterEncoding(const sql::AlterTableStatement& node, int offset,
                           const MutableTable& table) {
  if (table->design.sort_style == types::SortStyle::kInterleaved) {
    return SqlError(SqlState::kFeatureNotSupported,
                    "ALTER COLUMN ENCODE of a table with an interleaved sort key is not supported")
        .At(offset);
  }
  for (const auto& [name, encoding_name] : node.encodings) {
    VESTO_ASSIGN_OR_RETURN(const int column, ColumnOf(*table, name, offset));
    const auto encoding = types::ParseEncoding(encoding_name);
    if (!encoding.has_value() ||
        !types::EncodingAccepts(*encoding, table->columns[column].type)) {
      return SqlError(SqlState::kInvalidTableDefinition,
                      absl::StrCat("Invalid encode type ", encoding_name, " for column type ",
                                   table->columns[column].type.ToString(), "."))
          .At(offset);
    }
    if (table->columns[column].encoding == *encoding) {
      return SqlError(SqlState::kInvalidTableDefinition,
                      absl::StrCat("column \"", name, "\" has encoding ", encoding_name,
                                   " already"))
          .At(offset);
    }
    table->columns[column].encoding = *encoding;
    table->columns[column].encoding_explicit = true;
  }
  table->encode_auto = false;
  return absl::OkStatus();
}

absl::Status AlterSortKey(const sql::AlterTableStatement& node, int offset,
                          CommandContext& context, const MutableTable& table) {
  types::TableDesign& design = table->design;
  if (node.attributes.sort_keys.empty()) {
    design.sort_keys.clear();
    design.sort_style = node.attributes.sort_style == "auto" ? types::SortStyle::kAuto
                                                             : types::SortStyle::kNone;
  } else {
    if (node.attributes.sort_style == "interleaved") {
      return SqlError(SqlState::kFeatureNotSupported,
                      "ALTER SORTKEY to INTERLEAVED is not supported")
          .At(offset);
    }
    VESTO_RETURN_IF_ERROR(ApplyAttributes(node.attributes, offset, table.get()));
  }
  for (const int key : design.sort_keys) {
    catalog::ColumnEntry& column = table->columns[key];
    if (!column.encoding_explicit) column.encoding = types::Encoding::kRaw;
  }
  return OnEveryShard(*table, context, [&](storage::TableShard& shard) {
    return shard.AlterSortKeys(context.xid, design.sort_keys);
  });
}

// The owner may change a relation, and who was granted ALTER; only a superuser gives it away.
absl::Status CheckMayAlter(const sql::AlterTableStatement& node,
                           const catalog::RelationBase& relation, CommandContext& context) {
  const security::Access rights = context.Rights();
  if (node.action == Action::kOwnerTo || node.action == Action::kAppend ||
      (rights.Held(security::Target::kRelation, relation.oid) & catalog::kAlter) == 0) {
    VESTO_RETURN_IF_ERROR(
        rights.CheckOwner(security::Target::kRelation, relation.owner, relation.name));
  }
  if (node.action == Action::kRenameTo) {
    const auto schema = context.catalog->FindSchema(relation.schema);
    if (schema != nullptr && schema->temporary_session == 0) {
      VESTO_RETURN_IF_ERROR(CheckMayCreateIn(*schema, context));
    }
  }
  return absl::OkStatus();
}

// Gives a relation to the user whom the statement names.
absl::StatusOr<int32_t> TakeOver(const sql::AlterTableStatement& node, int offset,
                                 const catalog::RelationBase& relation, CommandContext& context) {
  VESTO_ASSIGN_OR_RETURN(const auto user, FindUser(node.new_name, context, offset));
  if (user->id != context.user_id) {
    VESTO_RETURN_IF_ERROR(context.Rights().CheckSuperuser("must be superuser to change owner"));
  }
  PassAccessList(relation.oid, relation.owner, user->id, context);
  return user->id;
}

// Column grants know their column by its name: "" drops them.
void RenameInGrants(catalog::Oid relation, const std::string& column, const std::string& name,
                    CommandContext& context) {
  const auto list = context.catalog->FindAccessList(relation);
  if (list == nullptr) return;
  auto changed = std::make_shared<catalog::AccessList>(*list);
  for (catalog::Grant& grant : changed->grants) {
    if (grant.column != column) continue;
    grant.column = name;
    if (name.empty()) grant.privileges = 0;
  }
  std::erase_if(changed->grants, [](const catalog::Grant& grant) { return grant.privileges == 0; });
  context.changes.PutAccessList(std::move(changed));
}

}  // namespace

Result RunAlterTable(const sql::AlterTableStatement& node, int offset, CommandContext& context) {
  if (node.action == Action::kAppend) return RunAlterTableAppend(node, offset, context);
  // ALTER TABLE renames and owns views too.
  VESTO_ASSIGN_OR_RETURN(const catalog::RelationPtr relation,
                         FindRelation(node.table, context, offset));
  if (const auto* view = std::get_if<catalog::ViewPtr>(&relation)) {
    VESTO_RETURN_IF_ERROR(CheckMayAlter(node, **view, context));
    auto changed = std::make_shared<catalog::ViewEntry>(**view);
    if (node.action == Action::kRenameTo) {
      changed->name = node.new_name;
    } else if (node.action == Action::kOwnerTo) {
      VESTO_ASSIGN_OR_RETURN(changed->owner, TakeOver(node, offset, **view, context));
    } else {
      return SqlError(SqlState::kWrongObjectType,
                      absl::StrCat("\"", DisplayName(node.table), "\" is not a table"))
          .At(offset);
    }
    context.changes.PutView(std::move(changed));
    return CommandResult{};
  }
  VESTO_ASSIGN_OR_RETURN(catalog::TablePtr before, FindTable(node.table, context, offset));
  VESTO_RETURN_IF_ERROR(CheckMayAlter(node, *before, context));
  VESTO_RETURN_IF_ERROR(Lock(*before, txn::LockMode::kAccessExclusive, context));
  context.Refresh();
  // Waiting for the lock may have let another transaction change or drop it.
  before = context.catalog->FindTable(before->oid);
  if (before == nullptr) {
    return SqlError(SqlState::kUndefinedTable,
                    absl::StrCat("relation \"", DisplayName(node.table), "\" does not exist"))
        .At(offset);
  }
  auto table = std::make_shared<catalog::TableEntry>(*before);
  switch (node.action) {
    case Action::kAddConstraint:
      for (const std::string& name : node.constraint.columns) {
        const int column = table->FindColumn(name);
        if (node.constraint.kind == sql::TableConstraint::Kind::kPrimaryKey && column >= 0 &&
            !table->columns[column].not_null) {
          return SqlError(SqlState::kInvalidTableDefinition,
                          absl::StrCat("column \"", name,
                                       "\" is not declared NOT NULL: it cannot be part of a "
                                       "primary key"))
              .At(offset);
        }
      }
      VESTO_RETURN_IF_ERROR(AddTableConstraint(node.constraint, context, table.get()));
      break;
    case Action::kDropConstraint: {
      const size_t count = table->constraints.size();
      std::erase_if(table->constraints, [&](const catalog::ConstraintEntry& constraint) {
        return constraint.name == node.constraint.name || constraint.name == node.column;
      });
      if (table->constraints.size() == count) {
        return SqlError(SqlState::kUndefinedObject,
                        absl::StrCat("constraint \"",
                                     node.constraint.name.empty() ? node.column
                                                                  : node.constraint.name,
                                     "\" does not exist"))
            .At(offset);
      }
      break;
    }
    case Action::kOwnerTo: {
      VESTO_ASSIGN_OR_RETURN(table->owner, TakeOver(node, offset, *before, context));
      break;
    }
    case Action::kRenameTo:
      if (!std::holds_alternative<std::monostate>(
              context.catalog->FindRelation(table->schema, node.new_name))) {
        return SqlError(SqlState::kDuplicateTable,
                        absl::StrCat("Relation \"", node.new_name, "\" already exists"))
            .At(offset);
      }
      if (!table->temporary && node.new_name.starts_with('#')) {
        return SqlError(SqlState::kInvalidName,
                        "a permanent table cannot be renamed to a temporary name")
            .At(offset);
      }
      table->name = node.new_name;
      break;
    case Action::kRenameColumn: {
      VESTO_ASSIGN_OR_RETURN(const int column, ColumnOf(*table, node.column, offset));
      if (table->FindColumn(node.new_name) >= 0) {
        return SqlError(SqlState::kDuplicateColumn,
                        absl::StrCat("column \"", node.new_name, "\" of relation \"", table->name,
                                     "\" already exists"))
            .At(offset);
      }
      table->columns[column].name = node.new_name;
      RenameInGrants(table->oid, node.column, node.new_name, context);
      break;
    }
    case Action::kAlterColumnType:
      VESTO_RETURN_IF_ERROR(AlterType(node, offset, context, table));
      break;
    case Action::kAlterColumnEncode:
      VESTO_RETURN_IF_ERROR(AlterEncoding(node, offset, table));
      break;
    case Action::kAlterDistKey:
    case Action::kAlterDistStyle: {
      sql::TableAttributes attributes = node.attributes;
      if (node.action == Action::kAlterDistKey) {
        attributes.dist_style = "key";
        if (attributes.dist_key.empty()) attributes.dist_key = node.column;
      } else if (attributes.dist_style != "key") {
        table->design.dist_key = -1;
      }
      if (table->temporary) {
        return NotSupported("ALTER DISTSTYLE of a temporary table", offset);
      }
      if (table->design.sort_style == types::SortStyle::kInterleaved) {
        return NotSupported("ALTER DISTSTYLE of a table with an interleaved sort key", offset);
      }
      VESTO_RETURN_IF_ERROR(ApplyAttributes(attributes, offset, table.get()));
      VESTO_RETURN_IF_ERROR(Redistribute(before, table, context));
      break;
    }
    case Action::kAlterSortKey:
      VESTO_RETURN_IF_ERROR(AlterSortKey(node, offset, context, table));
      break;
    case Action::kAlterEncodeAuto: table->encode_auto = true; break;
    case Action::kAddColumn:
      VESTO_RETURN_IF_ERROR(AddColumn(node, context, table));
      break;
    case Action::kDropColumn:
      VESTO_RETURN_IF_ERROR(DropColumn(node, offset, context, table));
      RenameInGrants(table->oid, node.column, "", context);
      break;
    case Action::kSetSchema: {
      const catalog::SchemaPtr schema = context.catalog->FindSchema(node.new_name);
      if (schema == nullptr) {
        return SqlError(SqlState::kInvalidSchemaName,
                        absl::StrCat("schema \"", node.new_name, "\" does not exist"))
            .At(offset);
      }
      VESTO_RETURN_IF_ERROR(CheckMayCreateIn(*schema, context));
      table->schema = schema->oid;
      break;
    }
    case Action::kAppend: break;  // above
  }
  context.changes.PutTable(std::move(table));
  return CommandResult{};
}

}  // namespace vesto::commands
