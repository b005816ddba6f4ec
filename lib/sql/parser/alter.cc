#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// ALTER TABLE, and ALTER of schemas, databases, users and groups.
namespace vesto::sql {

using Action = AlterTableStatement::Action;

absl::StatusOr<Statement::Node> Parser::ParseAlter() {
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("alter"));
  if (tokens_.Accept(Keyword::kTable)) return ParseAlterTable();
  if (tokens_.AcceptWord("schema")) return ParseAlterObject(ObjectKind::kSchema);
  if (tokens_.AcceptWord("database")) return ParseAlterObject(ObjectKind::kDatabase);
  if (tokens_.Is(Keyword::kDefault) && tokens_.IsWord("privileges", 1)) {
    return ParseDefaultPrivileges();
  }
  if (tokens_.Accept(Keyword::kUser)) return ParseAlterObject(ObjectKind::kUser);
  if (tokens_.Accept(Keyword::kGroup)) return ParseAlterObject(ObjectKind::kGroup);
  return ParseUnsupported("ALTER");
}

absl::StatusOr<Statement::Node> Parser::ParseAlterTable() {
  AlterTableStatement alter;
  VESTO_ASSIGN_OR_RETURN(alter.table, ParseQualifiedName());
  if (tokens_.AcceptWord("add")) return ParseAlterTableAdd(std::move(alter));
  if (tokens_.AcceptWord("drop")) return ParseAlterTableDrop(std::move(alter));
  if (tokens_.IsWord("alter")) return ParseAlterTableAlter(std::move(alter));
  if (tokens_.AcceptWords("owner", "to")) {
    alter.action = Action::kOwnerTo;
    VESTO_ASSIGN_OR_RETURN(alter.new_name, ParseUserName());
    return alter;
  }
  if (tokens_.AcceptWord("rename")) {
    if (tokens_.Accept(Keyword::kTo)) {
      alter.action = Action::kRenameTo;
    } else {
      alter.action = Action::kRenameColumn;
      tokens_.Accept(Keyword::kColumn);
      VESTO_ASSIGN_OR_RETURN(alter.column, ParseName());
      VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kTo));
    }
    VESTO_ASSIGN_OR_RETURN(alter.new_name, ParseName());
    return alter;
  }
  if (tokens_.AcceptWord("append")) {
    alter.action = Action::kAppend;
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kFrom));
    VESTO_ASSIGN_OR_RETURN(alter.source, ParseQualifiedName());
    alter.ignore_extra = tokens_.AcceptWord("ignoreextra");
    if (!alter.ignore_extra) alter.fill_target = tokens_.AcceptWord("filltarget");
    return alter;
  }
  if (tokens_.AcceptWords("set", "schema")) {
    alter.action = Action::kSetSchema;
    VESTO_ASSIGN_OR_RETURN(alter.new_name, ParseName());
    return alter;
  }
  if (tokens_.IsWord("row")) return Unsupported("ALTER TABLE ROW LEVEL SECURITY");
  if (tokens_.IsWord("masking")) return Unsupported("ALTER TABLE MASKING");
  if (tokens_.IsWord("partition")) return Unsupported("ALTER TABLE PARTITION");
  if (tokens_.Is(Keyword::kSet)) {
    for (std::string_view what : {"LOCATION", "FILE", "TABLE", "STATISTICS", "WITHOUT"}) {
      if (tokens_.IsWord(absl::AsciiStrToLower(sv(what)), 1)) {
        return Unsupported(absl::StrCat("ALTER TABLE SET ", sv(what)));
      }
    }
    return tokens_.Unexpected(1);
  }
  for (std::string_view what : {"INHERIT", "CLUSTER", "ENABLE", "DISABLE", "REPLICA", "VALIDATE"}) {
    if (tokens_.IsWord(absl::AsciiStrToLower(sv(what)))) {
      return Unsupported(absl::StrCat("ALTER TABLE ", sv(what)));
    }
  }
  return tokens_.Unexpected();
}

absl::StatusOr<Statement::Node> Parser::ParseAlterTableAdd(AlterTableStatement alter) {
  if (tokens_.IsWord("partition") || tokens_.IsWord("if")) {
    return Unsupported("ALTER TABLE ADD PARTITION");
  }
  if (IsTableConstraint()) {
    alter.action = Action::kAddConstraint;
    VESTO_ASSIGN_OR_RETURN(alter.constraint, ParseTableConstraint());
    return alter;
  }
  alter.action = Action::kAddColumn;
  tokens_.Accept(Keyword::kColumn);
  VESTO_ASSIGN_OR_RETURN(alter.definition, ParseColumnDefinition());
  alter.column = alter.definition.name;
  return alter;
}

