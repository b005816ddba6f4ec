#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// SELECT as a statement, INSERT, UPDATE, DELETE, MERGE, TRUNCATE.
namespace vesto::sql {

absl::StatusOr<Statement::Node> Parser::ParseQueryStatement() {
  SelectStatement select;
  VESTO_ASSIGN_OR_RETURN(select.query, ParseQuery());
  return select;
}

// WITH ... SELECT | INSERT | UPDATE | DELETE
absl::StatusOr<Statement::Node> Parser::ParseWithStatement() {
  const int offset = tokens_.offset();
  VESTO_ASSIGN_OR_RETURN(With with, ParseWith());
  if (tokens_.IsWord("insert")) {
    VESTO_ASSIGN_OR_RETURN(Statement::Node node, ParseInsert());
    std::get<InsertStatement>(node).with = std::move(with);
    return node;
  }
  if (tokens_.IsWord("update")) {
    VESTO_ASSIGN_OR_RETURN(Statement::Node node, ParseUpdate());
    std::get<UpdateStatement>(node).with = std::move(with);
    return node;
  }
  if (tokens_.IsWord("delete")) {
    VESTO_ASSIGN_OR_RETURN(Statement::Node node, ParseDelete());
    std::get<DeleteStatement>(node).with = std::move(with);
    return node;
  }
  const int query_offset = tokens_.offset();
  VESTO_ASSIGN_OR_RETURN(QueryPtr query, ParseQuery());
  if (query->with.has_value()) {
    return SqlError(SqlState::kSyntaxError, "multiple WITH clauses not allowed").At(query_offset);
  }
  query->with = std::move(with);
  query->offset = offset;
  return SelectStatement{std::move(query)};
}

absl::StatusOr<Statement::Node> Parser::ParseInsert() {
  InsertStatement insert;
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("insert"));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kInto));
  VESTO_ASSIGN_OR_RETURN(insert.table, ParseQualifiedName());
  if (tokens_.Is("("_symbol) && !IsQueryStart(1) && !tokens_.Is("("_symbol, 1)) {
    VESTO_ASSIGN_OR_RETURN(insert.columns, ParseNamesInParentheses());
  }
  if (tokens_.Is(Keyword::kDefault) && tokens_.Is(Keyword::kValues, 1)) {
    tokens_.Take();
    tokens_.Take();
    insert.default_values = true;
  } else {
    if (!IsQueryStart() && !tokens_.Is("("_symbol)) return tokens_.Unexpected();
    VESTO_ASSIGN_OR_RETURN(insert.query, ParseQuery());
  }
  VESTO_RETURN_IF_ERROR(RejectReturning("INSERT"));
  if (tokens_.Is(Keyword::kOn) && tokens_.IsWord("conflict", 1)) {
    return NotSupported("INSERT ON CONFLICT", tokens_.offset());
  }
  return insert;
}

absl::Status Parser::RejectReturning(std::string_view statement) {
  if (!tokens_.Is(Keyword::kReturning)) return absl::OkStatus();
  return NotSupported(std::string(statement) + " RETURNING", tokens_.offset());
}

absl::StatusOr<std::vector<SetClause>> Parser::ParseSetClauses() {
  std::vector<SetClause> clauses;
  do {
    SetClause clause;
    clause.offset = tokens_.offset();
    VESTO_ASSIGN_OR_RETURN(clause.column, ParseName());
    VESTO_RETURN_IF_ERROR(tokens_.Expect("="_symbol));
    VESTO_ASSIGN_OR_RETURN(clause.value, ParseValueOrDefault());
    clauses.push_back(std::move(clause));
  } while (tokens_.Accept(","_symbol));
  return clauses;
}

