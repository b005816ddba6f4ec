#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/stack_guard.h"
#include "binder/binder_impl.h"
#include "expr/evaluator.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/text.h"
#include "types/type_rules.h"

// Expressions: names, literals, logic, CASE, casts. Operators are in operators.cc, calls in call.cc,
// subqueries in subquery.cc.
namespace vesto::binder {

using expr::ExprKind;
using expr::Op;
using sql::ExpressionKind;

absl::Status TooComplex(int offset) {
  return SqlError(SqlState::kStatementTooComplex, "stack depth limit exceeded")
      .At(offset)
      .Hint("The statement nests too deeply.");
}

absl::StatusOr<ExprPtr> Binder::Bind(const sql::Expression& ast) {
  // A fixed depth beside the guard: what is bound here must be walked by every later pass too.
  constexpr int kDepthMax = 1500;
  if (depth_ >= kDepthMax || !base::HasStack()) return TooComplex(ast.offset);
  // Above the aggregation, which its arguments are not.
  if (!block_->subquery_keys.empty() && block_->pending != &block_->before_aggregate) {
    if (const SubqueryKey* key = FindSubqueryKey(ast); key != nullptr) {
      ExprPtr reference = expr::Column(key->id, key->type, "?column?");
      reference->offset = ast.offset;
      return reference;
    }
  }
  ++depth_;
  absl::StatusOr<ExprPtr> bound = BindUnfolded(ast);
  --depth_;
  if (bound.ok() && (*bound)->offset < 0) (*bound)->offset = ast.offset;
  return bound;
}

absl::StatusOr<ExprPtr> Binder::BindUnfolded(const sql::Expression& ast) {
  switch (ast.kind) {
    case ExpressionKind::kNull: return expr::Constant(Value::Null());
    case ExpressionKind::kBoolean: return expr::Constant(Value::Boolean(ast.boolean));
    case ExpressionKind::kNumber: return BindNumber(ast.text, false);
    case ExpressionKind::kString: return expr::Constant(Value::UnknownText(ast.text));
    case ExpressionKind::kTypedString: return BindTypedString(ast);
    case ExpressionKind::kParameter: return BindParameter(ast);
    case ExpressionKind::kColumn: return BindColumn(ast);
    case ExpressionKind::kStar:
      return SqlError(SqlState::kSyntaxError, "syntax error at or near \"*\"").At(ast.offset);
    case ExpressionKind::kUnary: return BindUnary(ast);
    case ExpressionKind::kBinary: return BindBinary(ast);
    case ExpressionKind::kAnd:
    case ExpressionKind::kOr: return BindJunction(ast);
    case ExpressionKind::kIsNull: {
      VESTO_ASSIGN_OR_RETURN(ExprPtr input, Bind(*ast.args[0]));
      return expr::IsNull(ResolveUnknown(std::move(input)), ast.negated);
    }
    case ExpressionKind::kIsBoolean: return BindIsBoolean(ast);
    case ExpressionKind::kIsDistinctFrom: return BindIsDistinctFrom(ast);
    case ExpressionKind::kBetween: return BindBetween(ast);
    case ExpressionKind::kLike: return BindLike(ast);
    case ExpressionKind::kInList: return BindInList(ast);
    case ExpressionKind::kInQuery: return BindMark(ast, ast.negated);
    case ExpressionKind::kExists:
    case ExpressionKind::kQuantified: return BindMark(ast, false);
    case ExpressionKind::kScalarQuery: return BindScalarQuery(ast);
    case ExpressionKind::kArrayQuery: return BindArrayQuery(ast);
    case ExpressionKind::kArray: return BindArray(ast);
    case ExpressionKind::kRow: return NotSupported("a row value outside a comparison", ast.offset);
    case ExpressionKind::kCase: return BindCase(ast);
    case ExpressionKind::kCast: return BindCast(ast);
    case ExpressionKind::kFunction: return BindFunction(ast);
    case ExpressionKind::kExtract: return BindExtract(ast);
    case ExpressionKind::kAtTimeZone: {
      std::vector<ExprPtr> args(2);
      VESTO_ASSIGN_OR_RETURN(args[1], Bind(*ast.args[0]));
      VESTO_ASSIGN_OR_RETURN(args[0], Bind(*ast.args[1]));
      if (args[1]->type.id == TypeId::kUnknown) {
        VESTO_ASSIGN_OR_RETURN(
            args[1], Coerce(std::move(args[1]), Type::TimestampTz(), Coercion::kImplicit));
      } else if (args[1]->type.id == TypeId::kDate) {
        VESTO_ASSIGN_OR_RETURN(
            args[1], Coerce(std::move(args[1]), Type::Timestamp(), Coercion::kImplicit));
      }
      return Call("timezone", std::move(args), ast.offset);
    }
    case ExpressionKind::kDefault:
      return SqlError(SqlState::kSyntaxError, "DEFAULT is not allowed in this context")
          .At(ast.offset);
    case ExpressionKind::kSubscript: return BindSubscript(ast);
    case ExpressionKind::kOuterJoinMark:
      if (block_->marked != nullptr) {
        VESTO_ASSIGN_OR_RETURN(ExprPtr column, Bind(*ast.args[0]));
        expr::CollectColumns(*column, block_->marked);
        return column;
      }
      return NotSupported("the outer join operator (+) outside a WHERE condition", ast.offset);
    case ExpressionKind::kPrior: return BindPrior(ast);
  }
  return NotSupported("this expression", ast.offset);
}

// --- Names --------------------------------------------------------------------------------------

absl::StatusOr<ExprPtr> Binder::Reference(const ScopeColumn& column, Block* owner, int offset) {
  if (column.privilege >= 0) {
    std::vector<std::string>& columns =
        out_.privileges[static_cast<size_t>(column.privilege)].columns;
    if (std::find(columns.begin(), columns.end(), column.privilege_column) == columns.end()) {
      columns.push_back(column.privilege_column);
    }
  }
  ExprPtr reference = column.merged != nullptr ? column.merged->Clone()
                                               : expr::Column(column.id, column.type, column.name);
  reference->offset = offset;
  if (owner != block_) {
    // The block right below the owner is the boundary that a dependent join will stand on.
    Block* inner = block_;
    while (inner->parent != owner) inner = inner->parent;
    absl::flat_hash_set<ColumnId> ids;
    expr::CollectColumns(*reference, &ids);
    for (ColumnId id : ids) {
      if (std::find(inner->correlated.begin(), inner->correlated.end(), id) ==
          inner->correlated.end()) {
        inner->correlated.push_back(id);
      }
    }
  }
  return reference;
}

absl::StatusOr<ExprPtr> Binder::FindLateralAlias(const std::string& name, bool* found) {
  *found = false;
  if (block_->aliases_visible) {
    for (const SelectOutput& output : block_->outputs) {
      if (!output.has_alias || output.name != name) continue;
      *found = true;
      expr::Visit(*output.expression, [this](const expr::Expr&) { ++cloned_nodes_; });
      if (cloned_nodes_ > 1'000'000) return TooComplex(-1);
      if (block_->in_aggregate || block_->in_window) {
        // Only what the list has left behind tells whether the alias holds an aggregate.
        absl::flat_hash_set<ColumnId> columns;
        expr::CollectColumns(*output.expression, &columns);
        for (const WindowUse& window : block_->windows) {
          if (columns.contains(window.item.id)) {
            return SqlError(SqlState::kWindowingError, "window function calls may not be nested");
          }
        }
        if (block_->in_aggregate) {
          for (const logical::AggregateItem& item : block_->aggregates) {
            if (columns.contains(item.id)) {
              return SqlError(SqlState::kGroupingError,
                              "aggregate function calls may not be nested");
            }
          }
        }
      }
      return output.expression->Clone();
    }
  }
  if (block_->expand_aliases && block_->select != nullptr && block_->expanding < 32) {
    for (const sql::SelectItem& item : block_->select->items) {
      if (item.alias != name) continue;
      *found = true;
      ++block_->expanding;
      auto bound = Bind(*item.expression);
      --block_->expanding;
      return bound;
    }
  }
  return ExprPtr();
}

absl::StatusOr<ExprPtr> Binder::BindColumn(const sql::Expression& ast) {
  const sql::Name& name = ast.name;
  auto ambiguous = [&ast](const std::string& column) -> absl::Status {
    return SqlError(SqlState::kAmbiguousColumn,
                    absl::StrCat("column reference \"", column, "\" is ambiguous"))
        .At(ast.offset);
  };
  // Attributes of a SUPER column follow its name: c.a.b.
  auto navigate = [this, &name, &ast](ExprPtr base, size_t first) -> absl::StatusOr<ExprPtr> {
    for (size_t i = first; i < name.size(); ++i) {
      if (base->type.id != TypeId::kSuper) {
        return SqlError(SqlState::kUndefinedColumn,
                        absl::StrCat("column \"", absl::StrJoin(name, "."), "\" does not exist"))
            .At(ast.offset);
      }
      absl::Status status;
      base = Navigate(std::move(base), name[i], &status);
      VESTO_RETURN_IF_ERROR(status);
    }
    return base;
  };
  // Qualified: alias.column, schema.table.column or database.schema.table.column.
  if (name.size() >= 2) {
    for (Block* block = block_; block != nullptr; block = block->parent) {
      const ScopeRelation* found = nullptr;
      size_t used = 0;  // words of `name` that named the relation
      for (const ScopeRelation& relation : block->from.relations) {
        size_t words = 0;
        if (relation.alias == name[0]) {
          words = 1;
        } else if (name.size() >= 3 && relation.schema == name[0] && relation.alias == name[1]) {
          words = 2;
        } else if (name.size() >= 4 && name[0] == context_.database &&
                   relation.schema == name[1] && relation.alias == name[2]) {
          words = 3;
        }
        if (words == 0) continue;
        if (found != nullptr) {
          return SqlError(SqlState::kAmbiguousColumn,
                          absl::StrCat("table reference \"", relation.alias, "\" is ambiguous"))
              .At(ast.offset);
        }
        found = &relation;
        used = words;
      }
      if (found == nullptr) continue;
      const ScopeColumn* column = nullptr;
      for (const ScopeColumn& candidate : found->columns) {
        if (candidate.name != name[used]) continue;
        if (column != nullptr) return ambiguous(name[used]);
        column = &candidate;
      }
      if (column == nullptr) {
        return SqlError(SqlState::kUndefinedColumn,
                        absl::StrCat("column ", found->alias, ".", name[used], " does not exist"))
            .At(ast.offset);
      }
      VESTO_ASSIGN_OR_RETURN(ExprPtr base, Reference(*column, block, ast.offset));
      return navigate(std::move(base), used + 1);
    }
  }
  for (Block* block = block_; block != nullptr; block = block->parent) {
    const ScopeColumn* column = nullptr;
    for (const ScopeColumn& candidate : block->from.columns) {
      if (candidate.name != name[0]) continue;
      if (column != nullptr) return ambiguous(name[0]);
      column = &candidate;
    }
    if (column != nullptr) {
      if (name.size() > 1 && column->type.id != TypeId::kSuper) continue;
      VESTO_ASSIGN_OR_RETURN(ExprPtr base, Reference(*column, block, ast.offset));
      return navigate(std::move(base), 1);
    }
    if (block->hierarchy.has_value() && name.size() == 1 && name[0] == "level") {
      return Reference(block->hierarchy->level, block, ast.offset);
    }
    if (block == block_) {
      bool found = false;
      auto alias = FindLateralAlias(name[0], &found);
      if (!alias.ok()) return alias.status();
      if (found) {
        if (name.size() == 1) return std::move(*alias);
        if ((*alias)->type.id == TypeId::kSuper) return navigate(std::move(*alias), 1);
      }
    }
  }
  if (name.size() >= 2) {
    return SqlError(SqlState::kUndefinedTable,
                    absl::StrCat("missing FROM-clause entry for table \"", name[name.size() - 2],
                                 "\""))
        .At(ast.offset);
  }
  return SqlError(SqlState::kUndefinedColumn,
                  absl::StrCat("column \"", name[0], "\" does not exist"))
      .At(ast.offset);
}

ExprPtr Binder::Navigate(ExprPtr base, std::string_view attribute, absl::Status* status) {
  const int offset = base->offset;
  std::vector<ExprPtr> args;
  args.push_back(std::move(base));
  args.push_back(expr::Constant(Value::Varchar(std::string(attribute))));
  auto call = Call("super_attribute", std::move(args), offset);
  if (!call.ok()) {
    *status = NotSupported("navigation into SUPER values", offset);
    return nullptr;
  }
  return std::move(*call);
}

absl::StatusOr<ExprPtr> Binder::BindSubscript(const sql::Expression& ast) {
  VESTO_ASSIGN_OR_RETURN(ExprPtr base, Bind(*ast.args[0]));
  if (types::IsArray(base->type) || base->type.id == TypeId::kRecord) {
    return BindArrayElement(ast, std::move(base));
  }
  if (base->type.id != TypeId::kSuper) {
    return SqlError(SqlState::kDatatypeMismatch,
                    absl::StrCat("cannot subscript type ", base->type.ToString(),
                                 " because it is not SUPER"))
        .At(ast.offset);
  }
  if (ast.args.size() < 2) {
    absl::Status status;
    ExprPtr result = Navigate(std::move(base), ast.text, &status);
    VESTO_RETURN_IF_ERROR(status);
    return result;
  }
  VESTO_ASSIGN_OR_RETURN(ExprPtr index, Bind(*ast.args[1]));
  VESTO_ASSIGN_OR_RETURN(index, Coerce(std::move(index), Type::Bigint(), Coercion::kImplicit));
  std::vector<ExprPtr> args;
  args.push_back(std::move(base));
  args.push_back(std::move(index));
  auto call = Call("super_element", std::move(args), ast.offset);
  if (!call.ok()) return NotSupported("navigation into SUPER values", ast.offset);
  return call;
}

// --- Literals -----------------------------------------------------------------------------------

absl::StatusOr<ExprPtr> Binder::BindNumber(std::string_view text, bool negative) {
  std::string digits = negative ? absl::StrCat("-", sv(text)) : std::string(text);
  if (text.find_first_of("eE") != std::string_view::npos) {
    VESTO_ASSIGN_OR_RETURN(const double value, types::DoubleFromText(digits));
    return expr::Constant(Value::Double(value));
  }
  const size_t point = text.find('.');
  if (point == std::string_view::npos) {
    int64_t value = 0;
    if (absl::SimpleAtoi(digits, &value)) {
      if (value >= INT32_MIN && value <= INT32_MAX) {
        return expr::Constant(Value::Integer(static_cast<int32_t>(value)));
      }
      return expr::Constant(Value::Bigint(value));
    }
  }
  int scale = 0;
  const auto unscaled = types::ParseDecimal(digits, &scale);
  if (!unscaled.has_value() || scale > kDecimalMaxPrecision) {
    return SqlError(SqlState::kNumericValueOutOfRange, "numeric field overflow");
  }
  int precision = 0;
  bool leading = true;
  for (size_t i = 0; i < (point == std::string_view::npos ? text.size() : point); ++i) {
    if (leading && text[i] == '0') continue;
    leading = false;
    ++precision;
  }
  precision = std::clamp(precision + scale, 1, kDecimalMaxPrecision);
  // A value of 19 digits that 64 bits cannot hold needs the wide form.
  if (precision == 19 && !types::FitsPrecision(*unscaled, 19)) precision = 20;
  return expr::Constant(Value::Decimal(*unscaled, precision, scale));
}

absl::StatusOr<ExprPtr> Binder::BindTypedString(const sql::Expression& ast) {
  if (ast.type.name == "interval") {
    const std::string& qualifier = ast.type.interval_qualifier;
    auto interval = types::ParseInterval(ast.text, qualifier);
    if (!interval.ok()) return WithOffset(interval.status(), ast.offset);
    const Value months =
        Value::OfInteger(Type::IntervalYearToMonth(), interval->months);
    const Value micros =
        Value::OfInteger(Type::IntervalDayToSecond(), interval->micros);
    const bool year_to_month = qualifier.find("year") != std::string::npos ||
                               qualifier == "month";
    if (!qualifier.empty()) {
      if (year_to_month) return expr::Constant(months);
      if (interval->months != 0 && context_.interval_forbid_composite_literals) {
        return SqlError(SqlState::kInvalidDatetimeFormat,
                        "Interval Day To Second literal cannot contain year-month parts.")
            .At(ast.offset);
      }
      return expr::Constant(micros);
    }
    if (interval->months == 0) return expr::Constant(micros);
    // Beside a DATE the literal without a qualifier makes a timestamp (types.md §7a); the name
    // tells it from INTERVAL '1' MONTH, which keeps the date.
    ExprPtr literal = expr::Constant(months);
    literal->name = kUnqualifiedInterval;
    if (interval->micros != 0) literal->args.push_back(expr::Constant(micros));
    return literal;
  }
  auto type = NamedType(ast.type);
  if (!type.ok()) return WithOffset(type.status(), ast.offset);
  ExprPtr literal = expr::Constant(Value::UnknownText(ast.text));
  literal->offset = ast.offset;
  return Coerce(std::move(literal), *type, Coercion::kExplicit);
}

bool IsCompositeInterval(const expr::Expr& expr) {
  return expr.is_constant() && !expr.args.empty();
}

absl::StatusOr<ExprPtr> Binder::BindParameter(const sql::Expression& ast) {
  if (ast.index < 1 || ast.index > 32767) {
    return SqlError(SqlState::kUndefinedParameter,
                    absl::StrCat("there is no parameter $", ast.index))
        .At(ast.offset);
  }
  const auto index = static_cast<size_t>(ast.index - 1);
  if (out_.parameter_types.size() <= index) out_.parameter_types.resize(index + 1);
  auto node = std::make_unique<expr::Expr>();
  node->kind = ExprKind::kParameter;
  node->parameter = static_cast<int>(index);
  node->type = out_.parameter_types[index];
  node->physical = types::DefaultPhysicalType(node->type);
  node->offset = ast.offset;
  return node;
}

// --- Logic --------------------------------------------------------------------------------------

absl::StatusOr<ExprPtr> Binder::BindBoolean(const sql::Expression& ast, std::string_view what) {
  VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(ast));
  if (bound->type.id == TypeId::kBoolean) return bound;
  // WHERE 1, as clients write it; CASE WHEN takes any integer (the views of the Redshift utilities).
  const bool converts =
      bound->type.id == TypeId::kUnknown ||
      (types::IsInteger(bound->type) && (bound->is_constant() || what == "CASE/WHEN"));
  if (converts || bound->type.id == TypeId::kSuper) {
    const Coercion mode =
        bound->type.id == TypeId::kSuper ? Coercion::kExplicit : Coercion::kImplicit;
    return Coerce(std::move(bound), Type::Boolean(), mode);
  }
  return SqlError(SqlState::kDatatypeMismatch,
                  absl::StrCat("argument of ", sv(what), " must be type boolean, not type ",
                               types::TypeName(bound->type)))
      .At(ast.offset);
}

