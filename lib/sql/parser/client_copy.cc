#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "sql/parser/grammar.h"
#include "sql/parser/parser.h"

// COPY over the client's connection, in the forms that PostgreSQL has had: options in parentheses,
// and the older list of words. Source: PostgreSQL manual, COPY.
namespace vesto::sql {
namespace {

std::string NameText(Name name) {
  Expression column;
  column.kind = ExpressionKind::kColumn;
  column.name = std::move(name);
  return ToSql(column);
}

}  // namespace

// `target`: what was read so far: COPY t [(columns)], or COPY alone before a query.
absl::StatusOr<Statement::Node> Parser::ParseClientCopy(CopyStatement target) {
  ClientCopyStatement copy;
  copy.table = std::move(target.table);
  copy.columns = std::move(target.columns);
  if (copy.table.empty()) {
    VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
    VESTO_ASSIGN_OR_RETURN(copy.query, ParseQuery());
    VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
    if (!tokens_.Is(Keyword::kTo)) return tokens_.Unexpected();
  }
  copy.to_client = tokens_.Accept(Keyword::kTo);
  if (copy.to_client) {
    if (tokens_.Is(TokenKind::kString) || tokens_.IsWord("program")) {
      return SqlError(SqlState::kFeatureNotSupported, "COPY TO a file is not supported")
          .At(tokens_.offset())
          .Hint("Use UNLOAD, or COPY ... TO STDOUT.");
    }
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("stdout"));
  } else {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kFrom));
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("stdin"));
  }
  if (copy.to_client && copy.query == nullptr) {
    const auto column_text = [](std::string* out, const std::string& column) {
      out->append(NameText({column}));
    };
    VESTO_ASSIGN_OR_RETURN(
        copy.query,
        sql::ParseQuery(absl::StrCat(
            "SELECT ", copy.columns.empty() ? "*" : absl::StrJoin(copy.columns, ", ", column_text),
            " FROM ", NameText(copy.table))));
  }
  tokens_.Accept(Keyword::kWith);
  const bool parentheses = tokens_.Accept("("_symbol);
  while (!AtStatementEnd() && !tokens_.Is(")"_symbol)) {
    VESTO_ASSIGN_OR_RETURN(CopyOption option, ParseClientCopyOption());
    copy.options.push_back(std::move(option));
    if (parentheses && !tokens_.Accept(","_symbol)) break;
  }
  if (parentheses) VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  if (!AtStatementEnd()) return tokens_.Unexpected();
  return copy;
}

absl::StatusOr<CopyOption> Parser::ParseClientCopyOption() {
  CopyOption option;
  option.offset = tokens_.offset();
  VESTO_ASSIGN_OR_RETURN(option.name, ParseLabel());
  if (option.name == "csv" || option.name == "binary" || option.name == "text") {
    option.values.push_back(std::exchange(option.name, "format"));
    return option;
  }
  if (option.name == "force") {  // FORCE QUOTE a, b; FORCE NOT NULL a, b
    if (tokens_.AcceptWord("quote")) {
      option.name = "force_quote";
    } else {
      option.name = tokens_.Accept(Keyword::kNot) ? "force_not_null" : "force_null";
      VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kNull));
    }
    if (tokens_.Accept("*"_symbol)) return option;
    VESTO_ASSIGN_OR_RETURN(option.values, ParseNameList());
    return option;
  }
  tokens_.Accept(Keyword::kAs);
  switch (tokens_.Peek().kind) {
    case TokenKind::kString:
      option.values.push_back(tokens_.lexer().OptionString(tokens_.Take()));
      break;
    case TokenKind::kNumber: option.values.emplace_back(tokens_.lexer().Raw(tokens_.Take())); break;
    case TokenKind::kSymbol:
      if (tokens_.Accept("*"_symbol)) break;
      if (tokens_.Is("("_symbol)) {
        VESTO_ASSIGN_OR_RETURN(option.values, ParseNamesInParentheses());
      }
      break;
    case TokenKind::kWord: {
      // HEADER may stand before another option in the list of words.
      static constexpr std::string_view kFlags[] = {"on", "off", "true", "false", "match"};
      const std::string word = tokens_.lexer().Identifier(tokens_.Peek());
      const bool flag = std::find(std::begin(kFlags), std::end(kFlags), word) != std::end(kFlags);
      if (!flag && option.name != "format" && option.name != "encoding") break;
      tokens_.Take();
      option.values.push_back(word);
      break;
    }
    case TokenKind::kQuotedWord:
    case TokenKind::kParameter:
    case TokenKind::kEnd:
    case TokenKind::kError: break;
  }
  return option;
}

}  // namespace vesto::sql
