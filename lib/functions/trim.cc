#include "functions/trim.h"

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
    while (front && begin < end && set.find(text[begin]) != std::string_view::npos) ++begin;
    while (back && end > begin && set.find(text[end - 1]) != std::string_view::npos) --end;
  }
  return text.substr(begin, end - begin);
}

bool HasCharacter(std::string_view set, std::string_view character) {
  for (size_t at = 0; at < set.size();) {
    const size_t next = NextCharacterAt(set, at);
    if (set.substr(at, next - at) == character) return true;
    at = next;
  }
  return false;
}

std::string_view TrimCharacters(std::string_view text, std::string_view set, bool front,
                                bool back) {
  while (front && !text.empty()) {
    const size_t next = NextCharacterAt(text, 0);
    if (!HasCharacter(set, text.substr(0, next))) break;
    text.remove_prefix(next);
  }
  while (back && !text.empty()) {
    size_t at = text.size() - 1;
    while (at > 0 && IsContinuationByte(text[at])) --at;
    if (!HasCharacter(set, text.substr(at))) break;
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
