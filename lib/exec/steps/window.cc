#include "exec/steps/window.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "base/status_macros.h"
#include "column/dispatch.h"
#include "exec/steps/aggregate_item.h"
#include "exec/steps/row_sort.h"
#include "exec/steps/row_store.h"
#include "expr/evaluator.h"

// Rows collect in a store, with the values of all arguments and keys beside them, until whole
// partitions fill a batch. Then each item makes its column for all of these rows at once, in one of
// three forms: numbers, row numbers to gather an argument from, or finished vectors.
namespace vesto::exec {
namespace {

using column::Batch;
using column::StringRef;
using column::Vector;
using logical::FrameEdge;
using logical::WindowFunctionKind;
using types::PhysicalType;

// Sets changed[i] where row i of [begin, end) differs from row i - 1.
void MarkChanges(const StoredColumn& column, uint32_t begin, uint32_t end, uint8_t* changed) {
  const RowSortKey key{&column};
  for (uint32_t i = std::max(begin, 1u); i < end; ++i) {
    if (changed[i] == 0 && CompareStoredRows({&key, 1}, i - 1, i) != 0) changed[i] = 1;
  }
}

int64_t IntAt(const StoredColumn& column, uint32_t row) {
  return column::DispatchPhysical(column.physical(), [&](auto tag) -> int64_t {
    using T = decltype(tag);
    if constexpr (std::is_same_v<T, StringRef>) {
      return 0;
    } else {
      return static_cast<int64_t>(column.data<T>()[row]);
    }
  });
}

double DoubleAt(const StoredColumn& column, uint32_t row) {
  return column::DispatchPhysical(column.physical(), [&](auto tag) -> double {
    using T = decltype(tag);
    if constexpr (std::is_same_v<T, StringRef>) {
      return 0;
    } else {
      return static_cast<double>(column.data<T>()[row]);
    }
  });
}

// The column of one item for all rows at hand.
struct ItemColumn {
  std::vector<double> doubles;   // kDouble results, or
  std::vector<int64_t> integers;  // BIGINT results, or
  std::vector<uint32_t> rows;    // rows of `source` (kNoRow: NULL)
  const StoredColumn* source = nullptr;
  std::unique_ptr<RowStore> values;  // owns `source` where it is no column of the input
  std::vector<uint8_t> nulls;        // of numbers; empty: none

  Vector Range(const Type& type, uint32_t begin, int count) const {
    if (source != nullptr) {
      Vector result = source->Gather(rows.data() + begin, count, true);
      result.set_type(type);
      return result;
    }
    Vector result = Vector::Flat(type, types::DefaultPhysicalType(type), std::max(count, 1));
    column::DispatchPhysical(result.physical(), [&](auto tag) {
      using T = decltype(tag);
      if constexpr (!std::is_same_v<T, StringRef>) {
        T* out = result.mutable_data<T>();
        for (int i = 0; i < count; ++i) {
          out[i] = integers.empty() ? static_cast<T>(doubles[begin + i])
                                    : static_cast<T>(integers[begin + i]);
        }
      }
    });
    if (!nulls.empty()) std::memcpy(result.MutableNulls(count), nulls.data() + begin, count);
    return result;
  }
};

class Window : public Step {
 public:
  Window(const physical::WindowSpec& spec, const physical::Step& step, std::unique_ptr<Step> input,
         const StepContext& context)
      : spec_(spec), context_(context), input_(std::move(input)) {}

