#include "physical/narrow.h"

#include <algorithm>
#include <limits>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/stack_guard.h"
#include "types/decimal.h"
#include "types/physical_type.h"
#include "types/type_rules.h"

namespace vesto::physical {
namespace {

using expr::Expr;
using expr::ExprKind;
using expr::Op;
using types::PhysicalType;

// Every value of an expression that is not NULL lies in [low, high].
struct Interval {
  int128_t low = 0, high = 0;

  bool FitsInt64() const {
    return low >= std::numeric_limits<int64_t>::min() && high <= std::numeric_limits<int64_t>::max();
  }
};
using MaybeInterval = std::optional<Interval>;

// Beyond this nothing is tracked: sums of two such values cannot overflow.
constexpr int128_t kTrackedMax = static_cast<int128_t>(1) << 125;

MaybeInterval Make(int128_t low, int128_t high) {
  if (low < -kTrackedMax || high > kTrackedMax) return std::nullopt;
  return Interval{low, high};
}

bool IsWideDecimal(const Type& type) {
  return type.id == TypeId::kDecimal &&
         types::DefaultPhysicalType(type) == PhysicalType::kInt128;
}

bool IsExact(const Type& type) { return type.id == TypeId::kDecimal || types::IsInteger(type); }

int ScaleOf(const Type& type) { return type.id == TypeId::kDecimal ? type.scale : 0; }

// All values that a type can hold.
MaybeInterval OfType(const Type& type) {
  switch (type.id) {
    case TypeId::kSmallint: return Interval{INT16_MIN, INT16_MAX};
    case TypeId::kInteger: return Interval{INT32_MIN, INT32_MAX};
    case TypeId::kBigint: return Interval{INT64_MIN, INT64_MAX};
    case TypeId::kOid: return Interval{0, UINT32_MAX};
    case TypeId::kDecimal: {
      if (type.length <= 0 || type.length > 36) return std::nullopt;
      const int128_t limit = types::PowerOfTen(type.length) - 1;
      return Make(-limit, limit);
    }
    default: return std::nullopt;
  }
}

MaybeInterval Multiply(const Interval& a, const Interval& b) {
  int128_t products[4];
  const int128_t left[2] = {a.low, a.high}, right[2] = {b.low, b.high};
  for (int i = 0; i < 4; ++i) {
    if (types::MultiplyOverflows(left[i / 2], right[i % 2], &products[i])) return std::nullopt;
  }
  return Make(*std::min_element(products, products + 4), *std::max_element(products, products + 4));
}

// The interval in another scale; one unit wider where digits are lost.
MaybeInterval Rescaled(const Interval& a, int from, int to) {
  if (to == from) return a;
  if (to > from) {
    if (to - from > 37) return std::nullopt;
    const int128_t factor = types::PowerOfTen(to - from);
    return Multiply(a, {factor, factor});
  }
  if (from - to > 37) return std::nullopt;
  const int128_t divisor = types::PowerOfTen(from - to);
  return Make(a.low / divisor - 1, a.high / divisor + 1);
}

MaybeInterval Union(const MaybeInterval& a, const MaybeInterval& b) {
  if (!a.has_value() || !b.has_value()) return std::nullopt;
  return Interval{std::min(a->low, b->low), std::max(a->high, b->high)};
}

class Narrower {
 public:
  Narrower(Plan& plan, const ColumnBoundsSource& bounds) : plan_(plan), bounds_(bounds) {}

  void Run() {
    if (!AnyWide()) return;
    FindRepeated();
    for (Stream& stream : plan_.streams) {
      for (Segment& segment : stream.segments) {
        for (Step& step : segment.steps) Visit(step);
      }
    }
  }

 private:
  // Most plans have no wide decimal at all: they ask storage nothing.
  bool AnyWide() {
    bool found = false;
    for (Stream& stream : plan_.streams) {
      for (Segment& segment : stream.segments) {
        for (Step& step : segment.steps) {
          if (std::holds_alternative<ScanSpec>(step.spec)) {
            for (const auto& column : step.output) found = found || IsWideDecimal(column.type);
          }
          ForEachExpression(step, [&found](expr::ExprPtr& root) {
            if (found) return;
            expr::Visit(*root, [&found](const Expr& node) {
              found = found || (!node.is_column() && IsWideDecimal(node.type));
            });
          });
          if (found) return true;
        }
      }
    }
    return false;
  }

