#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/memory_pool.h"
#include "base/mutex.h"
#include "catalog/catalog.h"
#include "cluster/session_registry.h"
#include "exec/storage_access.h"
#include "exec/worker_pool.h"
#include "functions/function.h"
#include "io/mounts.h"
#include "optimizer/optimizer.h"
#include "security/password.h"
#include "storage/shard_store.h"
#include "telemetry/telemetry.h"
#include "txn/lock_table.h"
#include "txn/transaction_manager.h"
#include "types/table_design.h"
#include "vesto/cluster.h"

namespace vesto::sysview {
class SystemViews;
}

namespace vesto::cluster {

// Everything that one cluster owns. Members are declared in the order in which they depend on each
// other: destruction runs backwards, threads first.
// Thread-safety: thread-safe.
// Shared by its Cluster and its sessions, so that a session that outlives the Cluster gets errors and
// nothing worse.
class ClusterImpl : public storage::ShardDirectory,
                    public optimizer::StatisticsSource,
                    public std::enable_shared_from_this<ClusterImpl> {
 public:
  // `password`: the superuser's, all empty for none.
  ClusterImpl(ClusterOptions options, catalog::PasswordVerifiers password);
  ~ClusterImpl() override;

  // storage::ShardDirectory
  int num_slices() const override { return topology.num_slices(); }
  storage::ShardStore& store(int slice) const override { return *stores_[slice]; }

  // optimizer::StatisticsSource
  std::shared_ptr<const optimizer::TableStats> Statistics(
      const catalog::TableEntry& table) const override;

  // What lies in a column of exact numbers at least and at most, in units of its scale; nullopt where
  // that is not known.
  std::optional<std::pair<int128_t, int128_t>> Bounds(const catalog::TableEntry& table,
                                                      int column) const;
  // Grows with every change of the table's stored rows, committed or not.
  uint64_t DataVersion(const catalog::TableEntry& table) const;

  int64_t NowMicros() const { return clock->NowMicros(); }
  int64_t NextQueryId() { return next_query_.fetch_add(1, std::memory_order_relaxed); }
  int32_t NextPid() { return next_pid_.fetch_add(1, std::memory_order_relaxed); }
  int128_t NextIdentity(const catalog::ColumnEntry& column, int64_t count);

  const ClusterOptions options;
  const types::Topology topology;
  const std::shared_ptr<Clock> clock;
  base::MemoryPool memory;
  catalog::Catalog catalog;
  txn::LockTable locks;
  txn::TransactionManager transactions;
  telemetry::Telemetry telemetry;
  SessionRegistry sessions;
  io::MountTable mounts;
  std::shared_ptr<const functions::Registry> functions;
  security::PasswordPolicy password_policy() const {
    return {.allow_md5 = options.allow_md5_passwords};
  }
  // From which a login invents verifiers for users who do not exist; made by the first login.
  std::string_view mock_key();
  // Held while a session counts the open ones and joins them.
  base::Mutex connect_mutex;

  // The system views; made by the first statement that asks for it, so that opening stays cheap.
  const sysview::SystemViews& sources();

 private:
  struct CachedStats {
    uint64_t version = 0;
    std::shared_ptr<const optimizer::TableStats> stats;
  };

  // The slices, from the first, that hold the table's rows: of DISTSTYLE ALL the one physical copy.
  int NumShards(const catalog::TableEntry& table) const {
    return table.design.dist_style == types::DistStyle::kAll ? 1 : num_slices();
  }

  std::once_flag mock_key_once_;
  std::string mock_key_;
  std::once_flag sources_once_;
  std::unique_ptr<sysview::SystemViews> sources_;
  std::vector<std::unique_ptr<storage::ShardStore>> stores_;
  std::atomic<int64_t> next_query_{1};
  std::atomic<int32_t> next_pid_{10001};
  base::Mutex identity_mutex_;
  // The next value of each generator. Wide: beyond the last value of its type it stays there.
  absl::flat_hash_map<catalog::Oid, int128_t> identities_ ABSL_GUARDED_BY(identity_mutex_);
  mutable base::Mutex stats_mutex_;
  mutable absl::flat_hash_map<uint32_t, CachedStats> stats_ ABSL_GUARDED_BY(stats_mutex_);

 public:
  exec::WorkerPool workers;
};

}  // namespace vesto::cluster