  absl::Status Init(const Layout& layout) {
    layout_ = layout;
    for (const expr::ExprPtr& key : spec_.partition_by) {
      VESTO_ASSIGN_OR_RETURN(const int column, ColumnOf(*key));
      partition_columns_.push_back(column);
    }
    for (const logical::SortKey& key : spec_.order_by) {
      VESTO_ASSIGN_OR_RETURN(const int column, ColumnOf(*key.expression));
      order_columns_.push_back(column);
    }
    for (const logical::WindowItem& spec : spec_.items) {
      Item item;
      item.spec = &spec;
      for (const expr::ExprPtr& arg : spec.args) {
        VESTO_ASSIGN_OR_RETURN(const int column, ColumnOf(*arg));
        item.args.push_back(column);
      }
      for (const logical::SortKey& key : spec.within_group) {
        VESTO_ASSIGN_OR_RETURN(const int column, ColumnOf(*key.expression));
        item.within.push_back(column);
      }
      if (spec.kind == WindowFunctionKind::kAggregate) {
        item.aggregate_spec = std::make_unique<logical::AggregateItem>();
        item.aggregate_spec->function = spec.function;
        item.aggregate_spec->overload = spec.overload;
        for (const expr::ExprPtr& arg : spec.args) {
          item.aggregate_spec->args.push_back(arg->Clone());
        }
        for (const logical::SortKey& key : spec.within_group) {
          item.aggregate_spec->within_group.push_back(key.Clone());
        }
        item.aggregate_spec->type = spec.type;
        item.heap = std::make_shared<column::StringHeap>();
        VESTO_ASSIGN_OR_RETURN(item.aggregate,
                               AggregateItem::Create(*item.aggregate_spec, nullptr,
                                                     *context_.query->eval, item.heap.get()));
      }
      items_.push_back(std::move(item));
    }
    Restart();
    return absl::OkStatus();
  }

  absl::StatusOr<Progress> Next(Batch* out) override {
    while (true) {
      if (emit_ < emit_end_) {
        Emit(out);
        return Progress::kBatch;
      }
      if (emit_end_ > 0) VESTO_RETURN_IF_ERROR(DropEmitted());
      if (done_) return Progress::kDone;
      Batch batch;
      VESTO_ASSIGN_OR_RETURN(const Progress progress, input_->Next(&batch));
      if (progress == Progress::kBlocked) return progress;
      if (progress == Progress::kDone) {
        done_ = true;
        if (store_->rows() > 0) VESTO_RETURN_IF_ERROR(Process(store_->rows()));
        continue;
      }
      VESTO_RETURN_IF_ERROR(Append(std::move(batch)));
      if (last_partition_ >= static_cast<uint32_t>(column::kBatchRows)) {
        VESTO_RETURN_IF_ERROR(Process(last_partition_));
      }
    }
  }

 private:
  struct Item {
    const logical::WindowItem* spec = nullptr;
    std::vector<int> args, within;  // columns of the store
    std::unique_ptr<logical::AggregateItem> aggregate_spec;
    std::unique_ptr<AggregateItem> aggregate;
    std::shared_ptr<column::StringHeap> heap;
    ItemColumn column;
  };

  // The column of the store that holds an expression's values: an input column or a computed one.
  absl::StatusOr<int> ColumnOf(const expr::Expr& expression) {
    if (expression.is_column()) {
      const auto at = std::find(layout_.begin(), layout_.end(), expression.column);
      if (at != layout_.end()) return static_cast<int>(at - layout_.begin());
    }
    VESTO_ASSIGN_OR_RETURN(auto evaluator,
                           expr::Evaluator::Compile(expression, layout_, *context_.query->eval));
    computed_.push_back(std::move(evaluator));
    return static_cast<int>(layout_.size() + computed_.size()) - 1;
  }

  void Restart() {
    store_ = std::make_unique<RowStore>(static_cast<int>(layout_.size() + computed_.size()),
                                        context_.query->memory);
    new_partition_.clear();
    new_peer_.clear();
    last_partition_ = 0;
  }

  absl::Status Append(Batch batch) {
    const uint32_t begin = store_->rows();
    std::vector<Vector> columns = std::move(batch.columns);
    batch.columns = columns;
    for (const auto& evaluator : computed_) {
      VESTO_ASSIGN_OR_RETURN(Vector vector, evaluator->Evaluate(batch));
      columns.push_back(std::move(vector));
    }
    VESTO_RETURN_IF_ERROR(store_->Append(columns, {}, batch.rows));
    const uint32_t end = store_->rows();
    MarkRows(begin, end);
    return absl::OkStatus();
  }

