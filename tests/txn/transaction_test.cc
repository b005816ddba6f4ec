#include <catch2/catch.hpp>
#include <thread>

#include "base/status_macros.h"
#include "txn/lock_table.h"
#include "txn/transaction_manager.h"

namespace vesto::txn {
namespace {

TEST_CASE("a snapshot sees what was committed before it and nothing else", "[txn]") {
  TransactionManager manager;
  auto before = manager.Begin(1);
  auto open = manager.Begin(2);
  auto reader = manager.Begin(3);
  const Xid a = manager.AssignXid(*before);
  REQUIRE(manager.Commit(*before).ok());
  const Xid b = manager.AssignXid(*open);
  const Snapshot& snapshot = manager.TakeSnapshot(*reader);
  CHECK(snapshot.Sees(a));
  CHECK_FALSE(snapshot.Sees(b));
  REQUIRE(manager.Commit(*open).ok());
  CHECK_FALSE(snapshot.Sees(b));
  const Xid own = manager.AssignXid(*reader);
  CHECK(reader->snapshot().Sees(own));
  CHECK_FALSE(snapshot.Sees(own + 1));
  CHECK(manager.Horizon() == b);
  manager.Abort(*reader);
  CHECK(manager.Horizon() == manager.next_xid());
}

struct Recorder : Participant {
  absl::Status vote;
  std::string log;
  absl::Status Prepare(Xid) override {
    log += "p";
    return vote;
  }
  void Commit(Xid) override { log += "c"; }
  void Abort(Xid) override { log += "a"; }
  void Ended(Xid, Xid) override { log += "e"; }
};

TEST_CASE("a participant's vote rolls the transaction back everywhere", "[txn]") {
  TransactionManager manager;
  Recorder first, second;
  manager.AddParticipant(&first);
  manager.AddParticipant(&second);
  auto good = manager.Begin(1);
  manager.AssignXid(*good);
  CHECK(manager.Commit(*good).ok());
  CHECK(first.log == "pce");
  second.vote = absl::InternalError("no");
  auto bad = manager.Begin(1);
  manager.AssignXid(*bad);
  CHECK_FALSE(manager.Commit(*bad).ok());
  CHECK(first.log == "pcepa");
  CHECK(second.log == "pcepa");
  auto reader = manager.Begin(1);
  CHECK(manager.Commit(*reader).ok());
  CHECK(first.log == "pcepa");
}

struct Sessions {
  TransactionManager manager;
  LockTable locks;
  std::unique_ptr<Transaction> Begin(Isolation isolation = Isolation::kSerializable) {
    return manager.Begin(++pid, isolation);
  }
  absl::Status Read(Transaction& t, uint32_t table) {
    absl::Status status = locks.Acquire(t, table, LockMode::kAccessShare);
    if (status.ok()) manager.TakeSnapshot(t);
    return status;
  }
  absl::Status Write(Transaction& t, uint32_t table) {
    manager.AssignXid(t);
    absl::Status status = locks.Acquire(t, table, LockMode::kShareRowExclusive);
    if (status.ok()) manager.TakeSnapshot(t);
    return status;
  }
  absl::Status Commit(Transaction& t) {
    absl::Status status = locks.CheckSerializable(t);
    if (status.ok()) {
      status = manager.Commit(t);
    } else {
      manager.Abort(t);
    }
    locks.Release(t, status.ok());
    return status;
  }
  int pid = 0;
};

TEST_CASE("readers never wait for writers", "[txn]") {
  Sessions s;
  auto writer = s.Begin(), reader = s.Begin();
  CHECK(s.Write(*writer, 7).ok());
  CHECK(s.Read(*reader, 7).ok());
  CHECK(s.locks.List().size() == 2);
  CHECK(s.Commit(*writer).ok());
  CHECK(s.Commit(*reader).ok());
  CHECK(s.locks.List().empty());
}

TEST_CASE("writing over a change outside the snapshot is 1023", "[txn]") {
  Sessions s;
  auto old = s.Begin(), writer = s.Begin();
  CHECK(s.Read(*old, 1).ok());
  CHECK(s.Write(*writer, 7).ok());
  CHECK(s.Commit(*writer).ok());
  const absl::Status status = s.Write(*old, 7);
  CHECK(SqlStateOf(status) == SqlState::kInternalError);
  CHECK(from_sv(status.message()) == "1023");
  s.manager.Abort(*old);
  s.locks.Release(*old, false);
  auto fresh = s.Begin();
  CHECK(s.Write(*fresh, 7).ok());
  CHECK(s.Commit(*fresh).ok());
}

TEST_CASE("a writer without a snapshot waits and then sees what it waited for", "[txn]") {
  Sessions s;
  auto first = s.Begin(), second = s.Begin();
  REQUIRE(s.Write(*first, 7).ok());
  const Xid first_xid = first->xid();
  absl::Status status;
  bool sees = false;
  std::thread waiter([&] {
    status = s.Write(*second, 7);
    sees = second->snapshot().Sees(first_xid);
  });
  while (s.locks.List().size() < 2) std::this_thread::yield();
  CHECK(s.Commit(*first).ok());
  waiter.join();
  CHECK(status.ok());
  CHECK(sees);
  CHECK(s.Commit(*second).ok());
}

TEST_CASE("a circle of waits ends with deadlock detected", "[txn]") {
  Sessions s;
  auto a = s.Begin(), b = s.Begin();
  REQUIRE(s.Write(*a, 1).ok());
  REQUIRE(s.Write(*b, 2).ok());
  absl::Status of_a;
  std::thread waiter([&] { of_a = s.Write(*a, 2); });
  while (s.locks.List().size() < 3) std::this_thread::yield();
  const absl::Status of_b = s.Write(*b, 1);
  CHECK(SqlStateOf(of_b) == SqlState::kDeadlockDetected);
  s.manager.Abort(*b);
  s.locks.Release(*b, false);
  waiter.join();
  CHECK(of_a.ok());
  CHECK(s.Commit(*a).ok());
}

TEST_CASE("a cancelled waiter gets the cancellation's error", "[txn]") {
  Sessions s;
  auto a = s.Begin(), b = s.Begin();
  REQUIRE(s.Write(*a, 1).ok());
  base::Cancellation cancellation;
  absl::Status status;
  std::thread waiter([&] {
    status = s.locks.Acquire(*b, 1, LockMode::kAccessExclusive, {.cancellation = &cancellation});
  });
  while (s.locks.List().size() < 2) std::this_thread::yield();
  cancellation.Cancel(SqlError(SqlState::kQueryCanceled, "Query (1) cancelled on user's request"));
  waiter.join();
  CHECK(SqlStateOf(status) == SqlState::kQueryCanceled);
  CHECK(s.locks.List().size() == 1);
}

TEST_CASE("write skew is refused under SERIALIZABLE and allowed under SNAPSHOT", "[txn]") {
  const Isolation isolation = GENERATE(Isolation::kSerializable, Isolation::kSnapshot);
  Sessions s;
  auto a = s.Begin(isolation), b = s.Begin(isolation);
  for (auto* t : {a.get(), b.get()}) {
    REQUIRE(s.Read(*t, 1).ok());
    REQUIRE(s.Read(*t, 2).ok());
  }
  REQUIRE(s.Write(*a, 1).ok());
  REQUIRE(s.Write(*b, 2).ok());
  CHECK(s.Commit(*a).ok());
  CHECK(s.Commit(*b).ok() == (isolation == Isolation::kSnapshot));
}

TEST_CASE("the read-only anomaly is refused under SERIALIZABLE", "[txn]") {
  // reader -rw-> batch -rw-> receipt -wr-> reader.
  Sessions s;
  auto batch = s.Begin(), receipt = s.Begin();
  REQUIRE(s.Read(*batch, 1).ok());
  REQUIRE(s.Write(*receipt, 1).ok());
  REQUIRE(s.Commit(*receipt).ok());
  auto reader = s.Begin();
  REQUIRE(s.Read(*reader, 1).ok());
  REQUIRE(s.Read(*reader, 2).ok());
  REQUIRE(s.Commit(*reader).ok());
  REQUIRE(s.Write(*batch, 2).ok());
  CHECK_FALSE(s.Commit(*batch).ok());
}

TEST_CASE("overlapping transactions without a cycle commit", "[txn]") {
  Sessions s;
  auto a = s.Begin(), b = s.Begin();
  REQUIRE(s.Read(*a, 1).ok());
  REQUIRE(s.Write(*b, 1).ok());
  REQUIRE(s.Commit(*b).ok());
  REQUIRE(s.Write(*a, 2).ok());
  CHECK(s.Commit(*a).ok());
}

TEST_CASE("an exclusive lock keeps later readers behind it", "[txn]") {
  Sessions s;
  auto reader = s.Begin(), ddl = s.Begin(), late = s.Begin();
  REQUIRE(s.Read(*reader, 1).ok());
  absl::Status of_ddl, of_late;
  std::thread ddl_thread([&] { of_ddl = s.locks.Acquire(*ddl, 1, LockMode::kAccessExclusive); });
  while (s.locks.List().size() < 2) std::this_thread::yield();
  std::thread late_thread([&] { of_late = s.Read(*late, 1); });
  while (s.locks.List().size() < 3) std::this_thread::yield();
  CHECK(s.Commit(*reader).ok());
  ddl_thread.join();
  CHECK(of_ddl.ok());
  CHECK(s.Commit(*ddl).ok());
  late_thread.join();
  CHECK(of_late.ok());
  CHECK(s.Commit(*late).ok());
}

}  // namespace
}  // namespace vesto::txn
