#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "security/primitives.h"
#include "support/catch.h"
#include "support/wire_client.h"
#include "support/wire_endpoint.h"

// Clients that never log in keep nobody else out, whatever they say instead.
namespace vesto::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kFlood = 600;
// Sessions and clients without one, of the endpoints below.
constexpr int kConnectionsMax = 20 + 256;
const std::string kSslRequest = Int32(8) + Int32(80877103);
const std::string kHalfPacket = Int32(9000) + Int32(196608) + "user";

struct FloodFixture {
  FloodFixture()
      : endpoint({.max_connections = 20,
                  .auth = LoginMethod::kMd5,
                  .tls = TlsMode::kOn,
                  .login_timeout = std::chrono::minutes(10),
                  .log = [this](LogLevel, std::string_view line) { Note(line); }},
                 {.superuser_password = "Secret123", .allow_md5_passwords = true}) {
    LogIn(user);
  }

  void LogIn(WireClient& client) {
    client.SendStartup({{"user", "awsuser"}, {"database", "dev"}});
    const auto request = client.Read();
    REQUIRE(request.type == 'R');
    REQUIRE(ReadInt32(request.body) == 5);
    const auto inner = security::Md5Hex("Secret123awsuser");
    REQUIRE(inner.ok());
    const auto proof = security::Md5Hex(*inner + request.body.substr(4));
    REQUIRE(proof.ok());
    client.Send('p', CString("md5" + *proof));
    const auto answer = client.ReadUntilReady();
    REQUIRE(TypesOf(answer).back() == 'Z');
    for (const auto& message : answer) {
      if (message.type != 'K') continue;
      client.pid = ReadInt32(message.body);
      client.key = ReadInt32(std::string_view(message.body).substr(4));
    }
  }

  // `count` clients that say `first` and then nothing.
  void Flood(int count, const std::string& first) {
    for (int i = 0; i < count; ++i) {
      flood.push_back(std::make_unique<WireClient>(endpoint.port()));
      flood.back()->SendBytes(first);
    }
  }

  // Both at once, within a time that no login timeout has to do with.
  void CheckEverybodyElseIsServed() {
    const auto begin = steady_clock::now();
    WireClient other(endpoint.port());
    LogIn(other);
    CHECK(RowsOf(other.Query("SELECT 7")) == "7");
    other.Query("CREATE TABLE IF NOT EXISTS t (id INT)");
    other.Query("BEGIN; LOCK t");
    user.Send('Q', CString("INSERT INTO t VALUES (1)"));  // waits for the lock
    std::vector<WireClient::Message> answer;
    std::atomic<bool> ended{false};
    std::thread reader([&] {
      answer = user.ReadUntilReady();
      ended = true;
    });
    // The statement may not have begun when a request comes.
    while (!ended && steady_clock::now() - begin < std::chrono::seconds(9)) {
      WireClient cancel(endpoint.port());
      cancel.SendBytes(Int32(16) + Int32(80877102) + Int32(user.pid) + Int32(user.key));
      std::this_thread::sleep_for(milliseconds(20));
    }
    reader.join();
    CHECK(ErrorField(answer, 'C') == "57014");
    CHECK(steady_clock::now() - begin < std::chrono::seconds(9));
  }

  void Note(std::string_view line) {
    if (line.find("too many connections that have not logged in") != std::string::npos) ++refusals;
  }

  std::atomic<int> refusals{0};
  Endpoint endpoint;
  WireClient user{endpoint.port()};
  std::vector<std::unique_ptr<WireClient>> flood;
};

TEST_CASE_METHOD(FloodFixture, "clients that never log in keep nobody out", "[wire]") {
  const std::string startup = [] {
    const std::string body =
        Int32(196608) + CString("user") + CString("awsuser") + CString("database") + CString("dev") + '\0';
    return Int32(static_cast<int64_t>(body.size()) + 4) + body;
  }();
  const std::string first = GENERATE_COPY(std::string(), kHalfPacket, kSslRequest, startup);
  Flood(kFlood, first);
  CheckEverybodyElseIsServed();
  CHECK(endpoint.server->num_connections() <= kConnectionsMax);
  // The oldest had to go. It is told why, except in the middle of a handshake.
  CHECK(refusals >= kFlood - kConnectionsMax);
  if (first == kSslRequest) {
    CHECK(flood.front()->ReadBytes(2) == "S");
  } else {
    const auto last = flood.front()->ReadUntilReady();
    CHECK(ErrorField(last, 'S') == "FATAL");
    CHECK(ErrorField(last, 'C') == "53300");
    CHECK(ErrorField(last, 'M') == "too many connections that have not logged in");
  }
  CHECK(flood.front()->Read().type == 0);
}

TEST_CASE_METHOD(FloodFixture, "clients that dribble take no thread from sessions", "[wire]") {
  Flood(200, kHalfPacket);
  const std::jthread dribble([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      for (auto& client : flood) client->SendBytes("x");
      std::this_thread::sleep_for(milliseconds(2));
    }
  });
  // As many sessions as there may be, each of them with something to say.
  std::vector<std::unique_ptr<WireClient>> sessions;
  for (int i = 0; i < 19; ++i) {
    sessions.push_back(std::make_unique<WireClient>(endpoint.port()));
    LogIn(*sessions.back());
  }
  for (int round = 0; round < 5; ++round) {
    for (auto& session : sessions) session->Send('Q', CString("SELECT 7"));
    for (auto& session : sessions) CHECK(RowsOf(session->ReadUntilReady()) == "7");
  }
}

TEST_CASE("hundreds of connections may be opened before the first logs in", "[wire]") {
  Endpoint endpoint({.max_connections = 400});
  std::vector<std::unique_ptr<WireClient>> clients;
  for (int i = 0; i < 350; ++i) clients.push_back(std::make_unique<WireClient>(endpoint.port()));
  std::this_thread::sleep_for(milliseconds(50));
  for (auto& client : clients) client->SendStartup({{"user", "awsuser"}, {"database", "dev"}});
  int logged_in = 0;
  for (auto& client : clients) logged_in += TypesOf(client->ReadUntilReady()).back() == 'Z';
  CHECK(logged_in == 350);
}

TEST_CASE_METHOD(FloodFixture, "a client asks for each kind of encryption once", "[wire]") {
  WireClient client(endpoint.port());
  client.SendBytes(Int32(8) + Int32(80877104));
  CHECK(client.ReadBytes(1) == "N");
  client.SendBytes(Int32(8) + Int32(80877104));
  const auto answer = client.ReadUntilReady();
  CHECK(ErrorField(answer, 'S') == "FATAL");
  CHECK(ErrorField(answer, 'C') == "0A000");
}

}  // namespace
}  // namespace vesto::test
