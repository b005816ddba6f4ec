#include "exec/scan_predicates.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/int128.h"
#include "base/status_macros.h"
#include "expr/cast.h"
#include "expr/evaluator.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/text.h"
#include "types/type_rules.h"

namespace vesto::exec {
namespace {

using column::ColumnPredicate;
using column::StringRef;
using column::Vector;
using expr::Expr;
using expr::ExprKind;
using expr::Op;

// A column under casts that keep its order and lose nothing: value of the expression = value of the
// column * factor.
struct ScaledColumn {
  int column = -1;  // of the table
  Type type;        // of the column
  int128_t factor = 1;
};

bool HasIntegerImage(const Type& type) {
  return types::IsInteger(type) || type.id == TypeId::kDecimal || types::IsDateTime(type) ||
         type.id == TypeId::kBoolean;
}

class PredicateCompiler {
 public:
  PredicateCompiler(const physical::ScanSpec& spec,
                    const std::vector<logical::OutputColumn>& output,
                    const functions::EvalContext& eval)
      : spec_(spec), output_(output), eval_(eval) {}

  // True when `conjunct` was turned into a pushed predicate (or decided).
  absl::StatusOr<bool> Push(const Expr& conjunct, ScanPredicates* result) {
    if (conjunct.kind == ExprKind::kCompare) {
      VESTO_ASSIGN_OR_RETURN(const bool pushed, PushCompare(conjunct, result));
      if (pushed) return true;
    }
    if (conjunct.kind == ExprKind::kIsNull && conjunct.args[0]->is_column()) {
      result->pushed.push_back(
          ColumnPredicate::IsNull(TableColumn(conjunct.args[0]->column), conjunct.negated));
      return true;
    }
    if (conjunct.kind == ExprKind::kInList) {
      VESTO_ASSIGN_OR_RETURN(const bool pushed, PushInList(conjunct, result));
      if (pushed) return true;
    }
    return PushStringTest(conjunct, result);
  }

 private:
  int TableColumn(expr::ColumnId id) const {
    for (size_t i = 0; i < output_.size() && i < spec_.columns.size(); ++i) {
      if (output_[i].id == id) return spec_.columns[i];
    }
    return -1;
  }

  std::optional<ScaledColumn> Scaled(const Expr& expression) const {
    if (expression.is_column()) {
      const int column = TableColumn(expression.column);
      if (column < 0) return std::nullopt;
      return ScaledColumn{column, expression.type, 1};
    }
    if (expression.kind != ExprKind::kCast) return std::nullopt;
    auto inner = Scaled(*expression.args[0]);
    if (!inner.has_value()) return std::nullopt;
    const Type& from = expression.args[0]->type;
    const Type& to = expression.type;
    if (!expr::CastCannotFail(from, to)) return std::nullopt;
    const bool from_exact = types::IsInteger(from) || from.id == TypeId::kDecimal;
    const bool to_exact = types::IsInteger(to) || to.id == TypeId::kDecimal;
    if (from_exact && to_exact) {
      const int digits = (to.id == TypeId::kDecimal ? to.scale : 0) -
                         (from.id == TypeId::kDecimal ? from.scale : 0);
      if (digits < 0 || digits > 18) return std::nullopt;
      inner->factor *= types::PowerOfTen(digits);
      return inner;
    }
    if (from.id == TypeId::kDate && to.id == TypeId::kTimestamp) {
      inner->factor *= types::kMicrosPerDay;
      return inner;
    }
    return std::nullopt;
  }

  // The value of a side without columns; nullopt when it has some or cannot be evaluated.
  std::optional<Value> ConstantOf(const Expr& expression) const {
    absl::flat_hash_set<expr::ColumnId> columns;
    expr::CollectColumns(expression, &columns);
    if (!columns.empty() || expr::IsVolatile(expression)) return std::nullopt;
    auto value = expr::EvaluateConstant(expression, eval_);
    if (!value.ok()) return std::nullopt;  // the error belongs to the rows: residual
    return *value;
  }

  absl::StatusOr<bool> PushCompare(const Expr& conjunct, ScanPredicates* result) const {
    Op op = conjunct.op;
    const Expr* column_side = conjunct.args[0].get();
    const Expr* value_side = conjunct.args[1].get();
    auto column = Scaled(*column_side);
    if (!column.has_value()) {
      std::swap(column_side, value_side);
      op = expr::Commute(op);
      column = Scaled(*column_side);
      if (!column.has_value()) return false;
    }
    const auto value = ConstantOf(*value_side);
    if (!value.has_value()) return false;
    if (value->is_null()) {
      result->never = true;
      return true;
    }
    if (types::IsFloating(column->type) && column_side->is_column()) {
      return PushDouble(*column, op, value->floating(), result);
    }
    if (!HasIntegerImage(column->type) || !HasIntegerImage(value->type())) return false;
    PushRange(*column, op, value->integer128(), result);
    return true;
  }

