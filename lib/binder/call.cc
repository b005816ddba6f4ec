#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"
#include "types/datetime.h"
#include "types/type_rules.h"

// Calls: special forms that are no functions (COALESCE, DECODE, GROUPING, ...), registered scalar
// functions and aggregates. Source: redshift/functions.md §§0, 2, 3.
namespace vesto::binder {

using expr::ExprKind;
using expr::Op;

namespace {

std::string ArgumentTypes(const std::vector<ExprPtr>& args) {
  std::string out;
  for (const ExprPtr& arg : args) {
    const Type& type = arg->type;
    absl::StrAppend(&out, out.empty() ? "" : ", ",
                    type.id == TypeId::kUnknown   ? "\"unknown\""
                    : type.id == TypeId::kDecimal ? "numeric"
                    : type.id == TypeId::kVarchar ? "character varying"
                    : type.id == TypeId::kChar    ? "character"
                                                  : type.ToString());
  }
  return out;
}

bool TakesDatePart(std::string_view name) {
  return name == "dateadd" || name == "date_add" || name == "datediff" || name == "date_diff" ||
         name == "date_part" || name == "pgdate_part" || name == "date_trunc";
}

}  // namespace

void Binder::NoteLocality(functions::Locality locality, std::string_view name) {
  if (system_depth_ > 0) return;  // system views may use what users may not
  std::vector<std::string>* list = nullptr;
  if (locality == functions::Locality::kLeaderOnly) list = &leader_functions_;
  if (locality == functions::Locality::kComputeOnly) list = &compute_functions_;
  if (list == nullptr) return;
  if (std::find(list->begin(), list->end(), name) == list->end()) list->emplace_back(name);
}

absl::Status Binder::FunctionMissing(std::string_view name, const std::vector<ExprPtr>& args,
                                     int offset, bool ambiguous) const {
  const std::string call = absl::StrCat(sv(name), "(", ArgumentTypes(args), ")");
  if (ambiguous) {
    return SqlError(SqlState::kAmbiguousFunction, absl::StrCat("function ", call, " is not unique"))
        .At(offset)
        .Hint("Could not choose a best candidate function. You may need to add explicit type "
              "casts.");
  }
  return SqlError(SqlState::kUndefinedFunction, absl::StrCat("function ", call, " does not exist"))
      .At(offset)
      .Hint("No function matches the given name and argument types. You may need to add explicit "
            "type casts.");
}

absl::StatusOr<std::vector<ExprPtr>> Binder::BindArguments(const sql::Expression& ast) {
  std::vector<ExprPtr> args;
  args.reserve(ast.args.size());
  for (const sql::ExpressionPtr& arg : ast.args) {
    VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(*arg));
    args.push_back(std::move(bound));
  }
  return args;
}

absl::StatusOr<ExprPtr> Binder::Call(std::string_view name, std::vector<ExprPtr> args,
                                     int offset) {
  const functions::ScalarFunction* function = context_.functions.FindScalar(name);
  if (function == nullptr) return FunctionMissing(name, args, offset, false);
  return CallFunction(*function, name, std::move(args), offset);
}

