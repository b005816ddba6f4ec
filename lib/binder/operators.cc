#include <algorithm>

#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"
#include "expr/evaluator.h"
#include "types/decimal.h"
#include "types/text.h"
#include "types/type_rules.h"

// Operators: comparison, arithmetic, concatenation, patterns. Dates and intervals go to functions
// that bear the operator's name. Source: redshift/functions.md §1, types.md §§3-7.
namespace vesto::binder {

using expr::ExprKind;
using expr::Op;

Op ComparisonOp(std::string_view op) {
  if (op == "=") return Op::kEqual;
  if (op == "<>" || op == "!=") return Op::kNotEqual;
  if (op == "<") return Op::kLess;
  if (op == "<=") return Op::kLessEqual;
  if (op == ">") return Op::kGreater;
  if (op == ">=") return Op::kGreaterEqual;
  return Op::kNone;
}

namespace {

std::string_view OpText(Op op) {
  switch (op) {
    case Op::kEqual: return "=";
    case Op::kNotEqual: return "<>";
    case Op::kLess: return "<";
    case Op::kLessEqual: return "<=";
    case Op::kGreater: return ">";
    case Op::kGreaterEqual: return ">=";
    default: return "";
  }
}

// "integer", "\"unknown\"", "character varying": operand types in messages.
std::string OperandName(const Type& type) {
  switch (type.id) {
    case TypeId::kUnknown: return "\"unknown\"";
    case TypeId::kDecimal: return "numeric";
    case TypeId::kChar: return "character";
    case TypeId::kVarchar: return "character varying";
    default: return type.ToString();
  }
}

bool HasColumns(const expr::Expr& expr) {
  if (expr.is_column()) return true;
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [](const ExprPtr& arg) { return HasColumns(*arg); });
}

// Both sides compare as they are: strings of any length, decimals of one scale and physical form.
bool SameForm(const Type& left, const Type& right) {
  if (left == right) return true;
  if (types::IsString(left) && types::IsString(right)) {
    return left.case_insensitive == right.case_insensitive;
  }
  if (left.id != right.id) return false;
  if (left.id == TypeId::kDecimal) {
    return left.scale == right.scale &&
           types::DefaultPhysicalType(left) == types::DefaultPhysicalType(right);
  }
  return true;
}

// A string constant as the column's type calls for, without cutting it.
Value StringLike(const std::string& text, const Type& column) {
  Type type = column;
  std::string_view kept = text;
  if (type.id == TypeId::kChar) kept = types::TrimTrailingBlanks(kept);
  if (type.id == TypeId::kChar || type.id == TypeId::kVarchar) {
    type.length = std::max(type.length, static_cast<int32_t>(kept.size()));
  }
  return Value::OfText(type, std::string(kept));
}

}  // namespace

absl::Status Binder::OperatorMissing(std::string_view op, const Type* left, const Type& right,
                                     int offset) const {
  return SqlError(SqlState::kUndefinedFunction,
                  absl::StrCat("operator does not exist: ",
                               left == nullptr ? "" : OperandName(*left) + " ", sv(op), " ",
                               OperandName(right)))
      .At(offset)
      .Hint("No operator matches the given name and argument type(s). You may need to add "
            "explicit type casts.");
}

