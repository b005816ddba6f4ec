#include "vesto/server.h"

#include <unistd.h>

#include <algorithm>
#include <asio.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "vesto/cluster.h"
#include "wire/channel.h"
#include "wire/conversation.h"
#include "wire/log_text.h"
#include "wire/session_threads.h"
#include "wire/silent_sessions.h"
#include "wire/tls.h"

namespace vesto {
namespace wire {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Clients that have not logged in, at one time, beside the sessions. Enough for a burst of hundreds of
// logins; with 500 sessions still below the 1024 descriptors that a process usually has.
constexpr size_t kNewcomersMax = 256;
// How long each of them may keep its place without a word when there are more: clients that open
// hundreds of connections at once speak on none of them before the last is open.
constexpr auto kFirstWordTime = std::chrono::milliseconds(500);
// Threads that serve them. They never wait for a client, so a few are enough for any number.
constexpr int kLoginThreads = 8;

// How long the I/O thread leaves silent sessions to the session threads before it looks again.
constexpr auto kRecruitPause = std::chrono::milliseconds(1);

// Sessions that are kept for superusers; a quarter at most. Source: PostgreSQL,
// superuser_reserved_connections.
constexpr int kReservedConnections = 3;

class Connection;

// What connections need of their server. The On... are called on the I/O thread.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual asio::io_context& io() = 0;
  virtual SilentSessions& silent_sessions() = 0;
  virtual SessionThreads& login_threads() = 0;
  virtual SessionThreads& session_threads() = 0;
  virtual void OnSilent(Connection& connection) = 0;  // it waits for its client
  virtual void OnLoggedIn(Connection& connection) = 0;
  virtual void OnClosed(const std::shared_ptr<Connection>& connection) = 0;
};

// One client's socket. While the client is silent it waits without a thread: before the login on the
// I/O thread, whose poller knows the socket only then (else each message would wake two threads);
// after it among the silent sessions. A login or session thread serves it until it is silent again.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // `number`: connections are numbered in the order in which they come.
  Connection(uint64_t number, asio::ip::tcp::socket socket, Host& host, ConnectionOwner& owner)
      : number_(number),
        socket_(socket.release()),
        poller_(owner.io()),
        owner_(owner),
        accepted_(SteadyClock::now()),
        channel_(socket_),
        conversation_(host, channel_, [this] { Wake(); }) {}
  ~Connection() {
    LeavePoller();
    ::close(socket_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // A session whose client has spoken. A session thread.
  void ServeIfSilent() {
    if (Claim()) ServeSession();
  }

  // The rest up to `private` runs on the I/O thread.
  void Wait() {
    silent_ = true;
    asio::error_code error;
    poller_.assign(socket_, error);
    if (error) {
      silent_ = false;
      channel_.Shutdown();
      owner_.OnClosed(shared_from_this());
      return;
    }
    poller_.async_wait(asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](const auto&) {
                         self->silent_ = false;
                         self->LeavePoller();
                         self->Serve();
                       });
    // A wish to end that came while nobody waited.
    if (conversation_.terminating()) poller_.cancel();
    owner_.OnSilent(*this);
  }
  void WakeNow() {
    if (poller_.is_open()) return poller_.cancel();
    if (conversation_.logged_in() && Claim()) Serve();
  }
  void CheckTimeouts(const ServerOptions& options, SteadyClock::time_point now) {
    if (!conversation_.logged_in()) {
      if (now - accepted_ > options.login_timeout) {
        conversation_.Terminate(
            Status(SqlState::kQueryCanceled, "canceling authentication due to timeout"));
      }
    } else if (silent_ && conversation_.idle_timeout().count() > 0 &&
               now - silent_since_.load() > conversation_.idle_timeout()) {
      conversation_.Terminate(Status(SqlState::kIdleSessionTimeout,
                                     "terminating connection due to idle-session timeout"));
    }
  }
  bool silent() const { return silent_; }
  SteadyClock::time_point accepted() const { return accepted_; }
  uint64_t number() const { return number_; }
  Conversation& conversation() { return conversation_; }
  Channel& channel() { return channel_; }

 private:
  void LeavePoller() {
    if (poller_.is_open()) poller_.release();
  }

  // True for one of those who want to serve a silent client.
  bool Claim() {
    bool silent = true;
    return silent_.compare_exchange_strong(silent, false);
  }

  void Serve() {
    try {
      if (conversation_.logged_in()) {
        owner_.session_threads().Post([self = shared_from_this()] { self->ServeSession(); });
      } else {
        owner_.login_threads().Post([self = shared_from_this()] { self->ServeNewcomer(); });
      }
    } catch (const std::exception&) {
      // No thread is to be had: this client cannot be served.
      channel_.Shutdown();
      owner_.OnClosed(shared_from_this());
    }
  }

  Conversation::State Converse() {
    Conversation::State state = Conversation::State::kClosed;
    try {
      state = conversation_.Serve();
    } catch (const std::exception&) {
      // Out of memory, or our own mistake: it ends this connection alone.
    }
    if (state == Conversation::State::kClosed) {
      channel_.SayGoodbye();
      channel_.Shutdown();
    }
    return state;
  }

  void ServeNewcomer() {
    asio::post(owner_.io(), [self = shared_from_this(), state = Converse()] {
      switch (state) {
        case Conversation::State::kIdle: self->Wait(); break;
        case Conversation::State::kLoggedIn:
          self->owner_.OnLoggedIn(*self);
          self->Serve();
          break;
        case Conversation::State::kClosed: self->owner_.OnClosed(self); break;
      }
    });
  }

  void ServeSession() {
    while (Converse() == Conversation::State::kIdle) {
      silent_since_ = SteadyClock::now();
      silent_ = true;
      // Who wished it to end before that found nobody to claim.
      std::atomic_thread_fence(std::memory_order_seq_cst);
      if (conversation_.terminating()) {
        if (Claim()) continue;
        return;
      }
      // From here on it may be another thread's.
      if (owner_.silent_sessions().Watch(socket_, number_) || !Claim()) return;
      channel_.Shutdown();
    }
    asio::post(owner_.io(), [self = shared_from_this()] { self->owner_.OnClosed(self); });
  }

  // Any thread.
  void Wake() {
    asio::post(owner_.io(), [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->WakeNow();
    });
  }

  const uint64_t number_;
  const int socket_;
  asio::posix::stream_descriptor poller_;
  ConnectionOwner& owner_;
  const SteadyClock::time_point accepted_;
  Channel channel_;
  Conversation conversation_;
  std::atomic<bool> silent_{false};  // nobody serves it
  std::atomic<SteadyClock::time_point> silent_since_;
};

}  // namespace
}  // namespace wire