  void MarkRows(uint32_t begin, uint32_t end) {
    new_partition_.resize(end, 0);
    new_peer_.resize(end, 0);
    if (begin == 0 && end > 0) new_partition_[0] = 1;
    for (const int c : partition_columns_) {
      MarkChanges(store_->column(c), begin, end, new_partition_.data());
    }
    std::copy(new_partition_.begin() + begin, new_partition_.end(), new_peer_.begin() + begin);
    for (const int c : order_columns_) {
      MarkChanges(store_->column(c), begin, end, new_peer_.data());
    }
    for (uint32_t i = end; i-- > begin;) {
      if (new_partition_[i] != 0) {
        last_partition_ = i;
        break;
      }
    }
  }

  absl::Status Process(uint32_t rows) {
    starts_.clear();
    for (uint32_t i = 0; i < rows; ++i) {
      if (new_partition_[i] != 0) starts_.push_back(i);
    }
    starts_.push_back(rows);
    for (Item& item : items_) {
      item.column = ItemColumn();
      VESTO_RETURN_IF_ERROR(Compute(item));
      if (context_.query->cancellation != nullptr) {
        VESTO_RETURN_IF_ERROR(context_.query->cancellation->status());
      }
    }
    emit_ = 0;
    emit_end_ = rows;
    return absl::OkStatus();
  }

  void Emit(Batch* out) {
    const int count = static_cast<int>(std::min<uint32_t>(column::kBatchRows, emit_end_ - emit_));
    Batch batch;
    batch.rows = count;
    for (size_t c = 0; c < layout_.size(); ++c) {
      batch.columns.push_back(store_->column(static_cast<int>(c)).Range(emit_, count));
    }
    for (const Item& item : items_) {
      batch.columns.push_back(item.column.Range(item.spec->type, emit_, count));
    }
    emit_ += count;
    *out = std::move(batch);
  }

  // Keeps the rows of the partition that has begun.
  absl::Status DropEmitted() {
    const uint32_t rows = store_->rows();
    std::vector<uint32_t> left;
    for (uint32_t i = emit_end_; i < rows; ++i) left.push_back(i);
    emit_ = emit_end_ = 0;
    if (left.empty()) {
      Restart();
      return absl::OkStatus();
    }
    VESTO_ASSIGN_OR_RETURN(store_, store_->Select(left, context_.query->memory));
    new_partition_.clear();
    new_peer_.clear();
    last_partition_ = 0;
    MarkRows(0, store_->rows());
    return absl::OkStatus();
  }

  uint32_t num_rows() const { return starts_.back(); }

  // Calls body(first, end) for every partition.
  template <typename Body>
  void ForPartitions(Body&& body) const {
    for (size_t p = 0; p + 1 < starts_.size(); ++p) body(starts_[p], starts_[p + 1]);
  }

  // The frame [*begin, *end) of row i in the partition [first, last).
  static void FrameOf(const logical::WindowItem& item, uint32_t i, uint32_t first, uint32_t last,
                      uint32_t* begin, uint32_t* end) {
    const auto at = [&](const FrameEdge& edge, int64_t extra) -> uint32_t {
      const int64_t span = static_cast<int64_t>(last) - first + 1;
      const int64_t distance = std::min(edge.rows, span);
      int64_t row = i;
      switch (edge.kind) {
        case FrameEdge::Kind::kUnboundedPreceding: return first;
        case FrameEdge::Kind::kUnboundedFollowing: return last;
        case FrameEdge::Kind::kPreceding: row -= distance; break;
        case FrameEdge::Kind::kCurrentRow: break;
        case FrameEdge::Kind::kFollowing: row += distance; break;
      }
      return static_cast<uint32_t>(
          std::clamp<int64_t>(row + extra, first, last));
    };
    *begin = at(item.start, 0);
    *end = at(item.end, 1);
    *end = std::max(*begin, *end);
  }

