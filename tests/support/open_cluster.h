#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catch.h"
#include "vesto/cluster.h"

// A cluster, its sessions and their statements, for tests that take success for granted.
namespace vesto {

inline std::unique_ptr<Cluster> OpenCluster(int nodes = 2, int slices = 2) {
  auto cluster = Cluster::Open({.compute_nodes = nodes, .slices_per_node = slices});
  REQUIRE(cluster.ok());
  return *std::move(cluster);
}

inline Session Connect(Cluster& cluster) {
  auto session = cluster.Connect();
  REQUIRE(session.ok());
  return *std::move(session);
}

inline ResultSet Run(Session& session, std::string_view sql,
                     const std::vector<Value>& parameters = {}) {
  auto result = session.Execute(sql, parameters);
  INFO(result.status().ToString());
  REQUIRE(result.ok());
  return *std::move(result);
}

}  // namespace vesto