using wire::SteadyClock;
using wire::Connection;

class Server::Impl : public wire::Host, public wire::ConnectionOwner, public wire::WorkSource {
 public:
  Impl(Cluster& cluster, ServerOptions options)
      : cluster_(cluster),
        options_(std::move(options)),
        acceptor_(io_),
        timer_(io_),
        login_threads_(wire::kLoginThreads),
        session_threads_(options_.max_connections, this) {}

  ~Impl() override { Stop(std::chrono::milliseconds(0)); }

  Status Listen() {
    auto tls = wire::MakeTlsContext(options_);
    if (!tls.ok()) return tls.status();
    tls_ = *std::move(tls);
    asio::error_code error;
    asio::ip::tcp::resolver resolver(io_);
    const auto addresses = resolver.resolve(options_.host, std::to_string(options_.port),
                                            asio::ip::tcp::resolver::passive, error);
    const auto failed = [&] {
      return Status(Status::Error{
          .state = SqlState::kIoError,
          .message = "could not listen on " + options_.host + ":" + std::to_string(options_.port) +
                     ": " + error.message(),
          .detail = {},
          .hint = error == asio::error::address_in_use
                      ? "Another server uses that port; choose one with --port, or 0 for a free one."
                      : "",
          .context = {}});
    };
    if (error) return failed();
    const asio::ip::tcp::endpoint endpoint = addresses.begin()->endpoint();
    acceptor_.open(endpoint.protocol(), error);
    if (error) return failed();
    acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    acceptor_.bind(endpoint, error);
    if (error) return failed();
    acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return failed();
    port_ = acceptor_.local_endpoint(error).port();
    if (error) return failed();
    if (options_.auth == LoginMethod::kTrust && !endpoint.address().is_loopback()) {
      Log(LogLevel::kWarning, "whoever reaches " + options_.host + ':' + std::to_string(port_) +
                                  " may be any user: trust asks for no password");
    }
    AcceptNext();
    CheckTimeouts();
    WatchSessions();
    io_thread_ = std::thread([this] { RunIo(); });
    return OkStatus();
  }

