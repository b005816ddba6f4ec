#pragma once

#include <cstdint>
#include <optional>

namespace vesto::wire {

// The sockets of sessions that wait for their clients: one set (Linux epoll) that any number of threads
// may look into. A socket is watched once: who takes it has it for himself until it is watched again.
// Thread-safety: thread-safe.
class SilentSessions {
 public:
  SilentSessions();  // throws std::system_error without a descriptor
  ~SilentSessions();
  SilentSessions(const SilentSessions&) = delete;
  SilentSessions& operator=(const SilentSessions&) = delete;

  // Readable while a client waits to be taken.
  int handle() const { return epoll_; }
  // From now on Take may give `number`, at once if bytes are there already. A closed socket leaves by
  // itself. False: no memory.
  bool Watch(int socket, uint64_t number);
  // A session whose client has spoken or gone; nullopt when none has within the time.
  std::optional<uint64_t> Take(int wait_ms);

 private:
  const int epoll_;
};

}  // namespace vesto::wire
