#include "storage/shard_store.h"

#include <map>
#include <set>

#include "base/mutex.h"
#include "base/status_macros.h"

namespace vesto::storage {

struct ShardStore::Impl {
  struct Touched {
    std::set<uint32_t> written, created, dropped;
  };

  base::MemoryPool* pool = nullptr;
  mutable base::Mutex mutex;
  std::map<uint32_t, std::shared_ptr<TableShard>> shards ABSL_GUARDED_BY(mutex);
  std::map<Xid, Touched> touched ABSL_GUARDED_BY(mutex);
  // Shards with something that an old snapshot kept from being tidied.
  std::set<uint32_t> untidy ABSL_GUARDED_BY(mutex);
};

ShardStore::ShardStore(base::MemoryPool* pool) : impl_(std::make_unique<Impl>()) {
  impl_->pool = pool;
}

ShardStore::~ShardStore() = default;

absl::Status ShardStore::Create(Xid xid, uint32_t table, TableShape shape) {
  base::MutexLock lock(impl_->mutex);
  if (impl_->shards.contains(table)) {
    return SqlError(SqlState::kInternalError, "a shard of this table exists already");
  }
  impl_->shards[table] = std::make_shared<TableShard>(table, std::move(shape), impl_->pool);
  impl_->touched[xid].created.insert(table);
  return absl::OkStatus();
}

absl::Status ShardStore::Drop(Xid xid, uint32_t table) {
  base::MutexLock lock(impl_->mutex);
  if (impl_->shards.contains(table)) impl_->touched[xid].dropped.insert(table);
  return absl::OkStatus();
}

std::shared_ptr<TableShard> ShardStore::Find(uint32_t table) const {
  base::MutexLock lock(impl_->mutex);
  auto it = impl_->shards.find(table);
  return it == impl_->shards.end() ? nullptr : it->second;
}

std::vector<std::shared_ptr<TableShard>> ShardStore::List() const {
  base::MutexLock lock(impl_->mutex);
  std::vector<std::shared_ptr<TableShard>> list;
  for (const auto& [table, shard] : impl_->shards) list.push_back(shard);
  return list;
}

std::shared_ptr<TableShard> ShardStore::FindForWrite(Xid xid, uint32_t table) {
  base::MutexLock lock(impl_->mutex);
  auto it = impl_->shards.find(table);
  if (it == impl_->shards.end()) return nullptr;
  impl_->touched[xid].written.insert(table);
  return it->second;
}

void ShardStore::Commit(Xid xid) {
  base::MutexLock lock(impl_->mutex);
  auto it = impl_->touched.find(xid);
  if (it == impl_->touched.end()) return;
  for (uint32_t table : it->second.dropped) {
    impl_->shards.erase(table);
    impl_->untidy.erase(table);
  }
}

void ShardStore::Abort(Xid xid) {
  std::vector<std::shared_ptr<TableShard>> undo;
  {
    base::MutexLock lock(impl_->mutex);
    auto it = impl_->touched.find(xid);
    if (it == impl_->touched.end()) return;
    for (uint32_t table : it->second.written) {
      if (it->second.created.contains(table)) continue;
      if (auto shard = impl_->shards.find(table); shard != impl_->shards.end()) {
        undo.push_back(shard->second);
      }
    }
    for (uint32_t table : it->second.created) impl_->shards.erase(table);
    impl_->touched.erase(it);
  }
  for (const auto& shard : undo) shard->Abort(xid);
}

void ShardStore::Ended(Xid xid, Xid horizon) {
  std::vector<std::pair<std::shared_ptr<TableShard>, bool>> shards;
  {
    base::MutexLock lock(impl_->mutex);
    std::set<uint32_t> written;
    if (auto it = impl_->touched.find(xid); it != impl_->touched.end()) {
      written = std::move(it->second.written);
      impl_->untidy.insert(written.begin(), written.end());
      impl_->touched.erase(it);
    } else {
      return;
    }
    for (uint32_t table : impl_->untidy) {
      if (auto shard = impl_->shards.find(table); shard != impl_->shards.end()) {
        shards.emplace_back(shard->second, written.contains(table));
      }
    }
    impl_->untidy.clear();
  }
  for (const auto& [shard, exclusive] : shards) {
    if (shard->Tidy(horizon, exclusive)) {
      base::MutexLock lock(impl_->mutex);
      impl_->untidy.insert(shard->table());
    }
  }
}

}  // namespace vesto::storage