  absl::Status Compute(Item& item) {
    const uint32_t rows = num_rows();
    ItemColumn& out = item.column;
    switch (item.spec->kind) {
      case WindowFunctionKind::kRowNumber:
        out.integers.resize(rows);
        ForPartitions([&](uint32_t first, uint32_t last) {
          for (uint32_t i = first; i < last; ++i) out.integers[i] = i - first + 1;
        });
        return absl::OkStatus();
      case WindowFunctionKind::kRank:
      case WindowFunctionKind::kDenseRank:
      case WindowFunctionKind::kPercentRank: {
        const bool dense = item.spec->kind == WindowFunctionKind::kDenseRank;
        out.integers.resize(rows);
        ForPartitions([&](uint32_t first, uint32_t last) {
          int64_t rank = 0;
          for (uint32_t i = first; i < last; ++i) {
            if (new_peer_[i] != 0) rank = dense ? rank + 1 : i - first + 1;
            out.integers[i] = rank;
          }
        });
        if (item.spec->kind != WindowFunctionKind::kPercentRank) return absl::OkStatus();
        out.doubles.resize(rows);
        ForPartitions([&](uint32_t first, uint32_t last) {
          for (uint32_t i = first; i < last; ++i) {
            out.doubles[i] = last - first == 1 ? 0
                                               : static_cast<double>(out.integers[i] - 1) /
                                                     static_cast<double>(last - first - 1);
          }
        });
        out.integers.clear();
        return absl::OkStatus();
      }
      case WindowFunctionKind::kCumeDist:
        out.doubles.resize(rows);
        ForPartitions([&](uint32_t first, uint32_t last) {
          for (uint32_t i = first; i < last;) {
            uint32_t end = i + 1;
            while (end < last && new_peer_[end] == 0) ++end;
            for (; i < end; ++i) {
              out.doubles[i] = static_cast<double>(end - first) / static_cast<double>(last - first);
            }
          }
        });
        return absl::OkStatus();
      case WindowFunctionKind::kNtile: return Ntile(item);
      case WindowFunctionKind::kLag:
      case WindowFunctionKind::kLead: return LagLead(item);
      case WindowFunctionKind::kFirstValue:
      case WindowFunctionKind::kLastValue:
      case WindowFunctionKind::kNthValue: return FrameValue(item);
      case WindowFunctionKind::kRatioToReport: return RatioToReport(item);
      case WindowFunctionKind::kPercentileDisc: return PercentileDisc(item);
      case WindowFunctionKind::kAggregate: return Aggregate(item);
    }
    return absl::OkStatus();
  }

  absl::Status Ntile(Item& item) {
    ItemColumn& out = item.column;
    out.integers.resize(num_rows());
    const StoredColumn& argument = store_->column(item.args[0]);
    absl::Status status;
    ForPartitions([&](uint32_t first, uint32_t last) {
      if (argument.IsNull(first)) {
        out.nulls.resize(num_rows(), 0);
        std::fill(out.nulls.begin() + first, out.nulls.begin() + last, 1);
        return;
      }
      const int64_t buckets = IntAt(argument, first);
      if (buckets <= 0) {
        status = SqlError(SqlState::kInvalidParameterValue,
                          "argument of ntile must be greater than zero");
        return;
      }
      const int64_t total = last - first;
      const int64_t size = total / buckets, larger = total % buckets;
      for (uint32_t i = first; i < last; ++i) {
        const int64_t at = i - first;
        out.integers[i] = at < larger * (size + 1)
                              ? at / (size + 1) + 1
                              : larger + (at - larger * (size + 1)) / std::max<int64_t>(size, 1) + 1;
      }
    });
    return status;
  }

  // The rows of [first, last) whose argument is not NULL.
  static std::vector<uint32_t> NonNullRows(const StoredColumn& column, uint32_t first,
                                           uint32_t last) {
    std::vector<uint32_t> rows;
    for (uint32_t i = first; i < last; ++i) {
      if (!column.IsNull(i)) rows.push_back(i);
    }
    return rows;
  }