absl::StatusOr<ExprPtr> Binder::BindJunction(const sql::Expression& ast) {
  const bool conjunction = ast.kind == ExpressionKind::kAnd;
  std::vector<ExprPtr> parts;
  parts.reserve(ast.args.size());
  for (const sql::ExpressionPtr& arg : ast.args) {
    VESTO_ASSIGN_OR_RETURN(ExprPtr part, BindBoolean(*arg, conjunction ? "AND" : "OR"));
    parts.push_back(std::move(part));
  }
  return conjunction ? expr::And(std::move(parts)) : expr::Or(std::move(parts));
}

absl::StatusOr<ExprPtr> Binder::BindUnary(const sql::Expression& ast) {
  const sql::Expression& operand = *ast.args[0];
  if (ast.op == "not") {
    if (operand.kind == ExpressionKind::kInQuery || operand.kind == ExpressionKind::kExists) {
      return BindMark(operand, operand.kind == ExpressionKind::kExists || !operand.negated);
    }
    VESTO_ASSIGN_OR_RETURN(ExprPtr input, BindBoolean(operand, "NOT"));
    return expr::Not(std::move(input));
  }
  if (ast.op == "-" && operand.kind == ExpressionKind::kNumber) {
    return BindNumber(operand.text, true);
  }
  VESTO_ASSIGN_OR_RETURN(ExprPtr input, Bind(operand));
  if (ast.op == "+" || ast.op == "-") {
    if (input->type.id == TypeId::kUnknown) {
      VESTO_ASSIGN_OR_RETURN(input, Coerce(std::move(input), Type::Double(), Coercion::kImplicit));
    }
    if (types::IsNumeric(input->type)) {
      if (ast.op == "+") return input;
      auto node = std::make_unique<expr::Expr>();
      node->kind = ExprKind::kNegate;
      node->type = input->type;
      node->physical = types::DefaultPhysicalType(node->type);
      node->offset = ast.offset;
      node->args.push_back(std::move(input));
      return node;
    }
    if (types::IsInterval(input->type) || input->type.id == TypeId::kSuper) {
      if (ast.op == "+") return input;
      if (input->type.id == TypeId::kSuper) {
        return ArithmeticOperator("-", expr::Constant(Value::Integer(0)), std::move(input),
                                  ast.offset);
      }
      if (input->is_constant() && !input->constant.is_null()) {
        ExprPtr negated = expr::Constant(
            Value::OfInteger(input->type, -input->constant.integer128()));
        for (ExprPtr& part : input->args) {
          negated->args.push_back(expr::Constant(
              Value::OfInteger(part->type, -part->constant.integer128())));
        }
        return negated;
      }
      return ArithmeticOperator("*", std::move(input), expr::Constant(Value::Integer(-1)),
                                ast.offset);
    }
    return OperatorMissing(ast.op, nullptr, input->type, ast.offset);
  }
  std::vector<ExprPtr> args;
  args.push_back(std::move(input));
  std::string_view function = ast.op;
  if (ast.op == "@") function = "abs";
  if (ast.op == "|/") function = "sqrt";
  if (ast.op == "||/") function = "cbrt";
  if (ast.op == "~") function = "~";
  if (context_.functions.FindScalar(function) == nullptr) {
    return OperatorMissing(ast.op, nullptr, args[0]->type, ast.offset);
  }
  return Call(function, std::move(args), ast.offset);
}

