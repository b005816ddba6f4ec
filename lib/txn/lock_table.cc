#include "txn/lock_table.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <list>
#include <map>
#include <set>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/mutex.h"
#include "base/status_macros.h"

namespace vesto::txn {
namespace {

// How often a waiter looks at its cancellation flag.
constexpr auto kCancellationPoll = std::chrono::milliseconds(10);
// Committed transactions remembered for dependency checks; the oldest are forgotten first.
constexpr size_t kMaxRemembered = 1000;

bool Conflict(LockMode a, LockMode b) {
  if (a == LockMode::kAccessShare) return b == LockMode::kAccessExclusive;
  if (b == LockMode::kAccessShare) return a == LockMode::kAccessExclusive;
  return true;
}

absl::Status SerializationError(uint32_t table, const std::string& cycle, int32_t pid) {
  return SqlError(SqlState::kInternalError, "1023")
      .Detail(absl::StrCat("Serializable isolation violation on table - ", table,
                           ", transactions forming the cycle are: ", cycle, " (pid:", pid, ")"));
}

bool Intersects(const std::set<uint32_t>& a, const std::set<uint32_t>& b, uint32_t* common) {
  for (uint32_t table : a) {
    if (b.contains(table)) {
      *common = table;
      return true;
    }
  }
  return false;
}

}  // namespace

std::string_view LockModeName(LockMode mode) {
  switch (mode) {
    case LockMode::kAccessShare:
      return "AccessShareLock";
    case LockMode::kShareRowExclusive:
      return "ShareRowExclusiveLock";
    case LockMode::kAccessExclusive:
      return "AccessExclusiveLock";
  }
  return "";
}

struct LockTable::Impl {
  // What a transaction locked, read and wrote; kept after its commit while it can still be part of
  // a dependency cycle with a transaction in progress.
  struct Record {
    const Transaction* transaction = nullptr;  // identity only, null once ended
    Xid xid = kFrozenXid;
    int32_t pid = 0;
    Isolation isolation = Isolation::kSerializable;
    Snapshot snapshot;
    std::set<uint32_t> locked, reads, writes;
    uint64_t begin = 0, end = 0;  // in events of this table
    bool committed = false;
  };
  struct Request {
    Record* owner = nullptr;
    LockMode mode = LockMode::kAccessShare;
  };
  struct TableLocks {
    std::vector<Request> granted;  // several modes of one owner are several entries
    std::list<Request> waiting;    // first come first served
    Xid last_write = kFrozenXid;
  };

  mutable base::Mutex mutex;
  base::CondVar released;
  std::map<uint32_t, TableLocks> tables ABSL_GUARDED_BY(mutex);
  absl::flat_hash_map<const Transaction*, std::unique_ptr<Record>> active ABSL_GUARDED_BY(mutex);
  std::deque<std::unique_ptr<Record>> remembered ABSL_GUARDED_BY(mutex);
  // Who waits for which table, to find circles.
  absl::flat_hash_map<const Record*, std::pair<uint32_t, LockMode>> waits ABSL_GUARDED_BY(mutex);
  uint64_t events ABSL_GUARDED_BY(mutex) = 0;

  Record& RecordOf(const Transaction& transaction) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    std::unique_ptr<Record>& record = active[&transaction];
    if (record == nullptr) {
      record = std::make_unique<Record>();
      record->transaction = &transaction;
      record->begin = ++events;
    }
    return *record;
  }

  static bool CanGrant(const TableLocks& locks, const Record* owner, LockMode mode,
                       const Request* own_request) {
    bool upgrade = false;
    for (const Request& held : locks.granted) {
      if (held.owner == owner) {
        upgrade = true;
      } else if (Conflict(held.mode, mode)) {
        return false;
      }
    }
    if (upgrade) return true;  // who holds a lock does not queue behind those who wait for it
    for (const Request& earlier : locks.waiting) {
      if (&earlier == own_request) break;
      if (earlier.owner != owner && Conflict(earlier.mode, mode)) return false;
    }
    return true;
  }

