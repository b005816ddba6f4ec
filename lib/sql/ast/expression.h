#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// The tree of an SQL expression as it was written: names are not resolved, types are not known.
// Every node keeps a 0-based byte offset for error messages: of its first token, or of the operator
// where one stands between operands.
namespace vesto::sql {

struct Expression;
struct Query;
struct OrderItem;
using ExpressionPtr = std::unique_ptr<Expression>;
using QueryPtr = std::unique_ptr<Query>;

// A possibly qualified name, already folded to lower case as Redshift folds it.
using Name = std::vector<std::string>;

// The modifier MAX of VARCHAR(MAX) and VARBYTE(MAX).
inline constexpr int kMaxModifier = -1;

struct TypeName {
  std::string name;                // lower case, words joined by one blank: "character varying"
  std::vector<int> modifiers;      // (12,2); kMaxModifier for MAX
  std::string interval_qualifier;  // "", "year to month", "day to second", ...
  int offset = 0;
};

enum class ExpressionKind : uint8_t {
  kNull,
  kBoolean,      // `boolean`
  kNumber,       // `text`: digits, point and exponent as written
  kString,       // `text`: unescaped
  kTypedString,  // DATE '...', INTERVAL '...' DAY: `text`, `type`
  kParameter,    // $n: `index`
  kColumn,       // a, t.a, s.t.a, db.s.t.a: `name`
  kStar,         // *, t.*: `name` holds the qualifier; `excluded`: EXCLUDE (c, ...)
  kUnary,        // + - NOT @ |/ ||/ ~: `op`, args[0]
  kBinary,       // arithmetic, comparison, ||, ~, !~, ~~...: `op`, args[0], args[1]
  kAnd,          // n-ary
  kOr,           // n-ary
  kIsNull,       // args[0] IS [NOT] NULL
  kIsBoolean,    // args[0] IS [NOT] TRUE|FALSE|UNKNOWN: `op`
  kIsDistinctFrom,
  kBetween,     // args[0] [NOT] BETWEEN args[1] AND args[2]
  kLike,        // args[0] [NOT] LIKE|ILIKE|SIMILAR TO args[1] [ESCAPE args[2]]: `op` = "like" ...
  kInList,      // args[0] [NOT] IN (args[1..])
  kInQuery,     // args[0] [NOT] IN (query)
  kExists,      // [NOT] EXISTS (query)  (NOT is an enclosing kUnary)
  kQuantified,  // args[0] op ANY|SOME|ALL (query): `op`, `quantifier`
  kScalarQuery,
  kArrayQuery,     // ARRAY(query)
  kArray,          // ARRAY[args]
  kRow,            // (a, b, ...): row value
  kCase,           // CASE [operand] WHEN ... THEN ... [ELSE ...] END
  kCast,           // CAST(a AS t), a::t, CONVERT(t, a): args[0], `type`; `try_cast`
  kFunction,       // f(args), aggregates and window functions included
  kExtract,        // EXTRACT(part FROM a): `text` = part, args[0]
  kAtTimeZone,     // args[0] AT TIME ZONE args[1]
  kDefault,        // DEFAULT in VALUES or SET
  kSubscript,      // SUPER navigation: args[0] . `text` or args[0] [ args[1] ]
  kOuterJoinMark,  // args[0] (+)
  kPrior,          // PRIOR args[0] (CONNECT BY)
};

enum class FrameBound : uint8_t {
  kUnboundedPreceding,
  kPreceding,  // `start`/`end` expression
  kCurrentRow,
  kFollowing,
  kUnboundedFollowing,
};

struct WindowFrame {
  bool rows = true;  // false: RANGE was written
  FrameBound start = FrameBound::kUnboundedPreceding;
  FrameBound end = FrameBound::kCurrentRow;
  ExpressionPtr start_offset, end_offset;
  int offset = 0;
};

struct WindowSpec {
  std::vector<ExpressionPtr> partition_by;
  std::vector<OrderItem> order_by;
  std::optional<WindowFrame> frame;
};

struct CaseBranch {
  ExpressionPtr when, then;
};

// One node. Which fields count is said beside its kind. Freed without recursion, so that a chain
// of a million operators does not exhaust the stack.
struct Expression {
  ExpressionKind kind = ExpressionKind::kNull;
  bool negated = false;  // IS NOT NULL, NOT LIKE, NOT IN, NOT BETWEEN
  bool boolean = false;
  bool distinct = false;      // f(DISTINCT ...)
  bool star = false;          // COUNT(*)
  bool approximate = false;   // APPROXIMATE COUNT(DISTINCT ...)
  bool ignore_nulls = false;  // IGNORE NULLS of window functions
  bool try_cast = false;
  bool no_parentheses = false;  // CURRENT_DATE, SYSDATE, USER: a function written as a word
  int index = 0;                // parameter number, 1-based
  int offset = 0;               // byte offset in the statement
  std::string op;               // operator as written, lower case
  std::string text;
  std::string quantifier;  // "any" or "all"
  Name name;               // column or function name
  TypeName type;
  std::vector<ExpressionPtr> args;
  std::vector<std::string> excluded;
  std::vector<CaseBranch> branches;  // kCase: args[0] is the operand (may be null)
  ExpressionPtr otherwise;           // ELSE
  QueryPtr query;
  std::unique_ptr<WindowSpec> over;     // window function
  std::vector<OrderItem> within_group;  // WITHIN GROUP (ORDER BY ...)

  Expression();
  ~Expression();
};

struct OrderItem {
  ExpressionPtr expression;
  bool descending = false;
  std::optional<bool> nulls_first;  // absent: ASC last, DESC first
  int offset = 0;
};

// SQL text that parses to the same tree; used for view definitions, defaults and messages.
std::string ToSql(const Expression& expression);

}  // namespace vesto::sql
