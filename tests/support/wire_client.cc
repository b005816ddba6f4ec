#include "support/wire_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace vesto::test {

WireClient::WireClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  timeval limit{10, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

WireClient::~WireClient() {
  if (socket_ >= 0) ::close(socket_);
}

void WireClient::SendBytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the server has closed: the next read says so
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

void WireClient::Send(char type, std::string_view body) {
  SendBytes(std::string(1, type) + Int32(static_cast<int64_t>(body.size()) + 4) +
            std::string(body));
}

void WireClient::SendStartup(const std::vector<std::pair<std::string, std::string>>& parameters) {
  constexpr int32_t kVersion3 = 196608;
  std::string body = Int32(kVersion3);
  for (const auto& [name, value] : parameters) body += CString(name) + CString(value);
  body += '\0';
  SendBytes(Int32(static_cast<int64_t>(body.size()) + 4) + body);
}

void WireClient::CloseWriting() { ::shutdown(socket_, SHUT_WR); }

std::string WireClient::ReadBytes(size_t count) {
  std::string bytes(count, '\0');
  size_t have = 0;
  while (have < count) {
    const ssize_t size = ::recv(socket_, bytes.data() + have, count - have, 0);
    if (size <= 0) break;
    have += static_cast<size_t>(size);
  }
  bytes.resize(have);
  return bytes;
}

WireClient::Message WireClient::Read() {
  const std::string header = ReadBytes(5);
  if (header.size() < 5) return {};
  const int32_t length = ReadInt32(std::string_view(header).substr(1));
  return {header[0], ReadBytes(static_cast<size_t>(length) - 4)};
}

std::vector<WireClient::Message> WireClient::ReadUntilReady() {
  std::vector<Message> messages;
  while (true) {
    messages.push_back(Read());
    if (messages.back().type == 0) {
      messages.pop_back();
      return messages;
    }
    if (messages.back().type == 'Z') return messages;
  }
}

std::vector<WireClient::Message> WireClient::LogIn(
    const std::vector<std::pair<std::string, std::string>>& more) {
  std::vector<std::pair<std::string, std::string>> parameters = {{"user", "awsuser"},
                                                                 {"database", "dev"}};
  parameters.insert(parameters.end(), more.begin(), more.end());
  SendStartup(parameters);
  std::vector<Message> messages = ReadUntilReady();
  for (const Message& message : messages) {
    if (message.type != 'K') continue;
    pid = ReadInt32(message.body);
    key = ReadInt32(std::string_view(message.body).substr(4));
  }
  return messages;
}

std::vector<WireClient::Message> WireClient::Query(const std::string& sql) {
  Send('Q', CString(sql));
  return ReadUntilReady();
}

int WireClient::local_port() const {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  if (::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.sin_port);
}

std::string Int16(int value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value)};
}

std::string Int32(int64_t value) {
  const auto bits = static_cast<uint32_t>(value);
  return {static_cast<char>(bits >> 24), static_cast<char>(bits >> 16),
          static_cast<char>(bits >> 8), static_cast<char>(bits)};
}

std::string CString(std::string_view text) { return std::string(text) + '\0'; }

int32_t ReadInt32(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return static_cast<int32_t>(value);
}

std::string Parse(std::string_view name, std::string_view sql) {
  return CString(name) + CString(sql) + Int16(0);
}

std::string Bind(std::string_view portal, std::string_view statement,
                 const std::vector<std::string>& parameters) {
  std::string body = CString(portal) + CString(statement) + Int16(0) +
                     Int16(static_cast<int>(parameters.size()));
  for (const std::string& parameter : parameters) {
    body += Int32(static_cast<int64_t>(parameter.size())) + parameter;
  }
  return body + Int16(0);
}

std::string Execute(std::string_view portal, int rows_max) {
  return CString(portal) + Int32(rows_max);
}

std::string TypesOf(const std::vector<WireClient::Message>& messages) {
  std::string types;
  for (const auto& message : messages) types += message.type;
  return types;
}

std::string ErrorField(const std::vector<WireClient::Message>& messages, char field) {
  for (const auto& message : messages) {
    if (message.type != 'E' && message.type != 'N') continue;
    std::string_view rest = message.body;
    while (!rest.empty() && rest[0] != '\0') {
      const size_t end = rest.find('\0');
      if (rest[0] == field) return std::string(rest.substr(1, end - 1));
      rest.remove_prefix(end + 1);
    }
  }
  return "";
}

std::string RowsOf(const std::vector<WireClient::Message>& messages) {
  std::string rows;
  for (const auto& message : messages) {
    if (message.type != 'D') continue;
    if (!rows.empty()) rows += ';';
    std::string_view rest = message.body;
    const int columns = static_cast<uint8_t>(rest[0]) << 8 | static_cast<uint8_t>(rest[1]);
    rest.remove_prefix(2);
    for (int i = 0; i < columns; ++i) {
      if (i > 0) rows += '|';
      const int32_t size = ReadInt32(rest);
      rest.remove_prefix(4);
      if (size < 0) {
        rows += "NULL";
        continue;
      }
      rows += rest.substr(0, static_cast<size_t>(size));
      rest.remove_prefix(static_cast<size_t>(size));
    }
  }
  return rows;
}

std::string TagsOf(const std::vector<WireClient::Message>& messages) {
  std::string tags;
  for (const auto& message : messages) {
    if (message.type != 'C') continue;
    if (!tags.empty()) tags += ';';
    tags += message.body.substr(0, message.body.size() - 1);
  }
  return tags;
}

}  // namespace vesto::test
