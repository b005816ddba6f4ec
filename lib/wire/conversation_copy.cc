// COPY over the connection: the copy-in and copy-out modes of the protocol.

#include <utility>

#include "wire/conversation.h"

namespace vesto::wire {
namespace {

// CopyData is written out when there is this much of it.
constexpr size_t kCopyBytes = 64 * 1024;
// How often a COPY that waits for its client looks whether it should end.
constexpr int kLookMs = 100;

void WriteCopyResponse(char type, const CopyInfo& copy, std::string* out) {
  MessageWriter writer(out);
  writer.Begin(type);
  writer.Int8(copy.binary ? 1 : 0);
  writer.Int16(static_cast<int16_t>(copy.columns));
  for (int i = 0; i < copy.columns; ++i) writer.Int16(copy.binary ? 1 : 0);
  writer.End();
}

}  // namespace

Status Conversation::CopyIn(ResultStream& stream) {
  WriteCopyResponse('G', *stream.copy(), &output_);
  if (const Status flushed = Flush(&stream); !flushed.ok()) return flushed;
  while (true) {
    auto message = input_.Next(false, kMessageBytesMax);
    if (!message.ok()) {
      SendFatal(message.status());
      return message.status();
    }
    if (!message->has_value()) {
      const Channel::Outcome outcome = channel_.Read(&input_, kLookMs);
      if (outcome == Channel::Outcome::kClosed) {
        phase_ = Phase::kClosed;
        return Status(SqlState::kAdminShutdown, "the client is gone");
      }
      if (const Status interrupted = stream.Interrupted(); !interrupted.ok()) return interrupted;
      continue;
    }
    const std::string_view body = (*message)->body;
    switch ((*message)->type) {
      case 'd':
        if (const Status taken = stream.PutCopyData(body); !taken.ok()) return taken;
        break;
      case 'c': return stream.EndCopyData();
      case 'f': {
        const std::string reason(body.substr(0, body.find('\0')));
        if (const Status text = CheckClientText(reason); !text.ok()) return text;
        return Status(SqlState::kQueryCanceled, "COPY from stdin failed: " + reason);
      }
      case 'H':
      case 'S': break;  // of a client that does not know yet that this is a COPY
      default: {
        const Status unexpected(SqlState::kProtocolViolation,
                                "unexpected message type " +
                                    std::to_string(static_cast<uint8_t>((*message)->type)) +
                                    " during COPY from stdin");
        SendFatal(unexpected);
        return unexpected;
      }
    }
  }
}

Status Conversation::CopyOut(ResultStream& stream) {
  WriteCopyResponse('H', *stream.copy(), &output_);
  running_ = &stream;
  const auto done = [this](Status outcome) {
    running_ = nullptr;
    return outcome;
  };
  MessageWriter writer(&output_);
  std::string row;
  while (true) {
    row.clear();
    const auto more = stream.GetCopyRow(&row);
    if (!more.ok()) return done(more.status());
    if (!row.empty()) {
      writer.Begin('d');
      writer.Bytes(row);
      writer.End();
    }
    if (!*more) {
      writer.Empty('c');
      return done(OkStatus());
    }
    if (output_.size() < kCopyBytes) continue;
    if (const Status flushed = Flush(&stream); !flushed.ok()) return done(flushed);
  }
}

}  // namespace vesto::wire
