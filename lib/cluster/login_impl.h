#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "cluster/cluster_impl.h"
#include "security/login_conversation.h"
#include "vesto/login.h"

namespace vesto::cluster {

// A login in progress: which proof the client is asked for, and how far it is. What is said and
// checked is in security::LoginConversation. Used by one thread at a time.
class LoginImpl {
 public:
  LoginImpl(ClusterImpl& cluster, LoginRequest request);

  absl::StatusOr<LoginMessage> Next(std::string_view answer);
  bool done() const { return done_; }
  bool superuser() const { return done_ && superuser_; }
  const ClusterImpl& cluster() const { return cluster_; }
  const LoginRequest& request() const { return request_; }
  // As STL_CONNECTION_LOG tells of the client; the session gets the same pid.
  telemetry::ConnectionRecord DescribeConnection() const;

 private:
  absl::StatusOr<LoginMessage> Step(std::string_view answer);
  // The proof that suits client and user, where the request leaves the choice.
  security::ProofMethod Choose(const catalog::UserEntry* user) const;

  const std::shared_ptr<ClusterImpl> owner_;
  ClusterImpl& cluster_;
  const LoginRequest request_;
  const int32_t pid_;
  std::optional<security::LoginConversation> conversation_;  // absent for trust, and at first
  bool superuser_ = false;  // the user, when the login began
  bool done_ = false;
  absl::Status error_;  // the first one, which ended the login
};

}  // namespace vesto::cluster
