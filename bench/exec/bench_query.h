#pragma once

#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "exec/step.h"
#include "functions/function.h"

// A query of one slice and its input in memory: what a step costs without scans around it.
namespace vesto::exec {

class MemoryInput : public Step {
 public:
  explicit MemoryInput(const std::vector<column::Batch>* batches) : batches_(batches) {}
  absl::StatusOr<Progress> Next(column::Batch* out) override {
    if (next_ == batches_->size()) return Progress::kDone;
    *out = (*batches_)[next_++];
    return Progress::kBatch;
  }

 private:
  const std::vector<column::Batch>* batches_;
  size_t next_ = 0;
};

class BenchQuery {
 public:
  BenchQuery() : pool_("bench", 0), registry_(functions::BuiltinRegistry()) {
    query.eval = &eval_;
    query.memory = &pool_;
    query.cancellation = &cancellation_;
    query.states.resize(4);
  }
  StepContext context() {
    StepContext context;
    context.query = &query;
    return context;
  }
  const functions::AggregateFunction* aggregate(std::string_view name) const {
    return registry_->FindAggregate(name);
  }
  // Makes the sink's state and runs the sink to its end.
  void RunSink(const physical::Step& step, const Layout& layout, int state,
               const std::vector<column::Batch>& input) {
    query.states[state] = MakeState(step, layout, &query).value();
    auto sink = MakeSink(step, layout, context()).value();
    for (const column::Batch& batch : input) VESTO_CHECK(sink->Consume(batch).ok());
    while (sink->Finish().value() != Progress::kDone) {
    }
  }
  static int64_t Drain(Step& step) {
    int64_t rows = 0;
    column::Batch batch;
    while (step.Next(&batch).value() == Progress::kBatch) {
      rows += batch.rows;
      benchmark::DoNotOptimize(batch.columns.data());
    }
    return rows;
  }

 private:
  base::MemoryPool pool_;
  base::Cancellation cancellation_;
  functions::EvalContext eval_;
  std::shared_ptr<const functions::Registry> registry_;

 public:
  QueryContext query;  // last: its states give their charges back to the pool
};

// BIGINT columns in full batches.
inline std::vector<column::Batch> BatchesOf(const std::vector<std::vector<int64_t>>& columns) {
  std::vector<column::Batch> batches;
  for (size_t begin = 0; begin < columns[0].size(); begin += column::kBatchRows) {
    const int rows =
        static_cast<int>(std::min<size_t>(column::kBatchRows, columns[0].size() - begin));
    column::Batch batch;
    batch.rows = rows;
    for (const std::vector<int64_t>& values : columns) {
      column::Vector vector =
          column::Vector::Flat(Type::Bigint(), types::PhysicalType::kInt64, rows);
      std::copy_n(values.begin() + begin, rows, vector.mutable_data<int64_t>());
      batch.columns.push_back(std::move(vector));
    }
    batches.push_back(std::move(batch));
  }
  return batches;
}

// `count` values, uniform over [0, range), times `factor`.
inline std::vector<int64_t> Uniform(size_t count, int64_t range, int64_t factor, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<int64_t> values(count);
  for (int64_t& value : values) {
    value = static_cast<int64_t>(random() % static_cast<uint64_t>(range)) * factor;
  }
  return values;
}

inline logical::OutputColumn BigintColumn(int id) {
  return {id, Type::Bigint(), "c" + std::to_string(id)};
}
inline expr::ExprPtr ColumnRef(int id) { return expr::Column(id, Type::Bigint(), "c"); }

}  // namespace vesto::exec