  absl::Status LagLead(Item& item) {
    ItemColumn& out = item.column;
    out.source = &store_->column(item.args[0]);
    out.rows.assign(num_rows(), kNoRow);
    const StoredColumn* offsets = item.args.size() > 1 ? &store_->column(item.args[1]) : nullptr;
    const int64_t sign = item.spec->kind == WindowFunctionKind::kLead ? 1 : -1;
    ForPartitions([&](uint32_t first, uint32_t last) {
      std::vector<uint32_t> present;
      if (item.spec->ignore_nulls) present = NonNullRows(*out.source, first, last);
      size_t before = 0;  // rows of `present` before row i
      for (uint32_t i = first; i < last; ++i) {
        while (before < present.size() && present[before] < i) ++before;
        if (offsets != nullptr && offsets->IsNull(i)) continue;
        const int64_t span = static_cast<int64_t>(last) - first;
        const int64_t offset =
            sign * std::clamp<int64_t>(offsets == nullptr ? 1 : IntAt(*offsets, i), -span, span);
        if (offset == 0 || !item.spec->ignore_nulls) {
          const int64_t row = static_cast<int64_t>(i) + offset;
          if (row >= first && row < last) out.rows[i] = static_cast<uint32_t>(row);
          continue;
        }
        const bool self = before < present.size() && present[before] == i;
        const int64_t at = offset < 0 ? static_cast<int64_t>(before) + offset
                                      : static_cast<int64_t>(before) + (self ? 1 : 0) + offset - 1;
        if (at >= 0 && at < static_cast<int64_t>(present.size())) out.rows[i] = present[at];
      }
    });
    return absl::OkStatus();
  }

  absl::Status FrameValue(Item& item) {
    ItemColumn& out = item.column;
    out.source = &store_->column(item.args[0]);
    out.rows.assign(num_rows(), kNoRow);
    const WindowFunctionKind kind = item.spec->kind;
    const StoredColumn* nth =
        kind == WindowFunctionKind::kNthValue ? &store_->column(item.args[1]) : nullptr;
    absl::Status status;
    ForPartitions([&](uint32_t first, uint32_t last) {
      std::vector<uint32_t> present;
      if (item.spec->ignore_nulls) present = NonNullRows(*out.source, first, last);
      for (uint32_t i = first; i < last; ++i) {
        uint32_t begin, end;
        FrameOf(*item.spec, i, first, last, &begin, &end);
        int64_t n = 1;
        if (nth != nullptr) {
          if (nth->IsNull(i)) continue;
          n = IntAt(*nth, i);
          if (n <= 0) {
            status = SqlError(SqlState::kInvalidParameterValue,
                              "argument of nth_value must be greater than zero");
            return;
          }
        }
        if (!item.spec->ignore_nulls) {
          const int64_t row = kind == WindowFunctionKind::kLastValue
                                  ? static_cast<int64_t>(end) - 1
                                  : static_cast<int64_t>(begin) + n - 1;
          if (begin < end && row < end) out.rows[i] = static_cast<uint32_t>(row);
          continue;
        }
        const auto low = std::lower_bound(present.begin(), present.end(), begin);
        const auto high = std::lower_bound(present.begin(), present.end(), end);
        if (high - low < n) continue;
        out.rows[i] = kind == WindowFunctionKind::kLastValue ? *(high - 1) : *(low + (n - 1));
      }
    });
    return status;
  }

  absl::Status RatioToReport(Item& item) {
    ItemColumn& out = item.column;
    out.doubles.resize(num_rows());
    out.nulls.assign(num_rows(), 0);
    const StoredColumn& argument = store_->column(item.args[0]);
    ForPartitions([&](uint32_t first, uint32_t last) {
      double sum = 0;
      for (uint32_t i = first; i < last; ++i) sum += argument.IsNull(i) ? 0 : DoubleAt(argument, i);
      for (uint32_t i = first; i < last; ++i) {
        if (argument.IsNull(i) || sum == 0) {
          out.nulls[i] = 1;
        } else {
          out.doubles[i] = DoubleAt(argument, i) / sum;
        }
      }
    });
    return absl::OkStatus();
  }

