#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// From a statement's first word to its rule.
namespace vesto::sql {

absl::StatusOr<std::vector<Statement>> Parser::Statements() {
  std::vector<Statement> statements;
  while (true) {
    while (tokens_.Accept(";"_symbol)) {
    }
    if (tokens_.Is(TokenKind::kEnd)) return statements;
    VESTO_ASSIGN_OR_RETURN(Statement statement, ParseStatement());
    if (!AtStatementEnd()) return tokens_.Unexpected();
    statements.push_back(std::move(statement));
  }
}

absl::StatusOr<ExpressionPtr> Parser::ExpressionAlone() {
  VESTO_ASSIGN_OR_RETURN(ExpressionPtr expression, ParseExpression());
  if (!tokens_.Is(TokenKind::kEnd)) return tokens_.Unexpected();
  return expression;
}

absl::StatusOr<QueryPtr> Parser::QueryAlone() {
  VESTO_ASSIGN_OR_RETURN(QueryPtr query, ParseQuery());
  tokens_.Accept(";"_symbol);
  if (!tokens_.Is(TokenKind::kEnd)) return tokens_.Unexpected();
  return query;
}

bool Parser::AtStatementEnd() {
  return tokens_.Is(TokenKind::kEnd) || tokens_.Is(";"_symbol);
}

absl::StatusOr<Statement> Parser::ParseStatement() {
  Statement statement;
  statement.offset = tokens_.offset();
  num_parameters_ = 0;
  VESTO_ASSIGN_OR_RETURN(statement.node, ParseNode());
  statement.end_offset = tokens_.last_end();
  statement.num_parameters = num_parameters_;
  return statement;
}

absl::StatusOr<std::unique_ptr<Statement>> Parser::ParseInnerStatement() {
  const Nesting nesting(this);
  VESTO_RETURN_IF_ERROR(nesting.Check());
  VESTO_ASSIGN_OR_RETURN(Statement statement, ParseStatement());
  return std::make_unique<Statement>(std::move(statement));
}

Statement::Node Parser::Unsupported(std::string feature) {
  while (!AtStatementEnd() && !tokens_.Is(TokenKind::kError)) tokens_.Take();
  return UnsupportedStatement{std::move(feature)};
}

absl::StatusOr<Statement::Node> Parser::ParseNode() {
  const Token token = tokens_.Peek();
  if (token.symbol == "("_symbol) return ParseQueryStatement();
  if (token.kind != TokenKind::kWord) return tokens_.Unexpected();
  switch (token.keyword) {
    case Keyword::kSelect:
    case Keyword::kValues: return ParseQueryStatement();
    case Keyword::kWith: return ParseWithStatement();
    case Keyword::kCreate: return ParseCreate();
    default: break;
  }
  const std::string word = tokens_.lexer().Identifier(token);
  if (word == "insert") return ParseInsert();
  if (word == "update") return ParseUpdate();
  if (word == "delete") return ParseDelete();
  if (word == "merge") return ParseMerge();
  if (word == "truncate") return ParseTruncate();
  return tokens_.Unexpected();
}

}  // namespace vesto::sql