absl::StatusOr<Statement::Node> Parser::ParseAlterTableDrop(AlterTableStatement alter) {
  if (tokens_.Is(Keyword::kPartition)) return Unsupported("ALTER TABLE DROP PARTITION");
  if (tokens_.Accept(Keyword::kConstraint)) {
    alter.action = Action::kDropConstraint;
    VESTO_ASSIGN_OR_RETURN(alter.constraint.name, ParseName());
  } else {
    alter.action = Action::kDropColumn;
    tokens_.Accept(Keyword::kColumn);
    VESTO_ASSIGN_OR_RETURN(alter.column, ParseName());
  }
  alter.cascade = AcceptCascade();
  return alter;
}

// ALTER [COLUMN] c ..., ALTER DISTKEY, ... The comma lists that Redshift allows are of encodings,
// or of one sort key and one distribution.
absl::StatusOr<Statement::Node> Parser::ParseAlterTableAlter(AlterTableStatement alter) {
  const auto is_design = [this] {
    return tokens_.IsWord("distkey", 1) || tokens_.IsWord("diststyle", 1) ||
           tokens_.IsWord("sortkey", 1) ||
           (tokens_.IsWord("compound", 1) && tokens_.IsWord("sortkey", 2)) ||
           (tokens_.IsWord("interleaved", 1) && tokens_.IsWord("sortkey", 2)) ||
           tokens_.Is(Keyword::kEncode, 1);
  };
  if (is_design()) {
    VESTO_RETURN_IF_ERROR(ParseAlterTableDesign(&alter));
    const Action action = alter.action;
    while (tokens_.Accept(","_symbol)) {
      if (!tokens_.IsWord("alter") || !is_design()) return tokens_.Unexpected();
      VESTO_RETURN_IF_ERROR(ParseAlterTableDesign(&alter));
    }
    alter.action = action;
    return alter;
  }
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("alter"));
  tokens_.Accept(Keyword::kColumn);
  VESTO_ASSIGN_OR_RETURN(alter.column, ParseName());
  if (tokens_.AcceptWord("type")) {
    alter.action = Action::kAlterColumnType;
    VESTO_ASSIGN_OR_RETURN(alter.type, ParseTypeName());
    return alter;
  }
  for (std::string_view word : {"set", "drop"}) {
    if (tokens_.IsWord(word)) {
      return Unsupported(
          absl::StrCat("ALTER TABLE ALTER COLUMN ", absl::AsciiStrToUpper(sv(word))));
    }
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kEncode));
  alter.action = Action::kAlterColumnEncode;
  VESTO_ASSIGN_OR_RETURN(alter.encoding, ParseLabel());
  alter.encodings.emplace_back(alter.column, alter.encoding);
  while (tokens_.Accept(","_symbol)) {
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("alter"));
    tokens_.Accept(Keyword::kColumn);
    VESTO_ASSIGN_OR_RETURN(std::string column, ParseName());
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kEncode));
    VESTO_ASSIGN_OR_RETURN(std::string encoding, ParseLabel());
    alter.encodings.emplace_back(std::move(column), std::move(encoding));
  }
  return alter;
}

absl::Status Parser::ParseAlterTableDesign(AlterTableStatement* alter) {
  TableAttributes& attributes = alter->attributes;
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("alter"));
  const auto parse_dist_key = [&]() -> absl::Status {
    const bool parentheses = tokens_.Accept("("_symbol);
    VESTO_ASSIGN_OR_RETURN(attributes.dist_key, ParseName());
    alter->column = attributes.dist_key;
    return parentheses ? tokens_.Expect(")"_symbol) : absl::OkStatus();
  };
  if (tokens_.AcceptWord("distkey")) {
    alter->action = Action::kAlterDistKey;
    attributes.dist_style = "key";
    return parse_dist_key();
  }
  if (tokens_.AcceptWord("diststyle")) {
    alter->action = Action::kAlterDistStyle;
    VESTO_ASSIGN_OR_RETURN(attributes.dist_style, ParseDistStyle());
    if (attributes.dist_style != "key") return absl::OkStatus();
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("distkey"));
    return parse_dist_key();
  }
  if (tokens_.Accept(Keyword::kEncode)) {
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("auto"));
    alter->action = Action::kAlterEncodeAuto;
    attributes.encode_auto = true;
    return absl::OkStatus();
  }
  alter->action = Action::kAlterSortKey;
  if (tokens_.IsWord("sortkey")) {
    for (std::string_view style : {"auto", "none"}) {
      if (!tokens_.IsWord(style, 1)) continue;
      tokens_.Take();
      tokens_.Take();
      attributes.sort_style = style;
      return absl::OkStatus();
    }
  }
  attributes.sort_style = tokens_.AcceptWord("interleaved") ? "interleaved" : "compound";
  tokens_.AcceptWord("compound");
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("sortkey"));
  VESTO_ASSIGN_OR_RETURN(attributes.sort_keys, ParseNamesInParentheses());
  return absl::OkStatus();
}

