#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "base/mutex.h"
#include "txn/snapshot.h"

namespace vesto::txn {

enum class Isolation : uint8_t { kSerializable, kSnapshot };

// What must follow a transaction's end: shard stores, the catalog. Called on the session's thread
// that ends the transaction, in the order of registration, without a lock of the manager.
class Participant {
 public:
  virtual ~Participant() = default;
  // The vote: an error rolls the transaction back everywhere.
  virtual absl::Status Prepare(Xid xid) { return absl::OkStatus(); }
  // Cannot fail. The transaction is still in progress for new snapshots until all have returned.
  virtual void Commit(Xid xid) = 0;
  // Removes every trace of the transaction; afterwards no snapshot lists it as in progress.
  virtual void Abort(Xid xid) = 0;
  // After the commit is published and before the session releases its locks: the moment to
  // tidy what the transaction touched. Everything below `horizon` is seen by every snapshot.
  virtual void Ended(Xid xid, Xid horizon) {}
};

// One transaction, owned by its session and used by the session's thread alone.
class Transaction {
 public:
  // 0 until TransactionManager::AssignXid.
  Xid xid() const { return xid_; }
  int32_t pid() const { return pid_; }
  Isolation isolation() const { return isolation_; }
  bool has_snapshot() const { return has_snapshot_; }
  // Valid once TakeSnapshot was called.
  const Snapshot& snapshot() const { return snapshot_; }

 private:
  friend class TransactionManager;
  friend class LockTable;
  Xid xid_ = kFrozenXid;
  int32_t pid_ = 0;
  Isolation isolation_ = Isolation::kSerializable;
  bool has_snapshot_ = false;
  Snapshot snapshot_;
};

// Numbers transactions, takes snapshots, and makes commits visible all at once.
// Thread-safety: thread-safe; each Transaction belongs to one thread.
class TransactionManager {
 public:
  TransactionManager();
  ~TransactionManager();

  // Participants outlive the manager or are removed. Register before the first transaction.
  void AddParticipant(Participant* participant);
  void RemoveParticipant(Participant* participant);

  // Costs nothing but the object: number and snapshot come when they are needed.
  std::unique_ptr<Transaction> Begin(int32_t pid, Isolation isolation = Isolation::kSerializable);
  // The transaction's number; given on first call (before the first write).
  Xid AssignXid(Transaction& transaction);
  // A number of no transaction, between those of others: for the logs of one that only reads.
  Xid NextNumber();
  // Taken on first call, which is the first statement that reads or writes a user table, after its
  // locks are granted; later calls return the same one.
  const Snapshot& TakeSnapshot(Transaction& transaction);

  // Ends the transaction. On an error (a participant's vote) it is rolled back instead. The session
  // releases its locks afterwards: LockTable::Release.
  absl::Status Commit(Transaction& transaction);
  void Abort(Transaction& transaction);

  // Every transaction below is over, and every snapshot still held sees it (or it left no trace).
  Xid Horizon() const;
  // The number that the next transaction gets.
  Xid next_xid() const;
  // Transactions with a number, in progress.
  struct Active {
    Xid xid = 0;
    int32_t pid = 0;
  };
  std::vector<Active> ActiveTransactions() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vesto::txn