absl::StatusOr<ExprPtr> Binder::BindIsBoolean(const sql::Expression& ast) {
  VESTO_ASSIGN_OR_RETURN(ExprPtr input, Bind(*ast.args[0]));
  if (input->type.id != TypeId::kBoolean) {
    VESTO_ASSIGN_OR_RETURN(input, Coerce(std::move(input), Type::Boolean(), Coercion::kExplicit));
  }
  if (ast.op == "unknown") return expr::IsNull(std::move(input), ast.negated);
  auto node = std::make_unique<expr::Expr>();
  node->kind = ExprKind::kIsTrue;
  node->type = Type::Boolean();
  node->physical = types::PhysicalType::kBool;
  node->negated = ast.negated;
  node->constant = Value::Boolean(ast.op == "true");
  node->offset = ast.offset;
  node->args.push_back(std::move(input));
  return node;
}

// a IS DISTINCT FROM b: whether they differ, where NULL is a value like any other. Rows differ where
// one of their columns does.
absl::StatusOr<ExprPtr> Binder::BindIsDistinctFrom(const sql::Expression& ast) {
  const sql::Expression& first = *ast.args[0];
  const sql::Expression& second = *ast.args[1];
  const bool rows = first.kind == ExpressionKind::kRow && second.kind == ExpressionKind::kRow;
  if (rows && first.args.size() != second.args.size()) {
    return SqlError(SqlState::kSyntaxError, "unequal number of entries in row expressions")
        .At(ast.offset);
  }
  std::vector<ExprPtr> parts;
  for (size_t i = 0; i < (rows ? first.args.size() : 1); ++i) {
    VESTO_ASSIGN_OR_RETURN(ExprPtr left, Bind(rows ? *first.args[i] : first));
    VESTO_ASSIGN_OR_RETURN(ExprPtr right, Bind(rows ? *second.args[i] : second));
    VESTO_ASSIGN_OR_RETURN(ExprPtr part,
                           Distinguish(std::move(left), std::move(right), ast.offset));
    parts.push_back(std::move(part));
  }
  ExprPtr distinct = expr::Or(std::move(parts));
  return ast.negated ? expr::Not(std::move(distinct)) : std::move(distinct);
}