absl::Status Binder::UnifyForComparison(std::string_view op, ExprPtr* left, ExprPtr* right,
                                        int offset) {
  // `shipdate <= date '1998-12-01' - interval '90 days'` must meet the scan as a constant.
  for (ExprPtr* side : {left, right}) {
    if (IsCompositeInterval(**side)) {
      return SqlError(SqlState::kInvalidDatetimeFormat,
                      "Interval Day To Second literal cannot contain year-month parts.")
          .At(offset);
    }
    if (!(*side)->is_constant() && !HasColumns(**side)) *side = Fold(std::move(*side));
  }
  const bool left_unknown = (*left)->type.id == TypeId::kUnknown;
  const bool right_unknown = (*right)->type.id == TypeId::kUnknown;
  if (left_unknown && right_unknown) {
    *left = ResolveUnknown(std::move(*left));
    *right = ResolveUnknown(std::move(*right));
    return absl::OkStatus();
  }
  if (left_unknown || right_unknown) {
    ExprPtr& literal = left_unknown ? *left : *right;
    const ExprPtr& typed = left_unknown ? *right : *left;
    const bool text = literal->is_constant() && !literal->constant.is_null();
    const int literal_offset = literal->offset;
    if (text && types::IsString(typed->type)) {
      literal = expr::Constant(StringLike(literal->constant.text(), typed->type));
      literal->offset = literal_offset;
      return absl::OkStatus();
    }
    int scale = 0;
    if (text && typed->type.id == TypeId::kDecimal) {
      // '24.555' keeps its digits: it must not be rounded to the column's scale.
      if (auto unscaled = types::ParseDecimal(literal->constant.text(), &scale);
          unscaled.has_value() && scale > typed->type.scale && scale <= kDecimalMaxPrecision) {
        int precision = 1;
        while (precision < kDecimalMaxPrecision && !types::FitsPrecision(*unscaled, precision)) {
          ++precision;
        }
        literal = expr::Constant(Value::Decimal(*unscaled, std::max(precision, scale), scale));
        literal->offset = literal_offset;
        return UnifyForComparison(op, left, right, offset);
      }
    }
    VESTO_ASSIGN_OR_RETURN(literal,
                           Coerce(std::move(literal), typed->type, Coercion::kImplicit));
    return absl::OkStatus();
  }
  // A constant takes the other side's type when that loses nothing: scans want bare columns.
  for (auto [constant, other] : {std::pair(left, right), std::pair(right, left)}) {
    if (!(*constant)->is_constant() || (*other)->is_constant()) continue;
    const Type& type = (*other)->type;
    const Value& value = (*constant)->constant;
    const int constant_offset = (*constant)->offset;
    ExprPtr converted;
    if (!value.is_null() && types::IsString(value.type()) && types::IsString(type)) {
      converted = expr::Constant(StringLike(value.text(), type));
    } else if (!types::ComparisonType((*constant)->type, type).has_value()) {
      continue;
    } else if (auto exact = ExactValue(value, type); exact.has_value()) {
      // A REAL column compares with a constant as DOUBLE PRECISION unless the value is the same.
      converted = expr::Constant(*std::move(exact));
    }
    if (converted == nullptr) continue;
    converted->offset = constant_offset;
    *constant = std::move(converted);
    return absl::OkStatus();
  }
  if (SameForm((*left)->type, (*right)->type)) return absl::OkStatus();
  if (types::IsString((*left)->type) && types::IsString((*right)->type)) {
    return SqlError(SqlState::kFeatureNotSupported,
                    "Query with different collations is not supported yet.")
        .At(offset);
  }
  const auto type = types::ComparisonType((*left)->type, (*right)->type);
  if (!type.has_value()) return OperatorMissing(op, &(*left)->type, (*right)->type, offset);
  for (ExprPtr* side : {left, right}) {
    if (SameForm((*side)->type, *type)) continue;
    VESTO_ASSIGN_OR_RETURN(*side, Coerce(std::move(*side), *type, Coercion::kExplicit));
  }
  return absl::OkStatus();
}

absl::StatusOr<ExprPtr> Binder::Compare(Op op, ExprPtr left, ExprPtr right, int offset) {
  VESTO_RETURN_IF_ERROR(UnifyForComparison(OpText(op), &left, &right, offset));
  ExprPtr node = expr::Compare(op, std::move(left), std::move(right));
  node->offset = offset;
  return node;
}

