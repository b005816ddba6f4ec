#include <algorithm>

#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"
#include "types/type_rules.h"

// What catalog queries ask of arrays and of OIDs with names. Both live on the leader alone: an array
// is text inside ("{1,2}"), and what looks into it is a function.
// Source: PostgreSQL 8.0, "Arrays" and "Object Identifier Types".
namespace vesto::binder {

using logical::JoinType;

namespace {

// How far arrays are turned into rows: none in the catalog is longer than a row is wide.
constexpr int64_t kElementsMax = 1664;
constexpr int64_t kSeriesMax = 1'000'000'000;

}  // namespace

absl::StatusOr<ExprPtr> Binder::BindArray(const sql::Expression& ast) {
  std::vector<ExprPtr> elements;
  for (const sql::ExpressionPtr& arg : ast.args) {
    VESTO_ASSIGN_OR_RETURN(ExprPtr element, Bind(*arg));
    elements.push_back(std::move(element));
  }
  if (elements.empty()) {
    return expr::Constant(Value::OfText(Type::Array(TypeId::kText), "{}"));
  }
  Type type;
  VESTO_RETURN_IF_ERROR(MakeCommon(&elements, "ARRAY", ast.offset, &type));
  return Call("array[]", std::move(elements), ast.offset);
}

// ARRAY(query) is the one row of ARRAY_AGG over it, in the query's order; no rows make '{}'.
absl::StatusOr<ExprPtr> Binder::BindArrayQuery(const sql::Expression& ast) {
  VESTO_ASSIGN_OR_RETURN(Subquery subquery, BindSubquery(*ast.query));
  if (subquery.query.columns.size() != 1) {
    return SqlError(SqlState::kSyntaxError, "subquery must return only one column").At(ast.offset);
  }
  NodePtr plan = std::move(subquery.query.plan);
  const QueryColumn& column = subquery.query.columns[0];
  logical::AggregateItem item;
  item.args.push_back(expr::Column(column.id, column.type, column.name));
  // A projection over a sort hides the columns that only ORDER BY needs.
  if (plan->kind == logical::NodeKind::kProject &&
      plan->children[0]->kind == logical::NodeKind::kSort) {
    item.args[0] = plan->As<logical::Project>().expressions[0]->Clone();
    NodePtr sort = std::move(plan->children[0]);
    plan = std::move(sort);
  }
  if (plan->kind == logical::NodeKind::kSort) {
    for (const logical::SortKey& key : plan->As<logical::Sort>().keys) {
      item.within_group.push_back(key.Clone());
    }
    NodePtr child = std::move(plan->children[0]);
    plan = std::move(child);
  }
  item.function = context_.functions.FindAggregate("array_agg");
  if (item.function == nullptr) return NotSupported("ARRAY (query)", ast.offset);
  VESTO_ASSIGN_OR_RETURN(item.overload, ConvertAggregateArguments(*item.function, "array_agg",
                                                                  &item.args, ast.offset,
                                                                  &item.type));
  item.id = NextId();
  item.name = "array";
  NoteLocality(functions::Locality::kLeaderOnly, "array()");
  const Type type = item.type;
  ExprPtr array = expr::Column(item.id, type, item.name);
  auto aggregate = std::make_unique<logical::Aggregate>();
  aggregate->output.push_back({item.id, type, item.name});
  aggregate->items.push_back(std::move(item));
  aggregate->children.push_back(std::move(plan));

  auto join = std::make_unique<logical::DependentJoin>();
  join->type = JoinType::kSingle;
  join->correlated = std::move(subquery.correlated);
  join->children.resize(2);
  join->children[1] = std::move(aggregate);
  block_->pending->push_back(std::move(join));

  auto node = std::make_unique<expr::Expr>();
  node->kind = expr::ExprKind::kCoalesce;
  node->type = type;
  node->physical = types::DefaultPhysicalType(type);
  node->offset = ast.offset;
  node->args.push_back(std::move(array));
  node->args.push_back(expr::Constant(Value::OfText(type, "{}")));
  return node;
}

// a[i], and the fields x and n of the records that _pg_expandarray makes.
absl::StatusOr<ExprPtr> Binder::BindArrayElement(const sql::Expression& ast, ExprPtr base) {
  std::vector<ExprPtr> args;
  if (base->type.id == TypeId::kRecord) {
    const std::string& field = ast.text;
    if (ast.args.size() > 1 || (field != "x" && field != "n")) {
      return SqlError(SqlState::kUndefinedColumn,
                      absl::StrCat("column \"", field, "\" not found in data type record"))
          .At(ast.offset);
    }
    args.push_back(std::move(base));
    args.push_back(expr::Constant(Value::Integer(field == "x" ? 1 : 2)));
    return Call("record_field", std::move(args), ast.offset);
  }
  if (ast.args.size() < 2) {
    return SqlError(SqlState::kWrongObjectType,
                    absl::StrCat("column notation .", ast.text, " applied to type ",
                                 base->type.ToString(), ", which is not a composite type"))
        .At(ast.offset);
  }
  args.push_back(std::move(base));
  VESTO_ASSIGN_OR_RETURN(ExprPtr index, Bind(*ast.args[1]));
  VESTO_ASSIGN_OR_RETURN(index, Coerce(std::move(index), Type::Integer(), Coercion::kImplicit));
  args.push_back(std::move(index));
  return Call("[]", std::move(args), ast.offset);
}

// x = ANY (array). Arrays live on the leader in Redshift; clients of PostgreSQL ask tables with them,
// too, as parameters and literals.
absl::StatusOr<ExprPtr> Binder::ContainsElement(ExprPtr array, ExprPtr element, int offset) {
  if (context_.strict) NoteLocality(functions::Locality::kLeaderOnly, "= ANY (array)");
  Type type = types::ElementType(array->type);
  if (array->type.id == TypeId::kUnknown) {
    const Type& known = element->type;
    const TypeId id = known.id == TypeId::kUnknown ? TypeId::kText : known.id;
    type = types::ElementType(Type::Array(id));
    if (types::TypeOid(Type::Array(id)) == 0) {
      return NotSupported(absl::StrCat("arrays of ", known.ToString()), offset);
    }
    VESTO_ASSIGN_OR_RETURN(array, Coerce(std::move(array), Type::Array(id), Coercion::kImplicit));
  }
  if (type.id == TypeId::kText) type = Type::Varchar(0);
  // Numbers meet numbers and strings strings, whatever their widths.
  if (!(types::IsNumeric(type) && types::IsNumeric(element->type)) &&
      !(types::IsString(type) && types::IsString(element->type))) {
    VESTO_ASSIGN_OR_RETURN(element, Coerce(std::move(element), type, Coercion::kImplicit));
  }
  if (types::IsNamedOid(element->type)) {
    element = expr::Cast(std::move(element), Type{TypeId::kOid}, false);
  }
  if (types::IsFloating(type) && types::IsNumeric(element->type) &&
      !types::IsFloating(element->type)) {
    VESTO_ASSIGN_OR_RETURN(element, Coerce(std::move(element), Type::Double(), Coercion::kImplicit));
  }
  std::vector<ExprPtr> args;
  args.push_back(std::move(element));
  args.push_back(std::move(array));
  return Call("= any", std::move(args), offset);
}

// --- OIDs with names --------------------------------------------------------------------------------

absl::StatusOr<ExprPtr> Binder::NameOfOid(ExprPtr oid) {
  const int offset = oid->offset;
  const std::string function = absl::StrCat(types::TypeName(oid->type), "out");
  std::vector<ExprPtr> args;
  args.push_back(std::move(oid));
  return Call(function, std::move(args), offset);
}

absl::StatusOr<ExprPtr> Binder::OidOfName(ExprPtr name, const Type& to) {
  const int offset = name->offset;
  const std::string function = absl::StrCat(types::TypeName(to), "in");
  std::vector<ExprPtr> args;
  args.push_back(ResolveUnknown(std::move(name)));
  return Call(function, std::move(args), offset);
}

// --- Arrays as rows ---------------------------------------------------------------------------------

// 0, 1, ... count - 1 and a few more, as products of lists of a thousand.
NodePtr Binder::NumbersUpTo(int64_t count, ColumnId* id) {
  constexpr int64_t kList = 1000;
  NodePtr plan;
  ExprPtr index;
  int64_t reach = 1;
  do {
    auto values = std::make_unique<logical::Values>();
    const ColumnId digit_id = NextId();
    const int64_t left = (count + reach - 1) / reach;
    for (int64_t i = 0; i < std::min(left, kList); ++i) {
      std::vector<ExprPtr> row;
      row.push_back(expr::Constant(Value::Bigint(i)));
      values->rows.push_back(std::move(row));
    }
    values->output.push_back({digit_id, Type::Bigint(), "n"});
    ExprPtr digit = expr::Column(digit_id, Type::Bigint(), "n");
    if (reach > 1) {
      digit = expr::Arithmetic(expr::Op::kMultiply, std::move(digit),
                               expr::Constant(Value::Bigint(reach)));
    }
    index = index == nullptr
                ? std::move(digit)
                : expr::Arithmetic(expr::Op::kAdd, std::move(digit), std::move(index));
    if (plan == nullptr) {
      plan = std::move(values);
    } else {
      auto join = std::make_unique<logical::Join>();
      join->output = values->output;
      for (const auto& column : plan->output) join->output.push_back(column);
      join->children.push_back(std::move(values));
      join->children.push_back(std::move(plan));
      plan = std::move(join);
    }
    reach *= kList;
  } while (reach < count);
  if (count > kList) {
    plan = MakeFilter(std::move(plan), expr::Compare(expr::Op::kLess, index->Clone(),
                                                     expr::Constant(Value::Bigint(count))));
  }
  *id = NextId();
  auto project = std::make_unique<logical::Project>();
  project->expressions.push_back(std::move(index));
  project->output.push_back({*id, Type::Bigint(), "n"});
  project->children.push_back(std::move(plan));
  return project;
}

// _pg_expandarray(array) in a select list: one row per element, each a record (element, position).
absl::StatusOr<ExprPtr> Binder::BindArrayExpansion(const sql::Expression& ast) {
  if (block_->clause != "SELECT" || block_->in_aggregate || block_->in_window) {
    return SqlError(SqlState::kFeatureNotSupported,
                    absl::StrCat("set-returning functions are not allowed in ",
                                 sv(block_->clause)))
        .At(ast.offset);
  }
  VESTO_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, BindArguments(ast));
  if (args.size() != 1 || !types::IsArray(args[0]->type)) {
    return FunctionMissing(ast.name.back(), args, ast.offset, false);
  }
  std::vector<ExprPtr> length_args;
  length_args.push_back(args[0]->Clone());
  VESTO_ASSIGN_OR_RETURN(ExprPtr length, Call("array_length", std::move(length_args), ast.offset));
  NoteLocality(functions::Locality::kLeaderOnly, "_pg_expandarray()");
  args.push_back(Expand(std::move(length)));
  return Call("_pg_expandarray", std::move(args), ast.offset);
}

