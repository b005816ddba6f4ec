#include "wire/message.h"

#include <algorithm>
#include <cstring>

namespace vesto::wire {
namespace {

Status Malformed(std::string_view what) {
  return Status(SqlState::kProtocolViolation, "invalid " + std::string(what) + " message");
}

uint32_t BigEndian(const char* bytes) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

Status CheckClientTexts(std::string_view first, std::string_view second) {
  const Status status = CheckClientText(first);
  return status.ok() ? CheckClientText(second) : status;
}

std::vector<int16_t> ReadForms(FieldReader& fields) {
  std::vector<int16_t> forms;
  const int count = static_cast<uint16_t>(fields.Int16());
  for (int i = 0; i < count && fields.ok(); ++i) forms.push_back(fields.Int16());
  return forms;
}

}  // namespace

char* MessageBuffer::Reserve(size_t size) {
  if (begin_ > 0) {
    std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (bytes_.size() < end_ + size) bytes_.resize(end_ + size);
  return bytes_.data() + end_;
}

StatusOr<std::optional<Message>> MessageBuffer::Next(bool startup, size_t bytes_max) {
  const size_t header = startup ? 4 : 5;
  const size_t available = end_ - begin_;
  if (available < header) return std::optional<Message>();
  const char* start = bytes_.data() + begin_;
  const size_t length = BigEndian(start + header - 4);  // counts itself, not the type
  if (length < 4 || length > bytes_max) {
    return Status(SqlState::kProtocolViolation, "invalid length of message");
  }
  const size_t size = header - 4 + length;
  if (available < size) return std::optional<Message>();
  begin_ += size;
  return std::optional<Message>(
      Message{startup ? '\0' : *start, std::string_view(start + header, length - 4)});
}

void MessageBuffer::Shrink() {
  constexpr size_t kKeptBytes = 16 * 1024;
  if (bytes_.size() <= kKeptBytes || end_ - begin_ > kKeptBytes / 2) return;
  std::string kept(bytes_, begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  bytes_ = std::move(kept);
}

uint8_t FieldReader::Byte() {
  const std::string_view bytes = Bytes(1);
  return ok_ ? static_cast<uint8_t>(bytes[0]) : 0;
}

int16_t FieldReader::Int16() {
  const std::string_view bytes = Bytes(2);
  if (!ok_) return 0;
  return static_cast<int16_t>(static_cast<uint8_t>(bytes[0]) << 8 | static_cast<uint8_t>(bytes[1]));
}

int32_t FieldReader::Int32() {
  const std::string_view bytes = Bytes(4);
  return ok_ ? static_cast<int32_t>(BigEndian(bytes.data())) : 0;
}

std::string_view FieldReader::String() {
  const size_t end = rest_.find('\0');
  if (!ok_ || end == std::string_view::npos) {
    ok_ = false;
    return {};
  }
  const std::string_view text = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return text;
}

std::string_view FieldReader::Bytes(size_t size) {
  if (!ok_ || rest_.size() < size) {
    ok_ = false;
    return {};
  }
  const std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

const std::string* StartupPacket::Find(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return &value;
  }
  return nullptr;
}

Status UnsupportedProtocol(int32_t code) {
  return Status(SqlState::kFeatureNotSupported,
                "unsupported frontend protocol " + std::to_string(code >> 16) + "." +
                    std::to_string(code & 0xFFFF) + ": server supports 3.0");
}

StatusOr<StartupPacket> ReadStartup(std::string_view body) {
  FieldReader fields(body);
  StartupPacket packet;
  packet.code = fields.Int32();
  if (!fields.ok()) return Malformed("startup");
  if (packet.code == kSslRequest || packet.code == kGssEncRequest) {
    if (!fields.complete()) return Malformed("startup");
    return packet;
  }
  if (packet.code == kCancelRequest) {
    packet.cancel_pid = fields.Int32();
    packet.cancel_key = fields.Int32();
    if (!fields.complete()) return Malformed("cancel");
    return packet;
  }
  if (packet.code >> 16 != kProtocolVersion3 >> 16) {
    return UnsupportedProtocol(packet.code);
  }
  // Name and value pairs, ended by an empty name.
  while (true) {
    const std::string_view name = fields.String();
    if (!fields.ok()) return Malformed("startup");
    if (name.empty()) break;
    const std::string_view value = fields.String();
    if (!fields.ok()) return Malformed("startup");
    packet.parameters.emplace_back(name, value);
  }
  if (!fields.complete()) return Malformed("startup");
  for (const auto& [name, value] : packet.parameters) {
    if (const Status text = CheckClientTexts(name, value); !text.ok()) return text;
  }
  return packet;
}

StatusOr<std::string_view> ReadQuery(std::string_view body) {
  FieldReader fields(body);
  const std::string_view sql = fields.String();
  if (!fields.complete()) return Malformed("Query");
  return sql;
}

StatusOr<ParseMessage> ReadParse(std::string_view body) {
  FieldReader fields(body);
  ParseMessage parse;
  parse.statement = fields.String();
  parse.sql = fields.String();
  const int count = static_cast<uint16_t>(fields.Int16());
  for (int i = 0; i < count && fields.ok(); ++i) parse.parameter_oids.push_back(fields.Int32());
  if (!fields.complete()) return Malformed("Parse");
  if (const Status text = CheckClientText(parse.statement); !text.ok()) return text;
  return parse;
}

StatusOr<BindMessage> ReadBind(std::string_view body) {
  FieldReader fields(body);
  BindMessage bind;
  bind.portal = fields.String();
  bind.statement = fields.String();
  bind.parameter_forms = ReadForms(fields);
  const int count = static_cast<uint16_t>(fields.Int16());
  for (int i = 0; i < count && fields.ok(); ++i) {
    const int32_t size = fields.Int32();
    if (size == -1) {
      bind.parameters.push_back(std::nullopt);
    } else if (size < 0) {
      return Malformed("Bind");
    } else {
      bind.parameters.push_back(fields.Bytes(static_cast<size_t>(size)));
    }
  }
  bind.result_forms = ReadForms(fields);
  if (!fields.complete()) return Malformed("Bind");
  if (const Status text = CheckClientTexts(bind.portal, bind.statement); !text.ok()) return text;
  return bind;
}

StatusOr<ExecuteMessage> ReadExecute(std::string_view body) {
  FieldReader fields(body);
  ExecuteMessage execute;
  execute.portal = fields.String();
  execute.rows_max = fields.Int32();
  if (!fields.complete()) return Malformed("Execute");
  if (const Status text = CheckClientText(execute.portal); !text.ok()) return text;
  return execute;
}

StatusOr<TargetMessage> ReadTarget(std::string_view body) {
  FieldReader fields(body);
  TargetMessage target;
  target.kind = static_cast<char>(fields.Byte());
  target.name = fields.String();
  if (!fields.complete()) return Malformed("Describe or Close");
  if (const Status text = CheckClientText(target.name); !text.ok()) return text;
  return target;
}

Status ReadNothing(std::string_view body, std::string_view name) {
  return body.empty() ? OkStatus() : Malformed(name);
}

void MessageWriter::Begin(char type) {
  out_->push_back(type);
  length_at_ = out_->size();
  out_->append(4, '\0');
}

void MessageWriter::Int16(int16_t value) {
  const auto bits = static_cast<uint16_t>(value);
  const char bytes[2] = {static_cast<char>(bits >> 8), static_cast<char>(bits)};
  out_->append(bytes, sizeof(bytes));
}

void MessageWriter::Int32(int32_t value) {
  const auto bits = static_cast<uint32_t>(value);
  const char bytes[4] = {static_cast<char>(bits >> 24), static_cast<char>(bits >> 16),
                         static_cast<char>(bits >> 8), static_cast<char>(bits)};
  out_->append(bytes, sizeof(bytes));
}

void MessageWriter::String(std::string_view value) {
  // A NUL would end the string early: what follows it is cut.
  out_->append(value.substr(0, value.find('\0')));
  out_->push_back('\0');
}

void MessageWriter::End() {
  const auto length = static_cast<uint32_t>(out_->size() - length_at_);
  for (int i = 0; i < 4; ++i) {
    (*out_)[length_at_ + static_cast<size_t>(i)] = static_cast<char>(length >> (24 - 8 * i));
  }
}

void MessageWriter::Empty(char type) {
  Begin(type);
  End();
}

void WriteError(const Status& error, std::string_view severity, std::string* out) {
  MessageWriter writer(out);
  writer.Begin('E');
  const auto field = [&](char code, std::string_view value) {
    if (value.empty()) return;
    writer.Int8(static_cast<uint8_t>(code));
    writer.String(value);
  };
  field('S', severity);
  field('V', severity);
  field('C', error.sqlstate());
  field('M', error.message().empty() ? std::string_view("unknown error") : error.message());
  field('D', error.detail());
  field('H', error.hint());
  if (error.position() > 0) field('P', std::to_string(error.position()));
  field('W', error.context());
  if (error.message() == kPlanChanged) field('R', "RevalidateCachedQuery");
  writer.Int8(0);
  writer.End();
}

void WriteNotice(std::string_view severity, std::string_view message, std::string* out) {
  MessageWriter writer(out);
  writer.Begin('N');
  const auto field = [&](char code, std::string_view value) {
    writer.Int8(static_cast<uint8_t>(code));
    writer.String(value);
  };
  field('S', severity);
  field('V', severity);
  field('C', severity == "WARNING" ? "01000" : "00000");
  field('M', message);
  writer.Int8(0);
  writer.End();
}

}  // namespace vesto::wire
