#pragma once

#include <memory>
#include <vector>

#include "catalog/catalog.h"
#include "cluster/session_impl.h"
#include "column/batch.h"
#include "storage/table_shard.h"

namespace vesto::cluster {

// Session::Append: rows of values, collected into batches, converted as INSERT converts them and
// handed to the shards that the table's design names.
class AppenderImpl {
 public:
  static absl::StatusOr<std::unique_ptr<AppenderImpl>> Open(std::shared_ptr<SessionImpl> session,
                                                            std::string_view table);
  ~AppenderImpl();

  absl::Status AppendRow(const std::vector<Value>& values);
  absl::Status Close();
  int64_t rows() const { return rows_; }

 private:
  AppenderImpl(std::shared_ptr<SessionImpl> session, catalog::TablePtr table);
  absl::Status Flush();
  absl::StatusOr<column::Batch> Convert() const;
  void Abandon();
  // What it adds would be nobody's once its transaction has ended.
  absl::Status CheckTransaction() const;

  const std::shared_ptr<SessionImpl> session_;
  const catalog::TablePtr table_;
  txn::Xid xid_ = 0;
  functions::EvalContext eval_;
  std::vector<std::shared_ptr<storage::TableShard>> shards_;
  std::vector<std::unique_ptr<storage::ShardAppender>> appenders_;  // by slice
  std::vector<std::vector<Value>> pending_;
  int64_t rows_ = 0;
  int next_slice_ = 0;
  bool open_ = true;
  absl::Status failed_;  // the first error is every later one
};

}  // namespace vesto::cluster