absl::StatusOr<ExprPtr> Binder::Distinguish(ExprPtr left, ExprPtr right, int offset) {
  VESTO_RETURN_IF_ERROR(UnifyForComparison("=", &left, &right, offset));
  if (left->type.id == TypeId::kSuper) return NotSupported("IS DISTINCT FROM of SUPER", offset);
  const auto is_null = [](const ExprPtr& side) {
    return side->is_constant() && side->constant.is_null();
  };
  if (is_null(right)) return expr::IsNull(std::move(left), true);
  if (is_null(left)) return expr::IsNull(std::move(right), true);
  std::vector<ExprPtr> args;
  args.push_back(std::move(left));
  args.push_back(std::move(right));
  return Call("is distinct from", std::move(args), offset);
}

absl::StatusOr<ExprPtr> Binder::BindBetween(const sql::Expression& ast) {
  VESTO_ASSIGN_OR_RETURN(ExprPtr value, Bind(*ast.args[0]));
  VESTO_ASSIGN_OR_RETURN(ExprPtr low, Bind(*ast.args[1]));
  VESTO_ASSIGN_OR_RETURN(ExprPtr high, Bind(*ast.args[2]));
  // Untyped literals on all sides compare as what the others say: 'a' BETWEEN b AND c.
  if (value->type.id == TypeId::kUnknown) {
    const Type& other = low->type.id != TypeId::kUnknown ? low->type : high->type;
    if (other.id != TypeId::kUnknown) {
      VESTO_ASSIGN_OR_RETURN(value, Coerce(std::move(value), other, Coercion::kImplicit));
    } else {
      value = ResolveUnknown(std::move(value));
    }
  }
  ExprPtr again = value->Clone();
  std::vector<ExprPtr> parts(2);
  // EXPLAIN shows the upper bound first.
  VESTO_ASSIGN_OR_RETURN(parts[0], Compare(Op::kLessEqual, std::move(again), std::move(high),
                                           ast.offset));
  VESTO_ASSIGN_OR_RETURN(parts[1], Compare(Op::kGreaterEqual, std::move(value), std::move(low),
                                           ast.offset));
  if (!ast.negated) return expr::And(std::move(parts));
  for (ExprPtr& part : parts) part = expr::Not(std::move(part));
  return expr::Or(std::move(parts));
}

