#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "base/int128.h"
#include "catalog/entries.h"
#include "storage/shard_store.h"
#include "txn/snapshot.h"

namespace vesto::io {
class MountTable;
}  // namespace vesto::io
namespace vesto::storage {
class ShardScan;
}  // namespace vesto::storage

namespace vesto::telemetry {
class Telemetry;
}  // namespace vesto::telemetry

namespace vesto::exec {

// A statement's view of the rows at rest: the shards of all slices under its snapshot, and the
// transaction that its writes belong to. One per running query; made by the cluster.
// Thread-safety: const members are shared by all slices; counters are atomic.
class StorageAccess {
 public:
  storage::ShardDirectory* shards = nullptr;
  txn::Snapshot snapshot;
  txn::Xid xid = 0;  // 0 for statements that only read
  const io::MountTable* mounts = nullptr;
  telemetry::Telemetry* telemetry = nullptr;  // load errors, files loaded and unloaded
  std::function<int64_t()> now_micros;        // the cluster's clock, where there is telemetry

  // The first of the next `count` values of an identity column. The others follow by its step; they
  // may lie beyond its type.
  std::function<int128_t(const catalog::ColumnEntry& column, int64_t count)> identity;

  // Rows that the statement inserted, updated or deleted. Relaxed: read after all tasks have ended.
  std::atomic<int64_t> affected_rows{0};
  // Rows that scans have read so far, for progress.
  std::atomic<int64_t> rows_read{0};

  // Scans that several slices share (one copy of a DISTSTYLE ALL table), by the address of their
  // spec. Filled while a stream is set up, by one thread.
  absl::flat_hash_map<const void*, std::shared_ptr<storage::ShardScan>> shared_scans;
  // Likewise what the slices of one COPY or UNLOAD share.
  absl::flat_hash_map<const void*, std::shared_ptr<void>> shared_transfers;
  // Rows that COPY refused and MAXERROR let pass.
  std::atomic<int64_t> rejected_rows{0};
};

}  // namespace vesto::exec
