#include "exec/steps/aggregate_item.h"

#include <algorithm>
#include <cstring>

#include "base/int128.h"
#include "base/status_macros.h"
#include "column/dispatch.h"
#include "exec/steps/key_batch.h"
#include "types/decimal.h"
#include "types/type_rules.h"

namespace vesto::exec {

using column::Batch;
using column::Position;
using column::StringRef;
using column::Vector;
using types::PhysicalType;

namespace {

struct CountState {
  int64_t count;
};
// A 128-bit sum in two words: the row gives states 16-byte alignment, shipped ones 8.
struct SumIntState {
  uint64_t low;
  int64_t high;
  int64_t count;
  int128_t sum() const { return static_cast<int128_t>(high) << 64 | low; }
  void Add(int128_t value) {
    int128_t total;
    if (__builtin_add_overflow(sum(), value, &total)) {
      // Saturated: no DECIMAL holds it, so that the end result is refused.
      const int128_t max = static_cast<int128_t>(~uint128_t{0} >> 1);
      total = value < 0 ? -max : max;
    }
    low = static_cast<uint64_t>(total);
    high = static_cast<int64_t>(total >> 64);
  }
};
struct SumDoubleState {
  double sum;
  int64_t count;
};
template <typename T>
struct ExtremeState {
  T value;
  int64_t seen;
};

// NaN is above every number.
bool Less(double a, double b) { return b != b ? a == a : a < b; }
bool Less(int64_t a, int64_t b) { return a < b; }
bool Less(int128_t a, int128_t b) { return a < b; }

template <typename T>
void Improve(ExtremeState<T>& state, T value, bool max) {
  if (state.seen == 0 || (max ? Less(state.value, value) : Less(value, state.value))) {
    state.value = value;
    state.seen = 1;
  }
}

bool IsIntegerFamily(const Type& type) {
  switch (types::DefaultPhysicalType(type)) {
    case PhysicalType::kInt16:
    case PhysicalType::kInt32:
    case PhysicalType::kInt64: return true;
    default: return false;
  }
}

absl::Status SumOverflow() {
  return SqlError(SqlState::kNumericValueOutOfRange, "Numeric data overflow (addition)");
}

template <typename State>
State* StateAt(uint8_t* row, size_t offset) {
  return reinterpret_cast<State*>(row + offset);
}

// The sum of many values without a carry per value, where their size allows.
template <typename T>
int128_t SumOf(const T* values, int count) {
  if constexpr (sizeof(T) <= 4) {
    int64_t sum = 0;
    for (int i = 0; i < count; ++i) sum += values[i];
    return sum;
  } else if constexpr (sizeof(T) == 8) {
    uint64_t bits = 0;
    for (int i = 0; i < count; ++i) bits |= static_cast<uint64_t>(values[i] ^ (values[i] >> 63));
    if (bits < (uint64_t{1} << 51)) {  // 2048 of them stay below 2^62
      int64_t sum = 0;
      for (int i = 0; i < count; ++i) sum += values[i];
      return sum;
    }
    int128_t sum = 0;
    for (int i = 0; i < count; ++i) sum += values[i];
    return sum;
  } else {
    int128_t sum = 0;
    for (int i = 0; i < count; ++i) sum += values[i];
    return sum;
  }
}

int CountPresent(const uint8_t* nulls, int count) {
  if (nulls == nullptr) return count;
  int missing = 0;
  for (int i = 0; i < count; ++i) missing += nulls[i];
  return count - missing;
}

}  // namespace

AggregateItem::AggregateItem(const logical::AggregateItem& item,
                             const functions::EvalContext& context, column::StringHeap* heap)
    : item_(item),
      overload_(&item.function->overloads[item.overload]),
      context_(context),
      heap_(heap) {
  ChooseKind();
}

void AggregateItem::ChooseKind() {
  const std::string& name = item_.function->name;
  orders_itself_ = takes_order_keys() && name.rfind("percentile", 0) == 0;
  if (!item_.within_group.empty()) return;
  if (name == "count") {
    kind_ = item_.args.empty() ? Kind::kCountAll : Kind::kCount;
    return;
  }
  if (item_.args.size() != 1) return;
  const Type& type = item_.args[0]->type;
  if (name == "sum" || name == "avg") {
    is_average_ = name == "avg";
    if (types::IsFloating(type) && item_.type.id == TypeId::kDouble) {
      kind_ = Kind::kSumDouble;
    } else if ((types::IsInteger(type) && item_.type.id == TypeId::kBigint) ||
               ((types::IsInteger(type) || type.id == TypeId::kDecimal) &&
                item_.type.id == TypeId::kDecimal && item_.type.scale == type.scale)) {
      kind_ = Kind::kSumInt;
    }
  } else if (name == "min" || name == "max") {
    is_max_ = name == "max";
    if (!(item_.type.id == type.id && item_.type.scale == type.scale)) return;
    if (IsIntegerFamily(type)) {
      kind_ = Kind::kExtremeInt;
    } else if (types::DefaultPhysicalType(type) == PhysicalType::kInt128) {
      kind_ = Kind::kExtremeWide;
    } else if (types::IsFloating(type)) {
      kind_ = Kind::kExtremeDouble;
    }
  }
}

absl::StatusOr<std::unique_ptr<AggregateItem>> AggregateItem::Create(
    const logical::AggregateItem& item, const Layout* layout,
    const functions::EvalContext& context, column::StringHeap* heap) {
  std::unique_ptr<AggregateItem> result(new AggregateItem(item, context, heap));
  if (layout == nullptr) return result;
  for (const expr::ExprPtr& arg : item.args) {
    VESTO_ASSIGN_OR_RETURN(auto evaluator, expr::Evaluator::Compile(*arg, *layout, context));
    result->evaluators_.push_back(std::move(evaluator));
  }
  for (const logical::SortKey& key : item.within_group) {
    VESTO_ASSIGN_OR_RETURN(auto evaluator,
                           expr::Evaluator::Compile(*key.expression, *layout, context));
    result->order_evaluators_.push_back(std::move(evaluator));
  }
  return result;
}

size_t AggregateItem::state_alignment() const {
  return kind_ == Kind::kGeneric || kind_ == Kind::kExtremeWide ? 16 : 8;
}

size_t AggregateItem::state_bytes() const {
  size_t bytes = 0;
  switch (kind_) {
    case Kind::kCountAll:
    case Kind::kCount: bytes = sizeof(CountState); break;
    case Kind::kSumInt: bytes = sizeof(SumIntState); break;
    case Kind::kSumDouble: bytes = sizeof(SumDoubleState); break;
    case Kind::kExtremeInt: bytes = sizeof(ExtremeState<int64_t>); break;
    case Kind::kExtremeWide: bytes = sizeof(ExtremeState<int128_t>); break;
    case Kind::kExtremeDouble: bytes = sizeof(ExtremeState<double>); break;
    case Kind::kGeneric: bytes = overload_->state_bytes; break;
  }
  return (bytes + 7) / 8 * 8;
}

void AggregateItem::Init(uint8_t* row) const {
  if (kind_ == Kind::kGeneric && overload_->init != nullptr) overload_->init(row + offset_);
}

void AggregateItem::Destroy(uint8_t* row) const {
  if (owns_memory()) overload_->destroy(row + offset_);
}

absl::Status AggregateItem::Evaluate(const Batch& batch) {
  arguments_.clear();
  order_keys_.clear();
  for (const auto& evaluator : evaluators_) {
    VESTO_ASSIGN_OR_RETURN(Vector vector, evaluator->Evaluate(batch));
    // COUNT looks at NULLs only; loops below read flat values.
    const bool flat = kind_ == Kind::kCount || (kind_ == Kind::kGeneric && vector.is_constant());
    arguments_.push_back(flat ? std::move(vector) : vector.Flatten(batch.rows));
  }
  for (const auto& evaluator : order_evaluators_) {
    VESTO_ASSIGN_OR_RETURN(Vector vector, evaluator->Evaluate(batch));
    order_keys_.push_back(std::move(vector));
  }
  if (takes_order_keys()) {
    for (const Vector& key : order_keys_) {
      arguments_.push_back(key.is_constant() ? key : key.Flatten(batch.rows));
    }
    TurnFraction(&arguments_);
  }
  return absl::OkStatus();
}

void AggregateItem::TurnFraction(std::vector<Vector>* arguments) const {
  if (!orders_itself_ || !item_.within_group[0].descending || arguments->size() < 2) return;
  Vector& fraction = (*arguments)[0];
  if (fraction.physical() != PhysicalType::kDouble) return;
  const int rows = fraction.is_constant() ? 1 : column::kBatchRows;
  if (fraction.is_constant()) {
    if (fraction.IsConstantNull()) return;
    fraction = Vector::Constant(Value::OfDouble(fraction.type(), 1 - *fraction.data<double>()));
    return;
  }
  Vector turned = Vector::Flat(fraction.type(), PhysicalType::kDouble, rows);
  // One constant for all rows, by the rules of the function.
  std::fill_n(turned.mutable_data<double>(), rows, 1 - fraction.data<double>()[0]);
  fraction = std::move(turned);
}

bool AggregateItem::can_subtract() const {
  return kind_ == Kind::kCountAll || kind_ == Kind::kCount || kind_ == Kind::kSumInt;
}

void AggregateItem::Subtract(const uint8_t* high, const uint8_t* low, uint8_t* result) const {
  if (kind_ == Kind::kSumInt) {
    const auto* a = reinterpret_cast<const SumIntState*>(high + offset_);
    const auto* b = reinterpret_cast<const SumIntState*>(low + offset_);
    auto* out = StateAt<SumIntState>(result, offset_);
    const uint128_t sum = static_cast<uint128_t>(a->sum()) - static_cast<uint128_t>(b->sum());
    out->low = static_cast<uint64_t>(sum);
    out->high = static_cast<int64_t>(sum >> 64);
    out->count = a->count - b->count;
  } else {
    StateAt<CountState>(result, offset_)->count =
        reinterpret_cast<const CountState*>(high + offset_)->count -
        reinterpret_cast<const CountState*>(low + offset_)->count;
  }
}

functions::AggregateCall AggregateItem::Call(std::span<const Vector> args, int count) const {
  return functions::AggregateCall{context_, args, count, item_.type, heap_};
}

bool AggregateItem::NonNullPositions(int count, std::vector<Position>* positions) const {
  positions->clear();
  if (!item_.function->ignores_nulls) return false;
  bool any = false;
  for (const Vector& argument : arguments_) any = any || argument.has_nulls();
  if (!any) return false;
  for (int i = 0; i < count; ++i) {
    bool null = false;
    for (const Vector& argument : arguments_) null = null || argument.IsNull(i);
    if (!null) positions->push_back(static_cast<Position>(i));
  }
  return static_cast<int>(positions->size()) != count;
}

absl::Status AggregateItem::UpdateGeneric(int count, uint8_t* const* rows, uint8_t* single) {
  std::span<const Vector> arguments = arguments_;
  std::vector<Vector> kept;
  states_.clear();
  if (NonNullPositions(count, &present_)) {
    for (const Vector& argument : arguments_) kept.push_back(argument.Gather(present_));
    arguments = kept;
    count = static_cast<int>(present_.size());
    if (count == 0) return absl::OkStatus();
    if (single == nullptr) {
      for (const Position i : present_) states_.push_back(rows[i] + offset_);
    }
  } else if (single == nullptr) {
    for (int i = 0; i < count; ++i) states_.push_back(rows[i] + offset_);
  }
  const functions::AggregateCall call = Call(arguments, count);
  if (single != nullptr) {
    if (overload_->update_single != nullptr) {
      return overload_->update_single(call, single + offset_);
    }
    states_.assign(count, single + offset_);
  }
  return overload_->update(call, states_.data());
}

// Calls visit(values, State{}) with the argument's values as their C++ type and the state's type.
template <typename Visit>
void AggregateItem::Dispatch(const Vector& vector, Visit&& visit) const {
  column::DispatchPhysical(vector.physical(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_same_v<T, StringRef>) visit(vector.data<T>());
  });
}

