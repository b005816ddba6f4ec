#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// Operands: literals, names, parentheses, CASE, and what may follow an operand (::, [], .name).
namespace vesto::sql {
namespace {

// Reserved words that are functions when "(" follows.
bool IsCallable(Keyword keyword) {
  switch (keyword) {
    case Keyword::kLeft:
    case Keyword::kRight:
    case Keyword::kArray:
    case Keyword::kCollate:
    case Keyword::kIdentity:
    case Keyword::kIsnull:
    case Keyword::kUnnest:
    case Keyword::kCurrentTime:
    case Keyword::kCurrentTimestamp:
    case Keyword::kLocaltime:
    case Keyword::kLocaltimestamp:
      return true;
    default:
      return false;
  }
}

// Reserved words that are functions without parentheses.
bool IsNiladic(Keyword keyword) {
  switch (keyword) {
    case Keyword::kCurrentDate:
    case Keyword::kCurrentTime:
    case Keyword::kCurrentTimestamp:
    case Keyword::kCurrentUser:
    case Keyword::kCurrentUserId:
    case Keyword::kLocaltime:
    case Keyword::kLocaltimestamp:
    case Keyword::kSessionUser:
    case Keyword::kSysdate:
    case Keyword::kUser:
      return true;
    default:
      return false;
  }
}

}  // namespace

absl::StatusOr<ExpressionPtr> Parser::ParsePostfix() {
  VESTO_ASSIGN_OR_RETURN(ExpressionPtr operand, ParsePrimary());
  return ParseNavigation(std::move(operand));
}

absl::StatusOr<ExpressionPtr> Parser::ParseNavigation(ExpressionPtr left) {
  while (true) {
    const Token token = tokens_.Peek();
    if (left->kind == ExpressionKind::kStar) return left;
    if (token.keyword == Keyword::kCollate && tokens_.IsWord("pg_catalog", 1) &&
        tokens_.Is("."_symbol, 2) && tokens_.IsWord("default", 3)) {
      // psql asks for the default collation by name: there is no other in the catalog.
      for (int i = 0; i < 4; ++i) tokens_.Take();
      continue;
    }
    if (token.kind != TokenKind::kSymbol) return left;
    if (token.symbol == "::"_symbol) {
      tokens_.Take();
      ExpressionPtr cast = MakeExpression(ExpressionKind::kCast, left->offset);
      VESTO_ASSIGN_OR_RETURN(cast->type, ParseTypeName());
      cast->args.push_back(std::move(left));
      left = std::move(cast);
    } else if (token.symbol == "["_symbol) {
      tokens_.Take();
      ExpressionPtr element = MakeExpression(ExpressionKind::kSubscript, left->offset);
      VESTO_ASSIGN_OR_RETURN(ExpressionPtr index, ParseExpression());
      VESTO_RETURN_IF_ERROR(tokens_.Expect("]"_symbol));
      element->args.push_back(std::move(left));
      element->args.push_back(std::move(index));
      left = std::move(element);
    } else if (token.symbol == "."_symbol && left->kind != ExpressionKind::kNumber) {
      tokens_.Take();
      ExpressionPtr attribute = MakeExpression(ExpressionKind::kSubscript, left->offset);
      VESTO_ASSIGN_OR_RETURN(attribute->text, ParseLabel());
      attribute->args.push_back(std::move(left));
      left = std::move(attribute);
    } else {
      return left;
    }
  }
}

absl::StatusOr<ExpressionPtr> Parser::ParsePrimary() {
  const Token token = tokens_.Peek();
  switch (token.kind) {
    case TokenKind::kNumber: {
      ExpressionPtr number = MakeExpression(ExpressionKind::kNumber, token.offset);
      number->text = tokens_.lexer().Raw(tokens_.Take());
      return number;
    }
    case TokenKind::kString: {
      ExpressionPtr string = MakeExpression(ExpressionKind::kString, token.offset);
      VESTO_ASSIGN_OR_RETURN(string->text, ParseStringLiteral());
      return string;
    }
    case TokenKind::kParameter:
      return ParseParameter();
    case TokenKind::kQuotedWord:
      return ParseNameOrCall();
    case TokenKind::kWord:
      if (IsReserved(token.keyword)) return ParseReservedWord();
      return ParseNameOrCall();
    case TokenKind::kSymbol:
      if (token.symbol == "("_symbol) return ParseParenthesised();
      if (token.symbol == "*"_symbol && token.offset == star_allowed_at_) {
        return ParseStar({}, token.offset);
      }
      return tokens_.Unexpected();
    case TokenKind::kEnd:
    case TokenKind::kError:
      return tokens_.Unexpected();
  }
  return tokens_.Unexpected();
}

absl::StatusOr<ExpressionPtr> Parser::ParseStar(Name qualifier, int offset) {
  VESTO_RETURN_IF_ERROR(tokens_.Expect("*"_symbol));
  ExpressionPtr star = MakeExpression(ExpressionKind::kStar, offset);
  star->name = std::move(qualifier);
  return star;
}

absl::StatusOr<ExpressionPtr> Parser::ParseParenthesised() {
  const int offset = tokens_.offset();
  VESTO_ASSIGN_OR_RETURN(QueryOrList content, ParseQueryOrList());
  if (content.query != nullptr) {
    ExpressionPtr scalar = MakeExpression(ExpressionKind::kScalarQuery, offset);
    scalar->query = std::move(content.query);
    return scalar;
  }
  if (content.list.size() == 1) return std::move(content.list[0]);
  ExpressionPtr row = MakeExpression(ExpressionKind::kRow, offset);
  row->args = std::move(content.list);
  return row;
}

absl::Status Parser::CheckParameter(int index, int offset) {
  constexpr int kMaxParameters = 32767;  // of the wire protocol
  if (index < 1 || index > kMaxParameters) {
    return SqlError(SqlState::kUndefinedParameter, absl::StrCat("there is no parameter $", index))
        .At(offset);
  }
  num_parameters_ = std::max(num_parameters_, index);
  return absl::OkStatus();
}

absl::StatusOr<ExpressionPtr> Parser::ParseParameter() {
  const Token token = tokens_.Take();
  int index = 0;
  if (!absl::SimpleAtoi(sv(tokens_.lexer().Raw(token).substr(1)), &index)) index = 0;
  VESTO_RETURN_IF_ERROR(CheckParameter(index, token.offset));
  ExpressionPtr parameter = MakeExpression(ExpressionKind::kParameter, token.offset);
  parameter->index = index;
  return parameter;
}

absl::StatusOr<ExpressionPtr> Parser::ParseTypedString(TypeName type, int offset) {
  ExpressionPtr literal = MakeExpression(ExpressionKind::kTypedString, offset);
  VESTO_ASSIGN_OR_RETURN(literal->text, ParseStringLiteral());
  literal->type = std::move(type);
  return literal;
}

absl::StatusOr<ExpressionPtr> Parser::ParseInterval() {
  TypeName type;
  type.name = "interval";
  type.offset = tokens_.offset();
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kInterval));
  VESTO_RETURN_IF_ERROR(ParseModifiers(&type));
  const int offset = type.offset;
  VESTO_ASSIGN_OR_RETURN(ExpressionPtr literal, ParseTypedString(std::move(type), offset));
  VESTO_ASSIGN_OR_RETURN(literal->type.interval_qualifier,
                         ParseIntervalQualifier(&literal->type.modifiers));
  return literal;
}