absl::StatusOr<Statement::Node> Parser::ParseUpdate() {
  UpdateStatement update;
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("update"));
  VESTO_ASSIGN_OR_RETURN(update.table, ParseQualifiedName());
  if (tokens_.Accept(Keyword::kAs) || IsBareTableAlias()) {
    VESTO_ASSIGN_OR_RETURN(update.alias, ParseName());
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kSet));
  VESTO_ASSIGN_OR_RETURN(update.set, ParseSetClauses());
  if (tokens_.Accept(Keyword::kFrom)) {
    VESTO_ASSIGN_OR_RETURN(update.from, ParseFromList());
  }
  if (tokens_.Accept(Keyword::kWhere)) {
    VESTO_ASSIGN_OR_RETURN(update.where, ParseExpression());
  }
  VESTO_RETURN_IF_ERROR(RejectReturning("UPDATE"));
  return update;
}

absl::StatusOr<Statement::Node> Parser::ParseDelete() {
  DeleteStatement statement;
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("delete"));
  tokens_.Accept(Keyword::kFrom);
  VESTO_ASSIGN_OR_RETURN(statement.table, ParseQualifiedName());
  if (tokens_.Accept(Keyword::kAs) || IsBareTableAlias()) {
    VESTO_ASSIGN_OR_RETURN(statement.alias, ParseName());
  }
  if (tokens_.Accept(Keyword::kUsing)) {
    VESTO_ASSIGN_OR_RETURN(statement.using_list, ParseFromList());
  }
  if (tokens_.Accept(Keyword::kWhere)) {
    VESTO_ASSIGN_OR_RETURN(statement.where, ParseExpression());
  }
  VESTO_RETURN_IF_ERROR(RejectReturning("DELETE"));
  return statement;
}

absl::StatusOr<Statement::Node> Parser::ParseMerge() {
  MergeStatement merge;
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("merge"));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kInto));
  VESTO_ASSIGN_OR_RETURN(merge.target, ParseQualifiedName());
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kUsing));
  VESTO_ASSIGN_OR_RETURN(merge.source, ParseTablePrimary());
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kOn));
  VESTO_ASSIGN_OR_RETURN(merge.on, ParseExpression());
  if (tokens_.AcceptWords("remove", "duplicates")) {
    merge.remove_duplicates = true;
    return merge;
  }
  if (!tokens_.Is(Keyword::kWhen)) return tokens_.Unexpected();
  while (tokens_.Is(Keyword::kWhen)) VESTO_RETURN_IF_ERROR(ParseMergeAction(&merge));
  return merge;
}

// WHEN [NOT] MATCHED THEN ...
absl::Status Parser::ParseMergeAction(MergeStatement* merge) {
  const int offset = tokens_.Take().offset;
  const bool matched = !tokens_.Accept(Keyword::kNot);
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("matched"));
  if (tokens_.Is(Keyword::kAnd)) return NotSupported("MERGE WHEN ... AND", tokens_.offset());
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kThen));
  bool& seen = matched ? merge->has_matched : merge->has_not_matched;
  if (seen) {
    return SqlError(SqlState::kSyntaxError, "each WHEN clause of MERGE may stand once").At(offset);
  }
  seen = true;
  if (!matched) {
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("insert"));
    if (tokens_.Is("("_symbol)) {
      VESTO_ASSIGN_OR_RETURN(merge->insert_columns, ParseNamesInParentheses());
    }
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kValues));
    VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
    do {
      VESTO_ASSIGN_OR_RETURN(ExpressionPtr value, ParseValueOrDefault());
      merge->insert_values.push_back(std::move(value));
    } while (tokens_.Accept(","_symbol));
    return tokens_.Expect(")"_symbol);
  }
  if (tokens_.AcceptWord("delete")) {
    merge->matched_delete = true;
    return absl::OkStatus();
  }
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("update"));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kSet));
  VESTO_ASSIGN_OR_RETURN(merge->matched_set, ParseSetClauses());
  return absl::OkStatus();
}

absl::StatusOr<Statement::Node> Parser::ParseTruncate() {
  TruncateStatement truncate;
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("truncate"));
  tokens_.Accept(Keyword::kTable);
  VESTO_ASSIGN_OR_RETURN(truncate.table, ParseQualifiedName());
  return truncate;
}

}  // namespace vesto::sql