  absl::Status PercentileDisc(Item& item) {
    if (item.within.empty() || item.args.empty()) {
      return absl::InternalError("percentile_disc without an order");
    }
    ItemColumn& out = item.column;
    out.source = &store_->column(item.within[0]);
    out.rows.assign(num_rows(), kNoRow);
    const StoredColumn& fraction = store_->column(item.args[0]);
    const RowSortKey key{out.source, item.spec->within_group[0].descending, false};
    ForPartitions([&](uint32_t first, uint32_t last) {
      std::vector<uint32_t> rows = NonNullRows(*out.source, first, last);
      if (rows.empty() || fraction.IsNull(first)) return;
      std::stable_sort(rows.begin(), rows.end(), [&](uint32_t a, uint32_t b) {
        return CompareStoredRows({&key, 1}, a, b) < 0;
      });
      double p = DoubleAt(fraction, first);
      if (fraction.type().id == TypeId::kDecimal) p /= std::pow(10.0, fraction.type().scale);
      // The first value whose CUME_DIST reaches the fraction; a hair less than a whole is whole.
      const double wanted = std::ceil(p * static_cast<double>(rows.size()) - 1e-9);
      const auto at = static_cast<size_t>(
          std::clamp<double>(wanted - 1, 0, static_cast<double>(rows.size() - 1)));
      std::fill(out.rows.begin() + first, out.rows.begin() + last, rows[at]);
    });
    return absl::OkStatus();
  }

  // --- Aggregates ---------------------------------------------------------------------------------

  // Raw memory for states, destroyed with it.
  class States {
   public:
    States(const AggregateItem& item, size_t count) : item_(item), count_(count) {
      bytes_ = (item.state_bytes() + 15) / 16 * 16;
      memory_ = column::AllocateBuffer(std::max<size_t>(1, bytes_ * count));
      std::memset(memory_.get(), 0, bytes_ * count);
      for (size_t i = 0; i < count; ++i) item.Init(at(i));
    }
    ~States() {
      if (!item_.owns_memory()) return;
      for (size_t i = 0; i < count_; ++i) item_.Destroy(at(i));
    }
    States(const States&) = delete;
    States& operator=(const States&) = delete;
    uint8_t* at(size_t i) const { return memory_.get() + i * bytes_; }

   private:
    const AggregateItem& item_;
    const size_t count_;
    size_t bytes_;
    std::shared_ptr<uint8_t[]> memory_;
  };

  absl::Status Aggregate(Item& item) {
    const bool whole = item.spec->start.kind == FrameEdge::Kind::kUnboundedPreceding &&
                       item.spec->end.kind == FrameEdge::Kind::kUnboundedFollowing;
    base::MemoryCharge charge(context_.query->memory);
    const size_t count = whole ? starts_.size() : 3 * static_cast<size_t>(num_rows());
    VESTO_RETURN_IF_ERROR(
        charge.Grow(static_cast<int64_t>(count * (item.aggregate->state_bytes() + 8))));
    item.column.values = std::make_unique<RowStore>(1, context_.query->memory);
    item.column.rows.resize(num_rows());
    if (whole) {
      VESTO_RETURN_IF_ERROR(WholePartitions(item));
    } else {
      VESTO_RETURN_IF_ERROR(Frames(item));
    }
    item.column.source = &item.column.values->column(0);
    return absl::OkStatus();
  }

  // Adds rows [0, n) in the order of `order` (null: as they are): row r to the state state_of(r).
  absl::Status Feed(Item& item, const std::vector<uint32_t>* order,
                    const std::function<uint8_t*(uint32_t)>& state_of) {
    std::vector<uint8_t*> states(column::kBatchRows);
    std::vector<int> columns = item.args;
    if (item.aggregate->takes_order_keys()) {
      columns.insert(columns.end(), item.within.begin(), item.within.end());
    }
    for (uint32_t begin = 0; begin < num_rows(); begin += column::kBatchRows) {
      const int count = static_cast<int>(std::min<uint32_t>(column::kBatchRows, num_rows() - begin));
      std::vector<Vector> arguments;
      for (const int c : columns) {
        const StoredColumn& column = store_->column(c);
        arguments.push_back(order == nullptr ? column.Range(begin, count)
                                             : column.Gather(order->data() + begin, count, false));
      }
      item.aggregate->TurnFraction(&arguments);
      for (int i = 0; i < count; ++i) {
        states[i] = state_of(order == nullptr ? begin + i : (*order)[begin + i]);
      }
      VESTO_RETURN_IF_ERROR(item.aggregate->UpdateWith(std::move(arguments), count, states.data()));
    }
    return absl::OkStatus();
  }