absl::StatusOr<ExprPtr> Binder::BindLike(const sql::Expression& ast) {
  expr::LikeKind kind = expr::LikeKind::kLike;
  if (ast.op == "ilike") kind = expr::LikeKind::kILike;
  if (ast.op.starts_with("similar")) kind = expr::LikeKind::kSimilarTo;
  VESTO_ASSIGN_OR_RETURN(ExprPtr value, Bind(*ast.args[0]));
  VESTO_ASSIGN_OR_RETURN(ExprPtr pattern, Bind(*ast.args[1]));
  ExprPtr escape;
  if (ast.args.size() > 2 && ast.args[2] != nullptr) {
    VESTO_ASSIGN_OR_RETURN(escape, Bind(*ast.args[2]));
  }
  return MakeLike(kind, ast.negated, std::move(value), std::move(pattern), std::move(escape),
                  ast.offset);
}

absl::StatusOr<ExprPtr> Binder::BindInList(const sql::Expression& ast) {
  // (a, b) IN ((1, 2), (3, 4))
  if (ast.args[0]->kind == ExpressionKind::kRow) {
    std::vector<ExprPtr> alternatives;
    for (size_t i = 1; i < ast.args.size(); ++i) {
      if (ast.args[i]->kind != ExpressionKind::kRow) {
        return SqlError(SqlState::kSyntaxError, "unequal number of entries in row expression")
            .At(ast.args[i]->offset);
      }
      std::vector<ExprPtr> left, right;
      for (const sql::ExpressionPtr& part : ast.args[0]->args) {
        VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(*part));
        left.push_back(std::move(bound));
      }
      for (const sql::ExpressionPtr& part : ast.args[i]->args) {
        VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(*part));
        right.push_back(std::move(bound));
      }
      VESTO_ASSIGN_OR_RETURN(ExprPtr equal, CompareRows(Op::kEqual, std::move(left),
                                                        std::move(right), ast.offset));
      alternatives.push_back(std::move(equal));
    }
    ExprPtr result = expr::Or(std::move(alternatives));
    return ast.negated ? expr::Not(std::move(result)) : std::move(result);
  }

  VESTO_ASSIGN_OR_RETURN(ExprPtr value, Bind(*ast.args[0]));
  std::vector<ExprPtr> candidates;
  candidates.reserve(ast.args.size() - 1);
  for (size_t i = 1; i < ast.args.size(); ++i) {
    VESTO_ASSIGN_OR_RETURN(ExprPtr candidate, Bind(*ast.args[i]));
    if (!candidate->is_constant()) candidate = Fold(std::move(candidate));
    candidates.push_back(std::move(candidate));
  }
  if (value->type.id == TypeId::kUnknown) {
    for (const ExprPtr& candidate : candidates) {
      if (candidate->type.id == TypeId::kUnknown) continue;
      VESTO_ASSIGN_OR_RETURN(value, Coerce(std::move(value), candidate->type,
                                           Coercion::kImplicit));
      break;
    }
    value = ResolveUnknown(std::move(value));
  }
  const bool constants = std::all_of(candidates.begin(), candidates.end(), [](const ExprPtr& item) {
    return item->is_constant() && !IsCompositeInterval(*item);
  });
  if (constants && candidates.size() > 1) {
    // One comparison type for all: the value's own where every constant fits it exactly.
    auto node = std::make_unique<expr::Expr>();
    node->kind = ExprKind::kInList;
    node->type = Type::Boolean();
    node->physical = types::PhysicalType::kBool;
    node->negated = ast.negated;
    node->offset = ast.offset;
    std::vector<ExprPtr> lefts, rights;
    bool same = true;
    for (ExprPtr& candidate : candidates) {
      ExprPtr left = value->Clone();
      VESTO_RETURN_IF_ERROR(UnifyForComparison("=", &left, &candidate, ast.offset));
      same = same && left->Equals(*value) && candidate->is_constant();
      lefts.push_back(std::move(left));
      rights.push_back(std::move(candidate));
    }
    const bool one_form =
        same && std::all_of(rights.begin(), rights.end(), [&](const ExprPtr& right) {
          return right->type.id == value->type.id && right->type.scale == value->type.scale;
        });
    if (one_form) {
      node->args.push_back(std::move(value));
      for (ExprPtr& right : rights) node->args.push_back(std::move(right));
      return node;
    }
    std::vector<ExprPtr> alternatives;
    for (size_t i = 0; i < lefts.size(); ++i) {
      alternatives.push_back(expr::Compare(Op::kEqual, std::move(lefts[i]), std::move(rights[i])));
    }
    ExprPtr result = expr::Or(std::move(alternatives));
    return ast.negated ? expr::Not(std::move(result)) : std::move(result);
  }
  std::vector<ExprPtr> alternatives;
  for (size_t i = 0; i < candidates.size(); ++i) {
    ExprPtr left = i + 1 == candidates.size() ? std::move(value) : value->Clone();
    VESTO_ASSIGN_OR_RETURN(ExprPtr equal, Compare(Op::kEqual, std::move(left),
                                                  std::move(candidates[i]), ast.offset));
    alternatives.push_back(std::move(equal));
  }
  ExprPtr result = expr::Or(std::move(alternatives));
  return ast.negated ? expr::Not(std::move(result)) : std::move(result);
}

