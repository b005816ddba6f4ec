#include "wire/channel.h"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace vesto::wire {
namespace {

constexpr size_t kReadBytes = 8 * 1024;
constexpr size_t kTlsWriteBytesMax = 64 * 1024;
constexpr int kWriteTurnMs = 100;

}  // namespace

void Channel::SslDeleter::operator()(ssl_st* ssl) const { SSL_free(ssl); }

Channel::~Channel() = default;

std::string Channel::tls_version() const {
  return encrypted() ? SSL_get_version(ssl_.get()) : std::string();
}

std::string Channel::tls_cipher() const {
  return encrypted() ? SSL_get_cipher_name(ssl_.get()) : std::string();
}

Channel::Peer Channel::peer() const {
  sockaddr_storage address = {};
  socklen_t size = sizeof address;
  char host[NI_MAXHOST], port[NI_MAXSERV];
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::getpeername(socket_, generic, &size) != 0 ||
      ::getnameinfo(generic, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return {};
  }
  return {host, port};
}

void Channel::SayGoodbye() {
  if (encrypted()) SSL_shutdown(ssl_.get());  // one try; nobody waits for an answer
}

Channel::Outcome Channel::Wait(short events, int wait_ms) const {
  pollfd ready{socket_, events, 0};
  const int count = ::poll(&ready, 1, wait_ms);
  if (count == 0 || (count < 0 && errno == EINTR)) return Outcome::kNothing;
  return count > 0 ? Outcome::kDone : Outcome::kClosed;
}

Channel::Outcome Channel::Read(MessageBuffer* buffer, int wait_ms) {
  bool waited = false;
  while (true) {
    char* room = buffer->Reserve(kReadBytes);
    if (ssl_ == nullptr) {
      const ssize_t size = ::recv(socket_, room, kReadBytes, 0);
      may_have_more_ = size == static_cast<ssize_t>(kReadBytes);
      if (size > 0) {
        buffer->Commit(static_cast<size_t>(size));
        return Outcome::kDone;
      }
      if (size == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        return Outcome::kClosed;
      }
    } else {
      ERR_clear_error();
      const int size = SSL_read(ssl_.get(), room, kReadBytes);
      may_have_more_ = size > 0;
      if (size > 0) {
        buffer->Commit(static_cast<size_t>(size));
        return Outcome::kDone;
      }
      // Renegotiation is off: a read never waits for room to write.
      if (SSL_get_error(ssl_.get(), size) != SSL_ERROR_WANT_READ) return Outcome::kClosed;
    }
    if (waited || wait_ms == 0) return Outcome::kNothing;
    waited = true;
    const Outcome outcome = Wait(POLLIN, wait_ms);
    if (outcome != Outcome::kDone) return outcome;
  }
}

Channel::Outcome Channel::Write(std::string_view bytes, const std::function<bool()>& keep_waiting,
                                size_t* written) {
  *written = 0;
  while (*written < bytes.size()) {
    const std::string_view rest = bytes.substr(*written);
    bool wait_for_input = false;
    if (ssl_ == nullptr) {
      const ssize_t size = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (size > 0) {
        *written += static_cast<size_t>(size);
        continue;
      }
      if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return Outcome::kClosed;
    } else {
      // Partial writes and moving buffers are on (server.cc): a retry may pass another address.
      ERR_clear_error();
      const int size = SSL_write(ssl_.get(), rest.data(),
                                 static_cast<int>(std::min(rest.size(), kTlsWriteBytesMax)));
      if (size > 0) {
        *written += static_cast<size_t>(size);
        continue;
      }
      const int error = SSL_get_error(ssl_.get(), size);
      if (error != SSL_ERROR_WANT_WRITE && error != SSL_ERROR_WANT_READ) return Outcome::kClosed;
      wait_for_input = error == SSL_ERROR_WANT_READ;
    }
    if (Wait(wait_for_input ? POLLIN : POLLOUT, kWriteTurnMs) == Outcome::kClosed) {
      return Outcome::kClosed;
    }
    if (keep_waiting && !keep_waiting()) return Outcome::kNothing;
  }
  return Outcome::kDone;
}

Channel::Outcome Channel::StartTls(ssl_ctx_st* context) {
  if (ssl_ == nullptr) {
    ssl_.reset(SSL_new(context));
    if (ssl_ == nullptr || SSL_set_fd(ssl_.get(), socket_) != 1) return Outcome::kClosed;
  }
  ERR_clear_error();
  const int result = SSL_accept(ssl_.get());
  if (result == 1) {
    handshake_done_ = true;
    return Outcome::kDone;
  }
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: return Outcome::kNothing;
    case SSL_ERROR_WANT_WRITE:
      // The handshake fits the socket's buffer; a client that does not even take that is gone.
      return Wait(POLLOUT, kWriteTurnMs) == Outcome::kDone ? StartTls(context) : Outcome::kClosed;
    default: return Outcome::kClosed;
  }
}

bool Channel::HasBufferedBytes() const { return ssl_ != nullptr && SSL_pending(ssl_.get()) > 0; }

bool Channel::PeerIsThere() const {
  // To peek would not do: behind bytes that nobody has read yet the end is not seen.
  pollfd gone{socket_, POLLRDHUP, 0};
  return ::poll(&gone, 1, 0) <= 0;
}

void Channel::Shutdown() { ::shutdown(socket_, SHUT_RDWR); }

}  // namespace vesto::wire
