#include "functions/trim.h"

#include <bitset>

#include "absl/container/flat_hash_set.h"
#include "functions/utf8.h"

namespace vesto::functions {
namespace {

std::string_view TrimBytes(std::string_view text, std::string_view set, bool front, bool back) {
  size_t begin = 0;
  size_t end = text.size();
  if (set.size() == 1) {
    while (front && begin < end && text[begin] == set[0]) ++begin;
    while (back && end > begin && text[end - 1] == set[0]) --end;
  } else {
    std::bitset<256> members;
    for (const char c : set) members.set(static_cast<unsigned char>(c));
    const auto is_member = [&](char c) { return members[static_cast<unsigned char>(c)]; };
    while (front && begin < end && is_member(text[begin])) ++begin;
    while (back && end > begin && is_member(text[end - 1])) --end;
  }
  return text.substr(begin, end - begin);
}

std::string_view TrimCharacters(std::string_view text, std::string_view set, bool front,
                                bool back) {
  absl::flat_hash_set<std::string_view> members;
  for (size_t at = 0; at < set.size();) {
    const size_t next = NextCharacterAt(set, at);
    members.insert(set.substr(at, next - at));
    at = next;
  }
  while (front && !text.empty()) {
    const size_t next = NextCharacterAt(text, 0);
    if (!members.contains(text.substr(0, next))) break;
    text.remove_prefix(next);
  }
  while (back && !text.empty()) {
    size_t at = text.size() - 1;
    while (at > 0 && IsContinuationByte(text[at])) --at;
    if (!members.contains(text.substr(at))) break;
    text = text.substr(0, at);
  }
  return text;
}

}  // namespace

absl::Status TrimRows(const KernelCall& call, Vector* result, bool front, bool back) {
  if (call.args.size() == 1) {
    return MapToView<std::string_view>(call, result, [front, back](std::string_view text) {
      return TrimBytes(text, " ", front, back);
    });
  }
  return MapToView<std::string_view, std::string_view>(
      call, result, [front, back](std::string_view text, std::string_view set) {
        return IsAscii(set) ? TrimBytes(text, set, front, back)
                            : TrimCharacters(text, set, front, back);
      });
}

}  // namespace vesto::functions