  // Depth-first over "waits for"; true when `target` waits for itself.
  bool ClosesCircle(const Record* target, const Record* from, std::set<const Record*>* seen)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    auto wait = waits.find(from);
    if (wait == waits.end()) return false;
    const auto [table, mode] = wait->second;
    const TableLocks& locks = tables[table];
    std::vector<const Record*> blockers;
    bool upgrade = false;
    for (const Request& held : locks.granted) {
      if (held.owner == from) {
        upgrade = true;
      } else if (Conflict(held.mode, mode)) {
        blockers.push_back(held.owner);
      }
    }
    if (!upgrade) {
      for (const Request& earlier : locks.waiting) {
        if (earlier.owner == from) break;
        if (Conflict(earlier.mode, mode)) blockers.push_back(earlier.owner);
      }
    }
    for (const Record* blocker : blockers) {
      if (blocker == target) return true;
      if (seen->insert(blocker).second && ClosesCircle(target, blocker, seen)) return true;
    }
    return false;
  }

  // Does `from` come before `to` in every equivalent serial order?
  static bool Precedes(const Record& from, const Record& to, uint32_t* table) {
    if (!to.writes.empty() && !from.snapshot.Sees(to.xid) &&
        Intersects(from.reads, to.writes, table)) {
      return true;  // `from` read what `to` overwrote later
    }
    if (!from.writes.empty() && to.snapshot.Sees(from.xid) &&
        (Intersects(to.reads, from.writes, table) || Intersects(to.writes, from.writes, table))) {
      return true;  // `to` read or overwrote what `from` wrote
    }
    return false;
  }

  // The cycle from `start` back to it, as node list; empty when there is none.
  bool FindCycle(const Record* start, const Record* at, std::set<const Record*>* seen,
                 std::vector<const Record*>* path, uint32_t* table)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    path->push_back(at);
    uint32_t step_table = 0;
    if (at != start && Precedes(*at, *start, &step_table)) {
      *table = step_table;
      return true;
    }
    auto visit = [&](const Record& next) {
      if (&next == at || &next == start || seen->contains(&next)) return false;
      if (!Precedes(*at, next, &step_table)) return false;
      seen->insert(&next);
      return FindCycle(start, &next, seen, path, table);
    };
    for (const auto& record : remembered) {
      if (visit(*record)) return true;
    }
    for (const auto& [transaction, record] : active) {
      if (record->committed && visit(*record)) return true;
    }
    path->pop_back();
    return false;
  }

  // Forgets what can no longer be part of a cycle: records that ended before the begin of every
  // record that is kept.
  void Forget() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    if (remembered.empty()) return;
    if (active.empty()) {
      remembered.clear();
      return;
    }
    uint64_t oldest = UINT64_MAX;
    for (const auto& [transaction, record] : active) oldest = std::min(oldest, record->begin);
    // Ascending by end: walk backwards, widening the window by each record kept.
    auto keep = remembered.end();
    while (keep != remembered.begin()) {
      Record& record = **std::prev(keep);
      if (record.end < oldest) break;
      oldest = std::min(oldest, record.begin);
      --keep;
    }
    remembered.erase(remembered.begin(), keep);
    while (remembered.size() > kMaxRemembered) remembered.pop_front();
  }
};

LockTable::LockTable() : impl_(std::make_unique<Impl>()) {}
LockTable::~LockTable() = default;

