#include "cluster/session_registry.h"

#include "cluster/session_impl.h"

namespace vesto::cluster {

void SessionRegistry::Add(const std::shared_ptr<SessionImpl>& session) {
  base::MutexLock lock(mutex_);
  sessions_[session->pid] = session;
}

void SessionRegistry::Remove(int32_t pid) {
  base::MutexLock lock(mutex_);
  sessions_.erase(pid);
}

std::shared_ptr<SessionImpl> SessionRegistry::Find(int32_t pid) const {
  // The reference leaves the lock before it can be the last one, whose end calls Remove.
  base::MutexLock lock(mutex_);
  const auto it = sessions_.find(pid);
  return it == sessions_.end() ? nullptr : it->second.lock();
}

std::vector<std::shared_ptr<SessionImpl>> SessionRegistry::All() const {
  std::vector<std::shared_ptr<SessionImpl>> all;
  base::MutexLock lock(mutex_);
  for (const auto& [pid, weak] : sessions_) {
    if (auto session = weak.lock()) all.push_back(std::move(session));
  }
  return all;
}

}  // namespace vesto::cluster