absl::StatusOr<ExpressionPtr> Parser::ParseReservedWord() {
  const Token token = tokens_.Peek();
  if (IsCallable(token.keyword) && tokens_.Is("("_symbol, 1)) {
    tokens_.Take();
    if (token.keyword == Keyword::kArray && IsQueryStart(1)) {
      tokens_.Take();
      ExpressionPtr array = MakeExpression(ExpressionKind::kArrayQuery, token.offset);
      VESTO_ASSIGN_OR_RETURN(array->query, ParseQuery());
      VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
      return array;
    }
    return ParseCall({std::string(KeywordText(token.keyword))}, token.offset, false);
  }
  if (token.keyword == Keyword::kArray && tokens_.Is("["_symbol, 1)) {
    // PostgreSQL's constructor makes an array of the leader; the function ARRAY makes a SUPER.
    tokens_.Take();
    tokens_.Take();
    ExpressionPtr array = MakeExpression(ExpressionKind::kArray, token.offset);
    if (!tokens_.Is("]"_symbol)) {
      VESTO_ASSIGN_OR_RETURN(array->args, ParseExpressionList());
    }
    VESTO_RETURN_IF_ERROR(tokens_.Expect("]"_symbol));
    return array;
  }
  if (IsNiladic(token.keyword)) {
    tokens_.Take();
    ExpressionPtr call = MakeExpression(ExpressionKind::kFunction, token.offset);
    call->name = {std::string(KeywordText(token.keyword))};
    call->no_parentheses = true;
    return call;
  }
  switch (token.keyword) {
    case Keyword::kNull:
      tokens_.Take();
      return MakeExpression(ExpressionKind::kNull, token.offset);
    case Keyword::kTrue:
    case Keyword::kFalse: {
      tokens_.Take();
      ExpressionPtr boolean = MakeExpression(ExpressionKind::kBoolean, token.offset);
      boolean->boolean = token.keyword == Keyword::kTrue;
      return boolean;
    }
    case Keyword::kCase:
      return ParseCase();
    case Keyword::kCast:
      tokens_.Take();
      return ParseCast(/*try_cast=*/false);
    case Keyword::kInterval:
      return ParseInterval();
    case Keyword::kTimestamp: {
      VESTO_ASSIGN_OR_RETURN(TypeName type, ParseTypeName());
      return ParseTypedString(std::move(type), token.offset);
    }
    default:
      return tokens_.Unexpected();
  }
}