  // Inside a recursive query a column is made again from its own values: nothing is known of it.
  void FindRepeated() {
    const bool repeats = std::any_of(plan_.streams.begin(), plan_.streams.end(),
                                     [](const Stream& s) { return s.repeat_from >= 0; });
    if (!repeats) return;
    absl::flat_hash_set<ColumnId> made;
    for (Stream& stream : plan_.streams) {
      for (Segment& segment : stream.segments) {
        for (Step& step : segment.steps) {
          if (!std::holds_alternative<ProjectSpec>(step.spec)) continue;
          for (const auto& column : step.output) {
            if (!made.insert(column.id).second) unknown_.insert(column.id);
          }
        }
      }
    }
  }

  template <typename Function>
  static void ForEach(std::vector<expr::ExprPtr>& exprs, const Function& function) {
    for (expr::ExprPtr& expr : exprs) {
      if (expr != nullptr) function(expr);
    }
  }

  template <typename Function>
  static void ForEach(std::vector<logical::SortKey>& keys, const Function& function) {
    for (logical::SortKey& key : keys) {
      if (key.expression != nullptr) function(key.expression);
    }
  }

  template <typename Function>
  static void ForEachExpression(Step& step, const Function& function) {
    const auto one = [&function](expr::ExprPtr& expr) {
      if (expr != nullptr) function(expr);
    };
    std::visit(
        [&](auto& spec) {
          using Spec = std::decay_t<decltype(spec)>;
          if constexpr (std::is_same_v<Spec, ScanSpec>) {
            ForEach(spec.conjuncts, function);
          } else if constexpr (std::is_same_v<Spec, ValuesSpec>) {
            for (auto& row : spec.rows) ForEach(row, function);
            for (auto& value : spec.computed) one(value.expression);
          } else if constexpr (std::is_same_v<Spec, FilterSpec>) {
            one(spec.predicate);
          } else if constexpr (std::is_same_v<Spec, ProjectSpec>) {
            ForEach(spec.expressions, function);
          } else if constexpr (std::is_same_v<Spec, HashJoinSpec>) {
            ForEach(spec.probe_keys, function);
            one(spec.residual);
          } else if constexpr (std::is_same_v<Spec, NestedLoopSpec>) {
            one(spec.condition);
          } else if constexpr (std::is_same_v<Spec, WindowSpec>) {
            ForEach(spec.partition_by, function);
            ForEach(spec.order_by, function);
            for (logical::WindowItem& item : spec.items) {
              ForEach(item.args, function);
              ForEach(item.within_group, function);
            }
          } else if constexpr (std::is_same_v<Spec, SendSpec> ||
                               std::is_same_v<Spec, HashBuildSpec>) {
            ForEach(spec.keys, function);
          } else if constexpr (std::is_same_v<Spec, SortSpec>) {
            ForEach(spec.keys, function);
          } else if constexpr (std::is_same_v<Spec, AggregateSpec>) {
            ForEach(spec.keys, function);
            for (logical::AggregateItem& item : spec.items) {
              ForEach(item.args, function);
              ForEach(item.within_group, function);
            }
          }
        },
        step.spec);
  }

  void Visit(Step& step) {
    if (auto* scan = std::get_if<ScanSpec>(&step.spec)) DescribeScan(*scan, step);
    if (const auto* groups = std::get_if<GroupScanSpec>(&step.spec)) DescribeGroups(*groups, step);
    if (auto* project = std::get_if<ProjectSpec>(&step.spec)) {
      for (size_t i = 0; i < project->expressions.size(); ++i) {
        Describe(step.output[i].id, Narrow(*project->expressions[i]));
      }
      return;
    }
    if (auto* aggregate = std::get_if<AggregateSpec>(&step.spec)) {
      NarrowAggregate(*aggregate);
      return;
    }
    if (auto* values = std::get_if<ValuesSpec>(&step.spec)) {
      for (auto& row : values->rows) {
        for (size_t i = 0; i < row.size(); ++i) Describe(step.output[i].id, Narrow(*row[i]));
      }
      if (values->constants == nullptr) return;
      for (auto& value : values->computed) Narrow(*value.expression);
      for (const auto& column : step.output) Describe(column.id, OfType(column.type));
      return;
    }
    ForEachExpression(step, [this](expr::ExprPtr& expr) { Narrow(*expr); });
  }

