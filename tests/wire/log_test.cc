#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.h"
#include "support/wire_client.h"
#include "support/wire_endpoint.h"

// What the endpoint's log says of who came, and who did not get in.
namespace vesto::test {
namespace {

class LogLines {
 public:
  // For ServerOptions::log. Outlives the endpoint.
  std::function<void(LogLevel, std::string_view)> sink() {
    return [this](LogLevel, std::string_view line) {
      std::lock_guard<std::mutex> lock(mutex_);
      lines_.emplace_back(line);
    };
  }
  std::vector<std::string> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return lines_;
  }
  // The only line that contains `part`; else how many there are.
  std::string With(std::string_view part) const {
    std::vector<std::string> found;
    for (const std::string& line : all()) {
      if (line.find(part) != std::string::npos) found.push_back(line);
    }
    return found.size() == 1 ? found[0] : std::to_string(found.size()) + " lines";
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

std::string AddressOf(const WireClient& client) {
  return "127.0.0.1:" + std::to_string(client.local_port());
}

TEST_CASE("the log says who failed to log in, from where and why", "[wire]") {
  LogLines log;
  Endpoint endpoint({.auth = LoginMethod::kScram, .log = log.sink()},
                    {.superuser_password = "Secret123"});
  SECTION("a malformed answer") {
    WireClient client(endpoint.port());
    client.SendStartup({{"user", "ada"}, {"database", "sales"}});
    REQUIRE(client.Read().type == 'R');
    client.Send('p', CString("Marker-password-1"));
    CHECK(ErrorField(client.ReadUntilReady(), 'C') == "08P01");
    CHECK(log.With("login failed") ==
          "login failed: user=\"ada\" database=\"sales\" client=" + AddressOf(client) +
              ": client selected an invalid SASL authentication mechanism");
  }
  SECTION("a startup packet that is none") {
    WireClient client(endpoint.port());
    client.SendBytes(Int32(3));
    client.ReadUntilReady();
    CHECK(log.With("login failed") ==
          "login failed: client=" + AddressOf(client) + ": invalid length of message");
  }
  SECTION("a message that is no password") {
    WireClient client(endpoint.port());
    client.SendStartup({{"user", "ada"}});
    REQUIRE(client.Read().type == 'R');
    client.Send('Q', CString("SELECT 1"));
    client.ReadUntilReady();
    CHECK(log.With("login failed") == "login failed: user=\"ada\" database=\"ada\" client=" +
                                          AddressOf(client) + ": expected password response");
  }
  for (const std::string& line : log.all()) {
    CHECK(line.find("Marker-password-1") == std::string::npos);
  }
}

TEST_CASE("the log tells of logins whose session is refused", "[wire]") {
  LogLines log;
  Endpoint endpoint({.max_connections = 1, .log = log.sink()});
  WireClient lost(endpoint.port()), first(endpoint.port()), second(endpoint.port());
  lost.SendStartup({{"user", "awsuser"}, {"database", "nowhere"}});
  lost.ReadUntilReady();
  CHECK(log.With("nowhere\" does not exist") ==
        "login failed: user=\"awsuser\" database=\"nowhere\" client=" + AddressOf(lost) +
            ": database \"nowhere\" does not exist");
  first.LogIn();
  CHECK(log.With("session ") == "session " + std::to_string(first.pid) +
                                    ": user=\"awsuser\" database=\"dev\" client=" +
                                    AddressOf(first));
  CHECK(ErrorField(second.LogIn(), 'C') == "53300");
  CHECK(log.With("client=" + AddressOf(second)).starts_with("login failed: user=\"awsuser\""));
}

TEST_CASE("a name cannot forge a line or a field of the log", "[wire]") {
  LogLines log;
  Endpoint endpoint({.log = log.sink()});
  WireClient client(endpoint.port());
  client.SendStartup({{"user", "eve\" client=10.0.0.1\\\r\nsession 1: user=\"root\""},
                      {"database", "tab\t esc\x1b[2J del\x7f csi\xc2\x9b line\xe2\x80\xa8 größe"}});
  CHECK(ErrorField(client.ReadUntilReady(), 'C') == "28000");
  CHECK(log.With("login failed") ==
        "login failed: user=\"eve\\\" client=10.0.0.1\\\\\\r\\nsession 1: user=\\\"root\\\"\" "
        "database=\"tab\\t esc\\x1b[2J del\\x7f csi\\u009b line\\u2028 größe\" client=" +
            AddressOf(client) +
            ": user \"eve\" client=10.0.0.1\\\\r\\nsession 1: user=\"root\"\" does not exist");
}

}  // namespace
}  // namespace vesto::test