absl::StatusOr<ExprPtr> Binder::BindCase(const sql::Expression& ast) {
  ExprPtr operand;
  if (!ast.args.empty() && ast.args[0] != nullptr) {
    VESTO_ASSIGN_OR_RETURN(operand, Bind(*ast.args[0]));
  }
  std::vector<ExprPtr> conditions, results;
  for (const sql::CaseBranch& branch : ast.branches) {
    ExprPtr condition;
    if (operand != nullptr) {
      VESTO_ASSIGN_OR_RETURN(ExprPtr when, Bind(*branch.when));
      VESTO_ASSIGN_OR_RETURN(condition, Compare(Op::kEqual, operand->Clone(), std::move(when),
                                                branch.when->offset));
    } else {
      VESTO_ASSIGN_OR_RETURN(condition, BindBoolean(*branch.when, "CASE/WHEN"));
    }
    conditions.push_back(std::move(condition));
    VESTO_ASSIGN_OR_RETURN(ExprPtr then, Bind(*branch.then));
    results.push_back(std::move(then));
  }
  if (ast.otherwise != nullptr) {
    VESTO_ASSIGN_OR_RETURN(ExprPtr otherwise, Bind(*ast.otherwise));
    results.push_back(std::move(otherwise));
  } else {
    results.push_back(expr::Constant(Value::Null()));
  }
  auto node = std::make_unique<expr::Expr>();
  node->kind = ExprKind::kCase;
  node->offset = ast.offset;
  VESTO_RETURN_IF_ERROR(MakeCommon(&results, "CASE", ast.offset, &node->type));
  node->physical = types::DefaultPhysicalType(node->type);
  for (size_t i = 0; i < conditions.size(); ++i) {
    node->args.push_back(std::move(conditions[i]));
    node->args.push_back(std::move(results[i]));
  }
  node->args.push_back(std::move(results.back()));
  return node;
}

