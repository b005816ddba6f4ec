// A client that does nothing but wait for a server: the load of bench/wire/compare.py. It speaks the
// protocol itself (trust authentication only), so that both servers meet the same, small client.
//
//   wire_load --port P --user U --database D --round-trips simple|prepared --clients N
//             --seconds S --sql SQL [--keys K]     one statement at a time per client
//   wire_load ... --fetch text|binary --sql SQL    one large result
//
// `--keys K`: the parameter $1 (prepared) or the text `$1` (simple) is a number from 1 to K, another
// for each statement. Prints one JSON object.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  int port = 5439, clients = 1, keys = 0;
  double seconds = 3;
  std::string user, database, sql, round_trips, fetch;
};

std::string Int16(int value) { return {static_cast<char>(value >> 8), static_cast<char>(value)}; }
std::string Int32(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}
std::string Text(std::string_view text) { return std::string(text) + '\0'; }
std::string Message(char type, std::string_view body) {
  return type + Int32(static_cast<uint32_t>(body.size() + 4)) + std::string(body);
}
uint32_t ReadInt32(const char* bytes) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

// One connection. Replies are cut into messages and counted; an error ends the program.
class Client {
 public:
  explicit Client(const Options& options) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(options.port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::string body = Int32(196608) + Text("user") + Text(options.user) + Text("database") +
                             Text(options.database) + '\0';
    Send(Int32(static_cast<uint32_t>(body.size() + 4)) + body);
    WaitUntilReady();
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  int socket() const { return socket_; }
  int64_t rows() const { return rows_; }
  int64_t bytes() const { return bytes_; }

  void Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), 0);
      if (sent <= 0) throw std::runtime_error("the server is gone");
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
  }
  // Reads once; true when a ReadyForQuery has come.
  bool Read() {
    if (buffer_.size() < end_ + kReadBytes) buffer_.resize(end_ + kReadBytes);
    const ssize_t got = ::recv(socket_, buffer_.data() + end_, kReadBytes, 0);
    if (got <= 0) throw std::runtime_error("the server is gone");
    bytes_ += got;
    end_ += static_cast<size_t>(got);
    bool ready = false;
    size_t begin = 0;
    while (end_ - begin >= 5) {
      const char* message = buffer_.data() + begin;
      const size_t size = 1 + ReadInt32(message + 1);
      if (end_ - begin < size) break;
      if (*message == 'D') ++rows_;
      if (*message == 'Z') ready = true;
      if (*message == 'E') throw std::runtime_error("error: " + std::string(message + 5, size - 5));
      begin += size;
    }
    std::memmove(buffer_.data(), buffer_.data() + begin, end_ - begin);
    end_ -= begin;
    return ready;
  }
  void WaitUntilReady() {
    while (!Read()) {
    }
  }

 private:
  static constexpr size_t kReadBytes = 1 << 18;
  int socket_ = -1;
  std::vector<char> buffer_;
  size_t end_ = 0;
  int64_t rows_ = 0, bytes_ = 0;
};

std::string Statement(const Options& options, int64_t number) {
  const int64_t key = options.keys > 0 ? 1 + number * 7919 % options.keys : 0;
  if (options.round_trips == "prepared") {
    std::string bind = Text("") + Text("s") + Int16(0);
    if (options.keys > 0) {
      const std::string text = std::to_string(key);
      bind += Int16(1) + Int32(static_cast<uint32_t>(text.size())) + text;
    } else {
      bind += Int16(0);
    }
    bind += Int16(0);
    return Message('B', bind) + Message('E', Text("") + Int32(0)) + Message('S', "");
  }
  std::string sql = options.sql;
  if (const size_t at = sql.find("$1"); options.keys > 0 && at != std::string::npos) {
    sql.replace(at, 2, std::to_string(key));
  }
  return Message('Q', Text(sql));
}

void RoundTrips(const Options& options) {
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<Clock::time_point> sent(static_cast<size_t>(options.clients));
  const int epoll = ::epoll_create1(0);
  for (int i = 0; i < options.clients; ++i) {
    clients.push_back(std::make_unique<Client>(options));
    if (options.round_trips == "prepared") {
      clients.back()->Send(Message('P', Text("s") + Text(options.sql) + Int16(0)) +
                           Message('S', ""));
      clients.back()->WaitUntilReady();
    }
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.u32 = static_cast<uint32_t>(i);
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, clients.back()->socket(), &event);
  }
  int64_t number = 0;
  const auto next = [&](size_t i) {
    sent[i] = Clock::now();
    clients[i]->Send(Statement(options, number++));
  };
  const Clock::time_point start = Clock::now();
  for (size_t i = 0; i < clients.size(); ++i) next(i);
  std::vector<double> micros;
  std::vector<epoll_event> events(clients.size());
  double elapsed = 0;
  while (elapsed < options.seconds) {
    const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), 1000);
    for (int e = 0; e < count; ++e) {
      const size_t i = events[static_cast<size_t>(e)].data.u32;
      if (!clients[i]->Read()) continue;
      micros.push_back(std::chrono::duration<double, std::micro>(Clock::now() - sent[i]).count());
      next(i);
    }
    elapsed = std::chrono::duration<double>(Clock::now() - start).count();
  }
  ::close(epoll);
  std::sort(micros.begin(), micros.end());
  std::printf("{\"per_second\": %.0f, \"median_us\": %.1f, \"p99_us\": %.1f}\n",
              static_cast<double>(micros.size()) / elapsed, micros[micros.size() / 2],
              micros[micros.size() * 99 / 100]);
}

void Fetch(const Options& options) {
  Client client(options);
  const Clock::time_point start = Clock::now();
  const int form = options.fetch == "binary" ? 1 : 0;
  client.Send(Message('P', Text("") + Text(options.sql) + Int16(0)) +
              Message('B', Text("") + Text("") + Int16(0) + Int16(0) + Int16(1) + Int16(form)) +
              Message('E', Text("") + Int32(0)) + Message('S', ""));
  client.Read();
  const double first = std::chrono::duration<double>(Clock::now() - start).count();
  client.WaitUntilReady();
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::printf("{\"rows\": %lld, \"bytes\": %lld, \"seconds\": %.3f, \"first_ms\": %.1f}\n",
              static_cast<long long>(client.rows()), static_cast<long long>(client.bytes()),
              seconds, first * 1000);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const char* value = argv[i + 1];
    if (name == "--port") options.port = std::atoi(value);
    if (name == "--clients") options.clients = std::max(1, std::atoi(value));
    if (name == "--keys") options.keys = std::atoi(value);
    if (name == "--seconds") options.seconds = std::atof(value);
    if (name == "--user") options.user = value;
    if (name == "--database") options.database = value;
    if (name == "--sql") options.sql = value;
    if (name == "--round-trips") options.round_trips = value;
    if (name == "--fetch") options.fetch = value;
  }
  try {
    if (options.fetch.empty()) {
      RoundTrips(options);
    } else {
      Fetch(options);
    }
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "wire_load: %s\n", failure.what());
    return 1;
  }
  return 0;
}
