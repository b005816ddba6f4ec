#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vesto/row_encoder.h"
#include "vesto/status.h"

// The messages of PostgreSQL's protocol 3.0 as bytes: what clients send, cut and read; what the
// server sends, built. Source: PostgreSQL manual, "Frontend/Backend Protocol".
namespace vesto::wire {

// What a client may send before it has logged in is small; afterwards a statement of 16 MB with its
// parameters must fit.
inline constexpr size_t kStartupBytesMax = 10'000;
inline constexpr size_t kMessageBytesMax = 64 * 1024 * 1024;

// One message of a client: its type and what follows the length. A startup packet has the type 0.
// The body points into the buffer and lives until its next Append or Next.
struct Message {
  char type = 0;
  std::string_view body;
};

// The bytes of a client that are not read yet. Memory is taken for bytes that came, never for what a
// length promises.
class MessageBuffer {
 public:
  // Room for at least `size` more bytes at the end; Commit says how many were filled.
  char* Reserve(size_t size);
  void Commit(size_t size) { end_ += size; }

  // The next whole message, nullopt while it is incomplete. 08P01 for a length that cannot be.
  // `startup`: the message is a startup packet, which has no type byte.
  StatusOr<std::optional<Message>> Next(bool startup, size_t bytes_max);
  // No byte is left over.
  bool empty() const { return begin_ == end_; }
  // Gives back memory that one large message took.
  void Shrink();

 private:
  std::string bytes_;
  size_t begin_ = 0, end_ = 0;
};

// Reads the fields of a body in order. After the first field that is not there everything is empty
// and `ok` is false, so that a caller checks once, at the end.
class FieldReader {
 public:
  explicit FieldReader(std::string_view body) : rest_(body) {}
  uint8_t Byte();
  int16_t Int16();
  int32_t Int32();
  std::string_view String();  // up to a NUL byte, which is skipped
  std::string_view Bytes(size_t size);
  std::string_view rest() const { return rest_; }
  bool ok() const { return ok_; }
  // Everything was there and nothing is left over.
  bool complete() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// --- What a client says ---------------------------------------------------------------------------

// The error on which drivers prepare a statement anew; pgJDBC and asyncpg know it by its routine.
inline constexpr std::string_view kPlanChanged = "cached plan must not change result type";

inline constexpr int32_t kProtocolVersion3 = 196608;
inline constexpr int32_t kCancelRequest = 80877102;
inline constexpr int32_t kSslRequest = 80877103;
inline constexpr int32_t kGssEncRequest = 80877104;

struct StartupPacket {
  int32_t code = 0;  // a protocol version or one of the requests above
  std::vector<std::pair<std::string, std::string>> parameters;  // of a version
  int32_t cancel_pid = 0, cancel_key = 0;                       // of kCancelRequest
  const std::string* Find(std::string_view name) const;         // null: not sent
};

struct ParseMessage {
  std::string statement, sql;
  std::vector<int32_t> parameter_oids;
};

struct BindMessage {
  std::string portal, statement;
  // Format codes as sent, which need not be those of a ValueForm. None: text; one: for all.
  std::vector<int16_t> parameter_forms;
  std::vector<std::optional<std::string_view>> parameters;  // nullopt is NULL; point into the body
  std::vector<int16_t> result_forms;
};

struct ExecuteMessage {
  std::string portal;
  int32_t rows_max = 0;  // 0: all
};

// Describe and Close: of a statement ('S') or a portal ('P'), if the client means either.
struct TargetMessage {
  char kind = 'S';
  std::string name;
};

// 0A000 for a protocol that is not spoken here.
Status UnsupportedProtocol(int32_t code);

// 08P01 for bodies that are not what their type says, 22021 for names that are not UTF-8 (SQL is left
// to the parser). Whether a client may say it is another matter.
StatusOr<StartupPacket> ReadStartup(std::string_view body);
StatusOr<std::string_view> ReadQuery(std::string_view body);
StatusOr<ParseMessage> ReadParse(std::string_view body);
StatusOr<BindMessage> ReadBind(std::string_view body);
StatusOr<ExecuteMessage> ReadExecute(std::string_view body);
StatusOr<TargetMessage> ReadTarget(std::string_view body);
// Of the messages that have no body; `name`: "Sync".
Status ReadNothing(std::string_view body, std::string_view name);

// --- What the server says -------------------------------------------------------------------------

// Builds messages at the end of a buffer: Begin, fields, End.
class MessageWriter {
 public:
  explicit MessageWriter(std::string* out) : out_(out) {}
  void Begin(char type);
  void Int8(uint8_t value) { out_->push_back(static_cast<char>(value)); }
  void Int16(int16_t value);
  void Int32(int32_t value);
  void String(std::string_view value);  // and a NUL byte
  void Bytes(std::string_view value) { out_->append(value); }
  void End();  // writes the length
  // A message without fields.
  void Empty(char type);

 private:
  std::string* out_;
  size_t length_at_ = 0;
};

// ErrorResponse or NoticeResponse with every field that `error` has.
void WriteError(const Status& error, std::string_view severity, std::string* out);
void WriteNotice(std::string_view severity, std::string_view message, std::string* out);

}  // namespace vesto::wire
