#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "base/cancellation.h"
#include "txn/transaction_manager.h"

namespace vesto::txn {

// Redshift's table locks. Source: redshift/architecture.md §8.
enum class LockMode : uint8_t {
  kAccessShare,        // SELECT, UNLOAD: conflicts with kAccessExclusive only
  kShareRowExclusive,  // COPY, INSERT, UPDATE, DELETE: conflicts with itself and kAccessExclusive
  kAccessExclusive,    // DDL, LOCK, TRUNCATE: conflicts with everything
};

// "AccessShareLock", ... as catalog views print it.
std::string_view LockModeName(LockMode mode);

// The locks on tables, held until their transaction ends, and the dependencies between
// transactions that follow from them.
//
// Waiting happens on the session's thread, first come first served, and ends by grant, by the
// cancellation of the statement, or by `deadlock detected` (40P01) for the transaction whose wait
// would close a circle.
//
// Serializability (level SERIALIZABLE): tables read and written are those that were locked. A
// write to a table whose last committed write is not in the transaction's snapshot fails at once;
// read-write dependencies are checked by CheckSerializable before the commit. Both with
// XX000, message `1023` and the table and the cycle in the detail (redshift/errors.md).
// At level SNAPSHOT only the first of these holds.
// Thread-safety: thread-safe.
class LockTable {
 public:
  LockTable();
  ~LockTable();

  struct Options {
    const base::Cancellation* cancellation = nullptr;  // may be null
    // False for VACUUM, ANALYZE and other changes that leave the rows as they are.
    bool writes = true;
  };
  // Takes or strengthens the lock. A transaction without a snapshot takes it after the grant.
  absl::Status Acquire(Transaction& transaction, uint32_t table, LockMode mode,
                       const Options& options);
  absl::Status Acquire(Transaction& transaction, uint32_t table, LockMode mode) {
    return Acquire(transaction, table, mode, Options());
  }

  // Call before TransactionManager::Commit: 1023 when the transaction's commit would close a cycle
  // of dependencies with transactions that have committed meanwhile. Does nothing for SNAPSHOT.
  // From here until Release the transaction counts as committed.
  absl::Status CheckSerializable(Transaction& transaction);

  // Gives all locks of an ended transaction back. `committed`: its writes count as the tables'
  // last.
  void Release(Transaction& transaction, bool committed);

  // One row per lock held or waited for, for STV_LOCKS, SVV_TRANSACTIONS and PG_LOCKS.
  struct LockInfo {
    uint32_t table = 0;
    LockMode mode = LockMode::kAccessShare;
    Xid xid = 0;
    int32_t pid = 0;
    bool granted = true;
  };
  std::vector<LockInfo> List() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vesto::txn