absl::StatusOr<ExprPtr> Binder::CompareRows(Op op, std::vector<ExprPtr> left,
                                            std::vector<ExprPtr> right, int offset) {
  if (left.size() != right.size()) {
    return SqlError(SqlState::kSyntaxError, "unequal number of entries in row expressions")
        .At(offset);
  }
  if (op != Op::kEqual && op != Op::kNotEqual) {
    // (a, b) < (c, d): a < c OR (a = c AND (b, d)...), from the last column up.
    const Op strict = op == Op::kLessEqual      ? Op::kLess
                      : op == Op::kGreaterEqual ? Op::kGreater
                                                : op;
    ExprPtr result;
    for (size_t i = left.size(); i-- > 0;) {
      VESTO_ASSIGN_OR_RETURN(ExprPtr here, Compare(i + 1 == left.size() ? op : strict,
                                                   left[i]->Clone(), right[i]->Clone(), offset));
      if (result == nullptr) {
        result = std::move(here);
        continue;
      }
      VESTO_ASSIGN_OR_RETURN(ExprPtr equal, Compare(Op::kEqual, std::move(left[i]),
                                                    std::move(right[i]), offset));
      std::vector<ExprPtr> both, either;
      both.push_back(std::move(equal));
      both.push_back(std::move(result));
      either.push_back(std::move(here));
      either.push_back(expr::And(std::move(both)));
      result = expr::Or(std::move(either));
    }
    return result;
  }
  std::vector<ExprPtr> parts;
  for (size_t i = 0; i < left.size(); ++i) {
    VESTO_ASSIGN_OR_RETURN(ExprPtr part,
                           Compare(op, std::move(left[i]), std::move(right[i]), offset));
    parts.push_back(std::move(part));
  }
  return op == Op::kEqual ? expr::And(std::move(parts)) : expr::Or(std::move(parts));
}

absl::StatusOr<ExprPtr> Binder::BindBinary(const sql::Expression& ast) {
  const Op comparison = ComparisonOp(ast.op);
  const sql::Expression& first = *ast.args[0];
  const sql::Expression& second = *ast.args[1];
  if (comparison != Op::kNone && first.kind == sql::ExpressionKind::kRow &&
      second.kind == sql::ExpressionKind::kRow) {
    std::vector<ExprPtr> sides[2];
    for (int side = 0; side < 2; ++side) {
      for (const sql::ExpressionPtr& part : (side == 0 ? first : second).args) {
        VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(*part));
        sides[side].push_back(std::move(bound));
      }
    }
    return CompareRows(comparison, std::move(sides[0]), std::move(sides[1]), ast.offset);
  }
  VESTO_ASSIGN_OR_RETURN(ExprPtr left, Bind(first));
  VESTO_ASSIGN_OR_RETURN(ExprPtr right, Bind(second));
  if (comparison != Op::kNone) {
    return Compare(comparison, std::move(left), std::move(right), ast.offset);
  }
  const std::string& op = ast.op;
  if (op == "+" || op == "-" || op == "*" || op == "/" || op == "%") {
    return ArithmeticOperator(op, std::move(left), std::move(right), ast.offset);
  }
  if (op == "||") return Concatenate(std::move(left), std::move(right), ast.offset);
  if (op == "~" || op == "!~") {
    return MakeLike(expr::LikeKind::kRegex, op == "!~", std::move(left), std::move(right), nullptr,
                    ast.offset);
  }
  if (op == "~~" || op == "!~~" || op == "~~*" || op == "!~~*") {
    return MakeLike(op.ends_with("*") ? expr::LikeKind::kILike : expr::LikeKind::kLike,
                    op.starts_with("!"), std::move(left), std::move(right), nullptr, ast.offset);
  }
  const char* alternative = op == "^" ? "power" : nullptr;
  const functions::ScalarFunction* function = context_.functions.FindScalar(op);
  if (function == nullptr && alternative != nullptr) {
    function = context_.functions.FindScalar(alternative);
  }
  if (function == nullptr) return OperatorMissing(op, &left->type, right->type, ast.offset);
  const Type left_type = left->type, right_type = right->type;
  std::vector<ExprPtr> args;
  args.push_back(std::move(left));
  args.push_back(std::move(right));
  auto call = CallFunction(*function, op, std::move(args), ast.offset);
  if (!call.ok() && SqlStateOf(call.status()) == SqlState::kUndefinedFunction) {
    return OperatorMissing(op, &left_type, right_type, ast.offset);
  }
  return call;
}

