#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace vesto::txn {

// Numbers transactions in the order in which they first needed a number. Never reused.
using Xid = uint64_t;

// "Visible to everybody": what committed before every snapshot that is still held.
inline constexpr Xid kFrozenXid = 0;
inline constexpr Xid kFirstXid = 1000;

// Which transactions' writes a transaction sees. A value: copied into plans and scans.
struct Snapshot {
  Xid next = kFirstXid;          // this and later transactions began afterwards
  std::vector<Xid> in_progress;  // sorted; begun, but not committed when the snapshot was taken
  Xid own = kFrozenXid;          // the transaction's own number, once it has one

  bool Sees(Xid xid) const {
    if (xid == kFrozenXid || xid == own) return true;
    if (xid >= next) return false;
    return in_progress.empty() || !std::binary_search(in_progress.begin(), in_progress.end(), xid);
  }
  // Every transaction below is seen (or was rolled back).
  Xid xmin() const { return in_progress.empty() ? next : std::min(next, in_progress.front()); }
};

}  // namespace vesto::txn