absl::Status AggregateItem::Update(int count, uint8_t* const* rows) {
  const size_t offset = offset_;
  switch (kind_) {
    case Kind::kCountAll:
      for (int i = 0; i < count; ++i) ++StateAt<CountState>(rows[i], offset)->count;
      return absl::OkStatus();
    case Kind::kCount: {
      const Vector& argument = arguments_[0];
      if (!argument.has_nulls()) {
        for (int i = 0; i < count; ++i) ++StateAt<CountState>(rows[i], offset)->count;
      } else {
        for (int i = 0; i < count; ++i) {
          StateAt<CountState>(rows[i], offset)->count += argument.IsNull(i) ? 0 : 1;
        }
      }
      return absl::OkStatus();
    }
    case Kind::kGeneric: return UpdateGeneric(count, rows, nullptr);
    default: break;
  }
  const Vector& argument = arguments_[0];
  const uint8_t* nulls = argument.nulls();
  Dispatch(argument, [&](const auto* values) {
    using T = std::remove_cvref_t<decltype(*values)>;
    if constexpr (std::is_floating_point_v<T>) {
      if (kind_ == Kind::kSumDouble) {
        for (int i = 0; i < count; ++i) {
          auto* state = StateAt<SumDoubleState>(rows[i], offset);
          // A NULL's slot holds zero.
          state->sum += static_cast<double>(values[i]);
          state->count += nulls == nullptr ? 1 : 1 - nulls[i];
        }
      } else {
        for (int i = 0; i < count; ++i) {
          if (nulls != nullptr && nulls[i] != 0) continue;
          Improve(*StateAt<ExtremeState<double>>(rows[i], offset), static_cast<double>(values[i]),
                  is_max_);
        }
      }
    } else {
      if (kind_ == Kind::kSumInt) {
        for (int i = 0; i < count; ++i) {
          auto* state = StateAt<SumIntState>(rows[i], offset);
          state->Add(values[i]);
          state->count += nulls == nullptr ? 1 : 1 - nulls[i];
        }
      } else if (kind_ == Kind::kExtremeInt) {
        for (int i = 0; i < count; ++i) {
          if (nulls != nullptr && nulls[i] != 0) continue;
          Improve(*StateAt<ExtremeState<int64_t>>(rows[i], offset), static_cast<int64_t>(values[i]),
                  is_max_);
        }
      } else if (kind_ == Kind::kExtremeWide) {
        for (int i = 0; i < count; ++i) {
          if (nulls != nullptr && nulls[i] != 0) continue;
          Improve(*StateAt<ExtremeState<int128_t>>(rows[i], offset),
                  static_cast<int128_t>(values[i]), is_max_);
        }
      }
    }
  });
  return absl::OkStatus();
}