  static void PushRange(const ScaledColumn& column, Op op, int128_t value,
                        ScanPredicates* result) {
    // column * factor op value, in terms of the column: floor and ceiling of value / factor.
    const int128_t factor = column.factor;
    int128_t floor = value / factor;
    if (value % factor != 0 && value < 0) --floor;
    const bool exact = floor * factor == value;
    const int128_t ceiling = exact ? floor : floor + 1;
    const auto at_most = [&](int128_t bound) {
      if (bound < INT64_MIN) {
        result->never = true;
        return;
      }
      const int64_t hi = bound >= INT64_MAX ? column::kImageMax : static_cast<int64_t>(bound);
      result->pushed.push_back(ColumnPredicate::Range(column.column, column::kImageMin, hi));
    };
    const auto at_least = [&](int128_t bound) {
      if (bound > INT64_MAX) {
        result->never = true;
        return;
      }
      const int64_t lo = bound <= INT64_MIN ? column::kImageMin : static_cast<int64_t>(bound);
      result->pushed.push_back(ColumnPredicate::Range(column.column, lo, column::kImageMax));
    };
    switch (op) {
      case Op::kLess: return at_most(exact ? floor - 1 : floor);
      case Op::kLessEqual: return at_most(floor);
      case Op::kGreater: return at_least(exact ? ceiling + 1 : ceiling);
      case Op::kGreaterEqual: return at_least(ceiling);
      case Op::kEqual:
        if (!exact || floor < INT64_MIN || floor > INT64_MAX) {
          result->never = true;
          return;
        }
        result->pushed.push_back(
            ColumnPredicate::Equal(column.column, static_cast<int64_t>(floor)));
        return;
      default:
        if (!exact || floor < INT64_MIN || floor > INT64_MAX) {
          result->pushed.push_back(ColumnPredicate::IsNull(column.column, true));
          return;
        }
        result->pushed.push_back(
            ColumnPredicate::NotEqual(column.column, static_cast<int64_t>(floor)));
        return;
    }
  }

  static bool PushDouble(const ScaledColumn& column, Op op, double value, ScanPredicates* result) {
    if (column.type.id != TypeId::kDouble) return false;
    const int64_t image = column::DoubleImage(value);
    switch (op) {
      case Op::kEqual:
        result->pushed.push_back(ColumnPredicate::Equal(column.column, image));
        return true;
      case Op::kNotEqual:
        result->pushed.push_back(ColumnPredicate::NotEqual(column.column, image));
        return true;
      case Op::kLess:
        if (image == column::kImageMin) return false;
        result->pushed.push_back(
            ColumnPredicate::Range(column.column, column::kImageMin, image - 1));
        return true;
      case Op::kLessEqual:
        result->pushed.push_back(ColumnPredicate::Range(column.column, column::kImageMin, image));
        return true;
      case Op::kGreater:
        if (image == column::kImageMax) return false;
        result->pushed.push_back(
            ColumnPredicate::Range(column.column, image + 1, column::kImageMax));
        return true;
      default:
        result->pushed.push_back(ColumnPredicate::Range(column.column, image, column::kImageMax));
        return true;
    }
  }

  absl::StatusOr<bool> PushInList(const Expr& conjunct, ScanPredicates* result) const {
    const auto column = Scaled(*conjunct.args[0]);
    if (!column.has_value() || !HasIntegerImage(column->type)) return false;
    std::vector<int64_t> values;
    for (size_t i = 1; i < conjunct.args.size(); ++i) {
      const Value& value = conjunct.args[i]->constant;
      if (value.is_null()) {
        if (conjunct.negated) {
          result->never = true;  // NOT IN a list with NULL is never TRUE
          return true;
        }
        continue;
      }
      if (!HasIntegerImage(value.type())) return false;
      const int128_t number = value.integer128();
      if (number % column->factor != 0) continue;
      const int128_t scaled = number / column->factor;
      if (scaled < INT64_MIN || scaled > INT64_MAX) continue;
      values.push_back(static_cast<int64_t>(scaled));
    }
    result->pushed.push_back(
        ColumnPredicate::In(column->column, std::move(values), conjunct.negated));
    return true;
  }

