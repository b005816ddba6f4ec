#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"
#include "expr/evaluator.h"
#include "logical/plan.h"
#include "sql/parser/parser.h"

// ALTER TABLE target APPEND FROM source [IGNOREEXTRA | FILLTARGET]: the rows change their table.
// Source: redshift/statements.md A, ALTER TABLE APPEND.
namespace vesto::commands {
namespace {

absl::Status Mismatch(std::string message, int offset) {
  return SqlError(SqlState::kInvalidTableDefinition, std::move(message)).At(offset);
}

std::string ColumnName(const catalog::TableEntry& table, int column) {
  return column < 0 ? std::string() : table.columns[column].name;
}

// Rows stay on their slices and in their order, so both tables must be laid out alike.
absl::Status CheckDesigns(const catalog::TableEntry& target, const catalog::TableEntry& source,
                          int offset) {
  if (target.design.dist_style != source.design.dist_style ||
      ColumnName(target, target.design.dist_key) != ColumnName(source, source.design.dist_key)) {
    return Mismatch(absl::StrCat("tables \"", target.name, "\" and \"", source.name,
                                 "\" have different distribution styles or keys"),
                    offset);
  }
  const auto& keys = target.design.sort_keys;
  const auto& source_keys = source.design.sort_keys;
  bool same = target.design.sort_style == source.design.sort_style &&
              keys.size() == source_keys.size();
  for (size_t i = 0; same && i < keys.size(); ++i) {
    same = ColumnName(target, keys[i]) == ColumnName(source, source_keys[i]);
  }
  if (same) return absl::OkStatus();
  return Mismatch(absl::StrCat("tables \"", target.name, "\" and \"", source.name,
                               "\" have different sort styles or keys"),
                  offset);
}

absl::Status CheckColumn(const catalog::ColumnEntry& target, const catalog::ColumnEntry& source,
                         int offset) {
  const auto differs = [&](std::string_view what) {
    return Mismatch(absl::StrCat("column \"", target.name, "\" has a different ", sv(what),
                                 " in the two tables"),
                    offset);
  };
  if (target.type != source.type) return differs("data type");
  if (target.encoding != source.encoding) return differs("encoding");
  if (target.not_null != source.not_null) return differs("NOT NULL constraint");
  return absl::OkStatus();
}

// What every appended row gets in a column that the source does not have.
absl::StatusOr<Value> Fill(const catalog::ColumnEntry& column, int offset,
                           CommandContext& context) {
  Value fill = Value::Null(column.type);
  if (!column.default_text.empty()) {
    VESTO_ASSIGN_OR_RETURN(const auto parsed, sql::ParseExpression(column.default_text));
    VESTO_ASSIGN_OR_RETURN(const expr::ExprPtr bound,
                           binder::BindScalar(*parsed, column.type, context.bind));
    VESTO_ASSIGN_OR_RETURN(fill, expr::EvaluateConstant(*bound, context.bind.eval));
  }
  if (fill.is_null() && column.not_null) {
    return SqlError(SqlState::kNotNullViolation,
                    absl::StrCat("null value in column \"", column.name,
                                 "\" violates not-null constraint"))
        .At(offset);
  }
  return fill;
}

// The way of tables with a generated column: every row is written anew.
absl::Status CopyRows(const catalog::TablePtr& source, const catalog::TablePtr& target,
                      const std::vector<int>& columns, const std::vector<Value>& fills,
                      CommandContext& context) {
  expr::ColumnId next = 0;
  auto scan = std::make_unique<logical::Scan>();
  scan->table = source;
  for (size_t i = 0; i < source->columns.size(); ++i) {
    scan->columns.push_back(static_cast<int>(i));
    scan->output.push_back({next++, source->columns[i].type, source->columns[i].name});
  }
  auto project = std::make_unique<logical::Project>();
  auto insert = std::make_unique<logical::Insert>();
  for (size_t i = 0; i < columns.size(); ++i) {
    const catalog::ColumnEntry& column = target->columns[i];
    if (columns[i] < 0 && column.identity) {
      insert->input.push_back(-1);
      continue;
    }
    project->expressions.push_back(
        columns[i] < 0 ? expr::Constant(fills[i])
                       : expr::Column(columns[i], column.type, column.name));
    project->output.push_back({next, column.type, column.name});
    insert->input.push_back(next++);
  }
  project->children.push_back(std::move(scan));
  insert->table = target;
  insert->output.push_back({next++, Type::Bigint(), "rows"});
  insert->children.push_back(std::move(project));
  return context.runner.RunPlan(std::move(insert), next).status();
}

// A table that ALTER TABLE APPEND may work on.
absl::StatusOr<catalog::TablePtr> Participant(const sql::Name& name, int offset,
                                              const CommandContext& context) {
  VESTO_ASSIGN_OR_RETURN(catalog::TablePtr table, FindTable(name, context, offset));
  VESTO_RETURN_IF_ERROR(
      context.Rights().CheckOwner(security::Target::kRelation, table->owner, table->name));
  if (table->temporary) {
    return SqlError(SqlState::kFeatureNotSupported,
                    absl::StrCat("ALTER TABLE APPEND with temporary table \"", table->name,
                                 "\" is not supported"))
        .At(offset);
  }
  return table;
}

}  // namespace

Result RunAlterTableAppend(const sql::AlterTableStatement& node, int offset,
                           CommandContext& context) {
  if (context.in_transaction_block) {
    return SqlError(SqlState::kActiveSqlTransaction,
                    "ALTER TABLE APPEND cannot run inside a transaction block");
  }
  VESTO_ASSIGN_OR_RETURN(catalog::TablePtr target, Participant(node.table, offset, context));
  VESTO_ASSIGN_OR_RETURN(catalog::TablePtr source, Participant(node.source, offset, context));
  if (target->oid == source->oid) {
    return Mismatch("a table cannot be appended to itself", offset);
  }
  // In oid order, as every statement locks its tables.
  const bool target_first = target->oid < source->oid;
  for (const catalog::TablePtr& table : {target_first ? target : source,
                                         target_first ? source : target}) {
    VESTO_RETURN_IF_ERROR(Lock(*table, txn::LockMode::kAccessExclusive, context));
  }
  context.Refresh();
  // Waiting for the locks may have let another transaction change or drop them.
  VESTO_ASSIGN_OR_RETURN(target, Participant(node.table, offset, context));
  VESTO_ASSIGN_OR_RETURN(source, Participant(node.source, offset, context));

  VESTO_RETURN_IF_ERROR(CheckDesigns(*target, *source, offset));
  const auto generated = [](const catalog::ColumnEntry& column) {
    return column.identity && !column.identity_by_default;
  };
  if (std::any_of(target->columns.begin(), target->columns.end(), generated) &&
      std::any_of(source->columns.begin(), source->columns.end(), generated)) {
    return Mismatch("both tables of ALTER TABLE APPEND have an IDENTITY column", offset);
  }
  std::vector<int> columns;
  std::vector<Value> fills;
  bool rewrites = false;
  for (const catalog::ColumnEntry& column : target->columns) {
    columns.push_back(source->FindColumn(column.name));
    fills.push_back(Value::Null(column.type));
    if (columns.back() >= 0) {
      VESTO_RETURN_IF_ERROR(CheckColumn(column, source->columns[columns.back()], offset));
      continue;
    }
    if (!node.fill_target) {
      return SqlError(SqlState::kInvalidTableDefinition,
                      absl::StrCat("column \"", column.name, "\" of table \"", target->name,
                                   "\" does not exist in table \"", source->name, "\""))
          .At(offset)
          .Hint("FILLTARGET fills it with its default value.");
    }
    if (column.identity) {
      rewrites = true;
    } else {
      VESTO_ASSIGN_OR_RETURN(fills.back(), Fill(column, offset, context));
    }
  }
  for (const catalog::ColumnEntry& column : source->columns) {
    if (target->FindColumn(column.name) >= 0 || node.ignore_extra) continue;
    return SqlError(SqlState::kInvalidTableDefinition,
                    absl::StrCat("column \"", column.name, "\" of table \"", source->name,
                                 "\" does not exist in table \"", target->name, "\""))
        .At(offset)
        .Hint("IGNOREEXTRA drops it.");
  }

  if (rewrites) VESTO_RETURN_IF_ERROR(CopyRows(source, target, columns, fills, context));
  for (int slice = 0; slice < context.shards.num_slices(); ++slice) {
    auto from = context.shards.store(slice).FindForWrite(context.xid, source->oid);
    auto to = context.shards.store(slice).FindForWrite(context.xid, target->oid);
    if (from == nullptr || to == nullptr) {
      return absl::InternalError("a table has no shard on a slice");
    }
    VESTO_RETURN_IF_ERROR(rewrites ? from->Truncate(context.xid)
                                   : to->TakeGroups(context.xid, *from, columns, fills));
  }
  CommandResult result;
  result.commits = true;
  return result;
}

}  // namespace vesto::commands
