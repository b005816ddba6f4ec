#include <algorithm>

#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"
#include "types/type_rules.h"

// PIVOT is an aggregation with one conditional aggregate per value; UNPIVOT pairs each row with the
// numbers of its columns. Source: redshift/statements.md I.
namespace vesto::binder {

namespace {

std::string ConstantName(const Value& value) {
  return value.is_null() ? std::string("null") : value.ToString();
}

// CASE WHEN condition THEN result ... ELSE otherwise END over prepared arguments.
ExprPtr Case(std::vector<ExprPtr> args, const Type& type) {
  auto node = std::make_unique<expr::Expr>();
  node->kind = expr::ExprKind::kCase;
  node->type = type;
  node->physical = types::DefaultPhysicalType(type);
  node->args = std::move(args);
  return node;
}

const ScopeColumn* FindColumn(const FromScope& scope, const std::string& name) {
  for (const ScopeColumn& column : scope.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

absl::Status NoColumn(const std::string& name, int offset) {
  return SqlError(SqlState::kUndefinedColumn,
                  absl::StrCat("column \"", name, "\" does not exist"))
      .At(offset);
}

}  // namespace

absl::StatusOr<Binder::FromItem> Binder::BindPivot(const sql::TableRef& ref, Block* parent) {
  VESTO_ASSIGN_OR_RETURN(FromItem input, BindTableRef(*ref.left, parent));
  Block block;
  block.parent = parent;
  block.clause = "PIVOT";
  block.from = std::move(input.scope);
  struct Restore {
    Block** slot;
    Block* value;
    ~Restore() { *slot = value; }
  } restore{&block_, block_};
  block_ = &block;

  const ScopeColumn* pivot = FindColumn(block.from, ref.pivot_column);
  if (pivot == nullptr) return NoColumn(ref.pivot_column, ref.offset);
  auto node = std::make_unique<logical::Aggregate>();
  BoundQuery query;
  absl::flat_hash_set<ColumnId> used = {pivot->id};
  std::vector<QueryColumn> computed;
  for (size_t v = 0; v < ref.values.size(); ++v) {
    for (const sql::SelectItem& item : ref.aggregates) {
      const sql::Expression& call = *item.expression;
      const std::string name =
          call.kind == sql::ExpressionKind::kFunction && call.name.size() == 1 ? call.name[0] : "";
      if (name != "count" && name != "sum" && name != "min" && name != "max" && name != "avg") {
        return NotSupported("PIVOT with an aggregate other than COUNT, SUM, MIN, MAX and AVG",
                            call.offset);
      }
      const functions::AggregateFunction* function = context_.functions.FindAggregate(name);
      if (function == nullptr || (!call.star && call.args.size() != 1)) {
        return FunctionMissing(name, {}, call.offset, false);
      }
      VESTO_ASSIGN_OR_RETURN(ExprPtr column, Reference(*pivot, &block, ref.offset));
      VESTO_ASSIGN_OR_RETURN(ExprPtr value, BindScalarExpression(*ref.values[v].expression,
                                                                 Type::Unknown()));
      if (!value->is_constant()) {
        return NotSupported("PIVOT with an IN list of other than constants",
                            ref.values[v].expression->offset);
      }
      const std::string value_name =
          ref.values[v].alias.empty() ? ConstantName(value->constant) : ref.values[v].alias;
      ExprPtr condition;
      if (value->constant.is_null()) {
        condition = expr::IsNull(std::move(column), false);
      } else {
        ExprPtr literal = ref.values[v].expression->kind == sql::ExpressionKind::kString
                              ? expr::Constant(Value::UnknownText(value->constant.text()))
                              : std::move(value);
        VESTO_ASSIGN_OR_RETURN(condition, Compare(expr::Op::kEqual, std::move(column),
                                                  std::move(literal), ref.offset));
      }
      ExprPtr argument = expr::Constant(Value::Integer(1));
      if (!call.star) {
        VESTO_ASSIGN_OR_RETURN(argument, Bind(*call.args[0]));
        argument = ResolveUnknown(std::move(argument));
      }
      expr::CollectColumns(*argument, &used);
      const Type type = argument->type;
      std::vector<ExprPtr> branches;
      branches.push_back(std::move(condition));
      branches.push_back(std::move(argument));
      branches.push_back(expr::Constant(Value::Null(type)));
      logical::AggregateItem aggregate;
      aggregate.function = function;
      aggregate.distinct = call.distinct;
      aggregate.args.push_back(Case(std::move(branches), type));
      auto index = ConvertAggregateArguments(*function, name, &aggregate.args, call.offset,
                                             &aggregate.type);
      if (!index.ok()) return index.status();
      aggregate.overload = *index;
      aggregate.id = NextId();
      aggregate.name = value_name;
      if (!item.alias.empty()) {
        absl::StrAppend(&aggregate.name, "_", item.alias);
      } else if (ref.aggregates.size() > 1) {
        absl::StrAppend(&aggregate.name, "_", name);
      }
      computed.push_back({aggregate.name, aggregate.id, aggregate.type});
      node->items.push_back(std::move(aggregate));
    }
  }
  if (!block.before_aggregate.empty()) {
    return NotSupported("a subquery in PIVOT", ref.offset);
  }
  // The columns that are not mentioned are the keys.
  for (const ScopeColumn& column : block.from.columns) {
    if (used.contains(column.id)) continue;
    VESTO_ASSIGN_OR_RETURN(ExprPtr key, Reference(column, &block, ref.offset));
    const ColumnId id = NextId();
    query.columns.push_back({column.name, id, column.type});
    node->keys.push_back(std::move(key));
    node->key_ids.push_back(id);
  }
  for (QueryColumn& column : computed) query.columns.push_back(std::move(column));
  node->output = OutputOf(query.columns);
  node->children.push_back(std::move(input.plan));
  query.plan = std::move(node);
  FromItem item = FromQuery(std::move(query), ref.alias, "");
  VESTO_RETURN_IF_ERROR(ApplyColumnAliases(ref, &item));
  return item;
}

absl::StatusOr<Binder::FromItem> Binder::BindUnpivot(const sql::TableRef& ref, Block* parent) {
  if (ref.left == nullptr) return NotSupported("UNPIVOT of a SUPER object", ref.offset);
  VESTO_ASSIGN_OR_RETURN(FromItem input, BindTableRef(*ref.left, parent));
  Block block;
  block.parent = parent;
  block.clause = "UNPIVOT";
  block.from = std::move(input.scope);
  struct Restore {
    Block** slot;
    Block* value;
    ~Restore() { *slot = value; }
  } restore{&block_, block_};
  block_ = &block;

  std::vector<ExprPtr> values;
  std::vector<std::string> names;
  absl::flat_hash_set<ColumnId> used;
  size_t width = 1;
  for (const sql::SelectItem& item : ref.values) {
    const sql::Expression& ast = *item.expression;
    if (ast.kind != sql::ExpressionKind::kColumn) {
      return NotSupported("UNPIVOT of other than columns", ast.offset);
    }
    const ScopeColumn* column = FindColumn(block.from, ast.name.back());
    if (column == nullptr) return NoColumn(ast.name.back(), ast.offset);
    VESTO_ASSIGN_OR_RETURN(ExprPtr value, Reference(*column, &block, ast.offset));
    used.insert(column->id);
    values.push_back(std::move(value));
    names.push_back(item.alias.empty() ? column->name : item.alias);
    width = std::max(width, names.back().size());
  }
  Type type;
  VESTO_RETURN_IF_ERROR(MakeCommon(&values, "UNPIVOT", ref.offset, &type));

  // Every row once per listed column.
  auto numbers = std::make_unique<logical::Values>();
  const ColumnId number = NextId();
  for (size_t i = 0; i < values.size(); ++i) {
    std::vector<ExprPtr> row;
    row.push_back(expr::Constant(Value::Integer(static_cast<int32_t>(i))));
    numbers->rows.push_back(std::move(row));
  }
  numbers->output.push_back({number, Type::Integer(), "n"});
  auto join = std::make_unique<logical::Join>();
  join->output = input.plan->output;
  join->output.push_back(numbers->output[0]);
  join->children.push_back(std::move(input.plan));
  join->children.push_back(std::move(numbers));

  const Type name_type = Type::Varchar(static_cast<int>(width));
  std::vector<ExprPtr> value_branches, name_branches;
  for (size_t i = 0; i < values.size(); ++i) {
    for (std::vector<ExprPtr>* branches : {&value_branches, &name_branches}) {
      branches->push_back(expr::Compare(expr::Op::kEqual,
                                        expr::Column(number, Type::Integer(), "n"),
                                        expr::Constant(Value::Integer(static_cast<int32_t>(i)))));
    }
    value_branches.push_back(std::move(values[i]));
    name_branches.push_back(expr::Constant(Value::OfText(name_type, names[i])));
  }
  value_branches.push_back(expr::Constant(Value::Null(type)));
  name_branches.push_back(expr::Constant(Value::Null(name_type)));
  auto project = std::make_unique<logical::Project>();
  BoundQuery query;
  auto add = [&](const std::string& name, ExprPtr value) {
    query.columns.push_back({name, NextId(), value->type});
    project->expressions.push_back(std::move(value));
  };
  for (const ScopeColumn& column : block.from.columns) {
    if (used.contains(column.id)) continue;
    VESTO_ASSIGN_OR_RETURN(ExprPtr kept, Reference(column, &block, ref.offset));
    add(column.name, std::move(kept));
  }
  add(ref.pivot_column, Case(std::move(name_branches), name_type));
  add(ref.value_name, Case(std::move(value_branches), type));
  project->output = OutputOf(query.columns);
  project->children.push_back(std::move(join));
  query.plan = std::move(project);
  if (!ref.include_nulls) {
    const QueryColumn& value = query.columns.back();
    query.plan = MakeFilter(std::move(query.plan),
                            expr::IsNull(expr::Column(value.id, value.type, value.name), true));
  }
  FromItem item = FromQuery(std::move(query), ref.alias, "");
  VESTO_RETURN_IF_ERROR(ApplyColumnAliases(ref, &item));
  return item;
}

}  // namespace vesto::binder
