#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/status_macros.h"
#include "security/login_conversation.h"

// Feeds a client's answers to the login conversation: the first byte names the method, then each
// answer is a big-endian 16-bit length and its bytes. Nothing logs in, nothing crashes, and errors are
// protocol violations, refusals or what is not supported.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vesto;
  static const std::string mock_key(32, 'k');
  if (size == 0) return 0;
  const security::ProofMethod method = static_cast<security::ProofMethod>(data[0] % 3);
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  security::LoginConversation login(
      {.method = method, .user = "ada", .entry = nullptr, .mock_key = mock_key});
  auto message = login.Next("");
  while (message.ok() && rest.size() >= 2) {
    const size_t length = static_cast<unsigned char>(rest[0]) << 8 | static_cast<unsigned char>(rest[1]);
    rest.remove_prefix(2);
    const std::string_view answer = rest.substr(0, length);
    rest.remove_prefix(answer.size());
    message = login.Next(answer);
  }
  if (login.accepted()) std::abort();
  if (!message.ok()) {
    const SqlState state = SqlStateOf(message.status());
    if (state != SqlState::kProtocolViolation && state != SqlState::kInvalidPassword &&
        state != SqlState::kFeatureNotSupported) {
      std::abort();
    }
  }
  return 0;
}
