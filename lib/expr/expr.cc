#include "expr/expr.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/stack_guard.h"
#include "base/status_macros.h"
#include "types/type_rules.h"

namespace vesto::expr {

namespace {

std::string_view OpText(Op op) {
  switch (op) {
    case Op::kNone: return "";
    case Op::kAdd: return "+";
    case Op::kSubtract: return "-";
    case Op::kMultiply: return "*";
    case Op::kDivide: return "/";
    case Op::kModulo: return "%";
    case Op::kEqual: return "=";
    case Op::kNotEqual: return "<>";
    case Op::kLess: return "<";
    case Op::kLessEqual: return "<=";
    case Op::kGreater: return ">";
    case Op::kGreaterEqual: return ">=";
  }
  return "";
}

char OpCharacter(Op op) { return op == Op::kNone ? ' ' : OpText(op)[0]; }

ExprPtr Make(ExprKind kind, const Type& type) {
  auto node = std::make_unique<Expr>();
  node->kind = kind;
  node->type = type;
  node->physical = types::DefaultPhysicalType(type);
  return node;
}

// EXPLAIN shows string operands as text, as PostgreSQL's operators take them.
bool PrintsAsText(const Type& type) {
  return type.id == TypeId::kVarchar || type.id == TypeId::kText || type.id == TypeId::kUnknown;
}

std::string Quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  out += '\'';
  return out;
}

std::string ConstantText(const Expr& expr) {
  const Value& value = expr.constant;
  if (value.is_null()) {
    if (expr.type.id == TypeId::kUnknown) return "NULL";
    return absl::StrCat("NULL::", expr.type.ToString());
  }
  switch (expr.type.id) {
    case TypeId::kBoolean: return value.boolean() ? "true" : "false";
    case TypeId::kSmallint:
    case TypeId::kInteger:
    case TypeId::kBigint:
    case TypeId::kOid:
    case TypeId::kDecimal:
    case TypeId::kReal:
    case TypeId::kDouble: return value.ToString();
    case TypeId::kChar: return absl::StrCat(Quoted(value.text()), "::bpchar");
    case TypeId::kVarchar:
    case TypeId::kText: return absl::StrCat(Quoted(value.text()), "::text");
    default: return absl::StrCat(Quoted(value.ToString()), "::", expr.type.ToString());
  }
}

std::string Operand(const Expr& expr) {
  if (expr.kind == ExprKind::kColumn && PrintsAsText(expr.type)) {
    return absl::StrCat("(", expr.name, ")::text");
  }
  return expr.ToString();
}

std::string JoinArgs(const std::vector<ExprPtr>& args, size_t first, std::string_view separator) {
  std::string out;
  for (size_t i = first; i < args.size(); ++i) {
    if (i > first) out += separator;
    out += args[i]->ToString();
  }
  return out;
}

std::string LikeOperator(const Expr& expr) {
  const char* name = "~~";
  switch (expr.like) {
    case LikeKind::kLike: name = "~~"; break;
    case LikeKind::kILike: name = "~~*"; break;
    case LikeKind::kSimilarTo: name = "SIMILAR TO"; break;
    case LikeKind::kRegex: name = "~"; break;
  }
  if (!expr.negated) return name;
  return expr.like == LikeKind::kSimilarTo ? "NOT SIMILAR TO" : absl::StrCat("!", name);
}

std::string InListText(const Expr& expr) {
  const std::string left = Operand(*expr.args[0]);
  const bool many = expr.args.size() > 11;
  if (many) {
    std::string list;
    for (size_t i = 1; i < expr.args.size(); ++i) {
      if (i > 1) list += ',';
      list += expr.args[i]->constant.is_null() ? "NULL" : expr.args[i]->constant.ToString();
    }
    const std::string element =
        PrintsAsText(expr.args[0]->type) ? "text" : expr.args[0]->type.ToString();
    return absl::StrCat("(", left, expr.negated ? " <> ALL ('{" : " = ANY ('{", list, "}'::",
                        element, "[]))");
  }
  std::string out = expr.args.size() > 2 ? "(" : "";
  for (size_t i = 1; i < expr.args.size(); ++i) {
    if (i > 1) out += expr.negated ? " AND " : " OR ";
    absl::StrAppend(&out, "(", left, expr.negated ? " <> " : " = ", expr.args[i]->ToString(), ")");
  }
  if (expr.args.size() > 2) out += ")";
  return out;
}

// The digits before the point that an exact numeric type may hold.
int WholeDigits(const Type& type) {
  const Type decimal = types::AsDecimal(type);
  return decimal.length - decimal.scale;
}

bool ArithmeticCanFail(const Expr& expr) {
  if (expr.op == Op::kDivide || expr.op == Op::kModulo) {
    const Expr& divisor = *expr.args[1];
    if (!divisor.is_constant() || divisor.constant.is_null()) return !divisor.is_constant();
    const bool floating = types::IsFloating(divisor.type);
    if (floating ? divisor.constant.floating() == 0 : divisor.constant.integer128() == 0) {
      return true;
    }
    return expr.op == Op::kDivide && (expr.type.id == TypeId::kDecimal ||
                                      divisor.constant.integer128() == -1);
  }
  if (expr.type.id != TypeId::kDecimal) return true;
  const Type left = types::AsDecimal(expr.args[0]->type);
  const Type right = types::AsDecimal(expr.args[1]->type);
  if (expr.op == Op::kMultiply) return left.length + right.length + 1 > kDecimalMaxPrecision;
  return std::max(WholeDigits(left), WholeDigits(right)) + 1 + std::max(left.scale, right.scale) >
         kDecimalMaxPrecision;
}

bool CastCanFail(const Expr& expr) {
  const Type& from = expr.args[0]->type;
  const Type& to = expr.type;
  if (from == to) return false;
  if (types::IsString(to)) {
    if (!expr.implicit) return false;  // explicit casts cut the string
    return !(types::IsString(from) && from.length > 0 && from.length <= to.length &&
             from.id == to.id);
  }
  if (types::IsNumeric(from) && types::IsFloating(to)) return to.id == TypeId::kReal;
  const bool from_exact = types::IsInteger(from) || from.id == TypeId::kDecimal;
  if (from_exact && (types::IsInteger(to) || to.id == TypeId::kDecimal)) {
    const bool to_integer = types::IsInteger(to);
    if (types::IsInteger(from) && to_integer) {
      return types::PhysicalSize(types::DefaultPhysicalType(from)) >
             types::PhysicalSize(types::DefaultPhysicalType(to));
    }
    if (to_integer) return WholeDigits(from) >= WholeDigits(to);
    // Rounding may carry into a new digit.
    return WholeDigits(from) > to.length - to.scale ||
           (from.id == TypeId::kDecimal && from.scale > to.scale && expr.implicit &&
            WholeDigits(from) >= to.length - to.scale);
  }
  return !(types::IsDateTime(from) && types::IsDateTime(to));
}

}  // namespace

