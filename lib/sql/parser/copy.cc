#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sql/parser/grammar.h"
#include "sql/parser/parser.h"

// COPY and UNLOAD. Options are read without knowing what they mean: a word, then the strings and
// numbers that follow it, then the few words that belong to certain options.
namespace vesto::sql {
namespace {

// Words that are arguments of an option rather than options.
struct OptionWords {
  std::string_view option;
  std::string_view words;  // separated and surrounded by blanks
};
constexpr OptionWords kOptionWords[] = {
    {"iam_role", " default "},
    {"manifest", " verbose "},
    {"encrypted", " auto "},
    {"parallel", " on off true false "},
    {"compupdate", " on off true false preset "},
    {"statupdate", " on off true false "},
    {"maxfilesize", " mb gb "},
    {"rowgroupsize", " mb gb "},
    {"simplify", " auto "},
    {"header", " on off true false "},
    {"freeze", " on off true false "},
    {"auto", " on off "},
    {"encoding", " utf8 utf16 utf16le utf16be iso88591 "},
    {"job", " create "},
};

// Formats that may stand without the word FORMAT.
bool IsFormat(std::string_view word) {
  return word == "csv" || word == "json" || word == "avro" || word == "parquet" || word == "orc" ||
         word == "shapefile";
}

}  // namespace

absl::StatusOr<Statement::Node> Parser::ParseCopy() {
  CopyStatement copy;
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("copy"));
  if (tokens_.Is("("_symbol)) return ParseClientCopy(std::move(copy));
  if (tokens_.IsWord("job") && tokens_.Is(TokenKind::kWord, 1) && !tokens_.Is(Keyword::kFrom, 1)) {
    return Unsupported("COPY JOB");
  }
  VESTO_ASSIGN_OR_RETURN(copy.table, ParseQualifiedName());
  if (tokens_.Is("("_symbol)) {
    VESTO_ASSIGN_OR_RETURN(copy.columns, ParseNamesInParentheses());
  }
  if (tokens_.Is(Keyword::kTo) || tokens_.IsWord("stdin", 1)) {
    return ParseClientCopy(std::move(copy));
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kFrom));
  if (!tokens_.Is(TokenKind::kString)) return tokens_.Unexpected();
  copy.source = tokens_.lexer().OptionString(tokens_.Take());
  VESTO_ASSIGN_OR_RETURN(copy.options, ParseCopyOptions());
  for (const CopyOption& option : copy.options) {
    if (option.name == "job") return NotSupported("COPY JOB", option.offset);
  }
  return copy;
}

absl::StatusOr<Statement::Node> Parser::ParseUnload() {
  UnloadStatement unload;
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("unload"));
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  const int start = tokens_.offset();
  if (tokens_.Is(TokenKind::kString)) {
    const Token token = tokens_.Peek();
    VESTO_ASSIGN_OR_RETURN(unload.query_text, ParseStringLiteral());
    absl::StatusOr<QueryPtr> query = sql::ParseQuery(unload.query_text);
    if (!query.ok()) {
      // Where the text has no escapes, its offsets are the statement's after the opening quote.
      const std::string_view raw = tokens_.lexer().Raw(token);
      const size_t at = raw.find(unload.query_text);
      const int inner = OffsetOf(query.status());
      const bool exact = at != std::string_view::npos && inner >= 0;
      return WithOffset(query.status(), token.offset + (exact ? static_cast<int>(at) + inner : 0));
    }
    unload.query = *std::move(query);
  } else {
    // Newer revisions take the query itself.
    VESTO_ASSIGN_OR_RETURN(unload.query, ParseQuery());
    unload.query_text = tokens_.TextFrom(start);
    VESTO_ASSIGN_OR_RETURN(unload.query, sql::ParseQuery(unload.query_text));
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kTo));
  if (!tokens_.Is(TokenKind::kString)) return tokens_.Unexpected();
  unload.destination = tokens_.lexer().OptionString(tokens_.Take());
  VESTO_ASSIGN_OR_RETURN(unload.options, ParseCopyOptions());
  return unload;
}

absl::StatusOr<std::vector<CopyOption>> Parser::ParseCopyOptions() {
  std::vector<CopyOption> options;
  while (!AtStatementEnd() && !tokens_.Is(")"_symbol)) {
    if (tokens_.Accept(","_symbol) || tokens_.Accept(Keyword::kWith)) continue;
    CopyOption option;
    option.offset = tokens_.offset();
    VESTO_ASSIGN_OR_RETURN(option.name, ParseLabel());
    tokens_.Accept(Keyword::kAs);
    if (option.name == "format") {
      VESTO_ASSIGN_OR_RETURN(std::string format, ParseLabel());
      if (IsFormat(format)) {
        option.values.push_back(std::move(format));
      } else {
        option.name = std::move(format);  // FORMAT AS DELIMITER '|', FORMAT FIXEDWIDTH '...'
      }
      tokens_.Accept(Keyword::kAs);
    } else if (IsFormat(option.name)) {
      option.values.push_back(std::exchange(option.name, "format"));
    } else if (option.name == "partition") {
      VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kBy));
      option.name = "partition by";
    }
    VESTO_RETURN_IF_ERROR(ParseCopyOptionValues(&option));
    options.push_back(std::move(option));
  }
  return options;
}

absl::Status Parser::ParseCopyOptionValues(CopyOption* option) {
  if (tokens_.Is("("_symbol)) {
    VESTO_ASSIGN_OR_RETURN(option->values, ParseNamesInParentheses());
    return absl::OkStatus();
  }
  const auto words =
      std::find_if(std::begin(kOptionWords), std::end(kOptionWords),
                   [&](const OptionWords& candidate) { return candidate.option == option->name; });
  const bool secret = NamesSecret(option->name);
  while (true) {
    const Token token = tokens_.Peek();
    switch (token.kind) {
      case TokenKind::kString:
        if (secret) NoteSecret();
        option->values.push_back(tokens_.lexer().OptionString(tokens_.Take()));
        continue;
      case TokenKind::kNumber:
        option->values.emplace_back(tokens_.lexer().Raw(tokens_.Take()));
        continue;
      case TokenKind::kWord: {
        if (words == std::end(kOptionWords)) return absl::OkStatus();
        std::string word = tokens_.lexer().Identifier(token);
        if (words->words.find(absl::StrCat(" ", word, " ")) == std::string_view::npos) {
          return absl::OkStatus();
        }
        tokens_.Take();
        option->values.push_back(std::move(word));
        continue;
      }
      default:
        return absl::OkStatus();
    }
  }
}

}  // namespace vesto::sql
