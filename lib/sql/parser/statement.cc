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
    secrets_.clear();
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

bool Parser::AtStatementEnd() { return tokens_.Is(TokenKind::kEnd) || tokens_.Is(";"_symbol); }

absl::StatusOr<Statement> Parser::ParseStatement() {
  Statement statement;
  statement.offset = tokens_.offset();
  num_parameters_ = 0;
  const size_t first_secret = secrets_.size();
  VESTO_ASSIGN_OR_RETURN(statement.node, ParseNode());
  statement.end_offset = tokens_.last_end();
  statement.num_parameters = num_parameters_;
  // An inner statement's secrets are its outer one's too.
  statement.secrets.assign(secrets_.begin() + static_cast<std::ptrdiff_t>(first_secret),
                           secrets_.end());
  return statement;
}

absl::StatusOr<std::unique_ptr<Statement>> Parser::ParseInnerStatement() {
  const Nesting nesting(this);
  VESTO_RETURN_IF_ERROR(nesting.Check());
  VESTO_ASSIGN_OR_RETURN(Statement statement, ParseStatement());
  return std::make_unique<Statement>(std::move(statement));
}

absl::StatusOr<Statement::Node> Parser::ParseNode() {
  const Token token = tokens_.Peek();
  if (token.symbol == "("_symbol) return ParseQueryStatement();
  if (token.kind != TokenKind::kWord) return tokens_.Unexpected();
  switch (token.keyword) {
    case Keyword::kSelect:
    case Keyword::kValues:
      return ParseQueryStatement();
    case Keyword::kWith:
      return ParseWithStatement();
    case Keyword::kCreate:
      return ParseCreate();
    case Keyword::kAnalyze:
    case Keyword::kAnalyse:
      return ParseAnalyze();
    case Keyword::kGrant:
      return ParseGrant(/*revoke=*/false);
    case Keyword::kEnd:
      return ParseEndOfTransaction(TransactionStatement::Kind::kCommit);
    case Keyword::kSet:
      return ParseSet();
    case Keyword::kFetch:
      return ParseFetch();
    case Keyword::kStart:
      return ParseBegin();
    default:
      break;
  }
  struct Rule {
    std::string_view word;
    absl::StatusOr<Statement::Node> (Parser::*parse)();
  };
  static constexpr Rule kRules[] = {
      {"alter", &Parser::ParseAlter},           {"begin", &Parser::ParseBegin},
      {"cancel", &Parser::ParseCancel},         {"close", &Parser::ParseClose},
      {"comment", &Parser::ParseComment},       {"copy", &Parser::ParseCopy},
      {"deallocate", &Parser::ParseDeallocate}, {"declare", &Parser::ParseDeclare},
      {"delete", &Parser::ParseDelete},         {"discard", &Parser::ParseDiscard},
      {"drop", &Parser::ParseDrop},             {"execute", &Parser::ParseExecute},
      {"explain", &Parser::ParseExplain},       {"insert", &Parser::ParseInsert},
      {"lock", &Parser::ParseLock},             {"merge", &Parser::ParseMerge},
      {"prepare", &Parser::ParsePrepare},       {"reset", &Parser::ParseReset},
      {"show", &Parser::ParseShow},             {"truncate", &Parser::ParseTruncate},
      {"unlisten", &Parser::ParseUnlisten},     {"unload", &Parser::ParseUnload},
      {"update", &Parser::ParseUpdate},         {"vacuum", &Parser::ParseVacuum},
  };
  const std::string word = tokens_.lexer().Identifier(token);
  for (const Rule& rule : kRules) {
    if (rule.word == word) return (this->*rule.parse)();
  }
  if (word == "commit") return ParseEndOfTransaction(TransactionStatement::Kind::kCommit);
  if (word == "rollback" || word == "abort") {
    return ParseEndOfTransaction(TransactionStatement::Kind::kRollback);
  }
  if (word == "revoke") return ParseGrant(/*revoke=*/true);
  return ParseUnsupportedVerb();
}

}  // namespace vesto::sql
