#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// CREATE TABLE and CREATE TABLE AS, with the attributes that ALTER TABLE and others share.
namespace vesto::sql {

// The words CREATE [TEMP] TABLE have been read.
absl::StatusOr<Statement::Node> Parser::ParseCreateTable(bool temporary) {
  CreateTableStatement create;
  create.temporary = temporary;
  if (tokens_.AcceptWord("if")) {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kNot));
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kExists));
    create.if_not_exists = true;
  }
  VESTO_ASSIGN_OR_RETURN(create.table, ParseQualifiedName());
  // (a, b) AS and (a) AS have names alone; a definition has a type after its name.
  const bool list = tokens_.Is("("_symbol);
  const bool names_alone = list && (IsName(1) || tokens_.Is(TokenKind::kQuotedWord, 1)) &&
                           (tokens_.Is(","_symbol, 2) || tokens_.Is(")"_symbol, 2));
  if (!list || names_alone) {
    CreateTableAsStatement as;
    as.table = std::move(create.table);
    as.temporary = temporary;
    as.if_not_exists = create.if_not_exists;
    if (names_alone) {
      VESTO_ASSIGN_OR_RETURN(as.columns, ParseNamesInParentheses());
    }
    VESTO_RETURN_IF_ERROR(ParseTableAttributes(&as.attributes, /*positions=*/true));
    if (tokens_.Is(Keyword::kUsing)) return NotSupported("CREATE TABLE USING", tokens_.offset());
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kAs));
    VESTO_ASSIGN_OR_RETURN(as.query, ParseQuery());
    // PostgreSQL's WITH [NO] DATA is no Redshift clause.
    return as;
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  do {
    VESTO_RETURN_IF_ERROR(ParseTableElement(&create));
  } while (tokens_.Accept(","_symbol));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  VESTO_RETURN_IF_ERROR(ParseTableAttributes(&create.attributes, /*positions=*/false));
  if (tokens_.IsWord("inherits")) return NotSupported("table inheritance", tokens_.offset());
  if (tokens_.Is(Keyword::kPartition)) return NotSupported("table partitioning", tokens_.offset());
  if (tokens_.Is(Keyword::kUsing)) return NotSupported("CREATE TABLE USING", tokens_.offset());
  return create;
}

absl::Status Parser::ParseTableElement(CreateTableStatement* create) {
  if (tokens_.Is(Keyword::kLike)) return ParseLike(create);
  if (IsTableConstraint()) {
    VESTO_ASSIGN_OR_RETURN(TableConstraint constraint, ParseTableConstraint());
    create->constraints.push_back(std::move(constraint));
    return absl::OkStatus();
  }
  VESTO_ASSIGN_OR_RETURN(ColumnDefinition column, ParseColumnDefinition());
  create->columns.push_back(std::move(column));
  return absl::OkStatus();
}

absl::Status Parser::ParseLike(CreateTableStatement* create) {
  const int offset = tokens_.Take().offset;
  if (!create->like.empty()) return NotSupported("more than one LIKE clause", offset);
  VESTO_ASSIGN_OR_RETURN(create->like, ParseQualifiedName());
  if (tokens_.AcceptWords("including", "defaults")) {
    create->including_defaults = true;
  } else {
    tokens_.AcceptWords("excluding", "defaults");
  }
  return absl::OkStatus();
}

bool Parser::IsTableConstraint() {
  switch (tokens_.Peek().keyword) {
    case Keyword::kConstraint:
    case Keyword::kUnique:
    case Keyword::kPrimary:
    case Keyword::kForeign:
    case Keyword::kCheck:
      return true;
    default:
      return tokens_.IsWord("exclude") && tokens_.Is(Keyword::kUsing, 1);
  }
}

absl::StatusOr<TableConstraint> Parser::ParseTableConstraint() {
  TableConstraint constraint;
  constraint.offset = tokens_.offset();
  if (tokens_.Accept(Keyword::kConstraint)) {
    VESTO_ASSIGN_OR_RETURN(constraint.name, ParseName());
  }
  const Token token = tokens_.Peek();
  switch (token.keyword) {
    case Keyword::kUnique:
      tokens_.Take();
      constraint.kind = TableConstraint::Kind::kUnique;
      break;
    case Keyword::kPrimary:
      tokens_.Take();
      VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("key"));
      constraint.kind = TableConstraint::Kind::kPrimaryKey;
      break;
    case Keyword::kForeign:
      tokens_.Take();
      VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("key"));
      constraint.kind = TableConstraint::Kind::kForeignKey;
      break;
    case Keyword::kCheck:
      return NotSupported("CHECK constraint", token.offset);
    case Keyword::kExclude:
      return NotSupported("EXCLUDE constraint", token.offset);
    default:
      return tokens_.Unexpected();
  }
  VESTO_ASSIGN_OR_RETURN(constraint.columns, ParseNamesInParentheses());
  if (constraint.kind == TableConstraint::Kind::kForeignKey) {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kReferences));
    VESTO_RETURN_IF_ERROR(ParseReferences(&constraint.references, &constraint.referenced_columns));
  }
  return constraint;
}

// REFERENCES has been read.
absl::Status Parser::ParseReferences(Name* table, std::vector<std::string>* columns) {
  VESTO_ASSIGN_OR_RETURN(*table, ParseQualifiedName());
  if (tokens_.Is("("_symbol)) {
    VESTO_ASSIGN_OR_RETURN(*columns, ParseNamesInParentheses());
  }
  return absl::OkStatus();
}

absl::StatusOr<ColumnDefinition> Parser::ParseColumnDefinition() {
  ColumnDefinition column;
  column.offset = tokens_.offset();
  VESTO_ASSIGN_OR_RETURN(column.name, ParseName());
  VESTO_ASSIGN_OR_RETURN(column.type, ParseTypeName());
  VESTO_RETURN_IF_ERROR(ParseColumnAttributes(&column));
  return column;
}

