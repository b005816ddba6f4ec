#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "base/memory_pool.h"
#include "storage/table_shard.h"
#include "txn/transaction_manager.h"

namespace vesto::storage {

// The shards of one slice, by table oid. Owned by the slice; a participant of every transaction.
// Thread-safety: thread-safe.
class ShardStore : public txn::Participant {
 public:
  // `pool` is charged for everything stored; it outlives the store and every version that a reader
  // or result keeps.
  explicit ShardStore(base::MemoryPool* pool);
  ~ShardStore() override;

  // CREATE TABLE: the shard is there at once and goes away again if the transaction is rolled back.
  absl::Status Create(Xid xid, uint32_t table, TableShape shape);
  // DROP TABLE: the shard goes away when the transaction commits.
  absl::Status Drop(Xid xid, uint32_t table);
  // nullptr when there is none. Shared: a reader may outlive a DROP.
  std::shared_ptr<TableShard> Find(uint32_t table) const;
  std::vector<std::shared_ptr<TableShard>> List() const;

  // Notes that `xid` is about to write to the shard, so that its end reaches it. Every write path
  // calls this before the shard's own methods.
  std::shared_ptr<TableShard> FindForWrite(Xid xid, uint32_t table);

  void Commit(Xid xid) override;
  void Abort(Xid xid) override;
  void Ended(Xid xid, Xid horizon) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// How commands and the planner reach the shards of a cluster; implemented by the cluster.
class ShardDirectory {
 public:
  virtual ~ShardDirectory() = default;
  virtual int num_slices() const = 0;
  virtual ShardStore& store(int slice) const = 0;
};

}  // namespace vesto::storage