absl::StatusOr<ExprPtr> Binder::CallFunction(const functions::ScalarFunction& function,
                                             std::string_view written, std::vector<ExprPtr> args,
                                             int offset) {
  std::vector<Type> types;
  types.reserve(args.size());
  for (ExprPtr& arg : args) {
    if (IsCompositeInterval(*arg)) {
      return SqlError(SqlState::kInvalidDatetimeFormat,
                      "Interval Day To Second literal cannot contain year-month parts.")
          .At(arg->offset);
    }
    types.push_back(arg->type);
  }
  bool ambiguous = false;
  const std::optional<int> index =
      functions::ResolveOverload(std::span<const functions::Overload>(function.overloads), types,
                                 &ambiguous);
  if (!index.has_value()) return FunctionMissing(written, args, offset, ambiguous);
  const functions::Overload& overload = function.overloads[static_cast<size_t>(*index)];
  for (size_t i = 0; i < args.size(); ++i) {
    const size_t last = overload.parameters.size() - 1;
    const Type& parameter = overload.parameters[std::min(i, last)];
    if (parameter.id == TypeId::kUnknown) {
      args[i] = ResolveUnknown(std::move(args[i]));
    } else {
      VESTO_ASSIGN_OR_RETURN(args[i],
                             Coerce(std::move(args[i]), parameter, Coercion::kImplicit));
    }
    if (!args[i]->is_constant()) args[i] = Fold(std::move(args[i]));
    types[i] = args[i]->type;
  }
  std::vector<const Value*> constants;
  constants.reserve(args.size());
  for (const ExprPtr& arg : args) {
    constants.push_back(arg->is_constant() ? &arg->constant : nullptr);
  }
  const functions::BindCall call{types, constants};
  auto node = std::make_unique<expr::Expr>();
  node->kind = ExprKind::kCall;
  node->function = &function;
  node->overload = *index;
  node->offset = offset;
  auto result = overload.result(call);
  if (!result.ok()) return WithOffset(result.status(), offset);
  node->type = *result;
  node->physical = types::DefaultPhysicalType(node->type);
  if (overload.prepare) {
    auto state = overload.prepare(call);
    if (!state.ok()) return WithOffset(state.status(), offset);
    node->state = *std::move(state);
  }
  node->args = std::move(args);
  if (function.volatility == functions::Volatility::kVolatile) {
    out_.has_volatile_functions = true;
  } else if (function.volatility == functions::Volatility::kStable) {
    out_.has_stable_functions = true;
  }
  NoteLocality(function.locality, absl::StrCat(sv(written), "()"));
  return node;
}

// dateadd(month, 1, d): the first argument is a word or a string that names a date part.
absl::StatusOr<std::vector<ExprPtr>> Binder::BindDatePartArguments(const sql::Expression& ast) {
  std::vector<ExprPtr> args;
  for (size_t i = 0; i < ast.args.size(); ++i) {
    const sql::Expression& arg = *ast.args[i];
    const bool first = i == 0;
    std::string word;
    if (first && arg.kind == sql::ExpressionKind::kColumn && arg.name.size() == 1) {
      word = arg.name[0];
    } else if (first && arg.kind == sql::ExpressionKind::kString) {
      word = absl::AsciiStrToLower(arg.text);
    } else if (first && arg.kind == sql::ExpressionKind::kFunction && arg.no_parentheses) {
      word = arg.name.back();
    }
    if (!word.empty() && types::ParseDatePart(word).has_value()) {
      ExprPtr part = expr::Constant(Value::Varchar(word));
      part->offset = arg.offset;
      args.push_back(std::move(part));
      continue;
    }
    if (first && (arg.kind == sql::ExpressionKind::kColumn ||
                  arg.kind == sql::ExpressionKind::kString) &&
        !word.empty()) {
      return SqlError(SqlState::kInvalidParameterValue,
                      absl::StrCat("date part \"", word, "\" not recognized"))
          .At(arg.offset);
    }
    VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(arg));
    args.push_back(std::move(bound));
  }
  return args;
}

absl::StatusOr<ExprPtr> Binder::BindExtract(const sql::Expression& ast) {
  const std::string part = absl::AsciiStrToLower(ast.text);
  if (!types::ParseDatePart(part).has_value()) {
    return SqlError(SqlState::kInvalidParameterValue,
                    absl::StrCat("date part \"", part, "\" not recognized"))
        .At(ast.offset);
  }
  std::vector<ExprPtr> args;
  args.push_back(expr::Constant(Value::Varchar(part)));
  VESTO_ASSIGN_OR_RETURN(ExprPtr value, Bind(*ast.args[0]));
  if (value->type.id == TypeId::kUnknown) {
    VESTO_ASSIGN_OR_RETURN(value, Coerce(std::move(value), Type::Timestamp(),
                                         Coercion::kImplicit));
  }
  args.push_back(std::move(value));
  const bool own = context_.functions.FindScalar("extract") != nullptr;
  return Call(own ? "extract" : "date_part", std::move(args), ast.offset);
}