absl::Status Parser::ParseIdentityNumbers(ColumnDefinition* column) {
  column->identity = true;
  if (!tokens_.Accept("("_symbol)) return absl::OkStatus();
  VESTO_ASSIGN_OR_RETURN(column->identity_seed, ParseInteger());
  VESTO_RETURN_IF_ERROR(tokens_.Expect(","_symbol));
  VESTO_ASSIGN_OR_RETURN(column->identity_step, ParseInteger());
  return tokens_.Expect(")"_symbol);
}

// COLLATE has been read.
absl::StatusOr<bool> Parser::ParseCollation() {
  const bool insensitive = tokens_.IsWord("case_insensitive") || tokens_.IsWord("ci");
  if (!insensitive && !tokens_.IsWord("case_sensitive") && !tokens_.IsWord("cs")) {
    return tokens_.Unexpected();
  }
  tokens_.Take();
  return insensitive;
}

absl::Status Parser::ParseColumnAttributes(ColumnDefinition* column) {
  while (true) {
    const Token token = tokens_.Peek();
    switch (token.keyword) {
      case Keyword::kDefault: {
        tokens_.Take();
        const int start = tokens_.offset();
        // Looser operators would swallow NOT NULL; they need parentheses.
        VESTO_ASSIGN_OR_RETURN(column->default_value, ParseOperators(Precedence::kConcat));
        column->default_text = tokens_.TextFrom(start);
        continue;
      }
      case Keyword::kIdentity: {
        tokens_.Take();
        VESTO_RETURN_IF_ERROR(ParseIdentityNumbers(column));
        continue;
      }
      case Keyword::kEncode: {
        tokens_.Take();
        VESTO_ASSIGN_OR_RETURN(column->encoding, ParseLabel());
        continue;
      }
      case Keyword::kCollate: {
        tokens_.Take();
        VESTO_ASSIGN_OR_RETURN(column->case_insensitive, ParseCollation());
        continue;
      }
      case Keyword::kNot:
        tokens_.Take();
        VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kNull));
        column->not_null = true;
        continue;
      case Keyword::kNull:
        tokens_.Take();
        continue;
      case Keyword::kUnique:
        tokens_.Take();
        column->unique = true;
        continue;
      case Keyword::kPrimary:
        tokens_.Take();
        VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("key"));
        column->primary_key = true;
        continue;
      case Keyword::kReferences: {
        tokens_.Take();
        VESTO_RETURN_IF_ERROR(ParseReferences(&column->references, &column->referenced_columns));
        continue;
      }
      case Keyword::kConstraint: {
        tokens_.Take();
        VESTO_RETURN_IF_ERROR(ParseName().status());
        continue;
      }
      case Keyword::kCheck:
        return NotSupported("CHECK constraint", token.offset);
      default:
        break;
    }
    if (tokens_.AcceptWord("distkey")) {
      column->dist_key = true;
    } else if (tokens_.AcceptWord("sortkey")) {
      column->sort_key = true;
    } else if (tokens_.AcceptWord("generated")) {
      if (tokens_.IsWord("always")) return NotSupported("GENERATED ALWAYS", token.offset);
      VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kBy));
      VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kDefault));
      VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kAs));
      VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kIdentity));
      VESTO_RETURN_IF_ERROR(ParseIdentityNumbers(column));
      column->identity_by_default = true;
    } else {
      return absl::OkStatus();
    }
  }
}

absl::StatusOr<std::string> Parser::ParseDistStyle() {
  for (std::string_view style : {"auto", "even", "key", "all"}) {
    if (tokens_.AcceptWord(style)) return std::string(style);
  }
  return tokens_.Unexpected();
}

absl::StatusOr<std::string> Parser::ParseKeyColumn(bool positions) {
  if (positions && tokens_.Is(TokenKind::kNumber)) {
    VESTO_ASSIGN_OR_RETURN(const int position, ParseSmallInteger());
    return absl::StrCat(position);
  }
  return ParseName();
}

absl::Status Parser::ParseTableAttributes(TableAttributes* attributes, bool positions) {
  while (true) {
    const bool compound = tokens_.IsWord("compound");
    const bool interleaved = tokens_.IsWord("interleaved");
    if (tokens_.Accept(Keyword::kBackup)) {
      attributes->backup = tokens_.IsWord("yes");
      if (!tokens_.AcceptWord("yes")) VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("no"));
    } else if (tokens_.AcceptWord("diststyle")) {
      VESTO_ASSIGN_OR_RETURN(attributes->dist_style, ParseDistStyle());
    } else if (tokens_.AcceptWord("distkey")) {
      VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
      VESTO_ASSIGN_OR_RETURN(attributes->dist_key, ParseKeyColumn(positions));
      VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
    } else if (compound || interleaved || tokens_.IsWord("sortkey")) {
      if (compound || interleaved) tokens_.Take();
      VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("sortkey"));
      if (!compound && !interleaved && tokens_.AcceptWord("auto")) {
        attributes->sort_style = "auto";
        continue;
      }
      attributes->sort_style = interleaved ? "interleaved" : "compound";
      attributes->sort_keys.clear();
      VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
      do {
        VESTO_ASSIGN_OR_RETURN(std::string key, ParseKeyColumn(positions));
        attributes->sort_keys.push_back(std::move(key));
      } while (tokens_.Accept(","_symbol));
      VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
    } else if (tokens_.Accept(Keyword::kEncode)) {
      VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("auto"));
      attributes->encode_auto = true;
    } else {
      return absl::OkStatus();
    }
  }
}

}  // namespace vesto::sql