absl::Status AggregateItem::UpdateSingle(int count, uint8_t* row) {
  switch (kind_) {
    case Kind::kCountAll:
      StateAt<CountState>(row, offset_)->count += count;
      return absl::OkStatus();
    case Kind::kCount: {
      const Vector& argument = arguments_[0];
      const bool none = argument.IsConstantNull();
      StateAt<CountState>(row, offset_)->count +=
          none ? 0 : (argument.is_constant() ? count : CountPresent(argument.nulls(), count));
      return absl::OkStatus();
    }
    case Kind::kGeneric: return UpdateGeneric(count, nullptr, row);
    default: break;
  }
  const Vector& argument = arguments_[0];
  const uint8_t* nulls = argument.nulls();
  Dispatch(argument, [&](const auto* values) {
    using T = std::remove_cvref_t<decltype(*values)>;
    const auto extreme = [&](auto state_tag) {
      using S = decltype(state_tag);
      auto& state = *StateAt<ExtremeState<S>>(row, offset_);
      if (nulls == nullptr && !std::is_floating_point_v<T>) {
        T best = values[0];
        if (is_max_) {
          for (int i = 1; i < count; ++i) best = std::max(best, values[i]);
        } else {
          for (int i = 1; i < count; ++i) best = std::min(best, values[i]);
        }
        Improve(state, static_cast<S>(best), is_max_);
        return;
      }
      for (int i = 0; i < count; ++i) {
        if (nulls == nullptr || nulls[i] == 0) Improve(state, static_cast<S>(values[i]), is_max_);
      }
    };
    if (count == 0) return;
    if constexpr (std::is_floating_point_v<T>) {
      if (kind_ == Kind::kSumDouble) {
        auto* state = StateAt<SumDoubleState>(row, offset_);
        double sum = 0;
        for (int i = 0; i < count; ++i) sum += static_cast<double>(values[i]);
        state->sum += sum;
        state->count += CountPresent(nulls, count);
      } else {
        extreme(double{});
      }
    } else {
      if (kind_ == Kind::kSumInt) {
        auto* state = StateAt<SumIntState>(row, offset_);
        state->Add(SumOf(values, count));
        state->count += CountPresent(nulls, count);
      } else if (kind_ == Kind::kExtremeInt) {
        extreme(int64_t{});
      } else if (kind_ == Kind::kExtremeWide) {
        extreme(int128_t{});
      }
    }
  });
  return absl::OkStatus();
}

