#include "sql/parser/token_stream.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace vesto::sql {

bool TokenStream::IsWord(std::string_view word, size_t ahead) {
  const Token& token = Peek(ahead);
  return token.kind == TokenKind::kWord && absl::EqualsIgnoreCase(sv(lexer_.Raw(token)), sv(word));
}

absl::Status TokenStream::Unexpected(size_t ahead) {
  const Token& token = Peek(ahead);
  switch (token.kind) {
    case TokenKind::kError:
      return lexer_.error();
    case TokenKind::kEnd:
      return SqlError(SqlState::kSyntaxError, "syntax error at end of input").At(token.offset);
    default:
      break;
  }
  std::string_view raw = lexer_.Raw(token);
  constexpr size_t kMostShown = 128;
  if (raw.size() > kMostShown) {
    size_t size = kMostShown;
    while (size > 0 && (static_cast<unsigned char>(raw[size]) & 0xC0) == 0x80) --size;
    raw = raw.substr(0, size);
  }
  return SqlError(SqlState::kSyntaxError, absl::StrCat("syntax error at or near \"", sv(raw), "\""))
      .At(token.offset);
}

}  // namespace vesto::sql