absl::StatusOr<ExprPtr> Binder::ArithmeticOperator(const std::string& op, ExprPtr left,
                                                   ExprPtr right, int offset) {
  for (int side = 0; side < 2; ++side) {
    const ExprPtr& interval = side == 0 ? left : right;
    ExprPtr& other = side == 0 ? right : left;
    if (interval->is_constant() && interval->name == kUnqualifiedInterval &&
        other->type.id == TypeId::kDate) {
      VESTO_ASSIGN_OR_RETURN(other,
                             Coerce(std::move(other), Type::Timestamp(), Coercion::kImplicit));
    }
  }
  // x +/- interval '1 month 2 days': the months first, then the rest.
  for (int side = 0; side < 2; ++side) {
    ExprPtr& interval = side == 0 ? left : right;
    if (!IsCompositeInterval(*interval)) continue;
    ExprPtr& other = side == 0 ? right : left;
    if (op != "+" && !(op == "-" && side == 1)) {
      return SqlError(SqlState::kInvalidDatetimeFormat,
                      "Interval Day To Second literal cannot contain year-month parts.")
          .At(offset);
    }
    ExprPtr micros = std::move(interval->args[0]);
    interval->args.clear();
    VESTO_ASSIGN_OR_RETURN(ExprPtr moved, ArithmeticOperator(op, std::move(other),
                                                             std::move(interval), offset));
    return ArithmeticOperator(op, std::move(moved), std::move(micros), offset);
  }

  auto untyped = [](const ExprPtr& side) { return side->type.id == TypeId::kUnknown; };
  if (untyped(left) && untyped(right)) {
    // '1' + '2' concatenates, as two character operands do; other operators want numbers.
    if (op == "+" && left->is_constant() && right->is_constant() && !left->constant.is_null() &&
        !right->constant.is_null()) {
      return Concatenate(std::move(left), std::move(right), offset);
    }
    VESTO_ASSIGN_OR_RETURN(left, Coerce(std::move(left), Type::Integer(), Coercion::kImplicit));
    VESTO_ASSIGN_OR_RETURN(right, Coerce(std::move(right), Type::Integer(), Coercion::kImplicit));
  }
  for (int side = 0; side < 2; ++side) {
    ExprPtr& literal = side == 0 ? left : right;
    const ExprPtr& typed = side == 0 ? right : left;
    if (!untyped(literal) || untyped(typed)) continue;
    if (types::IsNumeric(typed->type)) {
      VESTO_ASSIGN_OR_RETURN(literal,
                             Coerce(std::move(literal), typed->type, Coercion::kImplicit));
    } else if (types::IsDateTime(typed->type) && op == "-" && side == 1 &&
               literal->is_constant() && !literal->constant.is_null()) {
      VESTO_ASSIGN_OR_RETURN(literal,
                             Coerce(std::move(literal), typed->type, Coercion::kImplicit));
    }
  }
  auto is_text = [&untyped](const ExprPtr& side) {
    return types::IsString(side->type) || untyped(side);
  };
  if (op == "+" && is_text(left) && is_text(right)) {
    return Concatenate(std::move(left), std::move(right), offset);
  }
  if (op == "+" && left->type.id == TypeId::kVarbyte && right->type.id == TypeId::kVarbyte) {
    return Concatenate(std::move(left), std::move(right), offset);
  }
  // A character value beside a number is read as one.
  for (int side = 0; side < 2; ++side) {
    ExprPtr& text = side == 0 ? left : right;
    const ExprPtr& number = side == 0 ? right : left;
    if (types::IsString(text->type) && types::IsNumeric(number->type)) {
      VESTO_ASSIGN_OR_RETURN(text, Coerce(std::move(text), number->type, Coercion::kExplicit));
    }
  }
  if (types::IsNumeric(left->type) && types::IsNumeric(right->type)) {
    const Op code = op == "+"   ? Op::kAdd
                    : op == "-" ? Op::kSubtract
                    : op == "*" ? Op::kMultiply
                    : op == "/" ? Op::kDivide
                                : Op::kModulo;
    ExprPtr node = expr::Arithmetic(code, std::move(left), std::move(right));
    node->offset = offset;
    return node;
  }
  const Type left_type = left->type, right_type = right->type;
  const functions::ScalarFunction* function = context_.functions.FindScalar(op);
  if (function == nullptr) return OperatorMissing(op, &left_type, right_type, offset);
  std::vector<ExprPtr> args;
  args.push_back(std::move(left));
  args.push_back(std::move(right));
  auto call = CallFunction(*function, op, std::move(args), offset);
  if (!call.ok() && (SqlStateOf(call.status()) == SqlState::kUndefinedFunction ||
                     SqlStateOf(call.status()) == SqlState::kAmbiguousFunction)) {
    return OperatorMissing(op, &left_type, right_type, offset);
  }
  return call;
}