// A chain of a million operators must not exhaust the stack: children are unhooked into one list
// and die there with no children of their own.
Expr::~Expr() {
  if (args.empty()) return;
  std::vector<ExprPtr> pending = std::move(args);
  while (!pending.empty()) {
    ExprPtr last = std::move(pending.back());
    pending.pop_back();
    if (last == nullptr) continue;
    for (ExprPtr& arg : last->args) pending.push_back(std::move(arg));
    last->args.clear();
  }
}

ExprPtr Expr::Clone() const {
  auto copy = std::make_unique<Expr>();
  copy->kind = kind;
  copy->type = type;
  copy->physical = physical;
  copy->op = op;
  copy->like = like;
  copy->negated = negated;
  copy->implicit = implicit;
  copy->column = column;
  copy->parameter = parameter;
  copy->offset = offset;
  copy->constant = constant;
  copy->function = function;
  copy->overload = overload;
  copy->state = state;
  copy->name = name;
  copy->args.reserve(args.size());
  for (const ExprPtr& arg : args) copy->args.push_back(arg->Clone());
  return copy;
}

bool Expr::Equals(const Expr& other) const {
  if (this == &other) return true;
  if (kind != other.kind || type != other.type || op != other.op || like != other.like ||
      negated != other.negated || implicit != other.implicit || column != other.column ||
      parameter != other.parameter || function != other.function || overload != other.overload ||
      args.size() != other.args.size() || !(constant == other.constant)) {
    return false;
  }
  for (size_t i = 0; i < args.size(); ++i) {
    if (!args[i]->Equals(*other.args[i])) return false;
  }
  return true;
}

uint64_t Expr::Hash() const {
  size_t hash = absl::HashOf(static_cast<int>(kind), static_cast<int>(type.id), type.length,
                             type.scale, static_cast<int>(op), negated, column, parameter,
                             function, overload, args.size());
  if (kind == ExprKind::kConstant || kind == ExprKind::kIsTrue) {
    hash = absl::HashOf(hash, constant.is_null(), constant.integer(), constant.text());
    if (types::IsFloating(type)) hash = absl::HashOf(hash, constant.floating());
  }
  for (const ExprPtr& arg : args) hash = absl::HashOf(hash, arg->Hash());
  return hash;
}

