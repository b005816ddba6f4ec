#include "absl/strings/str_cat.h"
#include "vesto/object_store.h"

namespace vesto {
namespace {

constexpr size_t kKeyBytesMax = 1024;  // S3's limit

Status BadKey(std::string_view why) {
  return Status(SqlState::kInvalidParameterValue,
                absl::StrCat("invalid object key: ", absl::string_view(why.data(), why.size())));
}

// The segments before the last one must be whole names; the last one may be unfinished in a prefix.
Status Validate(std::string_view key, bool is_prefix) {
  if (key.size() > kKeyBytesMax) return BadKey("it is longer than 1024 bytes");
  if (key.find('\0') != std::string_view::npos) return BadKey("it holds a NUL byte");
  if (key.empty()) return is_prefix ? OkStatus() : BadKey("it is empty");
  if (key.front() == '/') return BadKey("it is absolute");
  size_t start = 0;
  while (true) {
    const size_t slash = key.find('/', start);
    const bool is_last = slash == std::string_view::npos;
    const std::string_view segment = key.substr(start, is_last ? slash : slash - start);
    if (segment.empty() && !(is_last && is_prefix)) return BadKey("it has an empty segment");
    // The last segment of a prefix may be the beginning of ".hidden"; ".." is refused even there.
    if (segment == ".." || (segment == "." && !(is_last && is_prefix))) {
      return BadKey("it has a segment \".\" or \"..\"");
    }
    if (is_last) return OkStatus();
    start = slash + 1;
  }
}

}  // namespace

Status ValidateObjectKey(std::string_view key) { return Validate(key, false); }
Status ValidateObjectPrefix(std::string_view prefix) { return Validate(prefix, true); }

}  // namespace vesto