// generate_series(a, b) in a select list: one row per number.
absl::StatusOr<ExprPtr> Binder::BindSeriesExpansion(const sql::Expression& ast) {
  if (block_->clause != "SELECT" || block_->in_aggregate || block_->in_window) {
    return SqlError(SqlState::kFeatureNotSupported,
                    absl::StrCat("set-returning functions are not allowed in ",
                                 sv(block_->clause)))
        .At(ast.offset);
  }
  VESTO_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, BindArguments(ast));
  if (args.size() != 2) return FunctionMissing("generate_series", args, ast.offset, false);
  for (ExprPtr& arg : args) {
    VESTO_ASSIGN_OR_RETURN(arg, Coerce(std::move(arg), Type::Bigint(), Coercion::kImplicit));
  }
  NoteLocality(functions::Locality::kLeaderOnly, "generate_series()");
  ExprPtr first = args[0]->Clone();
  ExprPtr length = expr::Arithmetic(
      expr::Op::kAdd,
      expr::Arithmetic(expr::Op::kSubtract, std::move(args[1]), std::move(args[0])),
      expr::Constant(Value::Bigint(1)));
  length = Fold(std::move(length));
  if (!length->is_constant()) {
    std::vector<ExprPtr> limited;
    limited.push_back(std::move(length));
    limited.push_back(expr::Constant(Value::Bigint(kElementsMax)));
    VESTO_ASSIGN_OR_RETURN(length, Call("vesto_series_length", std::move(limited), ast.offset));
  }
  ExprPtr position = Expand(std::move(length));
  ExprPtr value = expr::Arithmetic(
      expr::Op::kSubtract,
      expr::Arithmetic(expr::Op::kAdd, std::move(first), std::move(position)),
      expr::Constant(Value::Bigint(1)));
  return expr::Cast(std::move(value), Type::Integer(), false);
}

