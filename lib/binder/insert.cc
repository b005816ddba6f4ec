#include <algorithm>

#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"
#include "logical/constant_rows.h"
#include "sql/ast/values_rows.h"
#include "sql/parser/parser.h"
#include "types/type_rules.h"

// INSERT: VALUES and queries, defaults and identity columns. Source: redshift/statements.md J.
namespace vesto::binder {

void Binder::SetRowsAffectedOutput(logical::Node* node) {
  node->output = {{NextId(), Type::Bigint(), "rows"}};
}

absl::StatusOr<ExprPtr> Binder::DefaultOf(const catalog::ColumnEntry& column) {
  if (column.default_text.empty()) return expr::Constant(Value::Null(column.type));
  auto parsed = sql::ParseExpression(column.default_text);
  if (!parsed.ok()) return WithOffset(parsed.status(), -1);
  auto bound = BindScalarExpression(**parsed, column.type);
  if (!bound.ok()) return WithOffset(bound.status(), -1);
  return bound;
}

absl::StatusOr<ExprPtr> Binder::Assign(ExprPtr value, const catalog::ColumnEntry& column,
                                       int offset) {
  const Type from = value->type;
  auto assigned = Coerce(std::move(value), column.type, Coercion::kAssignment);
  if (assigned.ok()) return assigned;
  if (SqlStateOf(assigned.status()) == SqlState::kCannotCoerce) {
    return SqlError(SqlState::kDatatypeMismatch,
                    absl::StrCat("column \"", column.name, "\" is of type ",
                                 column.type.ToString(), " but expression is of type ",
                                 from.ToString()))
        .At(offset)
        .Hint("You will need to rewrite or cast the expression.");
  }
  if (OffsetOf(assigned.status()) < 0) return WithOffset(assigned.status(), offset);
  return assigned.status();
}

absl::StatusOr<std::vector<int>> Binder::TargetColumns(const catalog::TableEntry& table,
                                                       const std::vector<std::string>& names,
                                                       int offset) {
  std::vector<int> columns;
  if (names.empty()) {
    for (size_t i = 0; i < table.columns.size(); ++i) columns.push_back(static_cast<int>(i));
    return columns;
  }
  for (const std::string& name : names) {
    const int column = table.FindColumn(name);
    if (column < 0) {
      return SqlError(SqlState::kUndefinedColumn,
                      absl::StrCat("column \"", name, "\" of relation \"", table.name,
                                   "\" does not exist"))
          .At(offset);
    }
    if (std::find(columns.begin(), columns.end(), column) != columns.end()) {
      return SqlError(SqlState::kDuplicateColumn,
                      absl::StrCat("column \"", name, "\" specified more than once"))
          .At(offset);
    }
    columns.push_back(column);
  }
  return columns;
}

absl::StatusOr<Binder::InsertTarget> Binder::ResolveInsertTarget(
    const sql::Name& name, std::string_view action, const std::vector<std::string>& columns,
    int offset) {
  InsertTarget target;
  VESTO_ASSIGN_OR_RETURN(target.table, ResolveTarget(name, action, offset));
  target.privilege =
      static_cast<size_t>(AddPrivilege(target.table->oid, target.table->name, "insert"));
  VESTO_ASSIGN_OR_RETURN(target.columns, TargetColumns(*target.table, columns, offset));
  // Without a column list, identity columns are passed over.
  if (columns.empty()) {
    std::erase_if(target.columns, [&target](int column) {
      const auto& entry = target.table->columns[static_cast<size_t>(column)];
      return entry.identity && !entry.identity_by_default;
    });
  }
  return target;
}

absl::Status Binder::BindInsert(const sql::InsertStatement& insert, int offset) {
  VESTO_ASSIGN_OR_RETURN(InsertTarget target,
                         ResolveInsertTarget(insert.table, "insert into", insert.columns, offset));
  const catalog::TablePtr table = target.table;
  std::vector<int> targets = std::move(target.columns);

  WithBinding with;
  CteScope* saved_ctes = ctes_;
  struct Restore {
    CteScope** slot;
    CteScope* value;
    ~Restore() { *slot = value; }
  } restore{&ctes_, saved_ctes};
  if (insert.with.has_value()) VESTO_RETURN_IF_ERROR(BindWith(*insert.with, nullptr, &with));

  // The source: one column per target, of the target's type, or a DEFAULT to fill in.
  NodePtr source;
  std::vector<ColumnId> source_ids, flags;
  if (insert.default_values) {
    targets.clear();
    source = EmptyRow();
  } else if (insert.query->kind == sql::Query::Kind::kValues && !insert.query->with.has_value() &&
             insert.query->order_by.empty() && insert.query->limit == nullptr) {
    // VALUES: each value goes to its column's type on its own, in linear time.
    const sql::ValuesRows& rows = *insert.query->rows;
    const size_t width = rows.width(0);
    if (width > targets.size()) {
      return SqlError(SqlState::kSyntaxError, "INSERT has more expressions than target columns")
          .At(rows.offset(0, targets.size()));
    }
    if (width < targets.size()) {
      if (!insert.columns.empty()) {
        return SqlError(SqlState::kSyntaxError, "INSERT has more target columns than expressions")
            .At(rows.offset(0, 0));
      }
      targets.resize(width);
    }
    std::vector<ExprPtr> defaults(width);
    // The rows that take an identity column's generated value, by DEFAULT.
    std::vector<std::vector<bool>> generated(width);
    Block block;
    block.clause = "VALUES";
    Block* saved = block_;
    block_ = &block;
    absl::Status status;
    auto values = std::make_unique<logical::Values>();
    std::vector<Type> types;
    for (int column : targets) types.push_back(table->columns[static_cast<size_t>(column)].type);
    // Several rows become columns of constants as they are bound; one row stays a row, since its
    // expressions may hold subqueries.
    const bool one_row = rows.size() == 1;
    auto constants = std::make_shared<logical::ConstantRows>(std::move(types), rows.size(),
                                                             context_.memory);
    if (one_row) values->rows.emplace_back();
    const auto keep = [&](size_t row, size_t i, ExprPtr value) {
      if (one_row) {
        values->rows[0].push_back(std::move(value));
        return;
      }
      // A computed value's place holds NULL until it is known.
      status = constants->Set(row, i,
                              value->is_constant() ? value->constant : Value::Null(value->type));
      if (!value->is_constant()) values->computed.push_back({row, i, std::move(value)});
    };
    sql::ExpressionPtr room;
    for (size_t row = 0; row < rows.size() && status.ok(); ++row) {
      if (rows.width(row) != width) {
        status = SqlError(SqlState::kSyntaxError, "VALUES lists must all be the same length")
                     .At(rows.offset(row, 0));
        break;
      }
      for (size_t i = 0; i < width && status.ok(); ++i) {
        const auto& column = table->columns[static_cast<size_t>(targets[i])];
        const sql::Expression& ast = rows.Tree(row, i, &room);
        if (ast.kind == sql::ExpressionKind::kDefault) {
          if (column.identity) {
            generated[i].resize(rows.size());
            generated[i][row] = true;
            keep(row, i, expr::Constant(Value::Null(column.type)));
            continue;
          }
          if (defaults[i] == nullptr) {
            auto value = DefaultOf(column);
            if (!value.ok()) {
              status = value.status();
              break;
            }
            defaults[i] = std::move(*value);
          }
          keep(row, i, defaults[i]->Clone());
          continue;
        }
        if (column.identity && !column.identity_by_default) {
          status = SqlError(SqlState::kFeatureNotSupported,
                            absl::StrCat("cannot set an identity column to a value"))
                       .At(ast.offset);
          break;
        }
        auto bound = Bind(ast);
        if (!bound.ok()) {
          status = bound.status();
          break;
        }
        auto value = Assign(Fold(std::move(*bound)), column, ast.offset);
        if (!value.ok()) {
          status = value.status();
          break;
        }
        keep(row, i, std::move(*value));
      }
    }
    block_ = saved;
    VESTO_RETURN_IF_ERROR(status);
    leader_functions_.clear();  // the leader computes the rows of VALUES
    if (!block.before_aggregate.empty() && rows.size() > 1) {
      return SqlError(SqlState::kFeatureNotSupported, "can't use subqueries in multi-row VALUES")
          .At(insert.query->offset);
    }
    for (size_t i = 0; i < width; ++i) {
      const auto& column = table->columns[static_cast<size_t>(targets[i])];
      const ColumnId id = NextId();
      source_ids.push_back(id);
      values->output.push_back({id, column.type, column.name});
    }
    // A column of flags for each identity column of which some rows are given.
    const auto everywhere = [&](size_t i) {
      return !generated[i].empty() &&
             std::find(generated[i].begin(), generated[i].end(), false) == generated[i].end();
    };
    flags.assign(table->columns.size(), -1);
    for (size_t i = 0; i < width; ++i) {
      if (generated[i].empty() || everywhere(i)) continue;
      const ColumnId id = NextId();
      flags[static_cast<size_t>(targets[i])] = id;
      values->output.push_back({id, Type::Boolean(), "generated"});
      if (one_row) {
        values->rows[0].push_back(expr::Constant(Value::Boolean(generated[i][0])));
      } else {
        constants->AddFlags(generated[i]);
      }
    }
    if (!one_row) values->constants = std::move(constants);
    if (!block.before_aggregate.empty()) {
      // One row with scalar subqueries: a projection over their joins.
      auto project = std::make_unique<logical::Project>();
      project->expressions = std::move(values->rows[0]);
      project->output = values->output;
      project->children.push_back(AttachJoins(EmptyRow(), std::move(block.before_aggregate)));
      source = std::move(project);
    } else {
      source = std::move(values);
    }
    std::vector<int> kept_targets;
    std::vector<ColumnId> kept_ids;
    for (size_t i = 0; i < width; ++i) {
      if (everywhere(i)) continue;
      kept_targets.push_back(targets[i]);
      kept_ids.push_back(source_ids[i]);
    }
    targets = std::move(kept_targets);
    source_ids = std::move(kept_ids);
  } else {
    VESTO_ASSIGN_OR_RETURN(BoundQuery query, BindQueryRaw(*insert.query, nullptr));
    if (query.columns.size() > targets.size()) {
      return SqlError(SqlState::kSyntaxError, "INSERT has more expressions than target columns")
          .At(insert.query->offset);
    }
    if (query.columns.size() < targets.size()) {
      if (!insert.columns.empty()) {
        return SqlError(SqlState::kSyntaxError, "INSERT has more target columns than expressions")
            .At(insert.query->offset);
      }
      targets.resize(query.columns.size());
    }
    std::vector<Type> types;
    std::vector<std::string> names;
    for (int index : targets) {
      const auto& column = table->columns[static_cast<size_t>(index)];
      if (column.identity && !column.identity_by_default) {
        return SqlError(SqlState::kFeatureNotSupported, "cannot set an identity column to a value")
            .At(offset);
      }
      types.push_back(column.type);
      names.push_back(column.name);
    }
    VESTO_RETURN_IF_ERROR(CoerceOutputs(&query, types, Coercion::kAssignment, &names));
    for (const QueryColumn& column : query.columns) source_ids.push_back(column.id);
    source = std::move(query.plan);
  }
  source = WrapWith(std::move(with), std::move(source));

  target.columns = std::move(targets);
  target.source_ids = std::move(source_ids);
  target.flags = std::move(flags);
  out_.kind = StatementKind::kInsert;
  VESTO_ASSIGN_OR_RETURN(out_.plan, MakeInsert(std::move(target), std::move(source)));
  return absl::OkStatus();
}

absl::StatusOr<NodePtr> Binder::MakeInsert(InsertTarget target, NodePtr source) {
  const catalog::TablePtr& table = target.table;
  for (int column : target.columns) {
    out_.privileges[target.privilege].columns.push_back(
        table->columns[static_cast<size_t>(column)].name);
  }
  auto node = std::make_unique<logical::Insert>();
  node->table = table;
  node->input.assign(table->columns.size(), -1);
  for (size_t i = 0; i < target.columns.size(); ++i) {
    node->input[static_cast<size_t>(target.columns[i])] = target.source_ids[i];
  }
  // The other columns get their defaults in a projection, if there are any.
  auto project = std::make_unique<logical::Project>();
  bool filled = false;
  std::vector<ColumnId> input = node->input;
  for (size_t i = 0; i < table->columns.size(); ++i) {
    const auto& column = table->columns[i];
    ExprPtr value;
    if (node->input[i] >= 0) {
      value = expr::Column(node->input[i], column.type, column.name);
    } else if (column.identity) {
      continue;
    } else {
      VESTO_ASSIGN_OR_RETURN(value, DefaultOf(column));
      filled = true;
    }
    input[i] = NextId();
    project->output.push_back({input[i], column.type, column.name});
    project->expressions.push_back(std::move(value));
  }
  for (ColumnId& flag : target.flags) {
    if (flag < 0 || !filled) continue;
    project->expressions.push_back(expr::Column(flag, Type::Boolean(), "generated"));
    flag = NextId();
    project->output.push_back({flag, Type::Boolean(), "generated"});
  }
  node->generated = std::move(target.flags);
  if (filled) {
    project->children.push_back(std::move(source));
    source = std::move(project);
    node->input = std::move(input);
  }
  node->children.push_back(std::move(source));
  SetRowsAffectedOutput(node.get());
  return node;
}

}  // namespace vesto::binder