absl::StatusOr<ExprPtr> Binder::BindCast(const sql::Expression& ast) {
  VESTO_ASSIGN_OR_RETURN(ExprPtr input, Bind(*ast.args[0]));
  if (ast.type.name == "interval" && input->is_constant() &&
      input->type.id == TypeId::kUnknown && !input->constant.is_null()) {
    sql::Expression literal;
    literal.kind = ExpressionKind::kTypedString;
    literal.text = input->constant.text();
    literal.type = ast.type;
    literal.offset = ast.offset;
    return BindTypedString(literal);
  }
  // What clients of PostgreSQL call VARBYTE, with literals in its forms.
  if (!context_.strict && (ast.type.name == "bytea" || ast.type.name == "pg_catalog.bytea") &&
      ast.type.modifiers.empty()) {
    const bool parameter = input->kind == ExprKind::kParameter;
    if (!parameter && input->type.id == TypeId::kUnknown) input = ResolveUnknown(std::move(input));
    if (types::IsString(input->type)) {
      std::vector<ExprPtr> args;
      args.push_back(std::move(input));
      return Call("byteain", std::move(args), ast.offset);
    }
    return Coerce(std::move(input), Type::Varbyte(0), Coercion::kExplicit);
  }
  auto target = CastTarget(ast.type, input->type);
  if (!target.ok()) {
    return WithOffset(target.status(), ast.type.offset > 0 ? ast.type.offset : ast.offset);
  }
  if (ast.try_cast) {
    if (input->is_constant()) {
      auto cast = Coerce(std::move(input), *target, Coercion::kExplicit);
      if (cast.ok()) return cast;
      if (SqlStateOf(cast.status()) == SqlState::kCannotCoerce) return cast.status();
      return expr::Constant(Value::Null(*target));
    }
    VESTO_ASSIGN_OR_RETURN(ExprPtr cast, Coerce(std::move(input), *target, Coercion::kExplicit));
    if (expr::CanFail(*cast)) return NotSupported("TRY_CAST", ast.offset);
    return cast;
  }
  const bool constant = input->is_constant();
  if (!constant && input->type == *target) {
    // A cast to the same type still names the result, but computes nothing.
    return input;
  }
  return Coerce(std::move(input), *target, Coercion::kExplicit);
}