absl::Status AggregateItem::UpdateRuns(int count, const Position* positions, const int* begins,
                                       uint8_t* const* run_rows, int num_runs,
                                       uint8_t* const* rows) {
  switch (kind_) {
    case Kind::kCountAll:
      for (int g = 0; g < num_runs; ++g) {
        StateAt<CountState>(run_rows[g], offset_)->count += begins[g + 1] - begins[g];
      }
      return absl::OkStatus();
    case Kind::kSumInt:
    case Kind::kSumDouble:
    case Kind::kExtremeInt:
    case Kind::kExtremeWide:
    case Kind::kExtremeDouble: break;
    case Kind::kCount:
      if (!arguments_[0].has_nulls()) {
        for (int g = 0; g < num_runs; ++g) {
          StateAt<CountState>(run_rows[g], offset_)->count += begins[g + 1] - begins[g];
        }
        return absl::OkStatus();
      }
      return Update(count, rows);
    case Kind::kGeneric: return Update(count, rows);
  }
  const Vector& argument = arguments_[0];
  const uint8_t* nulls = argument.nulls();
  const bool is_sum = kind_ == Kind::kSumInt || kind_ == Kind::kSumDouble;
  if (!is_sum && (nulls != nullptr || (kind_ == Kind::kExtremeInt &&
                                       argument.physical() == PhysicalType::kInt128))) {
    return Update(count, rows);
  }
  // A register per group instead of a load and a store per row.
  Dispatch(argument, [&](const auto* values) {
    using T = std::remove_cvref_t<decltype(*values)>;
    for (int g = 0; g < num_runs; ++g) {
      const int begin = begins[g], end = begins[g + 1];
      if (!is_sum) {
        using S = std::conditional_t<std::is_floating_point_v<T>, double,
                                     std::conditional_t<sizeof(T) <= 8, int64_t, int128_t>>;
        ExtremeState<S> best{};
        for (int i = begin; i < end; ++i) {
          Improve(best, static_cast<S>(values[positions[i]]), is_max_);
        }
        if constexpr (!std::is_floating_point_v<T>) {
          if (kind_ == Kind::kExtremeWide) {
            Improve(*StateAt<ExtremeState<int128_t>>(run_rows[g], offset_),
                    static_cast<int128_t>(best.value), is_max_);
            continue;
          }
        }
        Improve(*StateAt<ExtremeState<S>>(run_rows[g], offset_), best.value, is_max_);
        continue;
      }
      int64_t present = end - begin;
      if (nulls != nullptr) {
        for (int i = begin; i < end; ++i) present -= nulls[positions[i]];
      }
      if constexpr (std::is_floating_point_v<T>) {
        double sum = 0;
        for (int i = begin; i < end; ++i) sum += static_cast<double>(values[positions[i]]);
        auto* state = StateAt<SumDoubleState>(run_rows[g], offset_);
        state->sum += sum;
        state->count += present;
      } else {
        using Sum = std::conditional_t<sizeof(T) <= 4, int64_t, int128_t>;
        Sum sum = 0;
        for (int i = begin; i < end; ++i) sum += values[positions[i]];
        auto* state = StateAt<SumIntState>(run_rows[g], offset_);
        state->Add(sum);
        state->count += present;
      }
    }
  });
  return absl::OkStatus();
}