absl::StatusOr<Statement::Node> Parser::ParseAlterObject(ObjectKind kind) {
  AlterObjectStatement alter;
  alter.kind = kind;
  const bool user = kind == ObjectKind::kUser || kind == ObjectKind::kGroup;
  VESTO_ASSIGN_OR_RETURN(std::string name, user ? ParseUserName() : ParseName());
  alter.name = {std::move(name)};
  if (kind == ObjectKind::kUser) tokens_.Accept(Keyword::kWith);
  if (tokens_.AcceptWords("rename", "to")) {
    VESTO_ASSIGN_OR_RETURN(alter.rename_to, user ? ParseUserName() : ParseName());
    return alter;
  }
  if (!user && tokens_.AcceptWords("owner", "to")) {
    VESTO_ASSIGN_OR_RETURN(alter.owner_to, ParseUserName());
    return alter;
  }
  if (kind == ObjectKind::kGroup) {
    const bool add = tokens_.AcceptWord("add");
    if (!add) VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("drop"));
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kUser));
    VESTO_ASSIGN_OR_RETURN((add ? alter.add_users : alter.drop_users), ParseUserNames());
    return alter;
  }
  if (kind == ObjectKind::kSchema) {
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("quota"));
    VESTO_ASSIGN_OR_RETURN(alter.quota, ParseQuota());
    return alter;
  }
  if (kind == ObjectKind::kDatabase && tokens_.IsWord("integration")) {
    return Unsupported("ALTER DATABASE INTEGRATION");
  }
  if (AtStatementEnd()) return tokens_.Unexpected();
  while (!AtStatementEnd()) {
    if (kind == ObjectKind::kUser) {
      VESTO_RETURN_IF_ERROR(ParseAlterUserOption(&alter.options));
    } else {
      VESTO_RETURN_IF_ERROR(ParseAlterDatabaseOption(&alter.options));
    }
  }
  return alter;
}

absl::Status Parser::ParseAlterUserOption(UserOptions* options) {
  if (tokens_.AcceptWords("reset", "session")) {
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("timeout"));
    options->emplace_back("reset session timeout", "");
    return absl::OkStatus();
  }
  if (tokens_.AcceptWord("reset")) {
    VESTO_ASSIGN_OR_RETURN(const std::string name, ParseSettingName());
    options->emplace_back(absl::StrCat("reset ", name), "");
    return absl::OkStatus();
  }
  if (tokens_.Accept(Keyword::kSet)) {
    VESTO_ASSIGN_OR_RETURN(const std::string name, ParseSettingName());
    if (!tokens_.Accept("="_symbol)) VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kTo));
    if (tokens_.Accept(Keyword::kDefault)) {
      options->emplace_back(absl::StrCat("reset ", name), "");
      return absl::OkStatus();
    }
    std::string values;
    do {
      VESTO_ASSIGN_OR_RETURN(const std::string value, ParseSettingValue());
      absl::StrAppend(&values, values.empty() ? "" : ", ", value);
    } while (tokens_.Accept(","_symbol));
    options->emplace_back(absl::StrCat("set ", name), std::move(values));
    return absl::OkStatus();
  }
  VESTO_ASSIGN_OR_RETURN(const bool found, ParseUserOption(options));
  return found ? absl::OkStatus() : tokens_.Unexpected();
}

absl::Status Parser::ParseAlterDatabaseOption(UserOptions* options) {
  if (tokens_.AcceptWords("connection", "limit")) {
    VESTO_ASSIGN_OR_RETURN(std::string limit, ParseConnectionLimit());
    options->emplace_back("connection limit", std::move(limit));
  } else if (tokens_.Accept(Keyword::kCollate)) {
    VESTO_ASSIGN_OR_RETURN(const bool insensitive, ParseCollation());
    options->emplace_back("collate", insensitive ? "case_insensitive" : "case_sensitive");
  } else if (tokens_.AcceptWords("isolation", "level")) {
    VESTO_ASSIGN_OR_RETURN(std::string level, ParseIsolationLevel());
    options->emplace_back("isolation level", std::move(level));
  } else {
    return tokens_.Unexpected();
  }
  return absl::OkStatus();
}

}  // namespace vesto::sql
