#include "functions/hex.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace vesto::functions {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

absl::Status NotInFormat(std::string_view text, std::string_view format) {
  return SqlError(SqlState::kInvalidTextRepresentation,
                  absl::StrCat("invalid ", sv(format), " data: \"", sv(text.substr(0, 100)), "\""));
}

absl::Status UnknownFormat(std::string_view format) {
  return SqlError(SqlState::kInvalidParameterValue,
                  absl::StrCat("format \"", sv(format), "\" is not supported"))
      .Hint("Use hex, binary, utf8, utf-8 or base64.");
}

}  // namespace

void AppendHex(std::string_view bytes, std::string* out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (char c : bytes) {
    out->push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
    out->push_back(kDigits[static_cast<unsigned char>(c) & 15]);
  }
}

absl::Status AppendFromHex(std::string_view text, std::string* out) {
  if (text.size() % 2 != 0) return NotInFormat(text, "hex");
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = HexDigit(text[i]);
    const int low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0) return NotInFormat(text, "hex");
    out->push_back(static_cast<char>(high * 16 + low));
  }
  return absl::OkStatus();
}

absl::Status AppendDecoded(std::string_view text, std::string_view format, std::string* out) {
  const std::string name = absl::AsciiStrToLower(sv(format));
  if (name == "hex") return AppendFromHex(text, out);
  if (name == "utf8" || name == "utf-8") {
    out->append(text);
    return absl::OkStatus();
  }
  if (name == "base64") {
    return absl::Base64Unescape(sv(text), out) ? absl::OkStatus() : NotInFormat(text, "base64");
  }
  if (name == "binary") {
    if (text.size() % 8 != 0) return NotInFormat(text, "binary");
    for (size_t i = 0; i < text.size(); i += 8) {
      int byte = 0;
      for (size_t k = 0; k < 8; ++k) {
        if (text[i + k] != '0' && text[i + k] != '1') return NotInFormat(text, "binary");
        byte = byte * 2 + (text[i + k] - '0');
      }
      out->push_back(static_cast<char>(byte));
    }
    return absl::OkStatus();
  }
  return UnknownFormat(format);
}

absl::Status AppendEncoded(std::string_view bytes, std::string_view format, std::string* out) {
  const std::string name = absl::AsciiStrToLower(sv(format));
  if (name == "hex") {
    AppendHex(bytes, out);
  } else if (name == "utf8" || name == "utf-8") {
    out->append(bytes);
  } else if (name == "base64") {
    absl::StrAppend(out, absl::Base64Escape(sv(bytes)));
  } else if (name == "binary") {
    for (char c : bytes) {
      for (int bit = 7; bit >= 0; --bit) {
        out->push_back(static_cast<unsigned char>(c) >> bit & 1 ? '1' : '0');
      }
    }
  } else {
    return UnknownFormat(format);
  }
  return absl::OkStatus();
}

}  // namespace vesto::functions
