#pragma once

#include <vector>

#include "column/batch.h"

namespace vesto::exec {

// Joins small batches into fuller ones, so that a selective filter or probe does not make every
// later operator work on a few rows at a time (performance.md §3). Rows keep their order.
//
//   Add() every batch; take what Pop() gives; Flush() at the end of the input.
class BatchCompactor {
 public:
  // Batches with at least this many rows pass through unchanged.
  static constexpr int kFull = column::kBatchRows / 4;

  void Add(column::Batch batch);
  // False when nothing is ready.
  bool Pop(column::Batch* out);
  // Makes the pending rows ready.
  void Flush();

 private:
  void Concatenate();

  std::vector<column::Batch> pending_;
  int pending_rows_ = 0;
  std::vector<column::Batch> ready_;
  size_t next_ready_ = 0;
};

// The rows of `batches` in one batch; at most kBatchRows. Dictionaries that all parts share stay.
column::Batch ConcatenateBatches(std::vector<column::Batch> batches);

// The first `rows` of a DECIMAL vector as flat kInt128.
column::Vector WidenedToInt128(const column::Vector& vector, int rows);

}  // namespace vesto::exec