std::string Expr::ToString() const {
  if (!base::HasStack()) return "...";
  switch (kind) {
    case ExprKind::kConstant: return ConstantText(*this);
    case ExprKind::kColumn: return name;
    case ExprKind::kParameter: return absl::StrCat("$", parameter + 1);
    case ExprKind::kCall: {
      const std::string& called = function != nullptr ? function->name : name;
      const bool word = !called.empty() && !absl::ascii_isalpha(called[0]) && called[0] != '_';
      if (word && args.size() == 2) {
        return absl::StrCat("(", Operand(*args[0]), " ", called, " ", Operand(*args[1]), ")");
      }
      if (word && args.size() == 1) return absl::StrCat("(", called, " ", Operand(*args[0]), ")");
      return absl::StrCat(called, "(", JoinArgs(args, 0, ", "), ")");
    }
    case ExprKind::kCast:
      return absl::StrCat("(", args[0]->ToString(), ")::",
                          PrintsAsText(type) ? "text" : type.ToString());
    case ExprKind::kArithmetic:
      return absl::StrCat("(", args[0]->ToString(), " ", sv(OpText(op)), " ", args[1]->ToString(),
                          ")");
    case ExprKind::kNegate: return absl::StrCat("(- ", args[0]->ToString(), ")");
    case ExprKind::kCompare:
      return absl::StrCat("(", Operand(*args[0]), " ", sv(OpText(op)), " ", Operand(*args[1]), ")");
    case ExprKind::kAnd: return absl::StrCat("(", JoinArgs(args, 0, " AND "), ")");
    case ExprKind::kOr: return absl::StrCat("(", JoinArgs(args, 0, " OR "), ")");
    case ExprKind::kNot: return absl::StrCat("(NOT ", args[0]->ToString(), ")");
    case ExprKind::kIsNull:
      return absl::StrCat("(", args[0]->ToString(), negated ? " IS NOT NULL)" : " IS NULL)");
    case ExprKind::kIsTrue:
      return absl::StrCat("(", args[0]->ToString(), negated ? " IS NOT " : " IS ",
                          constant.is_null() || constant.boolean() ? "TRUE)" : "FALSE)");
    case ExprKind::kCase: {
      std::string out = "CASE";
      for (size_t i = 0; i + 1 < args.size(); i += 2) {
        absl::StrAppend(&out, " WHEN ", args[i]->ToString(), " THEN ", args[i + 1]->ToString());
      }
      absl::StrAppend(&out, " ELSE ", args.empty() ? "NULL" : args.back()->ToString(), " END");
      return out;
    }
    case ExprKind::kCoalesce: return absl::StrCat("COALESCE(", JoinArgs(args, 0, ", "), ")");
    case ExprKind::kInList: return InListText(*this);
    case ExprKind::kLike: {
      std::string out = absl::StrCat("(", Operand(*args[0]), " ", LikeOperator(*this), " ",
                                     Operand(*args[1]));
      if (args.size() > 2) absl::StrAppend(&out, " ESCAPE ", args[2]->ToString());
      return out + ")";
    }
  }
  return "";
}

// --- Construction -------------------------------------------------------------------------------

ExprPtr Constant(Value value) {
  ExprPtr node = Make(ExprKind::kConstant, value.type());
  node->constant = std::move(value);
  return node;
}

ExprPtr Column(ColumnId column, const Type& type, std::string name) {
  ExprPtr node = Make(ExprKind::kColumn, type);
  node->column = column;
  node->name = std::move(name);
  return node;
}

ExprPtr Compare(Op op, ExprPtr left, ExprPtr right) {
  ExprPtr node = Make(ExprKind::kCompare, Type::Boolean());
  node->op = op;
  node->offset = left->offset;
  node->args.push_back(std::move(left));
  node->args.push_back(std::move(right));
  return node;
}

ExprPtr Arithmetic(Op op, ExprPtr left, ExprPtr right) {
  ExprPtr node = Make(ExprKind::kArithmetic,
                      types::ArithmeticResultType(OpCharacter(op), left->type, right->type));
  node->op = op;
  node->offset = left->offset;
  node->args.push_back(std::move(left));
  node->args.push_back(std::move(right));
  return node;
}

namespace {

ExprPtr Junction(ExprKind kind, std::vector<ExprPtr> parts) {
  if (parts.empty()) return Constant(Value::Boolean(kind == ExprKind::kAnd));
  if (parts.size() == 1) return std::move(parts[0]);
  ExprPtr node = Make(kind, Type::Boolean());
  node->offset = parts[0]->offset;
  node->args.reserve(parts.size());
  for (ExprPtr& part : parts) {
    if (part->kind == kind) {
      for (ExprPtr& arg : part->args) node->args.push_back(std::move(arg));
      part->args.clear();
    } else {
      node->args.push_back(std::move(part));
    }
  }
  return node;
}

}  // namespace

ExprPtr And(std::vector<ExprPtr> conjuncts) {
  return Junction(ExprKind::kAnd, std::move(conjuncts));
}

