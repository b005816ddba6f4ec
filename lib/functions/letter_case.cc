#include "functions/letter_case.h"

#include <utf8proc.h>

#include "functions/utf8.h"

namespace vesto::functions {
namespace {

void AppendCodePoint(int32_t code, std::string* out) {
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(code, bytes);
  out->append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

template <typename Map>
void AppendMapped(std::string_view text, std::string* out, char first, char last, Map map) {
  if (IsAscii(text)) {
    const size_t base = out->size();
    out->append(text);
    for (size_t i = base; i < out->size(); ++i) {
      char& c = (*out)[i];
      c = static_cast<char>(c ^ ((c >= first && c <= last) ? 0x20 : 0));
    }
    return;
  }
  for (size_t at = 0; at < text.size(); at = NextCharacterAt(text, at)) {
    AppendCodePoint(map(static_cast<int32_t>(CodePointAt(text, at))), out);
  }
}

}  // namespace

void AppendUpper(std::string_view text, std::string* out) {
  AppendMapped(text, out, 'a', 'z', utf8proc_toupper);
}

void AppendLower(std::string_view text, std::string* out) {
  AppendMapped(text, out, 'A', 'Z', utf8proc_tolower);
}

void AppendInitcap(std::string_view text, std::string* out) {
  bool in_word = false;
  for (size_t at = 0; at < text.size(); at = NextCharacterAt(text, at)) {
    const auto code = static_cast<int32_t>(CodePointAt(text, at));
    AppendCodePoint(in_word ? utf8proc_tolower(code) : utf8proc_toupper(code), out);
    const utf8proc_category_t category = utf8proc_category(code);
    in_word = category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
              category == UTF8PROC_CATEGORY_LT || category == UTF8PROC_CATEGORY_LM ||
              category == UTF8PROC_CATEGORY_LO || category == UTF8PROC_CATEGORY_ND;
  }
}

}  // namespace vesto::functions