absl::StatusOr<ExpressionPtr> Parser::ParseCase() {
  ExpressionPtr expression = MakeExpression(ExpressionKind::kCase, tokens_.offset());
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kCase));
  if (tokens_.Is(Keyword::kWhen)) {
    expression->args.push_back(nullptr);
  } else {
    VESTO_ASSIGN_OR_RETURN(ExpressionPtr operand, ParseExpression());
    expression->args.push_back(std::move(operand));
  }
  do {
    CaseBranch branch;
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kWhen));
    VESTO_ASSIGN_OR_RETURN(branch.when, ParseExpression());
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kThen));
    VESTO_ASSIGN_OR_RETURN(branch.then, ParseExpression());
    expression->branches.push_back(std::move(branch));
  } while (tokens_.Is(Keyword::kWhen));
  if (tokens_.Accept(Keyword::kElse)) {
    VESTO_ASSIGN_OR_RETURN(expression->otherwise, ParseExpression());
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kEnd));
  return expression;
}

absl::StatusOr<ExpressionPtr> Parser::ParseNameOrCall() {
  const Token token = tokens_.Peek();
  const int offset = token.offset;
  if (tokens_.Is("("_symbol, 1) && token.kind == TokenKind::kWord) {
    VESTO_ASSIGN_OR_RETURN(ExpressionPtr special, ParseSpecialCall());
    if (special != nullptr) return special;
  }
  // type 'string'
  const bool time_zone = token.keyword == Keyword::kTime &&
                         (tokens_.Is(Keyword::kWith, 1) || tokens_.Is(Keyword::kWithout, 1)) &&
                         tokens_.Is(Keyword::kTime, 2) && tokens_.Is(Keyword::kZone, 3) &&
                         tokens_.Is(TokenKind::kString, 4);
  const bool double_precision = token.keyword == Keyword::kDouble &&
                                tokens_.Is(Keyword::kPrecision, 1) &&
                                tokens_.Is(TokenKind::kString, 2);
  if (tokens_.Is(TokenKind::kString, 1) || time_zone || double_precision) {
    VESTO_ASSIGN_OR_RETURN(TypeName type, ParseTypeName());
    return ParseTypedString(std::move(type), offset);
  }
  const bool approximate =
      token.keyword == Keyword::kApproximate && IsName(1) && tokens_.Is("("_symbol, 2);
  if (approximate) tokens_.Take();
  Name name;
  VESTO_ASSIGN_OR_RETURN(std::string first, ParseName());
  name.push_back(std::move(first));
  while (tokens_.Accept("."_symbol)) {
    if (tokens_.Is("*"_symbol) && offset == star_allowed_at_) {
      return ParseStar(std::move(name), offset);
    }
    VESTO_ASSIGN_OR_RETURN(std::string next, ParseLabel());
    name.push_back(std::move(next));
  }
  if (tokens_.Is("("_symbol)) {
    const bool outer_join_mark = tokens_.Is("+"_symbol, 1) && tokens_.Is(")"_symbol, 2);
    if (!outer_join_mark) return ParseCall(std::move(name), offset, approximate);
  }
  ExpressionPtr column = MakeExpression(ExpressionKind::kColumn, offset);
  column->name = std::move(name);
  if (!tokens_.Is("("_symbol)) return column;
  for (int i = 0; i < 3; ++i) tokens_.Take();
  ExpressionPtr mark = MakeExpression(ExpressionKind::kOuterJoinMark, offset);
  mark->args.push_back(std::move(column));
  return mark;
}

}  // namespace vesto::sql
