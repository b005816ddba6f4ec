#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vesto/login.h"
#include "vesto/server.h"
#include "vesto/session.h"
#include "wire/channel.h"
#include "wire/message.h"

namespace vesto::wire {

// What a conversation needs of its server.
class Host {
 public:
  virtual ~Host() = default;
  virtual Cluster& cluster() = 0;
  virtual const ServerOptions& options() = 0;
  virtual ssl_ctx_st* tls() = 0;  // null: TLS is off
  // 53300 when there are as many sessions as the server takes, of which it keeps some for superusers.
  // Each OK is given back by ReleaseSession.
  virtual Status AdmitSession(bool superuser) = 0;
  virtual void ReleaseSession() = 0;
  // Session threads that do not sleep.
  virtual std::atomic<int>& awake() = 0;
  virtual void Log(LogLevel level, std::string_view line) = 0;  // any thread
};

// One client from its first byte to its last: startup, login, then queries.
//
//   kStartup --SSLRequest--> kTls --handshake--> kStartup --startup packet--> kLogin --> kReady
//   any of them --------------------------------------------------------------------> kClosed
//
// Messages are handled in the order in which they come, and replies wait in a buffer until nothing
// more is to be read or the buffer is large: a pipelining client costs one write. A client that
// does not read stops the statement it runs (the stream is not asked for more), nothing else.
// After an error in the extended protocol messages are skipped until Sync.
// Source: PostgreSQL manual, "Message Flow"; redshift_connector and the Redshift JDBC driver.
// Thread-safety: one thread at a time, a session thread or, before the login, a login thread; Terminate
// and logged_in from any.
class Conversation {
 public:
  // `channel` and `host` outlive it. `on_terminate` is called on any thread when the session is to
  // end while nobody serves it.
  Conversation(Host& host, Channel& channel, std::function<void()> on_terminate);
  ~Conversation();

  enum class State {
    kIdle,      // the client owes a message
    kLoggedIn,  // just now: call again, on a session thread
    kClosed,
  };
  // Handles what the client has sent; returns when nothing more comes: for a short while or, before
  // the login, at once. Before the login it never waits for the client, in either direction.
  State Serve();

  // Asks the conversation to end once the statement that runs is over; the client is told why. Any
  // thread, any time.
  void Terminate(Status reason);
  // Ends the running statement as well, with 57P01. Any thread, any time.
  void Interrupt();
  bool terminating() const { return terminating_.load(std::memory_order_acquire); }
  // How long the client may be silent; 0 = for ever. Known once logged_in.
  std::chrono::milliseconds idle_timeout() const { return idle_timeout_; }
  bool logged_in() const { return logged_in_.load(std::memory_order_acquire); }

 private:
  using Clock = std::chrono::steady_clock;
  enum class Phase { kStartup, kTls, kLogin, kReady, kClosed };
  struct Prepared;
  struct Portal;

  // Tells the client, if it can be told, why the conversation ends.
  void SayWhyItEnds();
  // Reads the client's next bytes. `called`: the client has spoken, or is to be looked at; else a
  // prompt client is waited for without sleep.
  Channel::Outcome Listen(bool called);
  // The session ends here, on the thread that served it: what it left open is rolled back.
  void End();

  // --- Startup and login ------------------------------------------------------------------------
  void OnStartup(std::string_view body);
  void OnLoginMessage(const Message& message);
  void ContinueLogin(std::string_view answer);
  void OpenSession();
  void ApplyStartupParameters();

  // --- Queries ----------------------------------------------------------------------------------
  void OnMessage(const Message& message);
  void OnQuery(std::string_view sql);
  Status OnParse(const ParseMessage& parse);
  Status OnBind(const BindMessage& bind);
  Status OnDescribe(const TargetMessage& describe);
  Status OnExecute(const ExecuteMessage& execute);
  Status OnClose(const TargetMessage& close);
  void OnSync();

  Status RunPortal(Portal& portal, int64_t rows_max);
  // The cursor of SQL that a portal's name means.
  std::optional<Session::Cursor> FindCursor(std::string_view portal) const;
  // Sends up to `rows_max` of its rows (0: all), as Execute of a portal does.
  Status FetchFrom(const Session::Cursor& cursor, int32_t rows_max);

  // Runs a stream to its end, with its RowDescription and CommandComplete.
  Status SendResult(ResultStream& stream);
  // COPY FROM STDIN: takes the client's data to its end. COPY TO STDOUT: sends it.
  Status CopyIn(ResultStream& stream);
  Status CopyOut(ResultStream& stream);
  Status Copy(ResultStream& stream) {
    return stream.copy()->from_client ? CopyIn(stream) : CopyOut(stream);
  }
  // Sends up to `rows_max` rows (0: all). True when the stream has ended.
  StatusOr<bool> SendRows(Portal& portal, int64_t rows_max);
  void WriteRowDescription(const std::vector<ResultColumn>& columns,
                           const std::vector<ValueForm>& forms);
  void WriteCommandComplete(std::string_view tag);
  void WriteReadyForQuery();
  // The session is about to run something else: what open portals have left is kept in memory.
  Status FreeSession();
  // The client wants no more of a portal, or of any: their statements have done well.
  Status ClosePortal(const std::string& name);
  Status ClosePortals();

  // --- Output -----------------------------------------------------------------------------------
  // An error of one message: told, and the conversation goes on.
  void SendError(const Status& error);
  // An error that ends the conversation. Before the login is complete it is logged.
  void SendFatal(const Status& error);
  // Who this is, for the log: user="ada" database="dev" client=127.0.0.1:40000
  std::string DescribeClient() const;
  // Writes the buffer out. Gives up, keeping the rest, when the stream is interrupted or, without one,
  // the session is ended. After any other failure the conversation is closed.
  Status Flush(ResultStream* stream = nullptr);
  BinaryDialect dialect() const {
    return amazon_driver_ ? BinaryDialect::kAmazon : BinaryDialect::kPostgres;
  }

  Host& host_;
  Channel& channel_;
  const std::function<void()> on_terminate_;
  Phase phase_ = Phase::kStartup;
  MessageBuffer input_;
  bool prompt_client_ = false;  // its last message came soon after the answer
  Clock::time_point listening_since_;
  std::string output_;

  const Channel::Peer peer_;
  bool asked_tls_ = false, asked_gss_ = false;
  StartupPacket startup_;
  std::string user_, database_;  // as it names them
  bool amazon_driver_ = false;   // sent client_protocol_version
  int protocol_version_ = 0;     // Redshift's extension: 0..3
  std::optional<Login> login_;
  bool admitted_ = false;
  std::optional<Session> session_;
  std::chrono::milliseconds idle_timeout_{0};  // published by logged_in_
  std::atomic<bool> logged_in_{false};

  std::map<std::string, std::shared_ptr<Prepared>> prepared_;
  std::map<std::string, std::shared_ptr<Portal>> portals_;
  bool skipping_ = false;  // an error: until Sync
  bool pipeline_ = false;  // between the first extended message and Sync
  ResultStream* running_ = nullptr;  // whose progress callback may look at the client

  // Guards what Terminate and Interrupt touch from other threads: the reason, and that session_
  // comes and goes.
  std::mutex terminate_mutex_;
  std::optional<Status> terminate_reason_;
  std::atomic<bool> terminating_{false};
};

}  // namespace vesto::wire
