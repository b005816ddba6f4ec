#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "functions/function.h"
#include "types/physical_type.h"
#include "vesto/type.h"
#include "vesto/value.h"

// Bound expressions: names are resolved, every node has a type, conversions are explicit.
namespace vesto::expr {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

// A column of some plan node's output, unique within a query: rules may move expressions between
// nodes without renumbering. Physical plans turn ids into positions of the input batch.
using ColumnId = int32_t;

enum class ExprKind : uint8_t {
  kConstant,    // `constant`
  kColumn,      // `column`
  kParameter,   // `parameter`, 0-based: read from EvalContext at run time
  kCall,        // `function`, `overload`, args
  kCast,        // args[0] to `type`; `implicit`: assignment rules instead of explicit ones
  kArithmetic,  // `op` + - * / %; both args numeric of the node's rules, see arithmetic.h
  kNegate,      // - args[0]
  kCompare,     // `op`: both args of one type
  kAnd,         // n-ary
  kOr,          // n-ary
  kNot,
  kIsNull,      // args[0] IS NULL; `negated`: IS NOT NULL
  kIsTrue,      // args[0] IS TRUE; with `constant` false: IS FALSE; `negated`
  kCase,        // args: when, then, when, then, ..., else (always present)
  kCoalesce,    // first argument that is not NULL; later ones are evaluated only where needed
  kInList,      // args[0] IN (constants): args[1..] are constants of one type; `negated`
  kLike,        // args[0] LIKE args[1] [ESCAPE args[2]]; `like`, `negated`
};

enum class Op : uint8_t {
  kNone, kAdd, kSubtract, kMultiply, kDivide, kModulo,
  kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual,
};

enum class LikeKind : uint8_t { kLike, kILike, kSimilarTo, kRegex };

struct Expr {
  ExprKind kind = ExprKind::kConstant;
  Type type;
  // The form in which the interpreter produces the node's vector. Default form of `type`, unless
  // bounds prove a narrower one (DECIMAL of more than 18 digits in kInt64).
  types::PhysicalType physical = types::PhysicalType::kInt32;
  Op op = Op::kNone;
  LikeKind like = LikeKind::kLike;
  bool negated = false;
  bool implicit = false;
  ColumnId column = -1;
  int parameter = -1;
  int offset = -1;  // in the statement's text, for run-time errors
  Value constant;
  const functions::ScalarFunction* function = nullptr;
  int overload = 0;
  std::shared_ptr<const void> state;  // what the overload's `prepare` made
  std::vector<ExprPtr> args;
  std::string name;  // kColumn: the column's name, for EXPLAIN and messages

  Expr() = default;
  ~Expr();  // iterative
  Expr(const Expr&) = delete;
  Expr& operator=(const Expr&) = delete;

  ExprPtr Clone() const;
  bool Equals(const Expr& other) const;
  uint64_t Hash() const;
  // PostgreSQL's text as EXPLAIN prints it: ((c)::text = 'x'::text).
  std::string ToString() const;

  bool is_constant() const { return kind == ExprKind::kConstant; }
  bool is_column() const { return kind == ExprKind::kColumn; }
};

// --- Construction -------------------------------------------------------------------------------
ExprPtr Constant(Value value);
ExprPtr Column(ColumnId column, const Type& type, std::string name);
// `op` with both sides already of one type.
ExprPtr Compare(Op op, ExprPtr left, ExprPtr right);
// Result type by types::ArithmeticResultType (dates and intervals are calls, not arithmetic).
ExprPtr Arithmetic(Op op, ExprPtr left, ExprPtr right);
ExprPtr And(std::vector<ExprPtr> conjuncts);  // flattens; one conjunct is itself; none is TRUE
ExprPtr Or(std::vector<ExprPtr> disjuncts);
ExprPtr Not(ExprPtr input);
ExprPtr IsNull(ExprPtr input, bool negated);
ExprPtr Cast(ExprPtr input, const Type& type, bool implicit);

// --- Inspection ---------------------------------------------------------------------------------
// Calls `visit` on every node, parents first.
void Visit(const Expr& expr, const std::function<void(const Expr&)>& visit);
// Every node that `replace` answers with something is replaced by it (not looked into again).
ExprPtr Transform(ExprPtr expr, const std::function<ExprPtr(Expr&)>& replace);
void CollectColumns(const Expr& expr, absl::flat_hash_set<ColumnId>* columns);
std::vector<ExprPtr> SplitConjuncts(ExprPtr predicate);
bool IsVolatile(const Expr& expr);
bool HasParameter(const Expr& expr);
// May some row make it fail (division, cast from a string, overflow that no bound excludes)?
bool CanFail(const Expr& expr);
Op Commute(Op op);  // a < b -> b > a
Op Negate(Op op);   // a < b -> a >= b

}  // namespace vesto::expr