absl::StatusOr<ExprPtr> Binder::Concatenate(ExprPtr left, ExprPtr right, int offset) {
  if (types::IsArray(left->type) && types::IsArray(right->type)) {
    std::vector<ExprPtr> args;
    args.push_back(std::move(left));
    args.push_back(std::move(right));
    return Call("array_cat", std::move(args), offset);
  }
  for (ExprPtr* side : {&left, &right}) {
    *side = ResolveUnknown(std::move(*side));
    if (types::IsNumeric((*side)->type) || types::IsDateTime((*side)->type)) {
      VESTO_ASSIGN_OR_RETURN(*side,
                             Coerce(std::move(*side), Type::Varchar(0), Coercion::kExplicit));
    }
  }
  const functions::ScalarFunction* function = context_.functions.FindScalar("||");
  if (function == nullptr) function = context_.functions.FindScalar("concat");
  const Type left_type = left->type, right_type = right->type;
  if (function == nullptr) return OperatorMissing("||", &left_type, right_type, offset);
  std::vector<ExprPtr> args;
  args.push_back(std::move(left));
  args.push_back(std::move(right));
  auto call = CallFunction(*function, "||", std::move(args), offset);
  if (!call.ok() && SqlStateOf(call.status()) == SqlState::kUndefinedFunction) {
    return OperatorMissing("||", &left_type, right_type, offset);
  }
  return call;
}

absl::StatusOr<ExprPtr> Binder::MakeLike(expr::LikeKind kind, bool negated, ExprPtr value,
                                         ExprPtr pattern, ExprPtr escape, int offset) {
  auto node = std::make_unique<expr::Expr>();
  node->kind = ExprKind::kLike;
  node->type = Type::Boolean();
  node->physical = types::PhysicalType::kBool;
  node->like = kind;
  node->negated = negated;
  node->offset = offset;
  const Type left_type = value->type, right_type = pattern->type;
  for (ExprPtr* side : {&value, &pattern, &escape}) {
    if (*side == nullptr) continue;
    *side = ResolveUnknown(std::move(*side));
    if (!types::IsString((*side)->type)) {
      if (!types::CanConvertImplicitly((*side)->type, Type::Varchar(kVarcharMaxBytes))) {
        return OperatorMissing("~~", &left_type, right_type, offset);
      }
      VESTO_ASSIGN_OR_RETURN(*side,
                             Coerce(std::move(*side), Type::Varchar(0), Coercion::kExplicit));
    }
    *side = Fold(std::move(*side));
    node->args.push_back(std::move(*side));
  }
  return node;
}

}  // namespace vesto::binder