  // Appends the results of `states` to the item's values.
  absl::Status Finish(Item& item, const std::vector<uint8_t*>& states) {
    for (size_t begin = 0; begin < states.size(); begin += column::kBatchRows) {
      const int count =
          static_cast<int>(std::min<size_t>(column::kBatchRows, states.size() - begin));
      VESTO_ASSIGN_OR_RETURN(Vector result,
                             item.aggregate->Finish(states.data() + begin, count));
      VESTO_RETURN_IF_ERROR(item.column.values->Append({&result, 1}, {}, count));
    }
    return absl::OkStatus();
  }

  // One state per partition.
  absl::Status WholePartitions(Item& item) {
    const size_t partitions = starts_.size() - 1;
    States states(*item.aggregate, partitions);
    std::vector<uint32_t>& partition_of = item.column.rows;
    for (size_t p = 0; p < partitions; ++p) {
      std::fill(partition_of.begin() + starts_[p], partition_of.begin() + starts_[p + 1],
                static_cast<uint32_t>(p));
    }
    std::vector<uint32_t> order;
    if (item.aggregate->ordered()) {
      std::vector<RowSortKey> keys;
      for (size_t k = 0; k < item.within.size(); ++k) {
        keys.push_back({&store_->column(item.within[k]), item.spec->within_group[k].descending,
                        item.spec->within_group[k].nulls_first});
      }
      // Rows after the last whole partition take part in the sort, but not in the feed.
      VESTO_RETURN_IF_ERROR(SortRowNumbers(keys, store_->rows(), context_.query->cancellation,
                                           context_.query->memory, &order));
      order.erase(std::remove_if(order.begin(), order.end(),
                                 [this](uint32_t row) { return row >= num_rows(); }),
                  order.end());
    }
    VESTO_RETURN_IF_ERROR(Feed(item, order.empty() ? nullptr : &order,
                               [&](uint32_t row) { return states.at(partition_of[row]); }));
    std::vector<uint8_t*> rows;
    for (size_t p = 0; p < partitions; ++p) rows.push_back(states.at(p));
    return Finish(item, rows);
  }

  absl::Status Frames(Item& item) {
    const uint32_t rows = num_rows();
    AggregateItem& aggregate = *item.aggregate;
    for (uint32_t i = 0; i < rows; ++i) item.column.rows[i] = i;
    // A state per row, then states of frames made of them.
    States leaves(aggregate, rows);
    VESTO_RETURN_IF_ERROR(Feed(item, nullptr, [&](uint32_t row) { return leaves.at(row); }));
    States results(aggregate, rows);
    absl::Status status;
    const auto merge = [&](const uint8_t* source, uint8_t* target) {
      if (!status.ok()) return;
      const uint8_t* sources[] = {source + aggregate.state_offset()};
      uint8_t* targets[] = {target};
      status = aggregate.Merge(sources, targets, 1);
    };
    ForPartitions([&](uint32_t first, uint32_t last) {
      if (!status.ok()) return;
      if (aggregate.can_subtract()) {
        PrefixFrames(item, first, last, leaves, results, merge);
      } else if (item.spec->start.kind == FrameEdge::Kind::kUnboundedPreceding &&
                 !aggregate.owns_memory()) {
        RunningFrames(item, first, last, leaves, results, merge);
      } else {
        TreeFrames(item, first, last, leaves, results, merge);
      }
    });
    VESTO_RETURN_IF_ERROR(status);
    std::vector<uint8_t*> states;
    for (uint32_t i = 0; i < rows; ++i) states.push_back(results.at(i));
    return Finish(item, states);
  }

