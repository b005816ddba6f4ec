#include "wire/silent_sessions.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace vesto::wire {

SilentSessions::SilentSessions() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

SilentSessions::~SilentSessions() { ::close(epoll_); }

bool SilentSessions::Watch(int socket, uint64_t number) {
  epoll_event event = {};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT;
  event.data.u64 = number;
  if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, socket, &event) == 0) return true;
  return errno == ENOENT && ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) == 0;
}

std::optional<uint64_t> SilentSessions::Take(int wait_ms) {
  epoll_event event = {};
  if (::epoll_wait(epoll_, &event, 1, wait_ms) < 1) return std::nullopt;
  const uint64_t number = event.data.u64;  // a packed field
  return number;
}

}  // namespace vesto::wire