  // A column may be made in several places (the branches of a union): it holds the values of all.
  void Describe(ColumnId id, const MaybeInterval& interval) {
    const auto [it, is_new] = columns_.try_emplace(id, interval);
    if (!is_new) it->second = Union(it->second, interval);
  }

  void DescribeScan(ScanSpec& scan, const Step& step) {
    bool any_narrow = false;
    std::vector<PhysicalType> forms;
    for (size_t i = 0; i < scan.columns.size() && i < step.output.size(); ++i) {
      const Type& type = step.output[i].type;
      PhysicalType form = types::DefaultPhysicalType(type);
      if (IsExact(type)) {
        MaybeInterval interval = OfType(type);
        if (const auto known = bounds_(*scan.table, scan.columns[i])) {
          interval = Make(known->first, known->second);
        }
        columns_[step.output[i].id] = interval;
        if (IsWideDecimal(type) && interval.has_value() && interval->FitsInt64()) {
          form = PhysicalType::kInt64;
          any_narrow = true;
        }
      }
      forms.push_back(form);
    }
    if (any_narrow) scan.physical = std::move(forms);
  }

  void NarrowAggregate(AggregateSpec& aggregate) {
    // The final phase reads states: its expressions are those of the partial one, never evaluated.
    Groups groups;
    for (expr::ExprPtr& key : aggregate.keys) groups.keys.push_back(Narrow(*key));
    for (logical::AggregateItem& item : aggregate.items) {
      MaybeInterval first;
      for (size_t i = 0; i < item.args.size(); ++i) {
        const MaybeInterval arg = Narrow(*item.args[i]);
        if (i == 0) first = arg;
      }
      ForEach(item.within_group, [this](expr::ExprPtr& expr) { Narrow(*expr); });
      const std::string& name = item.function->name;
      const bool picks = name == "min" || name == "max" || name == "any_value";
      groups.items.push_back(picks ? first : MaybeInterval());
    }
    groups_[aggregate.state] = std::move(groups);
  }

  void DescribeGroups(const GroupScanSpec& scan, const Step& step) {
    const auto it = groups_.find(scan.state);
    if (it == groups_.end()) return;
    const Groups& groups = it->second;
    for (size_t i = 0; i < step.output.size(); ++i) {
      MaybeInterval interval;
      if (i < groups.keys.size()) {
        interval = groups.keys[i];
      } else if (i - groups.keys.size() < groups.items.size()) {
        interval = groups.items[i - groups.keys.size()];
      }
      columns_[step.output[i].id] = interval;
    }
  }

  // --- Expressions ------------------------------------------------------------------------------

  // The interval of an expression of exact numbers; sets physical forms on the way.
  MaybeInterval Narrow(Expr& node) {
    if (!base::HasStack()) return std::nullopt;
    switch (node.kind) {
      case ExprKind::kConstant: return NarrowConstant(node);
      case ExprKind::kColumn: {
        if (!IsExact(node.type)) return std::nullopt;
        const auto it = columns_.find(node.column);
        if (it == columns_.end() || !it->second.has_value() || unknown_.contains(node.column)) {
          return OfType(node.type);
        }
        return it->second;
      }
      case ExprKind::kArithmetic: return NarrowArithmetic(node);
      case ExprKind::kNegate: {
        const MaybeInterval input = Narrow(*node.args[0]);
        if (!input.has_value()) return std::nullopt;
        return Settle(node, Make(-input->high, -input->low));
      }
      case ExprKind::kCast: return NarrowCast(node);
      case ExprKind::kCase: {
        MaybeInterval all = Narrow(*node.args.back());
        for (size_t i = 0; i + 1 < node.args.size(); i += 2) {
          Narrow(*node.args[i]);
          all = Union(all, Narrow(*node.args[i + 1]));
        }
        return Settle(node, all);
      }
      case ExprKind::kCoalesce: {
        MaybeInterval all = Narrow(*node.args[0]);
        for (size_t i = 1; i < node.args.size(); ++i) all = Union(all, Narrow(*node.args[i]));
        return Settle(node, all);
      }
      case ExprKind::kInList: Narrow(*node.args[0]); return std::nullopt;
      default:
        for (expr::ExprPtr& arg : node.args) Narrow(*arg);
        return IsExact(node.type) ? OfType(node.type) : std::nullopt;
    }
  }

