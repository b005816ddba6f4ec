#include "wire/conversation.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "vesto/cluster.h"
#include "wire/log_text.h"
#include "wire/sql_name.h"

namespace vesto::wire {
namespace {

// A client that answers within this time is waited for without sleep while a core is free: to be woken
// takes longer than most small statements.
constexpr auto kSpinTime = std::chrono::microseconds(100);
// Replies are written out when there is this much of them.
constexpr size_t kOutputBytes = 64 * 1024;
// How long a client may take to read the last error before it is cut off.
constexpr auto kFarewellTime = std::chrono::milliseconds(500);

constexpr int kProtocolVersionMax = 3;

// What some drivers send for "the encoding is UTF-8", quotes and all.
bool MeansUtf8(std::string_view encoding) {
  std::string plain;
  for (char c : encoding) {
    if (std::isalnum(static_cast<unsigned char>(c))) {
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  // SQL_ASCII asks for no conversion; UNICODE is Redshift's own name.
  return plain == "utf8" || plain == "unicode" || plain == "sqlascii" || plain.empty();
}

// Options as a command line gives them: "-c name=value" and "--name=value".
std::vector<std::pair<std::string, std::string>> SplitOptions(std::string_view options) {
  std::vector<std::string> words(1);
  for (size_t i = 0; i < options.size(); ++i) {
    if (options[i] == '\\' && i + 1 < options.size()) {
      words.back() += options[++i];
    } else if (options[i] == ' ') {
      if (!words.back().empty()) words.emplace_back();
    } else {
      words.back() += options[i];
    }
  }
  std::vector<std::pair<std::string, std::string>> pairs;
  for (size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word == "-c" && i + 1 < words.size()) {
      word = words[++i];
    } else if (word.starts_with("--") || word.starts_with("-c")) {
      word.remove_prefix(2);
    } else {
      continue;
    }
    const size_t equals = word.find('=');
    if (equals == std::string_view::npos) continue;
    std::string name(word.substr(0, equals));
    std::replace(name.begin(), name.end(), '-', '_');
    pairs.emplace_back(std::move(name), word.substr(equals + 1));
  }
  return pairs;
}

// Counts this thread among those that do not sleep.
class Awake {
 public:
  explicit Awake(std::atomic<int>& count) : count_(count) {
    count_.fetch_add(1, std::memory_order_relaxed);
  }
  ~Awake() { count_.fetch_sub(1, std::memory_order_relaxed); }
  Awake(const Awake&) = delete;
  Awake& operator=(const Awake&) = delete;

 private:
  std::atomic<int>& count_;
};

// Parameters of the startup packet that say something about the client and set nothing.
bool DescribesClient(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "user",        "database",   "options",    "replication",   "client_protocol_version",
      "os_version",  "plugin_name", "provider_name", "idp_type",  "token_type",
      "driver_version", "driver_discovery_version", "identity_namespace",
      "idc_client_display_name"};
  return name.starts_with("_pq_.") ||
         std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// Amazon's drivers read metadata by SHOW where a server offers it. This one then needs classes of the
// AWS SDK, which applications without IAM do not have (mended in 2.1.0.33).
constexpr std::string_view kShowNeedsSdk = "Redshift JDBC Driver 2.1.0.32";

}  // namespace

Conversation::Conversation(Host& host, Channel& channel, std::function<void()> on_terminate)
    : host_(host),
      channel_(channel),
      on_terminate_(std::move(on_terminate)),
      peer_(channel.peer()) {}

Conversation::~Conversation() { End(); }

void Conversation::End() {
  portals_.clear();  // what they have begun is undone
  prepared_.clear();
  if (session_.has_value()) session_->OnTerminate(nullptr);
  std::optional<Session> session;
  {
    std::lock_guard<std::mutex> lock(terminate_mutex_);
    session.swap(session_);
  }
  session.reset();
  if (admitted_) host_.ReleaseSession();
  admitted_ = false;
}

void Conversation::Interrupt() {
  std::lock_guard<std::mutex> lock(terminate_mutex_);
  if (session_.has_value()) session_->Terminate();
}

void Conversation::Terminate(Status reason) {
  {
    std::lock_guard<std::mutex> lock(terminate_mutex_);
    if (!terminate_reason_.has_value()) terminate_reason_ = std::move(reason);
  }
  terminating_.store(true, std::memory_order_release);
  on_terminate_();
}

Conversation::State Conversation::Serve() {
  const Awake awake(host_.awake());
  bool called = true;
  while (phase_ != Phase::kClosed) {
    if (terminating()) {
      SayWhyItEnds();
      break;
    }
    if (phase_ == Phase::kTls) {
      const Channel::Outcome outcome = channel_.StartTls(host_.tls());
      if (outcome == Channel::Outcome::kNothing) return State::kIdle;
      phase_ = outcome == Channel::Outcome::kDone ? Phase::kStartup : Phase::kClosed;
      continue;
    }
    auto message = input_.Next(phase_ == Phase::kStartup,
                               phase_ == Phase::kReady ? kMessageBytesMax : kStartupBytesMax);
    if (!message.ok()) {
      SendFatal(message.status());
      break;
    }
    if (!message->has_value()) {
      if (!Flush().ok()) continue;  // closed, or to be told why it ends
      switch (Listen(std::exchange(called, false))) {
        case Channel::Outcome::kDone: continue;
        case Channel::Outcome::kClosed: phase_ = Phase::kClosed; continue;
        case Channel::Outcome::kNothing:
          if (channel_.HasBufferedBytes()) continue;
          input_.Shrink();
          if (output_.capacity() > kOutputBytes / 4) output_ = std::string();
          return State::kIdle;
      }
    }
    switch (phase_) {
      case Phase::kStartup:
      case Phase::kLogin:
        phase_ == Phase::kStartup ? OnStartup((*message)->body) : OnLoginMessage(**message);
        if (phase_ == Phase::kReady) return State::kLoggedIn;
        break;
      case Phase::kReady: OnMessage(**message); break;
      case Phase::kTls:
      case Phase::kClosed: break;
    }
    if (output_.size() >= kOutputBytes) (void)Flush();
  }
  phase_ = Phase::kClosed;
  End();
  return State::kClosed;
}

void Conversation::SayWhyItEnds() {
  Status reason(SqlState::kAdminShutdown, "terminating connection due to administrator command");
  {
    std::lock_guard<std::mutex> lock(terminate_mutex_);
    if (terminate_reason_.has_value()) reason = *terminate_reason_;
  }
  SendFatal(reason);
}

Channel::Outcome Conversation::Listen(bool called) {
  static const int cores = static_cast<int>(std::thread::hardware_concurrency());
  if (channel_.may_have_more() && !called) {
    const Channel::Outcome outcome = channel_.Read(&input_, 0);
    if (outcome != Channel::Outcome::kNothing) return outcome;
  }
  const auto in_time = [this] { return Clock::now() - listening_since_ < kSpinTime; };
  Channel::Outcome outcome = Channel::Outcome::kNothing;
  if (called) {
    outcome = channel_.Read(&input_, 0);
  } else {
    listening_since_ = Clock::now();
    while (prompt_client_ && outcome == Channel::Outcome::kNothing && in_time() &&
           host_.awake().load(std::memory_order_relaxed) < cores) {
      std::this_thread::yield();
      outcome = channel_.Read(&input_, 0);
    }
  }
  if (outcome == Channel::Outcome::kDone) prompt_client_ = logged_in() && in_time();
  return outcome;
}

// --- Startup and login --------------------------------------------------------------------------

void Conversation::OnStartup(std::string_view body) {
  auto packet = ReadStartup(body);
  if (!packet.ok()) return SendFatal(packet.status());
  switch (packet->code) {
    case kCancelRequest:
      host_.cluster().Cancel(packet->cancel_pid, packet->cancel_key);
      phase_ = Phase::kClosed;
      return;
    case kGssEncRequest:
      if (std::exchange(asked_gss_, true)) return SendFatal(UnsupportedProtocol(packet->code));
      output_ += 'N';
      return;
    case kSslRequest:
      if (std::exchange(asked_tls_, true)) return SendFatal(UnsupportedProtocol(packet->code));
      if (host_.tls() == nullptr || channel_.encrypted()) {
        output_ += 'N';
        return;
      }
      // Bytes that came ahead of the handshake are not the client's: somebody in between put them.
      if (!input_.empty()) {
        return SendFatal(Status(SqlState::kProtocolViolation,
                                "received unencrypted data after SSL request"));
      }
      output_ += 'S';
      if (Flush().ok()) phase_ = Phase::kTls;
      return;
    default: break;
  }
  startup_ = *std::move(packet);
  const auto parameter = [this](std::string_view name) {
    const std::string* value = startup_.Find(name);
    return value != nullptr ? *value : std::string();
  };
  user_ = parameter("user");
  database_ = parameter("database");
  if (database_.empty()) database_ = user_;
  if (host_.options().tls == TlsMode::kRequire && !channel_.encrypted()) {
    return SendFatal(Status(Status::Error{
        .state = SqlState::kInvalidAuthorization,
        .message = "this server accepts encrypted connections only",
        .detail = {},
        .hint = "Connect with sslmode=require.",
        .context = {}}));
  }
  if (startup_.code != kProtocolVersion3) {
    // A newer minor version, or options of one: 3.0 is what there is.
    MessageWriter writer(&output_);
    writer.Begin('v');
    writer.Int32(0);
    writer.Int32(0);
    writer.End();
  }
  if (const std::string* version = startup_.Find("client_protocol_version")) {
    amazon_driver_ = true;
    protocol_version_ = std::clamp(std::atoi(version->c_str()), 0, kProtocolVersionMax);
  }
  ClientInfo client{.host = peer_.host,
                    .port = peer_.port,
                    .tls_version = channel_.tls_version(),
                    .tls_cipher = channel_.tls_cipher(),
                    .application_name = parameter("application_name"),
                    .driver_version = parameter("driver_version"),
                    .os_version = parameter("os_version"),
                    .plugin_name = parameter("plugin_name"),
                    .protocol_version = protocol_version_};
  auto login = host_.cluster().BeginLogin({.user = user_,
                                           .database = database_,
                                           .amazon_driver = amazon_driver_,
                                           .method = host_.options().auth,
                                           .client = std::move(client)});
  if (!login.ok()) return SendFatal(login.status());
  login_.emplace(*std::move(login));
  phase_ = Phase::kLogin;
  ContinueLogin("");
}

void Conversation::OnLoginMessage(const Message& message) {
  constexpr char kPasswordMessage = 'p', kDigestMessage = 'd';
  if (message.type == 'X') {
    phase_ = Phase::kClosed;
    return;
  }
  if (message.type != kPasswordMessage && message.type != kDigestMessage) {
    return SendFatal(Status(SqlState::kProtocolViolation, "expected password response"));
  }
  ContinueLogin(message.body);
}

void Conversation::ContinueLogin(std::string_view answer) {
  constexpr int32_t kSaslFinal = 12;  // expects no answer
  while (true) {
    const auto message = login_->Next(answer);
    if (!message.ok()) return SendFatal(message.status());
    MessageWriter writer(&output_);
    writer.Begin('R');
    writer.Int32(message->code);
    writer.Bytes(message->body);
    writer.End();
    if (login_->done()) return OpenSession();
    if (message->code != kSaslFinal) return;
    answer = "";
  }
}

void Conversation::OpenSession() {
  if (const Status full = host_.AdmitSession(login_->superuser()); !full.ok()) {
    return SendFatal(full);
  }
  admitted_ = true;
  auto session = host_.cluster().Connect(*std::move(login_));
  login_.reset();
  if (!session.ok()) return SendFatal(session.status());
  {
    std::lock_guard<std::mutex> lock(terminate_mutex_);
    session_.emplace(*std::move(session));
  }
  if (host_.options().strict) {
    const Status status = session_->SetDefault("vesto_compat", "strict");
    if (!status.ok()) return SendFatal(status);
  }
  ApplyStartupParameters();
  if (phase_ == Phase::kClosed) return;

  MessageWriter writer(&output_);
  const auto report = [&](std::string_view name, std::string_view value) {
    writer.Begin('S');
    writer.String(name);
    writer.String(value);
    writer.End();
  };
  session_->OnParameterChange([this](std::string_view name, std::string_view value) {
    MessageWriter change(&output_);
    change.Begin('S');
    change.String(name);
    change.String(value);
    change.End();
  });
  session_->OnNotice([this](const Notice& notice) {
    WriteNotice(notice.severity, notice.message, &output_);
  });
  // psqlodbc names statements by Parse and drops them by DEALLOCATE. SQL has folded the letters of the
  // name, Parse has not.
  session_->OnDeallocate([this](std::string_view name) {
    return std::erase_if(prepared_, [&](const auto& prepared) {
             return name.empty() || SameName(prepared.first, name);
           }) > 0;
  });
  session_->OnProgress([this](const Progress&) {
    // Redshift lets a COPY run on whose client is gone.
    return running_ == nullptr || running_->command_tag() == "COPY" || channel_.PeerIsThere();
  });
  session_->OnTerminate([this] {
    terminating_.store(true, std::memory_order_release);
    on_terminate_();
  });
  // What tells drivers that this is Redshift, and which of its extensions are spoken.
  report("padb_version", "1.0");
  report("padb_revision", std::string(Version()));
  report("datashare_enabled", "off");
  report("external_database", "off");
  if (amazon_driver_) {
    report("server_protocol_version", std::to_string(protocol_version_));
    const std::string* driver = startup_.Find("driver_version");
    if (driver == nullptr || *driver != kShowNeedsSdk) report("show_discovery", "4");
  }
  writer.Begin('K');
  writer.Int32(session_->pid());
  writer.Int32(session_->cancel_key());
  writer.End();
  phase_ = Phase::kReady;
  host_.Log(LogLevel::kInfo, "session " + std::to_string(session_->pid()) + ": " + DescribeClient());
  idle_timeout_ = host_.options().idle_timeout;
  const std::chrono::milliseconds of_user = session_->idle_timeout();
  if (of_user.count() > 0 && (idle_timeout_.count() == 0 || of_user < idle_timeout_)) {
    idle_timeout_ = of_user;
  }
  logged_in_.store(true, std::memory_order_release);
  WriteReadyForQuery();
}

void Conversation::ApplyStartupParameters() {
  std::vector<std::pair<std::string, std::string>> parameters;
  if (const std::string* options = startup_.Find("options")) parameters = SplitOptions(*options);
  for (const auto& [name, value] : startup_.parameters) {
    if (!DescribesClient(name)) parameters.emplace_back(name, value);
  }
  for (const auto& [name, value] : parameters) {
    if (name == "client_encoding") {
      if (MeansUtf8(value)) continue;
      return SendFatal(Status(SqlState::kFeatureNotSupported,
                              "client encoding \"" + value + "\" is not supported; use UTF8"));
    }
    // A name that nobody knows is some driver's own: Redshift lets it pass.
    const Status status = session_->SetDefault(name, value);
    if (!status.ok() && status.state() == SqlState::kInvalidParameterValue) {
      return SendFatal(status);
    }
  }
}

// --- Output -------------------------------------------------------------------------------------

void Conversation::SendError(const Status& error) { WriteError(error, "ERROR", &output_); }

std::string Conversation::DescribeClient() const {
  std::string text;
  if (!user_.empty()) text = "user=" + Quoted(user_) + " database=" + Quoted(database_) + ' ';
  const bool has_colons = peer_.host.find(':') != std::string::npos;  // IPv6
  return text + "client=" + (has_colons ? '[' + peer_.host + ']' : peer_.host) + ':' + peer_.port;
}

void Conversation::SendFatal(const Status& error) {
  if (!logged_in()) {
    host_.Log(LogLevel::kWarning,
              "login failed: " + DescribeClient() + ": " + std::string(error.message()));
  }
  if (!error.ok()) WriteError(error, "FATAL", &output_);
  size_t written = 0;
  const auto deadline = std::chrono::steady_clock::now() + kFarewellTime;
  // In the middle of a handshake nothing can be said.
  if (phase_ != Phase::kTls) {
    channel_.Write(
        output_, [&] { return logged_in() && std::chrono::steady_clock::now() < deadline; },
        &written);
  }
  phase_ = Phase::kClosed;
  output_.clear();
}

Status Conversation::Flush(ResultStream* stream) {
  if (output_.empty()) return OkStatus();
  size_t written = 0;
  const auto keep_waiting = [&] {
    if (stream != nullptr) return stream->Interrupted().ok();
    return logged_in() && !terminating();
  };
  const Channel::Outcome outcome = channel_.Write(output_, keep_waiting, &written);
  output_.erase(0, written);
  switch (outcome) {
    case Channel::Outcome::kDone: return OkStatus();
    case Channel::Outcome::kNothing:
      if (stream != nullptr) return stream->Interrupted();
      if (terminating()) return Status(SqlState::kAdminShutdown, "the session is ended");
      break;
    case Channel::Outcome::kClosed: break;
  }
  phase_ = Phase::kClosed;
  output_.clear();
  return Status(SqlState::kAdminShutdown, "the client is gone");
}

}  // namespace vesto::wire