// Makes the block's rows `length` rows each; returns their number, from 1. Several expansions of one
// SELECT go in step, and one that has ended gives NULL until the longest ends, as in PostgreSQL.
ExprPtr Binder::Expand(ExprPtr length) {
  if (block_->expanded_lengths.empty()) block_->expanded_position = NextId();
  ExprPtr position = expr::Column(block_->expanded_position, Type::Bigint(), "n");
  length = Fold(expr::Cast(std::move(length), Type::Bigint(), false));
  auto within = std::make_unique<expr::Expr>();
  within->kind = expr::ExprKind::kCase;
  within->type = Type::Bigint();
  within->physical = position->physical;
  within->args.push_back(expr::Compare(expr::Op::kLessEqual, position->Clone(), length->Clone()));
  within->args.push_back(std::move(position));
  within->args.push_back(expr::Constant(Value::Null(Type::Bigint())));
  const auto same = [&](const ExprPtr& other) { return other->Equals(*length); };
  if (std::none_of(block_->expanded_lengths.begin(), block_->expanded_lengths.end(), same)) {
    block_->expanded_lengths.push_back(std::move(length));
  }
  return within;
}

// FROM unnest(array) x: the array may use columns of the enclosing query.
absl::StatusOr<Binder::FromItem> Binder::BindUnnest(const sql::TableRef& ref, Block* parent) {
  Block block;
  block.parent = parent;
  block.clause = "FROM";
  Block* saved = block_;
  block_ = &block;
  auto bound = Bind(*ref.function->args[0]);
  block_ = saved;
  if (!bound.ok()) return bound.status();
  ExprPtr array = *std::move(bound);
  if (!types::IsArray(array->type)) {
    return NotSupported("UNNEST of other than catalog arrays", ref.offset);
  }
  NoteLocality(functions::Locality::kLeaderOnly, "unnest()");
  ColumnId position = -1;
  NodePtr plan = NumbersUpTo(kElementsMax, &position);
  std::vector<ExprPtr> length_args;
  length_args.push_back(array->Clone());
  VESTO_ASSIGN_OR_RETURN(ExprPtr length, Call("array_length", std::move(length_args), ref.offset));
  plan = MakeFilter(std::move(plan),
                    expr::Compare(expr::Op::kLess, expr::Column(position, Type::Bigint(), "n"),
                                  expr::Cast(std::move(length), Type::Bigint(), false)));
  const int first = array->type.id == TypeId::kArray ? 1 : 0;
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  args.push_back(expr::Cast(
      expr::Arithmetic(expr::Op::kAdd, expr::Column(position, Type::Bigint(), "n"),
                       expr::Constant(Value::Bigint(first))),
      Type::Integer(), false));
  VESTO_ASSIGN_OR_RETURN(ExprPtr element, Call("[]", std::move(args), ref.offset));
  const std::string alias = ref.alias.empty() ? "unnest" : ref.alias;
  auto project = std::make_unique<logical::Project>();
  BoundQuery query;
  query.columns.push_back({alias, NextId(), element->type});
  project->expressions.push_back(std::move(element));
  project->output = OutputOf(query.columns);
  project->children.push_back(std::move(plan));
  query.plan = std::move(project);
  return FromQuery(std::move(query), alias, "");
}

