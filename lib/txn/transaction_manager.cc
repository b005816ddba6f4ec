#include "txn/transaction_manager.h"

#include <map>
#include <set>

#include "base/check.h"

namespace vesto::txn {

struct TransactionManager::Impl {
  mutable base::Mutex mutex;
  Xid next ABSL_GUARDED_BY(mutex) = kFirstXid;
  std::map<Xid, int32_t> in_progress ABSL_GUARDED_BY(mutex);  // -> pid
  // What each snapshot still held sees entirely.
  std::multiset<Xid> snapshot_xmins ABSL_GUARDED_BY(mutex);
  std::vector<Participant*> participants ABSL_GUARDED_BY(mutex);

  std::vector<Participant*> Participants() {
    base::MutexLock lock(mutex);
    return participants;
  }

  void End(Transaction& transaction, Xid xid, bool had_snapshot, Xid xmin) {
    base::MutexLock lock(mutex);
    if (xid != kFrozenXid) in_progress.erase(xid);
    if (had_snapshot) {
      auto it = snapshot_xmins.find(xmin);
      VESTO_CHECK(it != snapshot_xmins.end());
      snapshot_xmins.erase(it);
    }
  }

  Xid HorizonLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    Xid horizon = next;
    if (!in_progress.empty()) horizon = std::min(horizon, in_progress.begin()->first);
    if (!snapshot_xmins.empty()) horizon = std::min(horizon, *snapshot_xmins.begin());
    return horizon;
  }
};

TransactionManager::TransactionManager() : impl_(std::make_unique<Impl>()) {}
TransactionManager::~TransactionManager() = default;

void TransactionManager::AddParticipant(Participant* participant) {
  base::MutexLock lock(impl_->mutex);
  impl_->participants.push_back(participant);
}

void TransactionManager::RemoveParticipant(Participant* participant) {
  base::MutexLock lock(impl_->mutex);
  std::erase(impl_->participants, participant);
}

std::unique_ptr<Transaction> TransactionManager::Begin(int32_t pid, Isolation isolation) {
  auto transaction = std::make_unique<Transaction>();
  transaction->pid_ = pid;
  transaction->isolation_ = isolation;
  return transaction;
}

Xid TransactionManager::AssignXid(Transaction& transaction) {
  if (transaction.xid_ == kFrozenXid) {
    base::MutexLock lock(impl_->mutex);
    transaction.xid_ = impl_->next++;
    impl_->in_progress.emplace(transaction.xid_, transaction.pid_);
    transaction.snapshot_.own = transaction.xid_;
  }
  return transaction.xid_;
}

Xid TransactionManager::NextNumber() {
  base::MutexLock lock(impl_->mutex);
  return impl_->next++;
}

const Snapshot& TransactionManager::TakeSnapshot(Transaction& transaction) {
  if (!transaction.has_snapshot_) {
    Snapshot snapshot;
    snapshot.own = transaction.xid_;
    base::MutexLock lock(impl_->mutex);
    snapshot.next = impl_->next;
    snapshot.in_progress.reserve(impl_->in_progress.size());
    for (const auto& [xid, pid] : impl_->in_progress) {
      if (xid != transaction.xid_) snapshot.in_progress.push_back(xid);
    }
    impl_->snapshot_xmins.insert(snapshot.xmin());
    transaction.snapshot_ = std::move(snapshot);
    transaction.has_snapshot_ = true;
  }
  return transaction.snapshot_;
}

absl::Status TransactionManager::Commit(Transaction& transaction) {
  const Xid xid = transaction.xid_;
  const bool had_snapshot = transaction.has_snapshot_;
  const Xid xmin = transaction.snapshot_.xmin();
  if (xid == kFrozenXid) {
    impl_->End(transaction, xid, had_snapshot, xmin);
    transaction.has_snapshot_ = false;
    return absl::OkStatus();
  }
  const std::vector<Participant*> participants = impl_->Participants();
  for (Participant* participant : participants) {
    if (absl::Status vote = participant->Prepare(xid); !vote.ok()) {
      Abort(transaction);
      return vote;
    }
  }
  for (Participant* participant : participants) participant->Commit(xid);
  impl_->End(transaction, xid, had_snapshot, xmin);  // the moment of publication
  transaction.has_snapshot_ = false;
  const Xid horizon = Horizon();
  for (Participant* participant : participants) participant->Ended(xid, horizon);
  return absl::OkStatus();
}

void TransactionManager::Abort(Transaction& transaction) {
  const Xid xid = transaction.xid_;
  if (xid != kFrozenXid) {
    for (Participant* participant : impl_->Participants()) participant->Abort(xid);
  }
  impl_->End(transaction, xid, transaction.has_snapshot_, transaction.snapshot_.xmin());
  transaction.has_snapshot_ = false;
}

Xid TransactionManager::Horizon() const {
  base::MutexLock lock(impl_->mutex);
  return impl_->HorizonLocked();
}

Xid TransactionManager::next_xid() const {
  base::MutexLock lock(impl_->mutex);
  return impl_->next;
}

std::vector<TransactionManager::Active> TransactionManager::ActiveTransactions() const {
  base::MutexLock lock(impl_->mutex);
  std::vector<Active> active;
  for (const auto& [xid, pid] : impl_->in_progress) active.push_back({xid, pid});
  return active;
}

}  // namespace vesto::txn