absl::StatusOr<ExprPtr> Binder::BindFunction(const sql::Expression& ast) {
  if (ast.name.back() == "_pg_expandarray") return BindArrayExpansion(ast);
  if (ast.name.back() == "generate_series") return BindSeriesExpansion(ast);
  if (ast.name.size() > 2 || (ast.name.size() == 2 && ast.name[0] != "pg_catalog")) {
    VESTO_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, BindArguments(ast));
    std::string name = ast.name[0];
    for (size_t i = 1; i < ast.name.size(); ++i) absl::StrAppend(&name, ".", ast.name[i]);
    return FunctionMissing(name, args, ast.offset, false);
  }
  const std::string& name = ast.name.back();
  if (ast.over != nullptr) return BindWindow(ast);
  bool handled = false;
  auto special = BindSpecialForm(ast, name, &handled);
  if (handled) return special;
  if (!special.ok()) return special.status();

  const functions::AggregateFunction* aggregate = context_.functions.FindAggregate(name);
  if (ast.approximate && name == "count" && ast.distinct) {
    const auto* approximate = context_.functions.FindAggregate("approximate_count_distinct");
    if (approximate != nullptr) aggregate = approximate;
  } else if (ast.approximate) {
    return NotSupported(absl::StrCat("APPROXIMATE ", name), ast.offset);
  }
  if (aggregate != nullptr) return BindAggregate(ast, *aggregate);
  if (ast.distinct || ast.star || !ast.within_group.empty()) {
    return SqlError(SqlState::kWrongObjectType,
                    absl::StrCat(name, " is not an aggregate function"))
        .At(ast.offset);
  }
  const bool date_part = TakesDatePart(name);
  VESTO_ASSIGN_OR_RETURN(std::vector<ExprPtr> args,
                         date_part ? BindDatePartArguments(ast) : BindArguments(ast));
  if (const functions::ScalarFunction* function = context_.functions.FindScalar(name);
      function != nullptr) {
    if (date_part) {
      // A date given as a plain literal: DATEADD(day, 1, '2024-01-31').
      for (size_t i = 1; i < args.size(); ++i) {
        const bool amount = i == 1 && (name == "dateadd" || name == "date_add");
        if (args[i]->type.id != TypeId::kUnknown || amount) continue;
        VESTO_ASSIGN_OR_RETURN(args[i], Coerce(std::move(args[i]), Type::Timestamp(),
                                               Coercion::kImplicit));
      }
    }
    return CallFunction(*function, name, std::move(args), ast.offset);
  }
  // A type's name called as a function is a cast: date('2024-01-31').
  if (args.size() == 1) {
    sql::TypeName type_name;
    type_name.name = name;
    auto target = CastTarget(type_name, args[0]->type);
    if (target.ok() && (args[0]->type.id == TypeId::kUnknown ||
                        types::CanCast(args[0]->type, *target))) {
      return Coerce(std::move(args[0]), *target, Coercion::kExplicit);
    }
  }
  return FunctionMissing(name, args, ast.offset, false);
}