  static MaybeInterval NarrowConstant(Expr& node) {
    if (!IsExact(node.type)) return std::nullopt;
    const int128_t value = node.constant.is_null() ? 0 : node.constant.integer128();
    return Settle(node, Make(value, value));
  }

  // Gives the node its narrow form where its values fit.
  static MaybeInterval Settle(Expr& node, const MaybeInterval& interval) {
    if (!IsExact(node.type)) return std::nullopt;
    if (!interval.has_value()) return OfType(node.type);
    if (IsWideDecimal(node.type) && interval->FitsInt64()) node.physical = PhysicalType::kInt64;
    return interval;
  }

  MaybeInterval NarrowCast(Expr& node) {
    const Type& from = node.args[0]->type;
    const MaybeInterval input = Narrow(*node.args[0]);
    if (!IsExact(from) || !IsExact(node.type) || !input.has_value()) return OfType(node.type);
    const MaybeInterval rescaled = Rescaled(*input, ScaleOf(from), ScaleOf(node.type));
    if (!rescaled.has_value() || !input->FitsInt64()) return OfType(node.type);
    return Settle(node, rescaled);
  }

  MaybeInterval NarrowArithmetic(Expr& node) {
    const MaybeInterval left = Narrow(*node.args[0]), right = Narrow(*node.args[1]);
    if (!IsExact(node.type)) return std::nullopt;
    const Type& left_type = node.args[0]->type;
    const Type& right_type = node.args[1]->type;
    if (!left.has_value() || !right.has_value() || !IsExact(left_type) || !IsExact(right_type)) {
      return OfType(node.type);
    }
    const int scale = ScaleOf(node.type);
    MaybeInterval result;
    bool narrow = left->FitsInt64() && right->FitsInt64();
    switch (node.op) {
      case Op::kMultiply:
        result = Multiply(*left, *right);
        narrow = narrow && result.has_value() && result->FitsInt64();
        if (result.has_value()) {
          result = Rescaled(*result, ScaleOf(left_type) + ScaleOf(right_type), scale);
        }
        break;
      case Op::kAdd:
      case Op::kSubtract: {
        const MaybeInterval a = Rescaled(*left, ScaleOf(left_type), scale);
        const MaybeInterval b = Rescaled(*right, ScaleOf(right_type), scale);
        if (!a.has_value() || !b.has_value()) break;
        narrow = narrow && a->FitsInt64() && b->FitsInt64();
        result = node.op == Op::kAdd ? Make(a->low + b->low, a->high + b->high)
                                     : Make(a->low - b->high, a->high - b->low);
        break;
      }
      default: break;  // quotients: left to 128 bits
    }
    if (!result.has_value()) return OfType(node.type);
    if (types::IsInteger(node.type)) {
      // What exceeds the type is an error, not a value.
      const MaybeInterval limits = OfType(node.type);
      return Interval{std::clamp(result->low, limits->low, limits->high),
                      std::clamp(result->high, limits->low, limits->high)};
    }
    if (!narrow) {
      if (const MaybeInterval limits = OfType(node.type)) {
        return Interval{std::clamp(result->low, limits->low, limits->high),
                        std::clamp(result->high, limits->low, limits->high)};
      }
      return result;
    }
    return Settle(node, result);
  }

  struct Groups {
    std::vector<MaybeInterval> keys, items;
  };

  Plan& plan_;
  const ColumnBoundsSource& bounds_;
  absl::flat_hash_map<ColumnId, MaybeInterval> columns_;
  absl::flat_hash_set<ColumnId> unknown_;
  absl::flat_hash_map<StateId, Groups> groups_;
};

}  // namespace

void NarrowDecimals(Plan& plan, const ColumnBoundsSource& bounds) { Narrower(plan, bounds).Run(); }

}  // namespace vesto::physical
