#include "sql/parser/parser.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/utf8.h"
#include "sql/parser/grammar.h"

namespace vesto::sql {
namespace {

constexpr size_t kMaxTextBytes = 16 * 1024 * 1024;

absl::Status CheckText(std::string_view text) {
  if (text.size() > kMaxTextBytes) {
    return SqlError(SqlState::kProgramLimitExceeded,
                    absl::StrCat("Statement is too large. Statement Size: ", text.size(),
                                 " bytes. Maximum Allowed: ", kMaxTextBytes, " bytes"));
  }
  return base::CheckUtf8(text);
}

}  // namespace

absl::StatusOr<std::vector<Statement>> Parse(std::string_view text) {
  VESTO_RETURN_IF_ERROR(CheckText(text));
  return Parser(text).Statements();
}

absl::StatusOr<ExpressionPtr> ParseExpression(std::string_view text) {
  VESTO_RETURN_IF_ERROR(CheckText(text));
  return Parser(text).ExpressionAlone();
}

absl::StatusOr<QueryPtr> ParseQuery(std::string_view text) {
  VESTO_RETURN_IF_ERROR(CheckText(text));
  return Parser(text).QueryAlone();
}

bool NeedsMoreInput(std::string_view text) {
  if (text.size() > kMaxTextBytes) return false;
  Lexer lexer(text);
  bool inside = false;
  while (true) {
    const Token token = lexer.Next();
    if (token.kind == TokenKind::kEnd) return inside;
    if (token.kind == TokenKind::kError) return lexer.unterminated();
    inside = token.symbol != ";"_symbol;
  }
}

}  // namespace vesto::sql
