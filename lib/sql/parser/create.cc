#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// CREATE of everything but tables.
namespace vesto::sql {

absl::StatusOr<Statement::Node> Parser::ParseCreate() {
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kCreate));
  const bool local = tokens_.AcceptWord("local");
  const bool temporary = tokens_.Accept(Keyword::kTemp) || tokens_.Accept(Keyword::kTemporary);
  if ((local || temporary) && !tokens_.Is(Keyword::kTable)) return tokens_.Unexpected();
  if (tokens_.Accept(Keyword::kTable)) return ParseCreateTable(temporary);
  return tokens_.Unexpected();
}

}  // namespace vesto::sql