absl::StatusOr<ExprPtr> Binder::BindScalarExpression(const sql::Expression& expression,
                                                     const Type& type) {
  Block block;
  block.clause = "an expression";
  Block* saved = block_;
  block_ = &block;
  auto bound = Bind(expression);
  block_ = saved;
  if (!bound.ok()) return bound.status();
  if (!block.before_aggregate.empty()) {
    return SqlError(SqlState::kFeatureNotSupported, "cannot use subquery in this expression")
        .At(expression.offset);
  }
  ExprPtr result = Fold(std::move(*bound));
  if (type.id == TypeId::kUnknown) return ResolveUnknown(std::move(result));
  return Coerce(std::move(result), type, Coercion::kAssignment);
}

// --- Result names -------------------------------------------------------------------------------

std::string Binder::ResultName(const sql::Expression& ast) const {
  switch (ast.kind) {
    case ExpressionKind::kColumn: return ast.name.back();
    case ExpressionKind::kSubscript: {
      const sql::Expression* base = &ast;
      while (base->kind == ExpressionKind::kSubscript && base->args.size() > 1) {
        base = base->args[0].get();
      }
      if (base->kind == ExpressionKind::kSubscript) return absl::AsciiStrToLower(base->text);
      if (base != &ast && base->kind == ExpressionKind::kCast) return ResultName(*base->args[0]);
      return ResultName(*base);
    }
    case ExpressionKind::kBoolean: return "bool";
    case ExpressionKind::kTypedString: {
      if (ast.type.name == "interval") {
        const std::string& qualifier = ast.type.interval_qualifier;
        if (qualifier.empty()) return "interval";
        const bool y2m = qualifier.find("year") != std::string::npos || qualifier == "month";
        return y2m ? "intervaly2m" : "intervald2s";
      }
      auto type = NamedType(ast.type);
      return type.ok() ? types::TypeName(*type) : ast.type.name;
    }
    case ExpressionKind::kCase: return "case";
    case ExpressionKind::kCast: {
      const std::string inner = ResultName(*ast.args[0]);
      if (inner != "?column?" && inner != "bool") return inner;
      if (ast.type.name == "interval") return "interval";
      auto type = NamedType(ast.type);
      return type.ok() ? types::TypeName(*type) : ast.type.name;
    }
    case ExpressionKind::kArray: return "array";
    case ExpressionKind::kArrayQuery: return "?column?";
    case ExpressionKind::kExtract: return "date_part";
    case ExpressionKind::kAtTimeZone: return "timezone";
    case ExpressionKind::kFunction: {
      const std::string& name = ast.name.back();
      if (ast.op == "any") return "?column?";
      if (name == "coalesce" || name == "nvl" || name == "isnull") return "coalesce";
      if (name == "decode" || name == "nvl2") return "case";
      if (name == "nullif") {
        const std::string first = ast.args.empty() ? "?column?" : ResultName(*ast.args[0]);
        return first == "?column?" ? "case" : first;
      }
      if (ast.over == nullptr) {
        if (const auto* scalar = context_.functions.FindScalar(name); scalar != nullptr) {
          return scalar->column_name.empty() ? scalar->name : scalar->column_name;
        }
      }
      if (const auto* aggregate = context_.functions.FindAggregate(name); aggregate != nullptr) {
        return aggregate->column_name.empty() ? aggregate->name : aggregate->column_name;
      }
      return name;
    }
    default: return "?column?";
  }
}

}  // namespace vesto::binder
