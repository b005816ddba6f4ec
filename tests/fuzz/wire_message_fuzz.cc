#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "wire/message.h"

// No bytes of a client may crash the reader of messages, make it read beyond them or loop. The
// first byte says in how large pieces the rest arrives.

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vesto::wire;
  if (size == 0) return 0;
  const size_t piece = data[0] + size_t{1};
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  MessageBuffer buffer;
  bool startup = true;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, piece);
    std::memcpy(buffer.Reserve(part.size()), part.data(), part.size());
    buffer.Commit(part.size());
    bytes.remove_prefix(part.size());
    while (true) {
      const auto message = buffer.Next(startup, startup ? kStartupBytesMax : kMessageBytesMax);
      if (!message.ok()) return 0;
      if (!message->has_value()) break;
      const std::string_view body = (*message)->body;
      if (startup) {
        const auto packet = ReadStartup(body);
        startup = packet.ok() && packet->code != kProtocolVersion3;
        continue;
      }
      (void)ReadQuery(body).ok();
      (void)ReadParse(body).ok();
      if (const auto bind = ReadBind(body); bind.ok() && bind->parameters.size() > size) std::abort();
      (void)ReadExecute(body).ok();
      (void)ReadTarget(body).ok();
      (void)ReadNothing(body, "Sync").ok();
    }
    buffer.Shrink();
  }
  return 0;
}
