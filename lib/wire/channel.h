#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "wire/message.h"

struct ssl_ctx_st;
struct ssl_st;

namespace vesto::wire {

// The bytes between the server and one client: a connected, non-blocking TCP socket, plain or under
// TLS. Does not own the socket. One thread at a time, except Shutdown.
class Channel {
 public:
  explicit Channel(int socket) : socket_(socket) {}
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  enum class Outcome {
    kDone,
    kNothing,  // nothing came within the time given
    kClosed,   // by the client, by Shutdown, or broken
  };

  // Reads what has come into `buffer`, waiting up to `wait_ms` for the first byte.
  Outcome Read(MessageBuffer* buffer, int wait_ms);
  // Writes everything, waiting as long as the client takes; kNothing when `keep_waiting` says no,
  // asked about ten times a second. `*written` counts the bytes that are out.
  Outcome Write(std::string_view bytes, const std::function<bool()>& keep_waiting,
                size_t* written);

  // From plain bytes to TLS, in steps: kNothing while the client owes a message (call again when
  // the socket is readable), kDone when the handshake is over.
  Outcome StartTls(ssl_ctx_st* context);
  bool encrypted() const { return ssl_ != nullptr && handshake_done_; }
  // "TLSv1.3" and "TLS_AES_256_GCM_SHA384"; empty without TLS.
  std::string tls_version() const;
  std::string tls_cipher() const;
  // Where the client is, as numbers.
  struct Peer {
    std::string host, port;
  };
  Peer peer() const;

  // The last read did not empty the socket for certain.
  bool may_have_more() const { return may_have_more_; }
  // Decrypted bytes wait inside the TLS layer, where no socket event tells of them.
  bool HasBufferedBytes() const;
  // False once the client has closed its side, whatever it sent before. Reads nothing.
  bool PeerIsThere() const;
  // Tells a client under TLS that the server is done. Like Write it may raise SIGPIPE where TLS
  // writes to a broken connection: on threads that block that signal only (SessionThreads).
  void SayGoodbye();
  // Ends reads and writes on any thread, now and later.
  void Shutdown();

 private:
  struct SslDeleter {
    void operator()(ssl_st* ssl) const;
  };
  // Waits until the socket is ready for `events` of poll(2).
  Outcome Wait(short events, int wait_ms) const;

  const int socket_;
  std::unique_ptr<ssl_st, SslDeleter> ssl_;
  bool handshake_done_ = false;
  bool may_have_more_ = true;
};

}  // namespace vesto::wire