absl::Status LockTable::Acquire(Transaction& transaction, uint32_t table, LockMode mode,
                                const Options& options) {
  Impl& impl = *impl_;
  base::MutexLock lock(impl.mutex);
  Impl::Record& record = impl.RecordOf(transaction);
  record.xid = transaction.xid();
  record.pid = transaction.pid();
  record.isolation = transaction.isolation();
  Impl::TableLocks& locks = impl.tables[table];

  bool held = false;
  for (const Impl::Request& request : locks.granted) {
    held |= request.owner == &record && request.mode >= mode;
  }
  if (!held) {
    if (!Impl::CanGrant(locks, &record, mode, nullptr)) {
      auto place = locks.waiting.insert(locks.waiting.end(), {&record, mode});
      impl.waits[&record] = {table, mode};
      std::set<const Impl::Record*> seen;
      absl::Status failure;
      if (impl.ClosesCircle(&record, &record, &seen)) {
        failure = SqlError(SqlState::kDeadlockDetected, "deadlock detected");
      }
      while (failure.ok() && !Impl::CanGrant(locks, &record, mode, &*place)) {
        if (options.cancellation != nullptr) {
          if (options.cancellation->cancelled()) {
            failure = options.cancellation->status();
            break;
          }
          impl.released.WaitFor(impl.mutex, kCancellationPoll);
        } else {
          impl.released.Wait(impl.mutex);
        }
      }
      impl.waits.erase(&record);
      locks.waiting.erase(place);
      if (!failure.ok()) {
        impl.released.NotifyAll();  // others may have queued behind this request
        return failure;
      }
    }
    locks.granted.push_back({&record, mode});
    record.locked.insert(table);
    // A waiter behind this one may be compatible with it and was not woken for it yet.
    if (!locks.waiting.empty()) impl.released.NotifyAll();
  }
  if (mode == LockMode::kAccessShare) {
    record.reads.insert(table);
  } else if (options.writes) {
    if (transaction.isolation() == Isolation::kSerializable && transaction.has_snapshot() &&
        !transaction.snapshot().Sees(locks.last_write)) {
      return SerializationError(table, absl::StrCat(locks.last_write, ", ", transaction.xid()),
                                transaction.pid());
    }
    record.writes.insert(table);
  }
  return absl::OkStatus();
}

absl::Status LockTable::CheckSerializable(Transaction& transaction) {
  Impl& impl = *impl_;
  base::MutexLock lock(impl.mutex);
  auto it = impl.active.find(&transaction);
  if (it == impl.active.end()) return absl::OkStatus();
  Impl::Record& record = *it->second;
  record.xid = transaction.xid();
  record.snapshot = transaction.snapshot();
  if (record.isolation == Isolation::kSerializable && transaction.has_snapshot() &&
      (!impl.remembered.empty() || impl.active.size() > 1)) {
    std::set<const Impl::Record*> seen;
    std::vector<const Impl::Record*> cycle;
    uint32_t table = 0;
    if (impl.FindCycle(&record, &record, &seen, &cycle, &table)) {
      std::string names;
      for (const Impl::Record* member : cycle) {
        absl::StrAppend(&names, names.empty() ? "" : ", ", member->xid);
      }
      return SerializationError(table, names, record.pid);
    }
  }
  record.committed = true;
  record.end = ++impl.events;
  return absl::OkStatus();
}

void LockTable::Release(Transaction& transaction, bool committed) {
  Impl& impl = *impl_;
  base::MutexLock lock(impl.mutex);
  auto it = impl.active.find(&transaction);
  if (it == impl.active.end()) return;
  std::unique_ptr<Impl::Record> record = std::move(it->second);
  impl.active.erase(it);
  for (uint32_t table : record->locked) {
    auto entry = impl.tables.find(table);
    if (entry == impl.tables.end()) continue;
    Impl::TableLocks& locks = entry->second;
    std::erase_if(locks.granted,
                  [&](const Impl::Request& request) { return request.owner == record.get(); });
    if (committed && record->writes.contains(table)) locks.last_write = record->xid;
    if (locks.granted.empty() && locks.waiting.empty() && locks.last_write == kFrozenXid) {
      impl.tables.erase(entry);
    }
  }
  if (record->committed && committed && record->isolation == Isolation::kSerializable &&
      !impl.active.empty()) {
    record->transaction = nullptr;
    // Ascending by end, as Forget expects.
    auto place = impl.remembered.end();
    while (place != impl.remembered.begin() && (*std::prev(place))->end > record->end) --place;
    impl.remembered.insert(place, std::move(record));
  }
  impl.Forget();
  impl.released.NotifyAll();
}

std::vector<LockTable::LockInfo> LockTable::List() const {
  base::MutexLock lock(impl_->mutex);
  std::vector<LockInfo> list;
  for (const auto& [table, locks] : impl_->tables) {
    for (const Impl::Request& request : locks.granted) {
      list.push_back({table, request.mode, request.owner->xid, request.owner->pid, true});
    }
    for (const Impl::Request& request : locks.waiting) {
      list.push_back({table, request.mode, request.owner->xid, request.owner->pid, false});
    }
  }
  return list;
}

}  // namespace vesto::txn
