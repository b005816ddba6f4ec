#include "wire/log_text.h"

#include <cstdio>

namespace vesto::wire {
namespace {

std::string Escape(std::string_view text, bool in_quotes) {
  std::string out;
  const auto number = [&out](const char* format, unsigned value) {
    char escape[8];
    std::snprintf(escape, sizeof(escape), format, value);
    out += escape;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c < 0x20 || c == 0x7F) {
      number("\\x%02x", c);
    } else if (c == 0xC2 && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xA0) {
      number("\\u%04x", static_cast<unsigned char>(text[++i]));  // U+0080 to U+009F
    } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
      out += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";  // line and paragraph separator
      i += 2;
    } else {
      if (in_quotes && (c == '"' || c == '\\')) out += '\\';
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::string OneLine(std::string_view text) { return Escape(text, false); }

std::string Quoted(std::string_view text) { return '"' + Escape(text, true) + '"'; }

}  // namespace vesto::wire
