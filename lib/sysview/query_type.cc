#include "sysview/query_type.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace vesto::sysview {
namespace {

// The next word in upper case, behind blanks, comments and opening parentheses.
std::string NextWord(std::string_view* text) {
  while (!text->empty()) {
    if (text->starts_with("--")) {
      text->remove_prefix(std::min(text->find('\n'), text->size()));
    } else if (text->starts_with("/*")) {
      const size_t end = text->find("*/");
      text->remove_prefix(end == std::string_view::npos ? text->size() : end + 2);
    } else if (absl::ascii_isalpha(static_cast<unsigned char>(text->front()))) {
      break;
    } else {
      text->remove_prefix(1);
    }
  }
  size_t length = 0;
  while (length < text->size() &&
         (absl::ascii_isalnum(static_cast<unsigned char>((*text)[length])) ||
          (*text)[length] == '_')) {
    ++length;
  }
  std::string word = absl::AsciiStrToUpper(std::string(text->substr(0, length)));
  text->remove_prefix(length);
  return word;
}

}  // namespace

std::string QueryTypeOf(std::string_view text) {
  const std::string first = NextWord(&text);
  if (first == "WITH") return "SELECT";
  for (std::string_view same : {"SELECT", "INSERT", "UPDATE", "DELETE", "COPY", "UNLOAD"}) {
    if (first == same) return first;
  }
  if (first == "MERGE") return "OTHER";
  if (first == "DROP" || first == "ALTER") return "DDL";
  if (first != "CREATE") return "UTILITY";
  // CREATE [LOCAL] [TEMP] TABLE name [attributes] AS
  std::string word = NextWord(&text);
  while (word == "LOCAL" || word == "TEMP" || word == "TEMPORARY") word = NextWord(&text);
  if (word == "USER" || word == "GROUP" || word == "DATABASE" || word == "ROLE") return "UTILITY";
  if (word != "TABLE") return "DDL";
  int words = 0;
  while (!(word = NextWord(&text)).empty() && ++words < 1000) {
    if (word == "AS") return "CTAS";
  }
  return "DDL";
}

}  // namespace vesto::sysview