  // A condition on one string column alone: storage evaluates it once per dictionary entry.
  absl::StatusOr<bool> PushStringTest(const Expr& conjunct, ScanPredicates* result) const {
    absl::flat_hash_set<expr::ColumnId> columns;
    expr::CollectColumns(conjunct, &columns);
    if (columns.size() != 1 || expr::IsVolatile(conjunct) || expr::CanFail(conjunct)) return false;
    const expr::ColumnId id = *columns.begin();
    const int table_column = TableColumn(id);
    if (table_column < 0) return false;
    Type type;
    for (const auto& column : output_) {
      if (column.id == id) type = column.type;
    }
    if (!types::IsString(type)) return false;
    // Storage never passes NULLs; a condition that accepts them must see them.
    std::shared_ptr<const Expr> condition = conjunct.Clone();
    const functions::EvalContext* eval = &eval_;
    {
      VESTO_ASSIGN_OR_RETURN(auto evaluator, expr::Evaluator::Compile(*condition, {id}, eval_));
      column::Batch null_row({Vector::NullConstant(type)}, 1);
      std::vector<column::Position> positions;
      VESTO_RETURN_IF_ERROR(evaluator->Filter(null_row, &positions));
      if (!positions.empty()) return false;
    }
    ColumnPredicate predicate = ColumnPredicate::String(
        table_column, [condition, id, type, eval](std::span<const StringRef> strings,
                                                  uint8_t* pass) {
          auto evaluator = expr::Evaluator::Compile(*condition, {id}, *eval);
          std::vector<column::Position> positions;
          for (size_t begin = 0; begin < strings.size(); begin += column::kBatchRows) {
            const int rows =
                static_cast<int>(std::min<size_t>(column::kBatchRows, strings.size() - begin));
            std::fill_n(pass + begin, rows, 0);
            if (!evaluator.ok()) continue;
            Vector vector = Vector::Flat(type, types::PhysicalType::kString, rows);
            std::copy_n(strings.data() + begin, rows, vector.mutable_data<StringRef>());
            column::Batch batch({std::move(vector)}, rows);
            if (!(*evaluator)->Filter(batch, &positions).ok()) continue;
            for (column::Position position : positions) pass[begin + position] = 1;
          }
        });
    AddPrefixBounds(*condition, &predicate);
    AddLiteral(*condition, &predicate);
    result->pushed.push_back(std::move(predicate));
    return true;
  }

  // Equality and order against a constant bound the first eight bytes: zone maps can help.
  void AddPrefixBounds(const Expr& condition, ColumnPredicate* predicate) const {
    if (condition.kind != ExprKind::kCompare) return;
    Op op = condition.op;
    const Expr* column_side = condition.args[0].get();
    const Expr* value_side = condition.args[1].get();
    if (!column_side->is_column()) {
      std::swap(column_side, value_side);
      op = expr::Commute(op);
    }
    if (!column_side->is_column() || column_side->type.case_insensitive) return;
    const auto value = ConstantOf(*value_side);
    if (!value.has_value() || value->is_null()) return;
    const int64_t image = column::StringImage(types::TrimTrailingBlanks(value->text()));
    if (op == Op::kEqual || op == Op::kGreater || op == Op::kGreaterEqual) {
      predicate->prefix_lo = image;
    }
    if (op == Op::kEqual || op == Op::kLess || op == Op::kLessEqual) predicate->prefix_hi = image;
  }

  // LIKE '%abc%': only strings that contain the longest literal can match.
  void AddLiteral(const Expr& condition, ColumnPredicate* predicate) const {
    if (condition.kind != ExprKind::kLike || condition.like != expr::LikeKind::kLike ||
        condition.args.size() != 2 || !condition.args[0]->is_column()) {
      return;
    }
    const auto pattern = ConstantOf(*condition.args[1]);
    if (!pattern.has_value() || pattern->is_null()) return;
    const std::string& text = pattern->text();
    if (text.find('\\') != std::string::npos) return;
    std::string best, current;
    for (char c : text) {
      if (c == '%' || c == '_') {
        if (current.size() > best.size()) best = current;
        current.clear();
      } else {
        current.push_back(c);
      }
    }
    if (current.size() > best.size()) best = current;
    predicate->literal = best;
    predicate->without_literal_passes = condition.negated;
  }

  const physical::ScanSpec& spec_;
  const std::vector<logical::OutputColumn>& output_;
  const functions::EvalContext& eval_;
};

}  // namespace

absl::StatusOr<ScanPredicates> CompileScanPredicates(
    const physical::ScanSpec& spec, const std::vector<logical::OutputColumn>& output,
    const functions::EvalContext& eval) {
  ScanPredicates result;
  PredicateCompiler compiler(spec, output, eval);
  std::vector<expr::ExprPtr> rest;
  for (const expr::ExprPtr& conjunct : spec.conjuncts) {
    VESTO_ASSIGN_OR_RETURN(const bool pushed, compiler.Push(*conjunct, &result));
    if (!pushed) rest.push_back(conjunct->Clone());
  }
  if (!rest.empty()) result.residual = expr::And(std::move(rest));
  return result;
}

}  // namespace vesto::exec
