#include <cstdio>

#include "vesto/cluster.h"
#include "vesto/server.h"

vesto::Status Serve() {
  // Who logs in needs a password; the superuser has none until it is given one.
  auto cluster = vesto::Cluster::Open({.superuser_password = "Correct-horse-1"});
  if (!cluster.ok()) return cluster.status();
  auto server = vesto::Server::Start(**cluster, {.port = 0});
  if (!server.ok()) return server.status();
  std::printf("psql %s\n", (*server)->url().c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return vesto::OkStatus();  // the server stops, then the cluster
}

int main() {
  const vesto::Status status = Serve();
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