  // Differences of prefix sums.
  template <typename Merge>
  void PrefixFrames(Item& item, uint32_t first, uint32_t last, const States& leaves,
                    const States& results, Merge&& merge) {
    States prefixes(*item.aggregate, last - first + 1);
    const size_t bytes = item.aggregate->state_bytes();
    for (uint32_t i = first; i < last; ++i) {
      std::memcpy(prefixes.at(i - first + 1), prefixes.at(i - first), bytes);
      merge(leaves.at(i), prefixes.at(i - first + 1));
    }
    for (uint32_t i = first; i < last; ++i) {
      uint32_t begin, end;
      FrameOf(*item.spec, i, first, last, &begin, &end);
      item.aggregate->Subtract(prefixes.at(end - first), prefixes.at(begin - first), results.at(i));
    }
  }

  // Frames that begin with the partition only grow.
  template <typename Merge>
  void RunningFrames(Item& item, uint32_t first, uint32_t last, const States& leaves,
                     const States& results, Merge&& merge) {
    States running(*item.aggregate, 1);
    uint32_t added = first;
    for (uint32_t i = first; i < last; ++i) {
      uint32_t begin, end;
      FrameOf(*item.spec, i, first, last, &begin, &end);
      for (; added < end; ++added) merge(leaves.at(added), running.at(0));
      std::memcpy(results.at(i), running.at(0), item.aggregate->state_bytes());
    }
  }

  // Any frame is made of few nodes of a binary tree over the rows, from left to right.
  template <typename Merge>
  void TreeFrames(Item& item, uint32_t first, uint32_t last, const States& leaves,
                  const States& results, Merge&& merge) {
    const size_t count = last - first;
    // Level by level: level l has ceil(count / 2^l) nodes of 2^l leaves; level 0 is `leaves`.
    std::vector<std::unique_ptr<States>> levels;
    std::vector<size_t> sizes = {count};
    while (sizes.back() > 1) {
      const size_t below = sizes.back(), size = (below + 1) / 2;
      auto level = std::make_unique<States>(*item.aggregate, size);
      for (size_t n = 0; n < below; ++n) {
        merge(levels.empty() ? leaves.at(first + n) : levels.back()->at(n), level->at(n / 2));
      }
      levels.push_back(std::move(level));
      sizes.push_back(size);
    }
    const auto node = [&](size_t level, size_t n) {
      return level == 0 ? leaves.at(first + n) : levels[level - 1]->at(n);
    };
    std::vector<std::pair<size_t, size_t>> right;
    for (uint32_t i = first; i < last; ++i) {
      uint32_t begin_row, end_row;
      FrameOf(*item.spec, i, first, last, &begin_row, &end_row);
      size_t begin = begin_row - first, end = end_row - first;
      right.clear();
      for (size_t level = 0; begin < end; ++level) {
        if ((begin & 1) != 0) merge(node(level, begin++), results.at(i));
        if (begin < end && (end & 1) != 0) right.emplace_back(level, --end);
        begin /= 2;
        end /= 2;
      }
      for (auto it = right.rbegin(); it != right.rend(); ++it) {
        merge(node(it->first, it->second), results.at(i));
      }
    }
  }

  const physical::WindowSpec& spec_;
  const StepContext context_;
  std::unique_ptr<Step> input_;
  Layout layout_;
  std::vector<std::unique_ptr<expr::Evaluator>> computed_;
  std::vector<int> partition_columns_, order_columns_;
  std::vector<Item> items_;
  std::unique_ptr<RowStore> store_;
  std::vector<uint8_t> new_partition_, new_peer_;  // by row: it begins one
  uint32_t last_partition_ = 0;                    // the row where the last one begins
  std::vector<uint32_t> starts_;  // of the partitions at hand, and the end
  uint32_t emit_ = 0, emit_end_ = 0;
  bool done_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Step>> MakeWindow(const physical::WindowSpec& spec,
                                                 const physical::Step& step, const Layout& layout,
                                                 std::unique_ptr<Step> input,
                                                 const StepContext& context) {
  auto window = std::make_unique<Window>(spec, step, std::move(input), context);
  VESTO_RETURN_IF_ERROR(window->Init(layout));
  return window;
}

}  // namespace vesto::exec
