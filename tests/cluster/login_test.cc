#include <memory>
#include <string>

#include "support/catch.h"
#include "vesto/cluster.h"

// The login conversation as an endpoint leads it.
namespace vesto {
namespace {

std::unique_ptr<Cluster> OpenCluster(ClusterOptions options = {}) {
  auto cluster = Cluster::Open(std::move(options));
  REQUIRE(cluster.ok());
  return *std::move(cluster);
}

TEST_CASE("a trusted login needs a user, no password", "[login]") {
  auto cluster = OpenCluster();
  auto login = cluster->BeginLogin(
      {.user = "awsuser", .database = "dev", .method = LoginMethod::kTrust});
  REQUIRE(login.ok());
  CHECK_FALSE(login->done());
  auto message = login->Next("");
  REQUIRE(message.ok());
  CHECK(message->code == 0);
  CHECK(message->body.empty());
  CHECK(login->done());
  CHECK(login->Next("").status().state() == SqlState::kObjectNotInPrerequisiteState);
  auto session = cluster->Connect(*std::move(login));
  REQUIRE(session.ok());
  auto user = session->Execute("SELECT CURRENT_USER");
  REQUIRE(user.ok());
  CHECK(user->row(0).Get<std::string>(0) == "awsuser");
}

TEST_CASE("a login that is not complete opens no session", "[login]") {
  auto cluster = OpenCluster();
  auto login = cluster->BeginLogin({.user = "awsuser", .method = LoginMethod::kTrust});
  REQUIRE(login.ok());
  CHECK(cluster->Connect(*std::move(login)).status().state() ==
        SqlState::kObjectNotInPrerequisiteState);
  auto other = OpenCluster();
  auto foreign = other->BeginLogin({.user = "awsuser", .method = LoginMethod::kTrust});
  REQUIRE(foreign->Next("").ok());
  CHECK(cluster->Connect(*std::move(foreign)).status().state() ==
        SqlState::kObjectNotInPrerequisiteState);
}

TEST_CASE("an unknown database is an error after the login", "[login]") {
  auto cluster = OpenCluster();
  auto login = cluster->BeginLogin(
      {.user = "awsuser", .database = "nowhere", .method = LoginMethod::kTrust});
  REQUIRE(login->Next("").ok());
  CHECK(cluster->Connect(*std::move(login)).status().state() == SqlState::kInvalidCatalogName);
}

}  // namespace
}  // namespace vesto