absl::StatusOr<ExprPtr> Binder::BindSpecialForm(const sql::Expression& ast,
                                                const std::string& name, bool* handled) {
  *handled = true;
  auto wrong_count = [&]() -> absl::StatusOr<ExprPtr> {
    VESTO_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, BindArguments(ast));
    return FunctionMissing(name, args, ast.offset, false);
  };
  if (name == "coalesce" || name == "nvl" || name == "isnull") {
    if (ast.args.empty() || (name == "isnull" && ast.args.size() != 2)) return wrong_count();
    VESTO_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, BindArguments(ast));
    auto node = std::make_unique<expr::Expr>();
    node->kind = ExprKind::kCoalesce;
    node->offset = ast.offset;
    VESTO_RETURN_IF_ERROR(MakeCommon(&args, "COALESCE", ast.offset, &node->type));
    node->physical = types::DefaultPhysicalType(node->type);
    if (args.size() == 1) return std::move(args[0]);
    node->args = std::move(args);
    return node;
  }
  if (name == "nvl2") {
    if (ast.args.size() != 3) return wrong_count();
    VESTO_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, BindArguments(ast));
    std::vector<ExprPtr> results;
    results.push_back(std::move(args[1]));
    results.push_back(std::move(args[2]));
    auto node = std::make_unique<expr::Expr>();
    node->kind = ExprKind::kCase;
    node->offset = ast.offset;
    // Numbers meet in their common type, anything else in the second argument's.
    const Type first = results[0]->type;
    const bool numbers = types::IsNumeric(first) || results[1]->type.id == TypeId::kUnknown ||
                         first.id == TypeId::kUnknown ||
                         types::CategoryOf(first) == types::CategoryOf(results[1]->type);
    if (numbers) {
      VESTO_RETURN_IF_ERROR(MakeCommon(&results, "CASE", ast.offset, &node->type));
    } else {
      VESTO_ASSIGN_OR_RETURN(results[1],
                             Coerce(std::move(results[1]), first, Coercion::kExplicit));
      node->type = first;
    }
    node->physical = types::DefaultPhysicalType(node->type);
    node->args.push_back(expr::IsNull(ResolveUnknown(std::move(args[0])), true));
    node->args.push_back(std::move(results[0]));
    node->args.push_back(std::move(results[1]));
    return node;
  }
  if (name == "nullif") {
    if (ast.args.size() != 2) return wrong_count();
    VESTO_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, BindArguments(ast));
    args[0] = ResolveUnknown(std::move(args[0]));
    ExprPtr value = args[0]->Clone();
    VESTO_ASSIGN_OR_RETURN(ExprPtr equal, Compare(Op::kEqual, std::move(args[0]),
                                                  std::move(args[1]), ast.offset));
    auto node = std::make_unique<expr::Expr>();
    node->kind = ExprKind::kCase;
    node->offset = ast.offset;
    node->type = value->type;
    node->physical = types::DefaultPhysicalType(node->type);
    node->args.push_back(std::move(equal));
    node->args.push_back(expr::Constant(Value::Null(value->type)));
    node->args.push_back(std::move(value));
    return node;
  }
  if (name == "decode" && ast.args.size() >= 3) {
    VESTO_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, BindArguments(ast));
    ExprPtr value = std::move(args[0]);
    if (value->type.id == TypeId::kUnknown) {
      for (size_t i = 1; i + 1 < args.size(); i += 2) {
        if (args[i]->type.id == TypeId::kUnknown) continue;
        VESTO_ASSIGN_OR_RETURN(value, Coerce(std::move(value), args[i]->type,
                                             Coercion::kImplicit));
        break;
      }
      value = ResolveUnknown(std::move(value));
    }
    std::vector<ExprPtr> conditions, results;
    for (size_t i = 1; i + 1 < args.size(); i += 2) {
      // NULL matches NULL here.
      ExprPtr& search = args[i];
      if (search->is_constant() && search->constant.is_null()) {
        conditions.push_back(expr::IsNull(value->Clone(), false));
      } else {
        std::vector<ExprPtr> either;
        const bool nullable = !search->is_constant();
        ExprPtr search_copy = nullable ? search->Clone() : nullptr;
        VESTO_ASSIGN_OR_RETURN(ExprPtr equal, Compare(Op::kEqual, value->Clone(),
                                                      std::move(search), ast.offset));
        either.push_back(std::move(equal));
        if (nullable) {
          std::vector<ExprPtr> both;
          both.push_back(expr::IsNull(value->Clone(), false));
          both.push_back(expr::IsNull(ResolveUnknown(std::move(search_copy)), false));
          either.push_back(expr::And(std::move(both)));
        }
        conditions.push_back(expr::Or(std::move(either)));
      }
      results.push_back(std::move(args[i + 1]));
    }
    if (args.size() % 2 == 0) {
      results.push_back(std::move(args.back()));
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
  if (name == "array_contains" && ast.args.size() == 2) {
    // What the parser makes of `x = ANY (a)`; over SUPER it is a function of its own.
    VESTO_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, BindArguments(ast));
    if (types::IsArray(args[0]->type) || args[0]->type.id == TypeId::kUnknown) {
      return ContainsElement(std::move(args[0]), std::move(args[1]), ast.offset);
    }
    return Call(name, std::move(args), ast.offset);
  }
  if ((name == "greatest" || name == "least") && !ast.args.empty()) {
    VESTO_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, BindArguments(ast));
    Type type;
    VESTO_RETURN_IF_ERROR(
        MakeCommon(&args, name == "greatest" ? "GREATEST" : "LEAST", ast.offset, &type));
    return Call(name, std::move(args), ast.offset);
  }
  if (name == "grouping" || name == "grouping_id") {
    if (!block_->allow_aggregates || block_->in_aggregate) {
      return SqlError(SqlState::kGroupingError,
                      absl::StrCat("grouping operations are not allowed in ", sv(block_->clause)))
          .At(ast.offset);
    }
    block_->in_aggregate = true;
    auto args = BindArguments(ast);
    block_->in_aggregate = false;
    if (!args.ok()) return args.status();
    if (args->empty() || args->size() > 31) return FunctionMissing(name, *args, ast.offset, false);
    block_->uses_grouping = true;
    // A stand-in without a function: MapGrouped replaces it once the keys are known.
    auto node = std::make_unique<expr::Expr>();
    node->kind = ExprKind::kCall;
    node->name = "grouping";
    node->type = Type::Integer();
    node->physical = types::PhysicalType::kInt32;
    node->offset = ast.offset;
    node->args = *std::move(args);
    return node;
  }
  *handled = false;
  return ExprPtr();
}

