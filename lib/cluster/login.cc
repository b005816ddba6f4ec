#include "vesto/login.h"

#include "absl/strings/str_cat.h"
#include "base/status_bridge.h"
#include "base/status_macros.h"
#include "cluster/guarded.h"
#include "cluster/login_impl.h"
#include "cluster/session_impl.h"

// The public face of a login.
namespace vesto {
namespace cluster {

LoginImpl::LoginImpl(ClusterImpl& cluster, LoginRequest request)
    : owner_(cluster.shared_from_this()), cluster_(cluster), request_(std::move(request)), pid_(cluster.NextPid()) {}

telemetry::ConnectionRecord LoginImpl::DescribeConnection() const {
  return {.pid = pid_,
          .user = request_.user,
          .database = request_.database,
          .auth_method = request_.method == LoginMethod::kTrust ? "trust" : "password",
          .client = request_.client};
}

security::ProofMethod LoginImpl::Choose(const catalog::UserEntry* user) const {
  using security::ProofMethod;
  switch (request_.method) {
    case LoginMethod::kScram: return ProofMethod::kScram;
    case LoginMethod::kDigest: return ProofMethod::kDigest;
    case LoginMethod::kMd5: return ProofMethod::kMd5;
    case LoginMethod::kAuto:
    case LoginMethod::kTrust: break;
  }
  // Who has no verifier at all is asked like everybody else.
  const ProofMethod usual = request_.amazon_driver ? ProofMethod::kDigest : ProofMethod::kScram;
  if (user == nullptr) return usual;
  const std::string& verifier =
      request_.amazon_driver ? user->password.digest : user->password.scram;
  return verifier.empty() && !user->password.md5.empty() ? ProofMethod::kMd5 : usual;
}

absl::StatusOr<LoginMessage> LoginImpl::Step(std::string_view answer) {
  if (!conversation_.has_value()) {
    const catalog::UserPtr user =
        cluster_.catalog.Snapshot(nullptr)->FindUser(std::string_view(request_.user));
    if (request_.method == LoginMethod::kTrust) {
      if (user == nullptr) {
        return SqlError(SqlState::kInvalidAuthorization,
                        absl::StrCat("user \"", request_.user, "\" does not exist"));
      }
      superuser_ = user->superuser;
      done_ = true;
      return LoginMessage{};
    }
    superuser_ = user != nullptr && user->superuser;
    conversation_.emplace(security::ProofRequest{.method = Choose(user.get()),
                                                 .user = request_.user,
                                                 .entry = user,
                                                 .now_micros = cluster_.NowMicros(),
                                                 .mock_key = cluster_.mock_key()});
  }
  VESTO_ASSIGN_OR_RETURN(security::ProofMessage message, conversation_->Next(answer));
  done_ = conversation_->accepted();
  return LoginMessage{message.code, std::move(message.body)};
}

absl::StatusOr<LoginMessage> LoginImpl::Next(std::string_view answer) {
  if (!error_.ok()) return error_;
  if (done_) return SqlError(SqlState::kObjectNotInPrerequisiteState, "the login is complete");
  absl::StatusOr<LoginMessage> message = Step(answer);
  if (!message.ok()) error_ = message.status();
  if (done_ || !message.ok()) {
    telemetry::ConnectionRecord record = DescribeConnection();
    record.event = done_ ? "authenticated" : "authentication failure";
    record.micros = cluster_.NowMicros();
    cluster_.telemetry.connections.Add(std::move(record));
  }
  return message;
}

}  // namespace cluster

Login::Login(std::unique_ptr<cluster::LoginImpl> impl) : impl_(std::move(impl)) {}
Login::Login(Login&&) noexcept = default;
Login& Login::operator=(Login&&) noexcept = default;
Login::~Login() = default;

StatusOr<LoginMessage> Login::Next(std::string_view answer) {
  return cluster::Guarded([&]() -> StatusOr<LoginMessage> {
    auto message = impl_->Next(answer);
    if (!message.ok()) return ToPublic(message.status());
    return *std::move(message);
  });
}

bool Login::done() const { return impl_->done(); }
bool Login::superuser() const { return impl_->superuser(); }

StatusOr<Login> Cluster::BeginLogin(LoginRequest request) {
  if (request.user.empty()) {
    return Status(SqlState::kInvalidAuthorization, "no user name specified in startup packet");
  }
  if (request.database.empty()) request.database = request.user;
  return Login(std::make_unique<cluster::LoginImpl>(*impl_, std::move(request)));
}

StatusOr<Session> Cluster::Connect(Login login) {
  if (!login.done() || &login.impl_->cluster() != impl_.get()) {
    return Status(SqlState::kObjectNotInPrerequisiteState, "the login is not complete");
  }
  return cluster::Guarded([&]() -> StatusOr<Session> {
    auto session = cluster::SessionImpl::Open(*impl_, login.impl_->DescribeConnection());
    if (!session.ok()) return ToPublic(session.status());
    return Session(*std::move(session));
  });
}

}  // namespace vesto
