#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "vesto/login.h"
#include "vesto/status.h"

namespace vesto {

class Cluster;

enum class TlsMode {
  kOff,      // TLS is not offered
  kOn,       // for clients that ask for it
  kRequire,  // clients that do not ask are refused (28000)
};

enum class LogLevel { kInfo, kWarning, kError };

// Every member has an initialiser, so that designated ones may leave any out without a warning.
struct ServerOptions {
  // An address or a name of this machine. Loopback unless told otherwise.
  std::string host = "127.0.0.1";
  int port = 5439;  // 0 picks a free one: see Server::port()
  // Sessions at one time; further logins get 53300. The last three of them, a quarter at most, are kept
  // for superusers, so that somebody can always look and end sessions.
  int max_connections = 500;
  // How clients prove who they are; kTrust asks nobody for a password.
  LoginMethod auth = LoginMethod::kAuto;
  TlsMode tls = TlsMode::kOff;
  // PEM files. Without them a self-signed certificate for `host` is made at start.
  std::string tls_certificate_file = "";
  std::string tls_key_file = "";
  // A client that has not logged in by then is disconnected.
  std::chrono::milliseconds login_timeout = std::chrono::seconds(60);
  // A session without a statement for so long is ended with 57P05; 0 = never.
  std::chrono::milliseconds idle_timeout = std::chrono::milliseconds(0);
  // Sessions begin with vesto_compat = strict: what Redshift refuses and clients of PostgreSQL like to
  // have (COPY over the connection, DISCARD, columns of newer catalogs) is refused.
  bool strict = false;
  // What the server has to say, a line each, on any of its threads: sessions that begin, and logins
  // that fail, with user, address and reason. Control characters that a client sent are escaped. Empty:
  // nothing is said.
  std::function<void(LogLevel, std::string_view)> log = nullptr;
};

// The endpoint of a cluster: PostgreSQL's protocol 3.0 with Redshift's extensions, on a TCP port.
// psql and the drivers of PostgreSQL and Redshift connect to it as they do to Redshift; which ones are
// tested stands in tests/clients.
// Clients that have not logged in are no sessions. There are 256 of them at most: when more come, the
// oldest of the silent ones is told 53300 and goes, so that none of them keeps a login or a cancel request
// out. The server has max_connections + 256 sockets at most, beside its listening one and those
// that are just being closed.
// It must not outlive its cluster. Thread-safety: thread-safe.
class Server {
 public:
  // Listens, and returns; clients are served on threads of the server's own.
  // Errors: 58030 when the address cannot be bound (the message says why), 22023 for impossible
  // options, 58P01 or 22023 for certificate files that cannot be read.
  static StatusOr<std::unique_ptr<Server>> Start(Cluster& cluster, ServerOptions options = {});
  // As Stop(0 ms).
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The port it listens on.
  int port() const;
  // "postgresql://awsuser@127.0.0.1:5439/dev"
  std::string url() const;
  // How many clients are connected now, logged in or not.
  int num_connections() const;

  // No new work: stops listening, ends idle sessions, gives running statements `grace` to finish,
  // then ends them with 57P01. Returns when every connection is closed. A second call does nothing.
  void Stop(std::chrono::milliseconds grace);

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vesto