absl::Status AggregateItem::UpdateWith(std::vector<Vector> arguments, int count,
                                       uint8_t* const* rows) {
  for (Vector& argument : arguments) {
    if (!argument.is_constant() || kind_ != Kind::kGeneric) argument = argument.Flatten(count);
  }
  // The evaluated ones stay: another grouping set may need them.
  arguments_.swap(arguments);
  const absl::Status status = Update(count, rows);
  arguments_.swap(arguments);
  return status;
}

absl::Status AggregateItem::Merge(const uint8_t* const* sources, uint8_t* const* rows, int count) {
  const auto extreme = [&](auto tag) {
    using State = ExtremeState<decltype(tag)>;
    for (int i = 0; i < count; ++i) {
      State source;
      std::memcpy(&source, sources[i], sizeof(source));
      if (source.seen != 0) Improve(*StateAt<State>(rows[i], offset_), source.value, is_max_);
    }
  };
  switch (kind_) {
    case Kind::kCountAll:
    case Kind::kCount:
      for (int i = 0; i < count; ++i) {
        StateAt<CountState>(rows[i], offset_)->count +=
            reinterpret_cast<const CountState*>(sources[i])->count;
      }
      return absl::OkStatus();
    case Kind::kSumInt:
      for (int i = 0; i < count; ++i) {
        const auto* source = reinterpret_cast<const SumIntState*>(sources[i]);
        auto* state = StateAt<SumIntState>(rows[i], offset_);
        state->Add(source->sum());
        state->count += source->count;
      }
      return absl::OkStatus();
    case Kind::kSumDouble:
      for (int i = 0; i < count; ++i) {
        const auto* source = reinterpret_cast<const SumDoubleState*>(sources[i]);
        auto* state = StateAt<SumDoubleState>(rows[i], offset_);
        state->sum += source->sum;
        state->count += source->count;
      }
      return absl::OkStatus();
    case Kind::kExtremeInt: extreme(int64_t{}); return absl::OkStatus();
    case Kind::kExtremeWide: extreme(int128_t{}); return absl::OkStatus();
    case Kind::kExtremeDouble: extreme(double{}); return absl::OkStatus();
    case Kind::kGeneric: break;
  }
  states_.clear();
  for (int i = 0; i < count; ++i) states_.push_back(rows[i] + offset_);
  return overload_->merge(Call({}, count), sources, states_.data(), count);
}

