#include "vesto/login.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_bridge.h"
#include "base/status_macros.h"
#include "cluster/login_impl.h"

// The public face of a login.
namespace vesto {
namespace cluster {

LoginImpl::LoginImpl(ClusterImpl& cluster, LoginRequest request)
    : cluster_(cluster), request_(std::move(request)) {}

absl::StatusOr<LoginMessage> LoginImpl::Step(std::string_view answer) {
  if (request_.method != LoginMethod::kTrust) {
    return NotSupported("password authentication", -1);
  }
  const auto users = cluster_.catalog.Snapshot(nullptr)->users();
  if (std::none_of(users.begin(), users.end(),
                   [&](const auto& user) { return user->name == request_.user; })) {
    return SqlError(SqlState::kUndefinedObject,
                    absl::StrCat("user \"", request_.user, "\" does not exist"));
  }
  done_ = true;
  return LoginMessage{};
}

absl::StatusOr<LoginMessage> LoginImpl::Next(std::string_view answer) {
  if (!error_.ok()) return error_;
  if (done_) return SqlError(SqlState::kObjectNotInPrerequisiteState, "the login is complete");
  absl::StatusOr<LoginMessage> message = Step(answer);
  if (!message.ok()) error_ = message.status();
  return message;
}

}  // namespace cluster

Login::Login(std::unique_ptr<cluster::LoginImpl> impl) : impl_(std::move(impl)) {}
Login::Login(Login&&) noexcept = default;
Login& Login::operator=(Login&&) noexcept = default;
Login::~Login() = default;

StatusOr<LoginMessage> Login::Next(std::string_view answer) {
  try {
    auto message = impl_->Next(answer);
    if (!message.ok()) return ToPublic(message.status());
    return *std::move(message);
  } catch (const std::bad_alloc&) {
    return Status(SqlState::kOutOfMemory, "out of memory");
  } catch (const std::exception& failure) {
    return Status(SqlState::kInternalError, failure.what());
  }
}

bool Login::done() const { return impl_->done(); }

StatusOr<Login> Cluster::BeginLogin(LoginRequest request) {
  if (request.user.empty()) {
    return Status(SqlState::kInvalidName, "no user name specified in startup packet");
  }
  if (request.database.empty()) request.database = request.user;
  return Login(std::make_unique<cluster::LoginImpl>(*impl_, std::move(request)));
}

StatusOr<Session> Cluster::Connect(Login login) {
  if (!login.done() || &login.impl_->cluster() != impl_.get()) {
    return Status(SqlState::kObjectNotInPrerequisiteState, "the login is not complete");
  }
  const LoginRequest& request = login.impl_->request();
  return Connect(ConnectOptions{.user = request.user, .database = request.database});
}

}  // namespace vesto
