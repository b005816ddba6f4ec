#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "exec/step.h"
#include "functions/function.h"
#include "support/catch.h"
#include "support/status.h"

// Runs single steps and sinks over rows given as values, in batches of random size and random vector
// kinds, and brings results back as rows of text.
namespace vesto::exec::test {

using Row = std::vector<Value>;
using TextRow = std::vector<std::string>;

struct Relation {
  std::vector<logical::OutputColumn> columns;
  std::vector<Row> rows;

  Layout layout() const {
    Layout ids;
    for (const auto& column : columns) ids.push_back(column.id);
    return ids;
  }
  expr::ExprPtr Column(int i) const {
    return expr::Column(columns[i].id, columns[i].type, columns[i].name);
  }
};

inline std::string TextOf(const Value& value) {
  return value.is_null() ? "NULL" : value.ToString();
}

inline TextRow TextOf(const Row& row) {
  TextRow text;
  for (const Value& value : row) text.push_back(TextOf(value));
  return text;
}

inline std::vector<TextRow> TextOf(const std::vector<Row>& rows) {
  std::vector<TextRow> text;
  for (const Row& row : rows) text.push_back(TextOf(row));
  return text;
}

inline std::vector<TextRow> Sorted(std::vector<TextRow> rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  int64_t Between(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(engine_);
  }
  bool OneIn(int n) { return Between(1, n) == 1; }

  // A value of few or many possible ones.
  Value ValueOf(const Type& type, int64_t domain, int null_one_in) {
    if (null_one_in > 0 && OneIn(null_one_in)) return Value::Null(type);
    const int64_t n = Between(0, domain - 1);
    switch (type.id) {
      case TypeId::kVarchar: {
        std::string text = n % 3 == 0 ? "key " + std::to_string(n) + " is longer than inline"
                                      : "k" + std::to_string(n);
        if (OneIn(4)) text += "  ";
        return Value::OfText(type, text);
      }
      case TypeId::kDouble: return Value::OfDouble(type, static_cast<double>(n) - 3.5);
      case TypeId::kDecimal: {
        Value::Int128 wide = n - domain / 2;
        if (type.length > 18 && n % 2 == 0) wide *= static_cast<Value::Int128>(1) << 70;
        return Value::OfInteger(type, wide);
      }
      case TypeId::kBoolean: return Value::OfInteger(type, n & 1);
      case TypeId::kInteger: return Value::OfInteger(type, n % (1 << 30) - domain % 1000 / 3);
      // Far apart: keys that no dense table takes.
      case TypeId::kTimestamp: return Value::OfInteger(type, n * 86'400'000'001);
      default: return Value::OfInteger(type, n - domain / 3);
    }
  }
  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

inline column::Batch BatchOf(const Relation& relation, size_t begin, int count, Random* random) {
  column::Batch batch;
  batch.rows = count;
  for (size_t c = 0; c < relation.columns.size(); ++c) {
    const Type& type = relation.columns[c].type;
    const auto value = [&](int i) -> const Value& { return relation.rows[begin + i][c]; };
    bool same = count > 0 && random != nullptr && random->OneIn(2);
    for (int i = 1; i < count && same; ++i) same = value(i) == value(0);
    if (same) {
      batch.columns.push_back(column::Vector::Constant(value(0)));
      continue;
    }
    if (type.id == TypeId::kVarchar && random != nullptr && random->OneIn(2)) {
      auto dictionary = std::make_shared<column::Dictionary>();
      std::vector<std::string> known;
      std::vector<uint16_t> codes;
      for (int i = 0; i < count; ++i) {
        const std::string text = value(i).is_null() ? "" : value(i).text();
        const auto at = std::find(known.begin(), known.end(), text);
        codes.push_back(static_cast<uint16_t>(at - known.begin()));
        if (at == known.end()) known.push_back(text);
      }
      for (const std::string& text : known) {
        dictionary->entries.push_back(dictionary->heap.Add(std::string_view(text)));
      }
      column::Vector vector = column::Vector::OfDictionary(type, dictionary, count);
      std::copy(codes.begin(), codes.end(), vector.mutable_codes());
      for (int i = 0; i < count; ++i) {
        if (value(i).is_null()) vector.MutableNulls(count)[i] = 1;
      }
      batch.columns.push_back(std::move(vector));
      continue;
    }
    column::Vector vector = column::Vector::Flat(type, types::DefaultPhysicalType(type), count);
    for (int i = 0; i < count; ++i) {
      if (value(i).is_null()) vector.MutableNulls(count);
      vector.SetValue(i, value(i));
    }
    batch.columns.push_back(std::move(vector));
  }
  return batch;
}

inline std::vector<column::Batch> BatchesOf(const Relation& relation, Random& random,
                                            int max_rows = column::kBatchRows) {
  std::vector<column::Batch> batches;
  for (size_t begin = 0; begin < relation.rows.size();) {
    const int count = static_cast<int>(std::min<int64_t>(
        random.Between(1, max_rows), static_cast<int64_t>(relation.rows.size() - begin)));
    batches.push_back(BatchOf(relation, begin, count, &random));
    begin += count;
  }
  return batches;
}

class FakeInput : public Step {
 public:
  explicit FakeInput(std::vector<column::Batch> batches) : batches_(std::move(batches)) {}
  absl::StatusOr<Progress> Next(column::Batch* out) override {
    if (++calls_ % 5 == 0) return Progress::kBlocked;
    if (next_ == batches_.size()) return Progress::kDone;
    *out = batches_[next_++];
    return Progress::kBatch;
  }

 private:
  std::vector<column::Batch> batches_;
  size_t next_ = 0;
  int calls_ = 0;
};

// A query without a plan: contexts for steps on `num_slices` slices.
class Harness {
 public:
  explicit Harness(int num_slices = 1, int num_states = 8)
      : pool_("test", 0), registry_(functions::BuiltinRegistry()) {
    query.topology = {1, num_slices};
    query.eval = &eval_;
    query.memory = &pool_;
    query.cancellation = &cancellation_;
    query.states.resize(num_states);
  }

  StepContext Context(int slice) {
    StepContext context;
    context.query = &query;
    context.slice = slice;
    context.num_peers = query.topology.num_slices();
    context.peer = slice;
    return context;
  }

  const functions::AggregateFunction* Aggregate(std::string_view name) const {
    const auto* function = registry_->FindAggregate(name);
    REQUIRE(function != nullptr);
    return function;
  }

  // Runs one sink per slice: `inputs[s]` is what slice s gets.
  absl::Status RunSinks(const physical::Step& step, const Layout& layout,
                        std::vector<std::vector<column::Batch>> inputs) {
    std::vector<std::unique_ptr<Sink>> sinks;
    for (size_t s = 0; s < inputs.size(); ++s) {
      auto sink = MakeSink(step, layout, Context(static_cast<int>(s)));
      if (!sink.ok()) return sink.status();
      sinks.push_back(*std::move(sink));
    }
    for (size_t s = 0; s < inputs.size(); ++s) {
      for (column::Batch& batch : inputs[s]) {
        if (auto status = sinks[s]->Consume(std::move(batch)); !status.ok()) return status;
      }
    }
    std::vector<bool> done(sinks.size());
    for (size_t left = sinks.size(); left > 0;) {
      for (size_t s = 0; s < sinks.size(); ++s) {
        if (done[s]) continue;
        auto progress = sinks[s]->Finish();
        if (!progress.ok()) return progress.status();
        if (*progress == Progress::kDone) {
          done[s] = true;
          --left;
        }
      }
    }
    return absl::OkStatus();
  }

  // The same with a thread per slice, as workers run it.
  absl::Status RunSinksInThreads(const physical::Step& step, const Layout& layout,
                                 std::vector<std::vector<column::Batch>> inputs) {
    std::vector<absl::Status> outcomes(inputs.size());
    std::vector<std::thread> threads;
    for (size_t s = 0; s < inputs.size(); ++s) {
      threads.emplace_back([&, s] {
        outcomes[s] = [&]() -> absl::Status {
          VESTO_ASSIGN_OR_RETURN(auto sink, MakeSink(step, layout, Context(static_cast<int>(s))));
          for (column::Batch& batch : inputs[s]) {
            VESTO_RETURN_IF_ERROR(sink->Consume(std::move(batch)));
          }
          while (true) {
            VESTO_ASSIGN_OR_RETURN(const Progress progress, sink->Finish());
            if (progress == Progress::kDone) return absl::OkStatus();
            if (progress == Progress::kBlocked) std::this_thread::yield();
          }
        }();
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const absl::Status& outcome : outcomes) {
      if (!outcome.ok()) return outcome;
    }
    return absl::OkStatus();
  }

  // Everything that a step emits, as batches.
  static absl::StatusOr<std::vector<column::Batch>> Drain(Step& step) {
    std::vector<column::Batch> batches;
    while (true) {
      column::Batch batch;
      auto progress = step.Next(&batch);
      if (!progress.ok()) return progress.status();
      if (*progress == Progress::kDone) return batches;
      if (*progress == Progress::kBlocked) continue;
      REQUIRE(batch.rows > 0);
      REQUIRE(batch.rows <= column::kBatchRows);
      batches.push_back(std::move(batch));
    }
  }

  static std::vector<TextRow> RowsOf(const std::vector<column::Batch>& batches) {
    std::vector<TextRow> rows;
    for (const column::Batch& batch : batches) {
      for (int i = 0; i < batch.rows; ++i) {
        TextRow row;
        for (const column::Vector& column : batch.columns) row.push_back(TextOf(column.ValueAt(i)));
        rows.push_back(std::move(row));
      }
    }
    return rows;
  }

  int64_t memory_used() const { return pool_.used(); }

 private:
  base::MemoryPool pool_;
  base::Cancellation cancellation_;
  functions::EvalContext eval_;
  std::shared_ptr<const functions::Registry> registry_;

 public:
  QueryContext query;  // last: its states give their charges back to the pool
};

}  // namespace vesto::exec::test