// FROM pg_options_to_table(array): the elements "name=value" in two columns. An option without a
// value has NULL.
absl::StatusOr<Binder::FromItem> Binder::BindOptionsTable(const sql::TableRef& ref, Block* parent) {
  VESTO_ASSIGN_OR_RETURN(FromItem elements, BindUnnest(ref, parent));
  const logical::OutputColumn element = elements.plan->output[0];
  const auto call = [&](const char* name, int64_t number) {
    std::vector<ExprPtr> args;
    args.push_back(expr::Column(element.id, element.type, element.name));
    args.push_back(expr::Constant(Value::Varchar("=")));
    if (number != 0) args.push_back(expr::Constant(Value::Integer(static_cast<int32_t>(number))));
    return Call(name, std::move(args), ref.offset);
  };
  VESTO_ASSIGN_OR_RETURN(ExprPtr name, call("split_part", 1));
  VESTO_ASSIGN_OR_RETURN(ExprPtr sign, call("strpos", 0));
  std::vector<ExprPtr> rest;
  rest.push_back(expr::Column(element.id, element.type, element.name));
  rest.push_back(expr::Arithmetic(expr::Op::kAdd, sign->Clone(),
                                  expr::Constant(Value::Integer(1))));
  VESTO_ASSIGN_OR_RETURN(ExprPtr text, Call("substring", std::move(rest), ref.offset));
  auto value = std::make_unique<expr::Expr>();
  value->kind = expr::ExprKind::kCase;
  value->type = text->type;
  value->physical = text->physical;
  value->args.push_back(expr::Compare(expr::Op::kGreater, std::move(sign),
                                      expr::Constant(Value::Integer(0))));
  value->args.push_back(std::move(text));
  value->args.push_back(expr::Constant(Value::Null(value->type)));

  BoundQuery query;
  query.columns.push_back({"option_name", NextId(), name->type});
  query.columns.push_back({"option_value", NextId(), value->type});
  auto project = std::make_unique<logical::Project>();
  project->expressions.push_back(std::move(name));
  project->expressions.push_back(std::move(value));
  project->output = OutputOf(query.columns);
  project->children.push_back(std::move(elements.plan));
  query.plan = std::move(project);
  FromItem item =
      FromQuery(std::move(query), ref.alias.empty() ? "pg_options_to_table" : ref.alias, "");
  VESTO_RETURN_IF_ERROR(ApplyColumnAliases(ref, &item));
  return item;
}