absl::StatusOr<Vector> AggregateItem::Finish(uint8_t* const* rows, int count) {
  const int capacity = std::max(count, 1);
  Vector result = Vector::Flat(item_.type, types::DefaultPhysicalType(item_.type), capacity);
  if (kind_ == Kind::kGeneric) {
    sources_.clear();
    for (int i = 0; i < count; ++i) sources_.push_back(rows[i] + offset_);
    VESTO_RETURN_IF_ERROR(overload_->finish(Call({}, count), sources_.data(), count, &result));
    return result;
  }
  absl::Status status;
  const auto set_null = [&](int i) {
    result.MutableNulls(capacity);
    result.SetNull(i);
  };
  column::DispatchPhysical(result.physical(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_same_v<T, StringRef>) {
      T* out = result.mutable_data<T>();
      const auto extreme = [&](auto state_tag) {
        for (int i = 0; i < count; ++i) {
          const auto* state = StateAt<ExtremeState<decltype(state_tag)>>(rows[i], offset_);
          if (state->seen != 0) {
            out[i] = static_cast<T>(state->value);
          } else {
            set_null(i);
          }
        }
      };
      switch (kind_) {
        case Kind::kCountAll:
        case Kind::kCount:
          for (int i = 0; i < count; ++i) {
            out[i] = static_cast<T>(StateAt<CountState>(rows[i], offset_)->count);
          }
          return;
        case Kind::kSumInt:
          for (int i = 0; i < count; ++i) {
            const auto* state = StateAt<SumIntState>(rows[i], offset_);
            if (state->count == 0) {
              set_null(i);
              continue;
            }
            const int128_t value = is_average_ ? state->sum() / state->count : state->sum();
            out[i] = static_cast<T>(value);
            const bool fits = item_.type.id == TypeId::kDecimal
                                  ? types::FitsPrecision(value, item_.type.length)
                                  : static_cast<int128_t>(static_cast<int64_t>(value)) == value;
            if (!fits && status.ok()) status = SumOverflow();
          }
          return;
        case Kind::kSumDouble:
          for (int i = 0; i < count; ++i) {
            const auto* state = StateAt<SumDoubleState>(rows[i], offset_);
            if (state->count == 0) {
              set_null(i);
            } else {
              out[i] = static_cast<T>(is_average_ ? state->sum / static_cast<double>(state->count)
                                                  : state->sum);
            }
          }
          return;
        case Kind::kExtremeInt: extreme(int64_t{}); return;
        case Kind::kExtremeWide: extreme(int128_t{}); return;
        case Kind::kExtremeDouble: extreme(double{}); return;
        case Kind::kGeneric: return;
      }
    }
  });
  VESTO_RETURN_IF_ERROR(status);
  return result;
}

}  // namespace vesto::exec
