#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/memory_pool.h"
#include "binder/bound_statement.h"
#include "column/batch.h"
#include "column/field_encoder.h"
#include "format/field_parse.h"
#include "functions/eval_context.h"
#include "logical/constant_rows.h"

namespace vesto::cluster {

// The rows of COPY FROM STDIN: cut out of the client's bytes, converted as INSERT converts text, and
// given on in portions, so that a load of any length takes a bounded amount of memory.
// Thread-safety: the session's thread.
class ClientCopyIn {
 public:
  // Inserts a portion of rows, whose columns are those of the COPY.
  using Insert = std::function<absl::Status(std::shared_ptr<const logical::ConstantRows>)>;

  // `copy` and `eval` outlive it, `memory` is charged for the rows of one portion.
  ClientCopyIn(const binder::ClientCopy& copy, const functions::EvalContext& eval,
               base::MemoryPool* memory, Insert insert);

  // The next bytes, cut anywhere. Errors name the line and the column in their context.
  absl::Status Add(std::string_view bytes);
  // There are no more: inserts what is left.
  absl::Status Finish();

 private:
  // A field of a column with `by_value_`: hexadecimal text, or any type's binary form.
  absl::StatusOr<Value> Decode(const Type& type, std::string_view bytes) const;
  absl::Status TakeRow(const format::ClientCopyRow& row);
  absl::Status InOrder(const absl::Status& status);
  // Turns the pending rows into a batch of the portion.
  absl::Status Convert();
  absl::Status InsertPortion();
  absl::Status InContext(const absl::Status& error, int64_t line, int column,
                         std::string_view value) const;

  const binder::ClientCopy& copy_;
  const functions::EvalContext& eval_;
  base::MemoryPool* const memory_;
  const Insert insert_;
  std::vector<Type> types_;
  std::vector<std::string> names_;
  std::vector<bool> by_value_;  // by column: decoded field by field, not cast as a column of text
  const format::FieldParser parser_;
  format::ClientCopyReader reader_;
  column::Batch pending_;       // rows not converted yet: text, or values where `by_value_` says so
  std::vector<int64_t> lines_;  // of the pending rows
  std::shared_ptr<logical::ConstantRows> portion_;
};

// The data of COPY TO STDOUT, row by row.
class ClientCopyOut {
 public:
  ClientCopyOut(const binder::ClientCopy& copy, const types::TextContext& context);

  // Rows to write next; the former ones are written.
  void Load(column::Batch batch);
  bool has_row() const { return next_ < rows_; }
  void AppendRow(std::string* out);
  // What precedes the first row and follows the last; nothing the second time.
  void AppendStart(std::string* out);
  void AppendEnd(std::string* out);

 private:
  std::vector<std::string> names_;
  const format::ClientCopyWriter writer_;
  column::FieldEncoder encoder_;
  std::string fields_;
  int next_ = 0, rows_ = 0;
  bool started_ = false, ended_ = false;
};

}  // namespace vesto::cluster