ExprPtr Or(std::vector<ExprPtr> disjuncts) {
  if (disjuncts.empty()) return Constant(Value::Boolean(false));
  return Junction(ExprKind::kOr, std::move(disjuncts));
}

// In three-valued logic a comparison, IS NULL, LIKE and IN are negated in place.
ExprPtr Not(ExprPtr input) {
  switch (input->kind) {
    case ExprKind::kNot: {
      ExprPtr inner = std::move(input->args[0]);
      input->args.clear();
      return inner;
    }
    case ExprKind::kCompare: input->op = Negate(input->op); return input;
    case ExprKind::kIsNull:
    case ExprKind::kIsTrue:
    case ExprKind::kInList:
    case ExprKind::kLike: input->negated = !input->negated; return input;
    default: break;
  }
  ExprPtr node = Make(ExprKind::kNot, Type::Boolean());
  node->offset = input->offset;
  node->args.push_back(std::move(input));
  return node;
}

ExprPtr IsNull(ExprPtr input, bool negated) {
  ExprPtr node = Make(ExprKind::kIsNull, Type::Boolean());
  node->negated = negated;
  node->offset = input->offset;
  node->args.push_back(std::move(input));
  return node;
}

ExprPtr Cast(ExprPtr input, const Type& type, bool implicit) {
  ExprPtr node = Make(ExprKind::kCast, type);
  node->implicit = implicit;
  node->offset = input->offset;
  node->args.push_back(std::move(input));
  return node;
}

// --- Inspection ---------------------------------------------------------------------------------

void Visit(const Expr& expr, const std::function<void(const Expr&)>& visit) {
  visit(expr);
  for (const ExprPtr& arg : expr.args) Visit(*arg, visit);
}

ExprPtr Transform(ExprPtr expr, const std::function<ExprPtr(Expr&)>& replace) {
  if (ExprPtr replaced = replace(*expr); replaced != nullptr) return replaced;
  for (ExprPtr& arg : expr->args) arg = Transform(std::move(arg), replace);
  return expr;
}

void CollectColumns(const Expr& expr, absl::flat_hash_set<ColumnId>* columns) {
  Visit(expr, [columns](const Expr& node) {
    if (node.is_column()) columns->insert(node.column);
  });
}

std::vector<ExprPtr> SplitConjuncts(ExprPtr predicate) {
  std::vector<ExprPtr> conjuncts;
  if (predicate == nullptr) return conjuncts;
  if (predicate->kind != ExprKind::kAnd) {
    conjuncts.push_back(std::move(predicate));
    return conjuncts;
  }
  for (ExprPtr& arg : predicate->args) {
    for (ExprPtr& part : SplitConjuncts(std::move(arg))) conjuncts.push_back(std::move(part));
  }
  predicate->args.clear();
  return conjuncts;
}

bool IsVolatile(const Expr& expr) {
  if (expr.kind == ExprKind::kCall && expr.function != nullptr &&
      expr.function->volatility == functions::Volatility::kVolatile) {
    return true;
  }
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [](const ExprPtr& arg) { return IsVolatile(*arg); });
}

bool HasParameter(const Expr& expr) {
  if (expr.kind == ExprKind::kParameter) return true;
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [](const ExprPtr& arg) { return HasParameter(*arg); });
}

bool CanFail(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kCall:
      if (expr.function == nullptr || expr.function->can_fail) return true;
      break;
    case ExprKind::kArithmetic:
      if (ArithmeticCanFail(expr)) return true;
      break;
    case ExprKind::kCast:
      if (CastCanFail(expr)) return true;
      break;
    case ExprKind::kNegate:
      if (types::IsInteger(expr.type)) return true;  // the smallest integer has no negative
      break;
    case ExprKind::kLike:
      if (!expr.args[1]->is_constant()) return true;  // a pattern may be malformed
      break;
    default: break;
  }
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [](const ExprPtr& arg) { return CanFail(*arg); });
}

Op Commute(Op op) {
  switch (op) {
    case Op::kLess: return Op::kGreater;
    case Op::kLessEqual: return Op::kGreaterEqual;
    case Op::kGreater: return Op::kLess;
    case Op::kGreaterEqual: return Op::kLessEqual;
    default: return op;
  }
}

Op Negate(Op op) {
  switch (op) {
    case Op::kEqual: return Op::kNotEqual;
    case Op::kNotEqual: return Op::kEqual;
    case Op::kLess: return Op::kGreaterEqual;
    case Op::kLessEqual: return Op::kGreater;
    case Op::kGreater: return Op::kLessEqual;
    case Op::kGreaterEqual: return Op::kLess;
    default: return op;
  }
}

}  // namespace vesto::expr
