#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/mutex.h"

namespace vesto::cluster {

class SessionImpl;

// The open sessions of a cluster by pid: how one session, or a client's second connection, reaches
// another to cancel its statement or to end it.
// Thread-safety: thread-safe.
class SessionRegistry {
 public:
  void Add(const std::shared_ptr<SessionImpl>& session);
  void Remove(int32_t pid);
  // The session of that pid; null when there is none (any more).
  std::shared_ptr<SessionImpl> Find(int32_t pid) const;
  std::vector<std::shared_ptr<SessionImpl>> All() const;

 private:
  mutable base::Mutex mutex_;
  absl::flat_hash_map<int32_t, std::weak_ptr<SessionImpl>> sessions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace vesto::cluster
