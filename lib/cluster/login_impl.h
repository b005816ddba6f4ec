#pragma once

#include <string>

#include "absl/status/status.h"
#include "cluster/cluster_impl.h"
#include "vesto/login.h"

namespace vesto::cluster {

// A login in progress: the request, and how far it is. Used by one thread at a time.
class LoginImpl {
 public:
  LoginImpl(ClusterImpl& cluster, LoginRequest request);

  absl::StatusOr<LoginMessage> Next(std::string_view answer);
  bool done() const { return done_; }
  const ClusterImpl& cluster() const { return cluster_; }
  const LoginRequest& request() const { return request_; }

 private:
  absl::StatusOr<LoginMessage> Step(std::string_view answer);

  ClusterImpl& cluster_;
  const LoginRequest request_;
  bool done_ = false;
  absl::Status error_;  // the first one, which ended the login
};

}  // namespace vesto::cluster