absl::StatusOr<NodePtr> Binder::AttachExpansion(Block* block, NodePtr plan) {
  if (block->expanded_lengths.empty()) return plan;
  int64_t longest = 1;
  for (const ExprPtr& length : block->expanded_lengths) {
    const bool known = length->is_constant() && !length->constant.is_null();
    longest = std::max(longest, known ? length->constant.integer() : kElementsMax);
  }
  if (longest > kSeriesMax) {
    return SqlError(SqlState::kProgramLimitExceeded,
                    absl::StrCat("a series has at most ", kSeriesMax, " elements"));
  }
  ColumnId zero_based = -1;
  NodePtr numbers = NumbersUpTo(longest, &zero_based);
  auto positions = std::make_unique<logical::Project>();
  positions->expressions.push_back(
      expr::Arithmetic(expr::Op::kAdd, expr::Column(zero_based, Type::Bigint(), "n"),
                       expr::Constant(Value::Bigint(1))));
  positions->output.push_back({block->expanded_position, Type::Bigint(), "n"});
  positions->children.push_back(std::move(numbers));
  auto join = std::make_unique<logical::Join>();
  join->output = plan->output;
  join->output.push_back(positions->output[0]);
  std::vector<ExprPtr> within;
  for (ExprPtr& length : block->expanded_lengths) {
    within.push_back(expr::Compare(
        expr::Op::kLessEqual, expr::Column(block->expanded_position, Type::Bigint(), "n"),
        std::move(length)));
  }
  join->residual = expr::Or(std::move(within));
  join->children.push_back(std::move(plan));
  join->children.push_back(std::move(positions));
  return join;
}

}  // namespace vesto::binder
