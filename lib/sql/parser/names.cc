#include <cstdint>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// Names, lists of names, literals that are not expressions, and type names.
namespace vesto::sql {

bool Parser::IsName(size_t ahead) {
  const Token& token = tokens_.Peek(ahead);
  return token.kind == TokenKind::kQuotedWord ||
         (token.kind == TokenKind::kWord && !IsReserved(token.keyword));
}

absl::StatusOr<std::string> Parser::ParseName() {
  if (!IsName()) return tokens_.Unexpected();
  return tokens_.lexer().Identifier(tokens_.Take());
}

absl::StatusOr<std::string> Parser::ParseLabel() {
  if (!tokens_.Is(TokenKind::kWord) && !tokens_.Is(TokenKind::kQuotedWord)) {
    return tokens_.Unexpected();
  }
  return tokens_.lexer().Identifier(tokens_.Take());
}

absl::StatusOr<std::string> Parser::ParseUserName() {
  if (!IsName() && !tokens_.Is(Keyword::kCurrentUser) && !tokens_.Is(Keyword::kSessionUser)) {
    return tokens_.Unexpected();
  }
  return tokens_.lexer().UserName(tokens_.Take());
}

absl::StatusOr<Name> Parser::ParseQualifiedName() {
  Name name;
  VESTO_ASSIGN_OR_RETURN(std::string first, ParseName());
  name.push_back(std::move(first));
  while (tokens_.Accept("."_symbol)) {
    VESTO_ASSIGN_OR_RETURN(std::string next, ParseLabel());
    name.push_back(std::move(next));
  }
  return name;
}

absl::StatusOr<std::vector<std::string>> Parser::ParseNameList() {
  std::vector<std::string> names;
  do {
    VESTO_ASSIGN_OR_RETURN(std::string name, ParseName());
    names.push_back(std::move(name));
  } while (tokens_.Accept(","_symbol));
  return names;
}

absl::StatusOr<std::vector<std::string>> Parser::ParseNamesInParentheses() {
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  VESTO_ASSIGN_OR_RETURN(std::vector<std::string> names, ParseNameList());
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  return names;
}

absl::StatusOr<std::vector<Name>> Parser::ParseQualifiedNameList() {
  std::vector<Name> names;
  do {
    VESTO_ASSIGN_OR_RETURN(Name name, ParseQualifiedName());
    names.push_back(std::move(name));
  } while (tokens_.Accept(","_symbol));
  return names;
}

absl::StatusOr<std::string> Parser::ParseStringLiteral() {
  if (!tokens_.Is(TokenKind::kString)) return tokens_.Unexpected();
  return tokens_.lexer().String(tokens_.Take());
}

absl::StatusOr<int64_t> Parser::ParseInteger() {
  const bool negative = tokens_.Accept("-"_symbol);
  if (!negative) tokens_.Accept("+"_symbol);
  if (!tokens_.Is(TokenKind::kNumber)) return tokens_.Unexpected();
  const std::string text =
      absl::StrCat(negative ? "-" : "", sv(tokens_.lexer().Raw(tokens_.Peek())));
  int64_t value = 0;
  if (!absl::SimpleAtoi(sv(text), &value)) return tokens_.Unexpected();
  tokens_.Take();
  return value;
}

absl::StatusOr<int> Parser::ParseSmallInteger() {
  if (!tokens_.Is(TokenKind::kNumber)) return tokens_.Unexpected();
  int value = 0;
  if (!absl::SimpleAtoi(sv(tokens_.lexer().Raw(tokens_.Peek())), &value)) {
    return tokens_.Unexpected();
  }
  tokens_.Take();
  return value;
}

absl::Status Parser::ParseModifiers(TypeName* type) {
  if (!tokens_.Accept("("_symbol)) return absl::OkStatus();
  do {
    if (tokens_.AcceptWord("max")) {
      type->modifiers.push_back(kMaxModifier);
    } else {
      VESTO_ASSIGN_OR_RETURN(int modifier, ParseSmallInteger());
      type->modifiers.push_back(modifier);
    }
  } while (tokens_.Accept(","_symbol));
  return tokens_.Expect(")"_symbol);
}

absl::StatusOr<std::string> Parser::ParseIntervalQualifier(std::vector<int>* modifiers) {
  static constexpr Keyword kUnits[] = {Keyword::kYear, Keyword::kMonth,  Keyword::kDay,
                                       Keyword::kHour, Keyword::kMinute, Keyword::kSecond};
  constexpr int kMonthUnit = 1;
  constexpr int kSecondUnit = 5;
  const auto unit_at = [&](size_t ahead) {
    for (int i = 0; i <= kSecondUnit; ++i) {
      if (tokens_.Is(kUnits[i], ahead)) return i;
    }
    return -1;
  };
  const int first = unit_at(0);
  if (first < 0) return std::string();
  tokens_.Take();
  std::string qualifier(KeywordText(kUnits[first]));
  int last = first;
  if (tokens_.Is(Keyword::kTo)) {
    last = unit_at(1);
    // YEAR goes with MONTH alone, the others with any smaller unit.
    if (last <= first || (first <= kMonthUnit) != (last <= kMonthUnit)) {
      return tokens_.Unexpected(1);
    }
    tokens_.Take();
    tokens_.Take();
    absl::StrAppend(&qualifier, " to ", sv(KeywordText(kUnits[last])));
  }
  if (last == kSecondUnit && tokens_.Accept("("_symbol)) {
    VESTO_ASSIGN_OR_RETURN(int digits, ParseSmallInteger());
    modifiers->push_back(digits);
    VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  }
  return qualifier;
}

absl::StatusOr<TypeName> Parser::ParseTypeName() {
  TypeName type;
  type.offset = tokens_.offset();
  if (tokens_.Accept(Keyword::kInterval)) {
    type.name = "interval";
    VESTO_RETURN_IF_ERROR(ParseModifiers(&type));
    VESTO_ASSIGN_OR_RETURN(type.interval_qualifier, ParseIntervalQualifier(&type.modifiers));
    return type;
  }
  if (tokens_.Is(Keyword::kTimestamp) || tokens_.Is(Keyword::kTime)) {
    type.name = KeywordText(tokens_.Take().keyword);
    VESTO_RETURN_IF_ERROR(ParseModifiers(&type));
    const bool with = tokens_.Is(Keyword::kWith);
    if ((with || tokens_.Is(Keyword::kWithout)) && tokens_.Is(Keyword::kTime, 1)) {
      tokens_.Take();
      tokens_.Take();
      VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kZone));
      absl::StrAppend(&type.name, with ? " with time zone" : " without time zone");
    }
    return type;
  }
  const bool quoted = tokens_.Is(TokenKind::kQuotedWord);
  VESTO_ASSIGN_OR_RETURN(type.name, ParseName());
  if (!quoted) {
    if (type.name == "double" && tokens_.Accept(Keyword::kPrecision))
      type.name = "double precision";
    if (type.name == "national" && (tokens_.IsWord("char") || tokens_.IsWord("character"))) {
      VESTO_ASSIGN_OR_RETURN(const std::string base, ParseName());
      absl::StrAppend(&type.name, " ", base);
    }
    const bool can_vary = type.name == "char" || type.name == "character" || type.name == "bit" ||
                          type.name == "nchar" || type.name.starts_with("national ") ||
                          type.name == "binary";
    if (can_vary && tokens_.AcceptWord("varying")) type.name += " varying";
  }
  // Every type lives in pg_catalog.
  if (tokens_.Accept("."_symbol)) {
    VESTO_ASSIGN_OR_RETURN(const std::string name, ParseLabel());
    if (type.name != "pg_catalog") {
      return SqlError(SqlState::kUndefinedObject,
                      absl::StrCat("type \"", type.name, ".", name, "\" does not exist"))
          .At(type.offset);
    }
    type.name = name == "char" ? "\"char\"" : name;
  } else if (quoted && type.name == "char") {
    type.name = "\"char\"";  // PostgreSQL's one-byte type, not CHARACTER
  }
  VESTO_RETURN_IF_ERROR(ParseModifiers(&type));
  if (tokens_.Is("["_symbol) && tokens_.Is("]"_symbol, 1)) {
    tokens_.Take();
    tokens_.Take();
    type.name += "[]";
  }
  return type;
}

}  // namespace vesto::sql