  void Stop(std::chrono::milliseconds grace) {
    std::lock_guard<std::mutex> stopping(stop_mutex_);
    if (!io_thread_.joinable()) return;
    const Status reason(SqlState::kAdminShutdown,
                        "terminating connection due to administrator command");
    asio::post(io_, [this, reason] {
      stopping_ = true;
      asio::error_code ignored;
      acceptor_.close(ignored);
      timer_.cancel();
      retry_.cancel();
      ForEach([&](Connection& connection) { connection.conversation().Terminate(reason); });
    });
    // Three chances: to finish, to be interrupted, to notice that the socket is gone.
    constexpr auto kInterruptTime = std::chrono::seconds(5);
    if (!WaitUntilEmpty(grace)) {
      ForEach([](Connection& connection) { connection.conversation().Interrupt(); });
      if (!WaitUntilEmpty(kInterruptTime)) {
        ForEach([](Connection& connection) { connection.channel().Shutdown(); });
        WaitUntilEmpty(std::nullopt);
      }
    }
    asio::post(io_, [this] {
      stopped_ = true;
      sessions_poller_.cancel();
      recruit_timer_.cancel();
    });
    work_.reset();
    io_thread_.join();
  }

  int port() const { return port_; }
  int num_connections() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return static_cast<int>(connections_.size());
  }

  // wire::Host
  Cluster& cluster() override { return cluster_; }
  const ServerOptions& options() override { return options_; }
  ssl_ctx_st* tls() override { return tls_.get(); }
  Status AdmitSession(bool superuser) override {
    const int reserved = std::min(wire::kReservedConnections, options_.max_connections / 4);
    const int limit = options_.max_connections - (superuser ? 0 : reserved);
    int sessions = sessions_.load(std::memory_order_relaxed);
    while (sessions < limit) {
      if (sessions_.compare_exchange_weak(sessions, sessions + 1, std::memory_order_relaxed)) {
        return OkStatus();
      }
    }
    // Redshift's words for users other than its own.
    std::string message = "connection limit \"" + std::to_string(limit) + "\" exceeded";
    if (!superuser) message += " for non-bootstrap users";
    return Status(Status::Error{
        .state = SqlState::kTooManyConnections,
        .message = std::move(message),
        .detail = {},
        .hint = superuser || reserved == 0 ? ""
                                           : "The last " + std::to_string(reserved) +
                                                 " connections are kept for superusers.",
        .context = {}});
  }
  void ReleaseSession() override { sessions_.fetch_sub(1, std::memory_order_relaxed); }
  std::atomic<int>& awake() override { return awake_; }
  void Log(LogLevel level, std::string_view line) override {
    if (options_.log) options_.log(level, wire::OneLine(line));
  }

  // wire::ConnectionOwner
  asio::io_context& io() override { return io_; }
  wire::SilentSessions& silent_sessions() override { return silent_sessions_; }
  wire::SessionThreads& login_threads() override { return login_threads_; }
  wire::SessionThreads& session_threads() override { return session_threads_; }
  void OnSilent(Connection& connection) override {
    if (!connection.conversation().logged_in()) AcceptNext();
  }
  void OnLoggedIn(Connection& connection) override {
    newcomers_.erase(connection.number());
    AcceptNext();
  }
  void OnClosed(const std::shared_ptr<Connection>& connection) override {
    newcomers_.erase(connection->number());
    {
      std::lock_guard<std::mutex> lock(mutex_);
      connections_.erase(connection->number());
      if (connections_.empty()) empty_.notify_all();
    }
    asio::post(io_, [this] { AcceptNext(); });  // once the socket is closed
  }

  // wire::WorkSource: sessions whose clients have spoken. Session threads.
  std::optional<uint64_t> Take(int wait_ms) override { return silent_sessions_.Take(wait_ms); }
  void Serve(uint64_t number) override {
    std::shared_ptr<Connection> connection;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      const auto it = connections_.find(number);
      if (it == connections_.end()) return;  // it went while it was taken
      connection = it->second;
    }
    connection->ServeIfSilent();
  }

 private:
  void RunIo() {
    while (true) {
      try {
        io_.run();
        return;
      } catch (const std::exception& failure) {
        Log(LogLevel::kError, failure.what());
      }
    }
  }

  // Calls a session thread when a client speaks that no thread takes. The set of silent sessions is
  // looked at again only after a pause, as under load it tells of every message.
  void WatchSessions() {
    if (stopped_) return;
    asio::error_code error;
    sessions_poller_.assign(silent_sessions_.handle(), error);
    if (error) return WatchSessionsLater();
    sessions_poller_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const auto&) {
      sessions_poller_.release();
      if (stopped_) return;
      WatchSessionsLater();
      session_threads_.Recruit();
    });
  }

  void WatchSessionsLater() {
    recruit_timer_.expires_after(wire::kRecruitPause);
    recruit_timer_.async_wait([this](const asio::error_code&) { WatchSessions(); });
  }

  // Waits for the next client if there is a place for it. Who takes the last place costs
  // the oldest silent newcomer its own, so that no number of clients that never log in keeps others
  // out. While all of them are being served there is no hurry: they are soon done.
  void AcceptNext() {
    if (stopping_ || accepting_) return;
    if (newcomers_.size() >= wire::kNewcomersMax) return DropOldestNewcomer();
    accepting_ = true;
    acceptor_.async_accept([this](const asio::error_code& error, asio::ip::tcp::socket socket) {
      if (stopping_) return;
      accepting_ = false;
      if (error == asio::error::no_descriptors || error == asio::error::no_memory) {
        // Others of this process may have them: look again, even if nobody leaves.
        AcceptNextAt(SteadyClock::now() + std::chrono::milliseconds(100));
        return DropOldestNewcomer();
      }
      if (!error) Welcome(std::move(socket));
      AcceptNext();
    });
  }

  void AcceptNextAt(SteadyClock::time_point time) {
    retry_.expires_at(time);
    retry_.async_wait([this](const asio::error_code& error) {
      if (!error) AcceptNext();
    });
  }

  void DropOldestNewcomer() {
    Connection* oldest = nullptr;
    for (const auto& [number, connection] : newcomers_) {
      if (connection->conversation().terminating()) return;  // a place will be free
      if (oldest == nullptr && connection->silent()) oldest = connection.get();
    }
    if (oldest == nullptr) return;
    const SteadyClock::time_point due = oldest->accepted() + wire::kFirstWordTime;
    if (SteadyClock::now() < due) return AcceptNextAt(due);
    oldest->conversation().Terminate(
        Status(SqlState::kTooManyConnections, "too many connections that have not logged in"));
  }

  void Welcome(asio::ip::tcp::socket socket) {
    asio::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.set_option(asio::socket_base::keep_alive(true), ignored);
    socket.native_non_blocking(true, ignored);
    std::shared_ptr<Connection> connection;
    try {
      connection = std::make_shared<Connection>(next_number_++, std::move(socket), *this, *this);
      newcomers_.emplace(connection->number(), connection);
      {
        std::lock_guard<std::mutex> lock(mutex_);
        connections_.emplace(connection->number(), connection);
      }
      connection->Wait();
    } catch (const std::exception& failure) {  // no memory for this one
      Log(LogLevel::kError, failure.what());
      if (connection != nullptr) OnClosed(connection);
    }
  }

  void CheckTimeouts() {
    constexpr std::chrono::milliseconds kPeriodMin(10), kPeriodMax(1000);
    timer_.expires_after(std::clamp(options_.login_timeout / 4, kPeriodMin, kPeriodMax));
    timer_.async_wait([this](const asio::error_code& error) {
      if (error || stopping_) return;
      const SteadyClock::time_point now = SteadyClock::now();
      ForEach([&](Connection& connection) { connection.CheckTimeouts(options_, now); });
      CheckTimeouts();
    });
  }

  template <typename Body>
  void ForEach(Body&& body) {
    std::vector<std::shared_ptr<Connection>> connections;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      connections.reserve(connections_.size());
      for (const auto& [number, connection] : connections_) connections.push_back(connection);
    }
    for (const auto& connection : connections) body(*connection);
  }

  bool WaitUntilEmpty(std::optional<std::chrono::milliseconds> time) {
    std::unique_lock<std::mutex> lock(mutex_);
    const auto empty = [this] { return connections_.empty(); };
    if (time.has_value()) return empty_.wait_for(lock, *time, empty);
    empty_.wait(lock, empty);
    return true;
  }

  Cluster& cluster_;
  const ServerOptions options_;
  wire::TlsContext tls_;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer timer_;
  asio::steady_timer retry_{io_}, recruit_timer_{io_};
  wire::SilentSessions silent_sessions_;
  asio::posix::stream_descriptor sessions_poller_{io_};  // of silent_sessions_, which owns the handle
  int port_ = 0;
  // Of the I/O thread alone.
  bool stopping_ = false, stopped_ = false, accepting_ = false;
  uint64_t next_number_ = 0;
  std::map<uint64_t, std::shared_ptr<Connection>> newcomers_;  // that have not logged in, oldest first
  std::atomic<int> sessions_{0};
  std::atomic<int> awake_{0};
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::unordered_map<uint64_t, std::shared_ptr<Connection>> connections_;  // guarded by mutex_
  std::mutex stop_mutex_;
  wire::SessionThreads login_threads_, session_threads_;
  std::thread io_thread_;
};