// PERCENTILE_CONT(p) WITHIN GROUP (ORDER BY e) is a function of p and e; descending order counts
// the fraction from the other end.
absl::Status Binder::MakePercentileArguments(std::vector<ExprPtr>* args,
                                             std::vector<logical::SortKey>* within_group,
                                             int offset) {
  if (within_group->size() != 1 || args->size() != 1) {
    return SqlError(SqlState::kSyntaxError,
                    "percentile_cont requires one argument and WITHIN GROUP (ORDER BY expression)")
        .At(offset);
  }
  VESTO_ASSIGN_OR_RETURN(ExprPtr fraction, Coerce(std::move((*args)[0]), Type::Double(),
                                                  Coercion::kImplicit));
  fraction = Fold(std::move(fraction));
  if (fraction->is_constant() && !fraction->constant.is_null() &&
      (fraction->constant.floating() < 0 || fraction->constant.floating() > 1)) {
    return SqlError(SqlState::kInvalidParameterValue,
                    "the percentile must be a constant between 0 and 1")
        .At(offset);
  }
  const logical::SortKey& key = (*within_group)[0];
  if (key.descending) {
    fraction = Fold(expr::Arithmetic(expr::Op::kSubtract, expr::Constant(Value::Double(1)),
                                     std::move(fraction)));
  }
  (*args)[0] = std::move(fraction);
  args->push_back(key.expression->Clone());
  within_group->clear();
  return absl::OkStatus();
}

// --- Aggregates ---------------------------------------------------------------------------------

absl::StatusOr<int> Binder::ConvertAggregateArguments(
    const functions::AggregateFunction& function, const std::string& name,
    std::vector<ExprPtr>* args, int offset, Type* result) {
  std::vector<Type> types;
  for (const ExprPtr& arg : *args) types.push_back(arg->type);
  bool ambiguous = false;
  const std::optional<int> index = functions::ResolveOverload(
      std::span<const functions::AggregateOverload>(function.overloads), types, &ambiguous);
  if (!index.has_value()) return FunctionMissing(name, *args, offset, ambiguous);
  const functions::AggregateOverload& overload =
      function.overloads[static_cast<size_t>(*index)];
  std::vector<const Value*> constants;
  for (size_t i = 0; i < args->size(); ++i) {
    ExprPtr& arg = (*args)[i];
    const Type& parameter = overload.parameters[std::min(i, overload.parameters.size() - 1)];
    if (parameter.id == TypeId::kUnknown) {
      arg = ResolveUnknown(std::move(arg));
    } else {
      VESTO_ASSIGN_OR_RETURN(arg, Coerce(std::move(arg), parameter, Coercion::kImplicit));
    }
    arg = Fold(std::move(arg));
    types[i] = arg->type;
  }
  for (const ExprPtr& arg : *args) {
    constants.push_back(arg->is_constant() ? &arg->constant : nullptr);
  }
  auto type = overload.result(functions::BindCall{types, constants});
  if (!type.ok()) return WithOffset(type.status(), offset);
  *result = *type;
  return *index;
}

