#pragma once

#include <memory>
#include <utility>

#include "support/catch.h"
#include "vesto/cluster.h"
#include "vesto/server.h"

namespace vesto::test {

// A cluster with its endpoint on a free port; nobody is asked for a password unless a login method is
// given.
struct Endpoint {
  explicit Endpoint(ServerOptions options = {}, ClusterOptions cluster_options = {}) {
    auto opened = Cluster::Open(std::move(cluster_options));
    REQUIRE(opened.ok());
    cluster = *std::move(opened);
    options.port = 0;
    if (options.auth == LoginMethod::kAuto) options.auth = LoginMethod::kTrust;
    auto started = Server::Start(*cluster, std::move(options));
    INFO(started.status().ToString());
    REQUIRE(started.ok());
    server = *std::move(started);
  }
  int port() const { return server->port(); }

  std::unique_ptr<Cluster> cluster;
  std::unique_ptr<Server> server;
};

}  // namespace vesto::test