namespace {

// A name as a part of a URL. Source: RFC 3986, 2.1 and 2.3.
std::string PercentEncoded(std::string_view name) {
  static constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char c : name) {
    if (kPlain.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    char escape[4];
    std::snprintf(escape, sizeof(escape), "%%%02X", static_cast<unsigned char>(c));
    encoded += escape;
  }
  return encoded;
}

}  // namespace

StatusOr<std::unique_ptr<Server>> Server::Start(Cluster& cluster, ServerOptions options) {
  const auto impossible = [](std::string_view option, int64_t value, std::string_view wanted) {
    return Status(SqlState::kInvalidParameterValue,
                  "a server's " + std::string(option) + " is " + std::string(wanted) + ", not " +
                      std::to_string(value));
  };
  if (options.port < 0 || options.port > 65535) {
    return impossible("port", options.port, "from 0 to 65535");
  }
  if (options.max_connections < 1) {
    return impossible("max_connections", options.max_connections, "at least 1");
  }
  if (options.login_timeout.count() <= 0) {
    return impossible("login_timeout", options.login_timeout.count(), "more than 0 ms");
  }
  if (options.idle_timeout.count() < 0) {
    return impossible("idle_timeout", options.idle_timeout.count(), "at least 0 ms");
  }
  if (options.auth == LoginMethod::kMd5 && !cluster.options().allow_md5_passwords) {
    return Status(Status::Error{
        .state = SqlState::kInvalidParameterValue,
        .message = "nobody could log in by MD5: the cluster keeps no MD5 passwords",
        .detail = {},
        .hint = "Open it with ClusterOptions::allow_md5_passwords.",
        .context = {}});
  }
  try {
    auto impl = std::make_unique<Impl>(cluster, std::move(options));
    if (const Status status = impl->Listen(); !status.ok()) return status;
    return std::unique_ptr<Server>(new Server(std::move(impl)));
  } catch (const std::bad_alloc&) {
    return Status(SqlState::kOutOfMemory, "out of memory");
  } catch (const std::exception& failure) {
    return Status(SqlState::kInternalError, failure.what());
  }
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

int Server::port() const { return impl_->port(); }

std::string Server::url() const {
  const ClusterOptions& cluster = impl_->cluster().options();
  std::string host = impl_->options().host;
  if (host.find(':') != std::string::npos) host = '[' + host + ']';  // IPv6
  return "postgresql://" + PercentEncoded(cluster.superuser) + '@' + host + ':' +
         std::to_string(port()) + '/' + PercentEncoded(cluster.database);
}

int Server::num_connections() const { return impl_->num_connections(); }

void Server::Stop(std::chrono::milliseconds grace) { impl_->Stop(grace); }

}  // namespace vesto