absl::StatusOr<ExprPtr> Binder::BindAggregate(const sql::Expression& ast,
                                              const functions::AggregateFunction& function) {
  const std::string& name = ast.name.back();
  if (function.window_only) {
    return SqlError(SqlState::kWindowingError,
                    absl::StrCat("window function ", name, " requires an OVER clause"))
        .At(ast.offset);
  }
  if (block_->in_aggregate) {
    return SqlError(SqlState::kGroupingError, "aggregate function calls may not be nested")
        .At(ast.offset);
  }
  if (!block_->allow_aggregates) {
    return SqlError(SqlState::kGroupingError,
                    absl::StrCat("aggregates not allowed in ", sv(block_->clause),
                                 block_->clause == "WHERE" || block_->clause == "GROUP BY"
                                     ? " clause"
                                     : ""))
        .At(ast.offset);
  }
  if (ast.star && (name != "count" || ast.distinct)) {
    return SqlError(SqlState::kSyntaxError, absl::StrCat(name, "(*) is not allowed"))
        .At(ast.offset);
  }
  logical::AggregateItem item;
  item.function = &function;
  // The approximate count takes duplicates as they come.
  item.distinct = ast.distinct && !ast.approximate;
  if (ast.distinct && ast.args.size() > 1 && name == "count") {
    return NotSupported("COUNT(DISTINCT) of several expressions", ast.offset);
  }

  // Arguments are computed below the aggregation.
  PendingJoins* pending = block_->pending;
  block_->pending = &block_->before_aggregate;
  block_->in_aggregate = true;
  absl::Status status;
  auto args = BindArguments(ast);
  if (!args.ok()) status = args.status();
  for (const sql::OrderItem& order : ast.within_group) {
    if (!status.ok()) break;
    auto key = Bind(*order.expression);
    if (!key.ok()) {
      status = key.status();
      break;
    }
    logical::SortKey sort;
    sort.expression = Fold(ResolveUnknown(std::move(*key)));
    sort.descending = order.descending;
    sort.nulls_first = order.nulls_first.value_or(order.descending);
    item.within_group.push_back(std::move(sort));
  }
  block_->in_aggregate = false;
  block_->pending = pending;
  VESTO_RETURN_IF_ERROR(status);

  if (!ast.within_group.empty() && !function.ordered) {
    return SqlError(SqlState::kWrongObjectType,
                    absl::StrCat(name, " does not take WITHIN GROUP"))
        .At(ast.offset);
  }
  item.args = *std::move(args);

  // Sort-based aggregates of one SELECT share one order.
  if (!item.within_group.empty()) {
    std::vector<logical::SortKey>& order = block_->within_group;
    bool same = order.empty() || order.size() == item.within_group.size();
    for (size_t i = 0; same && i < order.size(); ++i) {
      same = order[i].expression->Equals(*item.within_group[i].expression) &&
             order[i].descending == item.within_group[i].descending;
    }
    if (!same) {
      return SqlError(SqlState::kFeatureNotSupported,
                      "within group ORDER BY clauses for aggregate functions must be the same")
          .At(ast.offset);
    }
    if (order.empty()) {
      for (const logical::SortKey& key : item.within_group) order.push_back(key.Clone());
    }
  }
  if (name == "percentile_cont") {
    VESTO_RETURN_IF_ERROR(MakePercentileArguments(&item.args, &item.within_group, ast.offset));
  }
  auto index = ConvertAggregateArguments(function, name, &item.args, ast.offset, &item.type);
  if (!index.ok()) return index.status();
  item.overload = *index;
  item.name = function.column_name.empty() ? function.name : function.column_name;
  if (ast.approximate) item.name = name;
  NoteLocality(function.locality, absl::StrCat(name, "()"));

  for (const logical::AggregateItem& other : block_->aggregates) {
    bool equal = other.function == item.function && other.overload == item.overload &&
                 other.distinct == item.distinct && other.args.size() == item.args.size() &&
                 other.within_group.size() == item.within_group.size();
    for (size_t i = 0; equal && i < item.args.size(); ++i) {
      equal = other.args[i]->Equals(*item.args[i]) && !expr::IsVolatile(*item.args[i]);
    }
    if (equal) {
      ExprPtr reference = expr::Column(other.id, other.type, other.name);
      reference->offset = ast.offset;
      return reference;
    }
  }
  item.id = NextId();
  ExprPtr reference = expr::Column(item.id, item.type, item.name);
  reference->offset = ast.offset;
  block_->aggregates.push_back(std::move(item));
  return reference;
}

}  // namespace vesto::binder
