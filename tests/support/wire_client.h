#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vesto::test {

// A client that says exactly what a test wants, byte by byte, and keeps what comes back. Blocking;
// every read gives up after ten seconds.
class WireClient {
 public:
  struct Message {
    char type = 0;  // 0: the server has closed the connection, or says nothing
    std::string body;
  };

  explicit WireClient(int port);
  ~WireClient();
  WireClient(const WireClient&) = delete;
  WireClient& operator=(const WireClient&) = delete;

  void SendBytes(std::string_view bytes);
  void Send(char type, std::string_view body);  // with its length
  void SendStartup(const std::vector<std::pair<std::string, std::string>>& parameters);
  void CloseWriting();

  std::string ReadBytes(size_t count);  // fewer when the server closes
  Message Read();
  // Up to and with ReadyForQuery, or the end of the connection.
  std::vector<Message> ReadUntilReady();

  // A startup of awsuser in dev up to its ReadyForQuery.
  std::vector<Message> LogIn(
      const std::vector<std::pair<std::string, std::string>>& more = {});
  // A simple query and its answer.
  std::vector<Message> Query(const std::string& sql);

  // Its end of the connection; 0 when there is none.
  int local_port() const;

  int32_t pid = 0, key = 0;  // of LogIn's BackendKeyData

 private:
  int socket_ = -1;
};

// Fields of a body.
std::string Int16(int value);
std::string Int32(int64_t value);
std::string CString(std::string_view text);
int32_t ReadInt32(std::string_view bytes);

// Bodies of Parse (no parameter types), Bind (text parameters, text results) and Execute.
std::string Parse(std::string_view name, std::string_view sql);
std::string Bind(std::string_view portal, std::string_view statement,
                 const std::vector<std::string>& parameters = {});
std::string Execute(std::string_view portal, int rows_max = 0);

// The types of messages, one letter each: "TDDCZ".
std::string TypesOf(const std::vector<WireClient::Message>& messages);
// A field of the first ErrorResponse or NoticeResponse: 'C' is the SQLSTATE, 'M' the message.
std::string ErrorField(const std::vector<WireClient::Message>& messages, char field);
// The text values of all DataRows: "1|x;2|NULL".
std::string RowsOf(const std::vector<WireClient::Message>& messages);
// The tags of all CommandCompletes: "BEGIN;SELECT".
std::string TagsOf(const std::vector<WireClient::Message>& messages);

}  // namespace vesto::test
